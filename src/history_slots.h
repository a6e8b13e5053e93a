/*-------------------------------------------------------------------------
 *
 * history_slots.h
 *	  The slots of a history's working form, one after another.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_SLOTS_H
#define CARM_HISTORY_SLOTS_H

#include "history_state.h"

/* Rows of slots this short are never worth a list of entries. */
#define ROW_ALWAYS			256

/* Slots read between two looks at whether the query is cancelled. */
#define SLOTS_PER_CHECK		65536

/* Bytes of a slot, by SlotKind. */
extern const Size history_slot_size[];

/* What a slot of a row holds. */
static inline Amount
history_row_slot(const HistoryState *state, int32 i)
{
	switch ((SlotKind) state->kind)
	{
		case SLOTS_CENTS:
			return (int64) CENT_SLOTS(state)[i] * (int64) AMOUNT_CENT;
		case SLOTS_NARROW:
			return NARROW_SLOTS(state)[i];
		case SLOTS_WIDE:
			return WIDE_SLOTS(state)[i];
		case SLOTS_SPARSE:
			break;
	}
	return 0;
}

/* The first slice of a slot; the calendar begins within its first month. */
static inline int32
history_slot_slice(const HistoryState *state, int32 slot)
{
	return Max(slot * (1 << state->span), CALENDAR_FIRST_SLICE);
}

/* The slots in use, in the order they are kept in. */
typedef struct SlotIterator
{
	const HistoryState *state;
	int32		next;
	int32		stop;			/* where to look whether the query is cancelled */
} SlotIterator;

extern bool history_search_slot(SlotIterator *iterator, int32 *slot,
								Amount *amount);
extern const HistoryState *history_state_in_order(const HistoryState *state);

static inline bool
history_next_slot(SlotIterator *iterator, int32 *slot, Amount *amount)
{
	const HistoryState *state = iterator->state;

	if (iterator->next < iterator->stop && state->kind == SLOTS_CENTS &&
		CENT_SLOTS(state)[iterator->next] != 0)
	{
		int32		i = iterator->next++;

		*slot = state->base + i;
		*amount = history_row_slot(state, i);
		return true;
	}
	return history_search_slot(iterator, slot, amount);
}

#endif							/* CARM_HISTORY_SLOTS_H */
