/*-------------------------------------------------------------------------
 *
 * reading.c
 *	  A history read by period: sums, windows and peaks.
 *
 *-------------------------------------------------------------------------
 */
#include "reading.h"

void
period_open(PeriodReader *reader, MonthBasis basis, const void *bytes,
			size_t length)
{
	reader->basis = basis;
	reader->overflow = false;
	(void) history_open(&reader->slices, bytes, length);
	reader->pending = history_next(&reader->slices, &reader->pending_slice,
								   &reader->pending_amount);
}

/*
 * Gives the next period with slices that owed anything. False at the end, and
 * where the bytes are no history or a sum can't be held: the reader says so.
 */
bool
period_next(PeriodReader *reader, int32_t *period, Amount *owed)
{
	int32_t		last_slice;

	if (!reader->pending)
		return false;
	*period = period_of_slice(reader->basis, reader->pending_slice);
	last_slice = period_first_slice(reader->basis, *period) +
		SLICES_PER_MONTH - 1;
	*owed = 0;
	do
	{
		if (!amount_add(*owed, reader->pending_amount, owed))
		{
			reader->overflow = true;
			return false;
		}
		reader->pending = history_next(&reader->slices,
									   &reader->pending_slice,
									   &reader->pending_amount);
	} while (reader->pending && reader->pending_slice <= last_slice);
	return true;
}

/* The window of so many periods that ends with the last one given. */
PeriodWindow
period_window(int32_t last, int32_t months)
{
	PeriodWindow window;
	int64_t		first = (int64_t) last - months + 1;

	window.first = first < INT32_MIN ? INT32_MIN : (int32_t) first;
	window.last = last;
	return window;
}

/* What the highest period of a window owed; reads on to the window's end. */
Peak
read_peak(PeriodReader *reader, PeriodWindow window)
{
	Peak		peak = {0, 0};
	int32_t		period;
	Amount		owed;

	while (period_next(reader, &period, &owed) && period <= window.last)
	{
		if (period >= window.first && owed > 0 && owed >= peak.amount)
		{
			peak.amount = owed;
			peak.period = period;
		}
	}
	return peak;
}
