/*-------------------------------------------------------------------------
 *
 * history_sum.c
 *	  The sum of stored histories.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/history_splice.h"
#include "history_error.h"
#include "history_forms.h"
#include "history_sum.h"

/* What is longer has so many slices that a working form is better. */
#define SHORT_LENGTH	32
/* ... and in what is longer it takes too long to find a slice's place. */
#define SPLICED_LENGTH	4096

static bytea *
stored_copy(const void *bytes, Size length)
{
	bytea	   *copy = (bytea *) palloc(VARHDRSZ + length);

	SET_VARSIZE(copy, VARHDRSZ + length);
	memcpy(VARDATA(copy), bytes, length);
	return copy;
}

/*
 * A stored history with an amount more in a slice: changed in place where its
 * length stays, else a new one. NULL where it takes more than a splice.
 */
static struct varlena *
splice_stored(struct varlena *stored, int32 slice, Amount amount)
{
	const char *bytes = VARDATA_ANY(stored);
	Size		length = VARSIZE_ANY_EXHDR(stored);
	HistorySplice splice;
	struct varlena *longer;
	Size		rest;

	if (!history_splice(bytes, length, slice, amount, &splice))
		return NULL;
	if (splice.added == splice.removed)
	{
		memcpy(VARDATA_ANY(stored) + splice.at, splice.bytes, splice.added);
		return stored;
	}
	rest = splice.at + splice.removed;
	longer = (struct varlena *) palloc(VARHDRSZ + length - splice.removed +
									   splice.added);
	SET_VARSIZE(longer, VARHDRSZ + length - splice.removed + splice.added);
	memcpy(VARDATA(longer), bytes, splice.at);
	memcpy(VARDATA(longer) + splice.at, splice.bytes, splice.added);
	memcpy(VARDATA(longer) + splice.at + splice.added, bytes + rest,
		   length - rest);
	return longer;
}

/* A sum of its own that begins with a duty_history of any form. */
struct varlena *
history_sum_begin(struct varlena *value)
{
	value = pg_detoast_datum_packed(value);
	if (history_is_working_form(value))
		return (struct varlena *) history_state_from(value, SLOT_IS_SLICE);
	return stored_copy(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Adds a short history, token by token. */
static struct varlena *
add_short(struct varlena *sum, const void *bytes, Size length)
{
	struct varlena *first = sum;
	HistoryState *state = NULL;
	HistoryReader reader;
	int32		slice;
	Amount		amount;

	(void) history_open(&reader, bytes, length);
	while (history_next(&reader, &slice, &amount))
	{
		struct varlena *spliced = NULL;

		if (state == NULL)
			spliced = splice_stored(sum, slice, amount);
		if (spliced == NULL)
		{
			if (state == NULL)
				state = history_state_from(sum, SLOT_IS_SLICE);
			state = history_state_add_amount(state, slice, amount);
			continue;
		}
		if (spliced != sum && sum != first)
			pfree(sum);
		sum = spliced;
	}
	if (reader.corrupt)
		history_report_corrupt();
	return state == NULL ? sum : (struct varlena *) state;
}

/*
 * Adds a stored history to a sum, which is changed in place, or another comes
 * back in the current memory context.
 */
struct varlena *
history_sum_add(struct varlena *sum, const void *bytes, Size length)
{
	HistoryState *state;

	if (!history_is_working_form(sum))
	{
		Size		size = VARSIZE_ANY_EXHDR(sum);

		if (length <= SHORT_LENGTH && size <= SPLICED_LENGTH)
			return add_short(sum, bytes, length);
		if (size <= SHORT_LENGTH && length <= SPLICED_LENGTH)
			return add_short(stored_copy(bytes, length), VARDATA_ANY(sum), size);
		state = history_state_from(sum, SLOT_IS_SLICE);
	}
	else
		state = (HistoryState *) sum;
	state->rows++;
	return (struct varlena *) history_state_add_stored(state, bytes, length, 1);
}

/* The stored form of a sum. */
bytea *
history_sum_to_stored(struct varlena *sum)
{
	if (history_is_working_form(sum))
		return history_state_to_stored((HistoryState *) sum);
	return (bytea *) sum;
}
