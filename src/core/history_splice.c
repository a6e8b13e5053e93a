/*-------------------------------------------------------------------------
 *
 * history_splice.c
 *	  How the bytes of a stored history change where an amount is added.
 *
 *-------------------------------------------------------------------------
 */
#include "history_splice.h"

/* Does a slice other than one need the history's scale? */
static bool
scale_is_needed(HistoryReader reader, int32_t but)
{
	int32_t		slice;
	int64_t		value;

	if (reader.unit == (int64_t) AMOUNT_DOLLAR)
		return true;
	while (history_next_quickly(&reader, &slice, &value) == TOKEN_AMOUNT)
	{
		if (value % 10 != 0 && slice != but)
			return true;
	}
	return false;
}

/*
 * Finds what to replace in a stored history to add an amount to one slice.
 *
 * False if the slice is new and not last, or owes nothing afterwards, or if the
 * scale would change: then the history has to be written anew.
 */
bool
history_splice(const void *bytes, size_t length, int32_t slice, Amount amount,
			   HistorySplice *splice)
{
	HistoryReader first;
	HistoryReader reader;
	HistoryWriter writer;
	const uint8_t *token;
	int32_t		found;
	int64_t		value = 0;
	int64_t		units;

	if (!history_open(&first, bytes, length) || first.next == first.end ||
		slice < first.slice || !calendar_has_slice(slice) ||
		amount != (int64_t) amount)
		return false;
	units = (int64_t) amount / first.unit;
	if (units * first.unit != (int64_t) amount)
		return false;

	reader = first;
	history_skip(&reader, slice);
	token = reader.next;
	writer.start = writer.next = splice->bytes;
	writer.unit = reader.unit;
	writer.slice = reader.slice;
	switch (history_next_quickly(&reader, &found, &value))
	{
		case TOKEN_AMOUNT:
			if (found != slice)
				return false;
			break;
		case TOKEN_END:
			break;
		case TOKEN_OTHER:
			return false;
	}
	if (reader.corrupt || __builtin_add_overflow(value, units, &value) ||
		value == 0 || varint_zigzag(value) >> VARINT_WORD_BITS != 0 ||
		(value % 10 == 0 && !scale_is_needed(first, slice)))
		return false;

	history_write_value(&writer, slice, value);
	splice->at = (size_t) (token - (const uint8_t *) bytes);
	splice->removed = (size_t) (reader.next - token);
	splice->added = history_end(&writer);
	return true;
}
