/*-------------------------------------------------------------------------
 *
 * history_forms.c
 *	  From the stored form of a history to its working form, and back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "core/period.h"
#include "core/poll.h"
#include "history_buffer.h"
#include "history_error.h"
#include "history_forms.h"
#include "miscadmin.h"

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

	while (history_next_slot(&iterator, &slot, &amount))
	{
		slot = history_slot_slice(other, slot) >> state->span;
		state = history_state_add_amount(state, slot,
										 sign < 0 ? -amount : amount);
	}
	state->rows += sign * other->rows;
	return state;
}

/*
 * Raises an error if a working form says that its slots are where they can't
 * be: no function of ours has made it.
 */
void
history_state_check_shape(const HistoryState *state)
{
	Size		size = VARSIZE(state);

	if (size < offsetof(HistoryState, slots) || state->nslots < 0 ||
		state->kind > SLOTS_SPARSE ||
		(state->span != SLOT_IS_SLICE && state->span != SLOT_IS_MONTH))
		history_report_corrupt();
	if (size != offsetof(HistoryState, slots) + state->nslots * history_slot_size[state->kind])
		history_report_corrupt();
	/* a row may have room past what dates can be */
	if (state->kind == SLOTS_SPARSE ?
		state->nentries < 0 || state->nentries > state->nslots :
		state->base < -CALENDAR_LAST_SLICE ||
		(int64) state->base + state->nslots > 2 * (int64) CALENDAR_LAST_SLICE)
		history_report_corrupt();
}

/* Raises an error if a working form has slots or amounts that no history has. */
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
	while (history_next_slot(&iterator, &slot, &amount))
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

/* Is a duty_history in working form? */
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

/* Writes the stored form of a row of cents. */
static bytea *
cents_to_stored(const HistoryState *state)
{
	const int32 *cents = CENT_SLOTS(state);
	int32		n = state->nslots;
	HistoryBuffer buffer;
	int			scale = 0;
	int32		unit = 100;		/* of that scale, in cents */
	Size		used = 0;

	for (int32 i = 0; i < n; i++)
	{
		if (cents[i] == 0)
			continue;
		used++;
		for (; unit > 1 && cents[i] % unit != 0; unit /= 10)
			scale++;
	}
	history_buffer_begin(&buffer, scale, used);
	for (int32 i = 0; i < n; i++)
	{
		if (i % POLL_STEPS == POLL_STEPS - 1)
			CHECK_FOR_INTERRUPTS();
		if (cents[i] != 0)
			history_buffer_write_units(&buffer, history_slot_slice(state, state->base + i),
									  unit == 1 ? cents[i] : cents[i] / unit);
	}
	return history_buffer_end(&buffer);
}

/* Writes the stored form of what a state holds. */
bytea *
history_state_to_stored(const HistoryState *state)
{
	const HistoryState *ordered = history_state_in_order(state);
	SlotIterator iterator = {ordered};
	HistoryBuffer buffer;
	int32		slot;
	Amount		amount;
	int			scale = 0;
	Size		used = 0;

	if (state->kind == SLOTS_CENTS)
		return cents_to_stored(state);
	while (history_next_slot(&iterator, &slot, &amount))
	{
		scale = history_scale(scale, amount);
		used++;
	}
	history_buffer_begin(&buffer, scale, used);
	iterator.next = iterator.stop = 0;
	while (history_next_slot(&iterator, &slot, &amount))
		history_buffer_write(&buffer, history_slot_slice(ordered, slot), amount);
	return history_buffer_end(&buffer);
}

/* Gives the stored form of a duty_history in either form. */
bytea *
history_stored(Datum value)
{
	struct varlena *packed = PG_DETOAST_DATUM_PACKED(value);

	if (history_is_working_form(packed))
		return history_state_to_stored(copy_working_form(packed));
	return (bytea *) packed;
}

/* What the highest calendar month owed; never below 0. */
Amount
history_state_peak_month(const HistoryState *state)
{
	SlotIterator iterator = {history_state_in_order(state)};
	int32		month = PG_INT32_MIN;
	int32		slot;
	Amount		amount;
	Amount		sum = 0;
	Peak		peak = {0, 0};

	while (history_next_slot(&iterator, &slot, &amount))
	{
		int32		slot_month = slot >> (SLOT_IS_MONTH - state->span);

		if (slot_month != month)
		{
			peak_take(&peak, month, sum);
			sum = 0;
			month = slot_month;
		}
		sum = sum_or_error(sum, amount);
	}
	peak_take(&peak, month, sum);
	return peak.amount;
}
