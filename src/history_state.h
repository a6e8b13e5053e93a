/*-------------------------------------------------------------------------
 *
 * history_state.h
 *	  A history under construction: the working form of duty_history.
 *
 * An aggregate's state is of type duty_history, but to add rows to the stored
 * form takes too long (a few histories may be: see history_sum.h). This form is
 * a flat varlena as well, so that the executor can copy it and send it between
 * processes like any value; its first byte can't begin a stored form. Wherever
 * a duty_history is read, both forms are taken; whatever leaves an aggregate's
 * final function is in stored form.
 *
 * Slots are slices or, for aggregates that read calendar months only, months.
 * They are sums in a row, as narrow as will hold them, since what thousands of
 * states cost is mostly the memory they are spread over; and a list of entries
 * where the slots used lie so far apart that a row would waste memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_STATE_H
#define CARM_HISTORY_STATE_H

#include "compat.h"
#include "values.h"

#define HISTORY_WORKING_FORM	0xF1

typedef enum SlotKind
{
	SLOTS_CENTS,				/* int32 sums of whole cents in a row */
	SLOTS_NARROW,				/* int64 sums of 10^-8 dollars in a row */
	SLOTS_WIDE,					/* Amount sums in a row */
	SLOTS_SPARSE				/* SlotEntry, unordered, slots may repeat */
} SlotKind;

/* What one slot stands for: the shift from a slice to its slot. */
typedef enum SlotSpan
{
	SLOT_IS_SLICE = 0,
	SLOT_IS_MONTH = 2
} SlotSpan;

/* Instead of a month: there is no as-of date, or it was given as NULL. */
#define WINDOW_NONE		PG_INT32_MIN
#define WINDOW_ALL		(PG_INT32_MIN + 1)

typedef struct HistoryState
{
	int32		vl_len_;		/* varlena header (do not touch directly!) */
	uint8		form;			/* HISTORY_WORKING_FORM */
	uint8		kind;			/* SlotKind */
	uint8		span;			/* SlotSpan */
	uint8		unused;
	int32		base;			/* the first slot, unless sparse */
	int32		nslots;			/* slots or entries there is space for */
	int32		nentries;		/* entries in use, if sparse */
	int32		window;			/* its first month, or one of the above */
	int64		rows;			/* what was added, less what was taken out */
	int64		slots[FLEXIBLE_ARRAY_MEMBER];	/* of the kind's type */
} HistoryState;

#define CENT_SLOTS(state) ((int32 *) (state)->slots)
#define NARROW_SLOTS(state) ((int64 *) (state)->slots)
#define WIDE_SLOTS(state) ((Amount *) (state)->slots)
#define SPARSE_SLOTS(state) ((SlotEntry *) (state)->slots)

/* Whole cents that fit a slot of that kind. */
static inline bool
amount_in_cents(Amount amount, int32 *cents)
{
	int64		whole;

	if (amount != (int64) amount)
		return false;
	whole = (int64) amount / (int64) AMOUNT_CENT;
	*cents = (int32) whole;
	return whole == *cents && whole * (int64) AMOUNT_CENT == (int64) amount;
}

typedef struct SlotEntry
{
	Amount		amount;
	int32		slot;
} SlotEntry;

/*
 * Which slots the states of a query use, as far as it is known. A state that
 * outgrows its first few slots takes this as its row: it need not grow again
 * and again, and where a slot lies is known before the state is read.
 */
typedef struct SlotRange
{
	int32		first;
	int32		last;			/* before first: none yet */
} SlotRange;

extern HistoryState *history_state_new(SlotSpan span, int32 base,
									   int32 nslots);
extern HistoryState *history_state_grow_add(HistoryState *state, int32 slot,
											Amount amount);
extern HistoryState *history_state_add_long_numeric(HistoryState *state,
													int32 slot, Datum numeric,
													int sign);
extern HistoryState *history_state_extend(HistoryState *state, int32 slot,
										  SlotRange *range);

/* Is there a place for a slot in its row? */
static inline bool
history_state_has_slot(const HistoryState *state, int32 slot)
{
	return (uint32) slot - (uint32) state->base < (uint32) state->nslots;
}

/*
 * Thousands of states don't fit the processor's cache, and where a slot lies
 * depends on what the state begins with: that would be waiting twice. A guess
 * of the base lets both be fetched at once. A wrong one does no harm.
 */
static inline void
history_state_prefetch(const void *state, int32 slot, int32 base)
{
	__builtin_prefetch((const char *) state + offsetof(HistoryState, slots) +
					   ((uint32) slot - (uint32) base) * sizeof(int32), 1);
}

/*
 * Adds an amount to a slot. The state is changed in place; if it has no place
 * for the slot or the sum, another state comes back, in the current memory
 * context.
 */
static inline HistoryState *
history_state_add(HistoryState *state, int32 slot, int64 amount)
{
	uint32		offset = (uint32) slot - (uint32) state->base;
	int32		cents;
	int32		sum = 0;		/* for compilers that see less */

	if (likely(state->kind == SLOTS_CENTS && offset < (uint32) state->nslots &&
			   amount_in_cents(amount, &cents) &&
			   !__builtin_add_overflow(CENT_SLOTS(state)[offset], cents, &sum)))
	{
		CENT_SLOTS(state)[offset] = sum;
		return state;
	}
	return history_state_grow_add(state, slot, amount);
}

/* The same, for any amount. */
static inline HistoryState *
history_state_add_amount(HistoryState *state, int32 slot, Amount amount)
{
	if (likely(amount == (int64) amount))
		return history_state_add(state, slot, (int64) amount);
	return history_state_grow_add(state, slot, amount);
}

/* Adds a numeric to a slot, or takes it out if sign is negative. */
static inline HistoryState *
history_state_add_numeric(HistoryState *state, int32 slot, Datum numeric,
						  int sign)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(numeric);
	int64		narrow;

	if (likely(!VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value) &&
			   amount_from_short_numeric(VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), &narrow)))
		return history_state_add(state, slot, sign < 0 ? -narrow : narrow);
	return history_state_add_long_numeric(state, slot, numeric, sign);
}

/*
 * The slots, one after another.
 */

/* Rows of slots this short are never worth a list of entries. */
#define ROW_ALWAYS			256

/* Bytes of a slot, by SlotKind. */
extern const Size history_slot_size[];

/* The amount in a slot of a row. */
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

#endif							/* CARM_HISTORY_STATE_H */
