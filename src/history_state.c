/*-------------------------------------------------------------------------
 *
 * history_state.c
 *	  A history under construction: the working form of duty_history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "history_state.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

/* Rows of slots this short are never worth a list of entries. */
#define ROW_ALWAYS		256
/* ... and longer ones only with so few bytes for each slot in use. */
#define ROW_BYTES		32

#define SPARSE_FIRST_ROOM	64

/* Memory contexts give chunks below this as powers of 2. */
#define ALLOCATOR_ROUNDS_UP	8192

/* Slots read between two looks at whether the query is cancelled. */
#define SLOTS_PER_CHECK		65536

static const Size slot_size[] = {
	[SLOTS_CENTS] = sizeof(int32),
	[SLOTS_NARROW] = sizeof(int64),
	[SLOTS_WIDE] = sizeof(Amount),
	[SLOTS_SPARSE] = sizeof(SlotEntry)
};

static HistoryState *
allocate_state(SlotSpan span, SlotKind kind, int32 base, int64 nslots)
{
	Size		size = offsetof(HistoryState, slots) + nslots * slot_size[kind];
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

/* The error for a sum that can't be held. */
void
history_report_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("sum of amounts is out of range for type %s",
					"duty_history")));
}

/* The error for a day that is none. */
void
history_report_infinite_day(DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("date of an amount must be finite, not %s",
					DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity")));
}

/* Sum of two amounts, or the error that it can't be held. */
Amount
history_sum(Amount a, Amount b)
{
	Amount		sum;

	if (!amount_add(a, b, &sum))
		history_report_overflow();
	return sum;
}

/* What a slot of a row holds. */
static inline Amount
row_slot(const HistoryState *state, int32 i)
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

/* The first slice of a slot; the calendar begins within its first month. */
static inline int32
slot_slice(const HistoryState *state, int32 slot)
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

/* Is there more at an iterator's stop? Sets the next one. */
static pg_noinline bool
pass_stop(SlotIterator *iterator)
{
	int32		end = iterator->state->kind == SLOTS_SPARSE ?
		iterator->state->nentries : iterator->state->nslots;

	if (iterator->next >= end)
		return false;
	CHECK_FOR_INTERRUPTS();
	iterator->stop = iterator->next + Min(end - iterator->next, SLOTS_PER_CHECK);
	return true;
}

/* The long way of next_slot. */
static pg_noinline bool
search_slot(SlotIterator *iterator, int32 *slot, Amount *amount)
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
			Amount		value = row_slot(state, i);

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

static inline bool
next_slot(SlotIterator *iterator, int32 *slot, Amount *amount)
{
	const HistoryState *state = iterator->state;

	if (iterator->next < iterator->stop && state->kind == SLOTS_CENTS &&
		CENT_SLOTS(state)[iterator->next] != 0)
	{
		int32		i = iterator->next++;

		*slot = state->base + i;
		*amount = row_slot(state, i);
		return true;
	}
	return search_slot(iterator, slot, amount);
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
			sum = history_sum(sum, entries[i].amount);
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
static const HistoryState *
in_order(const HistoryState *state)
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

	while (next_slot(&iterator, &slot, &amount))
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

/* Is a row of that length worth its memory, or is a list of entries better? */
static bool
row_pays(SlotKind kind, int64 length, int64 used)
{
	return length <= ROW_ALWAYS ||
		length * (int64) slot_size[kind] <= ROW_BYTES * used;
}

/* A copy of a state that is a row as a list, with room for so many entries. */
static HistoryState *
make_sparse(const HistoryState *state, int64 used)
{
	return move_slots(allocate_state(state->span, SLOTS_SPARSE, 0,
									 Max(used * 2, SPARSE_FIRST_ROOM)),
					  state);
}

/*
 * A copy of a state that is a row, with room for one more slot; and for those
 * of a range, if given and not long, which learns of the slot.
 */
static HistoryState *
make_room(const HistoryState *state, int32 slot, SlotRange *range)
{
	SlotIterator iterator = {state};
	int64		first = slot;
	int64		last = slot;
	int64		used = 1;
	int64		length;
	int64		slack;
	Size		size;
	int32		used_slot;
	Amount		amount;

	while (next_slot(&iterator, &used_slot, &amount))
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

	/* more of the same is likely to follow */
	slack = length / 4 + 4;
	if (slot == first)
		first -= slack;
	length += slack;
	if (range != NULL)
	{
		range->first = (int32) first;
		range->last = (int32) last;
	}

	/* what the allocator would round up to anyway */
	size = offsetof(HistoryState, slots) + length * slot_size[state->kind];
	if (size < ALLOCATOR_ROUNDS_UP)
		length += (pg_nextpower2_32((uint32) size) - size) / slot_size[state->kind];
	return move_slots(allocate_state(state->span, state->kind, (int32) first,
									 length),
					  state);
}

/*
 * The state with room for a slot in a row of its own, where it has none and
 * may have: else it is left to history_state_add.
 */
HistoryState *
history_state_widen(HistoryState *state, int32 slot, SlotRange *range)
{
	if (state->kind == SLOTS_SPARSE)
		return state;
	return make_room(state, slot, range);
}

/* Adds to a sparse state. */
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

/* A copy of a state that is a row, for greater amounts. */
static HistoryState *
widen(const HistoryState *state, SlotKind kind)
{
	if (state->nslots > ROW_ALWAYS)
	{
		SlotIterator iterator = {state};
		int64		used = 1;
		int32		slot;
		Amount		amount;

		while (next_slot(&iterator, &slot, &amount))
			used++;
		if (!row_pays(kind, state->nslots, used))
			return make_sparse(state, used);
	}
	return move_slots(allocate_state(state->span, kind, state->base, state->nslots),
					  state);
}

/* The long way of history_state_add, for any amount. */
HistoryState *
history_state_grow_add(HistoryState *state, int32 slot, Amount amount)
{
	Amount		sum;

	if (state->kind != SLOTS_SPARSE &&
		!history_state_has_slot(state, slot))
		state = make_room(state, slot, NULL);
	if (state->kind == SLOTS_SPARSE)
		return append_entry(state, slot, amount);

	sum = history_sum(row_slot(state, slot - state->base), amount);
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

/* The error for bytes that no function of ours has written. */
void
history_report_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid stored value of type %s", "duty_history")));
}

/* Adds a history in stored form, or takes it out if sign is negative. */
HistoryState *
history_state_add_stored(HistoryState *state, const void *bytes, Size length,
						 int sign)
{
	HistoryReader reader;
	int32		slice;
	Amount		amount;

	(void) history_open(&reader, bytes, length);
	while (history_next(&reader, &slice, &amount))
		state = history_state_add_amount(state, slice >> state->span,
										 sign < 0 ? -amount : amount);
	if (reader.corrupt)
		history_report_corrupt();
	return state;
}

/*
 * Adds what another state holds, or takes it out if sign is negative. Months
 * go into slices as the months' first slices.
 */
HistoryState *
history_state_merge(HistoryState *state, const HistoryState *other, int sign)
{
	SlotIterator iterator = {other};
	int32		slot;
	Amount		amount;

	while (next_slot(&iterator, &slot, &amount))
	{
		slot = slot_slice(other, slot) >> state->span;
		state = history_state_add_amount(state, slot,
										 sign < 0 ? -amount : amount);
	}
	state->rows += sign * other->rows;
	return state;
}

/*
 * The error for a working form whose slots can't be where it says: no function
 * of ours has made it.
 */
void
history_state_check_shape(const HistoryState *state)
{
	Size		size = VARSIZE(state);

	if (size < offsetof(HistoryState, slots) || state->nslots < 0 ||
		state->kind > SLOTS_SPARSE ||
		(state->span != SLOT_IS_SLICE && state->span != SLOT_IS_MONTH))
		history_report_corrupt();
	if (size != offsetof(HistoryState, slots) + state->nslots * slot_size[state->kind])
		history_report_corrupt();
	/* a row may have room past what dates can be */
	if (state->kind == SLOTS_SPARSE ?
		state->nentries < 0 || state->nentries > state->nslots :
		state->base < -CALENDAR_LAST_SLICE ||
		(int64) state->base + state->nslots > 2 * (int64) CALENDAR_LAST_SLICE)
		history_report_corrupt();
}

/* The error for a working form with slots or amounts that no history has. */
void
history_state_check(const HistoryState *state)
{
	SlotIterator iterator = {state};
	int32		first;
	int32		last;
	int32		slot;
	Amount		amount;

	history_state_check_shape(state);
	first = CALENDAR_FIRST_SLICE >> state->span;
	last = CALENDAR_LAST_SLICE >> state->span;
	if ((state->kind == SLOTS_CENTS || state->kind == SLOTS_NARROW) &&
		state->base >= first && state->base + state->nslots - 1 <= last)
		return;
	while (next_slot(&iterator, &slot, &amount))
	{
		if (slot < first || slot > last || amount < AMOUNT_MIN)
			history_report_corrupt();
	}
}

/* A working form that arrived as a value: aligned, and checked. */
static HistoryState *
copy_working_form(struct varlena *value)
{
	Size		size = VARSIZE_ANY_EXHDR(value) + VARHDRSZ;
	HistoryState *state = (HistoryState *) palloc(size);

	memcpy(VARDATA(state), VARDATA_ANY(value), size - VARHDRSZ);
	SET_VARSIZE(state, size);
	history_state_check(state);
	return state;
}

bool
history_is_working_form(const struct varlena *value)
{
	return VARSIZE_ANY_EXHDR(value) > 0 &&
		*(const uint8 *) VARDATA_ANY(value) == HISTORY_WORKING_FORM;
}

/*
 * An empty state with a row for what a stored history of that length holds in
 * the usual case: an amount takes some three bytes.
 */
static HistoryState *
state_for_stored(SlotSpan span, const void *bytes, Size length)
{
	HistoryReader reader;

	if (!history_open(&reader, bytes, length))
		history_report_corrupt();
	return history_state_new(span, reader.slice >> span,
							 (int32) Min(length / 3, ROW_ALWAYS) >> span);
}

/* A state of its own that holds what a duty_history of any form holds. */
HistoryState *
history_state_from(struct varlena *value, SlotSpan span)
{
	HistoryState *state;

	value = pg_detoast_datum_packed(value);
	if (history_is_working_form(value))
	{
		state = copy_working_form(value);
		if (state->span != span)
			state = history_state_merge(history_state_new(span, 0, 0), state,
										1);
		return state;
	}
	state = state_for_stored(span, VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	state->rows = 1;
	return history_state_add_stored(state, VARDATA_ANY(value),
									VARSIZE_ANY_EXHDR(value), 1);
}

/* The stored form of a row of cents. */
static bytea *
store_cents(const HistoryState *state)
{
	const int32 *cents = CENT_SLOTS(state);
	int32		n = state->nslots;
	HistoryStore store;
	int			scale = 0;
	int32		unit = 100;		/* of that scale, in cents */
	Size		used = 0;

	for (int32 i = 0; i < n; i++)
	{
		used += cents[i] != 0;
		for (; unit > 1 && cents[i] % unit != 0; unit /= 10)
			scale++;
	}
	history_store_begin(&store, scale, used);
	for (int32 i = 0; i < n; i++)
	{
		if (i % SLOTS_PER_CHECK == SLOTS_PER_CHECK - 1)
			CHECK_FOR_INTERRUPTS();
		if (cents[i] != 0)
			history_store_write_units(&store, slot_slice(state, state->base + i),
									  unit == 1 ? cents[i] : cents[i] / unit);
	}
	return history_store_end(&store);
}

/* The stored form of what a state holds. */
bytea *
history_state_store(const HistoryState *state)
{
	const HistoryState *ordered = in_order(state);
	SlotIterator iterator = {ordered};
	HistoryStore store;
	int32		slot;
	Amount		amount;
	int			scale = 0;
	Size		used = 0;

	if (state->kind == SLOTS_CENTS)
		return store_cents(state);
	while (next_slot(&iterator, &slot, &amount))
	{
		scale = history_scale(scale, amount);
		used++;
	}
	history_store_begin(&store, scale, used);
	iterator.next = iterator.stop = 0;
	while (next_slot(&iterator, &slot, &amount))
		history_store_write(&store, slot_slice(ordered, slot), amount);
	return history_store_end(&store);
}

bytea *
history_stored(Datum value)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

	if (history_is_working_form(packed))
		return history_state_store(copy_working_form(packed));
	return (bytea *) packed;
}

/* Has no amount more than so many digits before the decimal point? */
bool
history_state_within(const HistoryState *state, int digits)
{
	SlotIterator iterator = {state};
	Amount		limit = AMOUNT_DOLLAR;
	int32		slot;
	Amount		amount;

	if (state->kind == SLOTS_NARROW)
		return true;
	while (digits-- > 0)
		limit *= 10;
	while (next_slot(&iterator, &slot, &amount))
	{
		if (amount >= limit || amount <= -limit)
			return false;
	}
	return true;
}

/* What the highest calendar month owed; never below 0. */
Amount
history_state_peak_month(const HistoryState *state)
{
	SlotIterator iterator = {in_order(state)};
	int32		month = PG_INT32_MIN;
	int32		slot;
	Amount		amount;
	Amount		sum = 0;
	Amount		peak = 0;

	while (next_slot(&iterator, &slot, &amount))
	{
		int32		slot_month = slot >> (SLOT_IS_MONTH - state->span);

		if (slot_month != month)
		{
			peak = Max(peak, sum);
			sum = 0;
			month = slot_month;
		}
		sum = history_sum(sum, amount);
	}
	return Max(peak, sum);
}
