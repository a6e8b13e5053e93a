/*-------------------------------------------------------------------------
 *
 * history_state.c
 *	  A history under construction: the working form of duty_history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "core/poll.h"
#include "history_error.h"
#include "history_state.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

/* Rows longer than ROW_ALWAYS have so few bytes for each slot in use. */
#define ROW_BYTES		32

#define SPARSE_FIRST_ROOM	64

/* Memory contexts give chunks below this as powers of 2. */
#define ALLOCATOR_ROUNDS_UP	8192

/* Slots that a row has room for beyond those in use, when it is moved. */
#define ROOM_AT_LEAST	4

const Size	history_slot_size[] = {
	[SLOTS_CENTS] = sizeof(int32),
	[SLOTS_NARROW] = sizeof(int64),
	[SLOTS_WIDE] = sizeof(Amount),
	[SLOTS_SPARSE] = sizeof(SlotEntry)
};

static HistoryState *
allocate_state(SlotSpan span, SlotKind kind, int32 base, int64 nslots)
{
	Size		size = offsetof(HistoryState, slots) + nslots * history_slot_size[kind];
	HistoryState *state;

	if (!AllocSizeIsValid(size))
		history_report_too_long();
	state = (HistoryState *) palloc0(size);
	SET_VARSIZE(state, size);
	state->form = HISTORY_WORKING_FORM;
	state->kind = kind;
	state->span = span;
	state->base = base;
	state->nslots = (int32) nslots;
	state->window = WINDOW_NONE;
	return state;
}

/* An empty state with room for nslots slots from base on. */
HistoryState *
history_state_new(SlotSpan span, int32 base, int32 nslots)
{
	return allocate_state(span, SLOTS_CENTS, base, nslots);
}

/* Sets a slot of a row; false where its kind can't hold the amount. */
static inline bool
set_row_slot(HistoryState *state, int32 i, Amount amount)
{
	switch ((SlotKind) state->kind)
	{
		case SLOTS_CENTS:
			return amount_in_cents(amount, &CENT_SLOTS(state)[i]);
		case SLOTS_NARROW:
			NARROW_SLOTS(state)[i] = (int64) amount;
			return amount == (int64) amount;
		case SLOTS_WIDE:
			WIDE_SLOTS(state)[i] = amount;
			return true;
		case SLOTS_SPARSE:
			break;
	}
	return false;
}

/* Moves an iterator's stop on; false at the end of the slots. */
static pg_noinline bool
pass_stop(SlotIterator *iterator)
{
	int32		end = iterator->state->kind == SLOTS_SPARSE ?
		iterator->state->nentries : iterator->state->nslots;

	if (iterator->next >= end)
		return false;
	CHECK_FOR_INTERRUPTS();
	iterator->stop = iterator->next + Min(end - iterator->next, POLL_STEPS);
	return true;
}

/* Finds the next slot in use of any kind of state. */
bool
history_search_slot(SlotIterator *iterator, int32 *slot, Amount *amount)
{
	const HistoryState *state = iterator->state;

	if (state->kind == SLOTS_SPARSE)
	{
		const SlotEntry *entry = &SPARSE_SLOTS(state)[iterator->next];

		if (iterator->next >= iterator->stop && !pass_stop(iterator))
			return false;
		iterator->next++;
		*slot = entry->slot;
		*amount = entry->amount;
		return true;
	}
	do
	{
		while (iterator->next < iterator->stop)
		{
			int32		i = iterator->next++;
			Amount		value = history_row_slot(state, i);

			if (value != 0)
			{
				*slot = state->base + i;
				*amount = value;
				return true;
			}
		}
	} while (pass_stop(iterator));
	return false;
}

#define ST_SORT sort_entries
#define ST_ELEMENT_TYPE SlotEntry
#define ST_COMPARE(a, b) (((a)->slot > (b)->slot) - ((a)->slot < (b)->slot))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* Sorts a sparse state's entries and adds up those of one slot. */
static void
compact(HistoryState *state)
{
	SlotEntry  *entries = SPARSE_SLOTS(state);
	int32		kept = 0;

	sort_entries(entries, state->nentries);
	for (int32 i = 0; i < state->nentries;)
	{
		SlotEntry	entry = entries[i];
		Amount		sum = entry.amount;

		for (i++; i < state->nentries && entries[i].slot == entry.slot; i++)
			sum = sum_or_error(sum, entries[i].amount);
		if (sum != 0)
		{
			entry.amount = sum;
			entries[kept++] = entry;
		}
	}
	state->nentries = kept;
}

/*
 * The state itself where its slots are in order already, else an ordered
 * copy: a final function must leave its aggregate's state alone.
 */
const HistoryState *
history_state_in_order(const HistoryState *state)
{
	HistoryState *copy;

	if (state->kind != SLOTS_SPARSE)
		return state;
	copy = allocate_state(state->span, SLOTS_SPARSE, 0, state->nentries);
	memcpy(SPARSE_SLOTS(copy), SPARSE_SLOTS(state),
		   state->nentries * sizeof(SlotEntry));
	copy->nentries = state->nentries;
	compact(copy);
	return copy;
}

/* Copies what a state holds into another that has the room for it. */
static HistoryState *
move_slots(HistoryState *to, const HistoryState *from)
{
	SlotIterator iterator = {from};
	int32		slot;
	Amount		amount;

	while (history_next_slot(&iterator, &slot, &amount))
	{
		if (to->kind == SLOTS_SPARSE)
		{
			SPARSE_SLOTS(to)[to->nentries].amount = amount;
			SPARSE_SLOTS(to)[to->nentries++].slot = slot;
		}
		else
			(void) set_row_slot(to, slot - to->base, amount);
	}
	to->window = from->window;
	to->rows = from->rows;
	return to;
}

/* Is a row of that length worth its memory? If not, a list of entries is. */
static bool
row_pays(SlotKind kind, int64 length, int64 used)
{
	return length <= ROW_ALWAYS ||
		length * (int64) history_slot_size[kind] <= ROW_BYTES * used;
}

/* Copies a state that is a row into a list of entries. */
static HistoryState *
make_sparse(const HistoryState *state, int64 used)
{
	return move_slots(allocate_state(state->span, SLOTS_SPARSE, 0,
									 Max(used * 2, SPARSE_FIRST_ROOM)),
					  state);
}

/*
 * Copies a state that is a row into one with a place for one more slot, and for
 * the slots of a range, if one is given and isn't long. The range is extended
 * by the slot.
 */
static HistoryState *
extend_row(const HistoryState *state, int32 slot, SlotRange *range)
{
	SlotIterator iterator = {state};
	int64		first = slot;
	int64		last = slot;
	int64		used = 1;
	int64		length;
	int64		slack = 0;
	Size		size;
	int32		used_slot;
	Amount		amount;

	while (history_next_slot(&iterator, &used_slot, &amount))
	{
		first = Min(first, used_slot);
		last = Max(last, used_slot);
		used++;
	}
	length = last - first + 1;

	if (!row_pays(state->kind, length, used))
		return make_sparse(state, used);

	if (range != NULL && range->first <= range->last)
	{
		int64		all_first = Min(first, range->first);
		int64		all_last = Max(last, range->last);

		if (all_last - all_first < ROW_ALWAYS)
		{
			first = all_first;
			last = all_last;
			length = last - first + 1;
		}
	}

	/* more of the same is likely to follow: what the allocator rounds up to */
	size = offsetof(HistoryState, slots) + length * history_slot_size[state->kind];
	if (size < ALLOCATOR_ROUNDS_UP)
		slack = (pg_nextpower2_32((uint32) size) - size) / history_slot_size[state->kind];
	if (slack < ROOM_AT_LEAST)
		slack = length / 4 + ROOM_AT_LEAST;
	if (slot == first)
		first -= Min(slack, length / 4 + ROOM_AT_LEAST);
	length += slack;
	if (range != NULL)
	{
		range->first = (int32) first;
		range->last = (int32) last;
	}
	return move_slots(allocate_state(state->span, state->kind, (int32) first,
									 length),
					  state);
}

/*
 * Extends the row of a state to a slot that it has no place for. A sparse state
 * stays as it is.
 */
HistoryState *
history_state_extend(HistoryState *state, int32 slot, SlotRange *range)
{
	if (state->kind == SLOTS_SPARSE)
		return state;
	return extend_row(state, slot, range);
}

/* Adds an entry to a sparse state. */
static HistoryState *
append_entry(HistoryState *state, int32 slot, Amount amount)
{
	if (state->nentries >= state->nslots)
	{
		CHECK_FOR_INTERRUPTS();
		compact(state);
		if (state->nentries > state->nslots / 2)
			state = move_slots(allocate_state(state->span, SLOTS_SPARSE, 0,
											  (int64) state->nslots * 2),
							   state);
	}
	SPARSE_SLOTS(state)[state->nentries].amount = amount;
	SPARSE_SLOTS(state)[state->nentries++].slot = slot;
	return state;
}

/* Copies a state that is a row into one whose slots hold greater amounts. */
static HistoryState *
widen(const HistoryState *state, SlotKind kind)
{
	if (state->nslots > ROW_ALWAYS)
	{
		SlotIterator iterator = {state};
		int64		used = 1;
		int32		slot;
		Amount		amount;

		while (history_next_slot(&iterator, &slot, &amount))
			used++;
		if (!row_pays(kind, state->nslots, used))
			return make_sparse(state, used);
	}
	return move_slots(allocate_state(state->span, kind, state->base, state->nslots),
					  state);
}

/* Adds any amount to a slot of any kind of state. */
HistoryState *
history_state_grow_add(HistoryState *state, int32 slot, Amount amount)
{
	Amount		sum;

	if (state->kind != SLOTS_SPARSE &&
		!history_state_has_slot(state, slot))
		state = extend_row(state, slot, NULL);
	if (state->kind == SLOTS_SPARSE)
		return append_entry(state, slot, amount);

	sum = sum_or_error(history_row_slot(state, slot - state->base), amount);
	if (!set_row_slot(state, slot - state->base, sum))
	{
		set_row_slot(state, slot - state->base, 0);
		state = widen(state, sum == (int64) sum && state->kind == SLOTS_CENTS ?
					  SLOTS_NARROW : SLOTS_WIDE);
		if (state->kind == SLOTS_SPARSE)
			return append_entry(state, slot, sum);
		set_row_slot(state, slot - state->base, sum);
	}
	return state;
}

/* Adds a numeric that history_state_add_numeric doesn't read by itself. */
HistoryState *
history_state_add_long_numeric(HistoryState *state, int32 slot, Datum numeric,
							   int sign)
{
	Amount		amount;

	amount = monthly_amount_from_datum(numeric,
									   slot >> (SLOT_IS_MONTH - state->span));
	return history_state_grow_add(state, slot, sign < 0 ? -amount : amount);
}
