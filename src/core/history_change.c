/*-------------------------------------------------------------------------
 *
 * history_change.c
 *	  A stored history's slices, each of them changed: a multiple, other
 *	  months, a span.
 *
 *-------------------------------------------------------------------------
 */
#include "history_change.h"

/*
 * Opens a history at the first slice that stays; false if its head is corrupt.
 */
bool
history_change_open(HistoryReader *reader, const HistoryChange *change,
					const void *bytes, size_t length)
{
	if (!history_open(reader, bytes, length))
		return false;
	if (change->first > INT32_MIN)
		history_skip(reader, change->first);
	return true;
}

/*
 * Gives the next slice with duties, changed. If its product can't be held, the
 * amount is the one that was to be multiplied.
 */
ChangedSlice
history_change_next(HistoryReader *reader, const HistoryChange *change,
					int32_t *slice, Amount *amount)
{
	Amount		product;

	while (history_next(reader, slice, amount) && *slice < change->end)
	{
		if (!calendar_has_slice(*slice + change->shift))
			return CHANGED_OUT_OF_RANGE;
		*slice = (int32_t) (*slice + change->shift);
		if (change->factor == NULL)
			return CHANGED_SLICE;
		switch (factor_multiply(change->factor, *amount, &product))
		{
			case AMOUNT_OK:
				break;
			case AMOUNT_TOO_FINE:
				return CHANGED_TOO_FINE;
			default:
				return CHANGED_TOO_LARGE;
		}
		*amount = product;
		if (product != 0)
			return CHANGED_SLICE;
	}
	return CHANGED_NONE;
}
