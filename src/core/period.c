/*-------------------------------------------------------------------------
 *
 * period.c
 *	  A history read by period: sums, windows and peaks.
 *
 *-------------------------------------------------------------------------
 */
#include "period.h"

void
period_open(PeriodReader *reader, MonthBasis basis, const void *bytes,
			size_t length)
{
	reader->basis = basis;
	reader->overflow = false;
	reader->pending = false;
	reader->fresh = history_open(&reader->slices, bytes, length);
	reader->empty = reader->slices.next >= reader->slices.end;
	reader->first_slice = reader->slices.slice;
}

/* Reads the next period's first slice. */
static void
read_pending(PeriodReader *reader)
{
	reader->fresh = false;
	reader->pending = history_next(&reader->slices, &reader->pending_slice,
								   &reader->pending_amount);
}

/*
 * Reads the next period with slices that owed anything. False at the end, and
 * if the bytes are no history or a sum can't be held: the reader says which.
 */
bool
period_next(PeriodReader *reader, int32_t *period, Amount *owed)
{
	int32_t		last_slice;

	if (reader->fresh)
		read_pending(reader);
	if (!reader->pending)
		return false;
	*period = period_of_slice(reader->basis, reader->pending_slice);
	last_slice = period_first_slice(reader->basis, *period) +
		SLICES_PER_MONTH - 1;
	*owed = 0;
	while (reader->pending && reader->pending_slice <= last_slice)
	{
		if (!amount_add(*owed, reader->pending_amount, owed))
			reader->overflow = true;
		read_pending(reader);
	}
	if (reader->pending)
		poll_between(last_slice, reader->pending_slice);
	return !reader->overflow && !reader->slices.corrupt;
}

/* Which period period_next gives next; only after something was read. */
bool
period_pending(const PeriodReader *reader, int32_t *period)
{
	if (reader->pending)
		*period = period_of_slice(reader->basis, reader->pending_slice);
	return reader->pending;
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

/* A period's first slice; beyond all slices where there is no such period. */
static int32_t
slice_of_period(MonthBasis basis, int64_t period)
{
	if (period < CALENDAR_FIRST_SLICE)
		return INT32_MIN;
	if (period > CALENDAR_LAST_SLICE)
		return INT32_MAX;
	return period_first_slice(basis, (int32_t) period);
}

/* Passes over the periods before this one. */
void
period_skip(PeriodReader *reader, int32_t period)
{
	int32_t		slice = slice_of_period(reader->basis, period);

	if (!reader->fresh && (!reader->pending || reader->pending_slice >= slice))
		return;
	history_skip(&reader->slices, slice);
	read_pending(reader);
}

/*
 * Finds the peak of a window with sums of 64 bits, in units of the history.
 * False if that isn't enough, or if something is wrong.
 */
static bool
read_peak_quickly(HistoryReader slices, MonthBasis basis, PeriodWindow window,
				  Peak *peak)
{
	int32_t		window_end = slice_of_period(basis, (int64_t) window.last + 1);
	int32_t		period_end = INT32_MIN; /* the slice after the period's last */
	Peak		highest = {0, 0};	/* in units, by the period's end */
	int64_t		owed = 0;
	int32_t		slice;
	int64_t		value;

	history_skip(&slices, slice_of_period(basis, window.first));
	for (;;)
	{
		HistoryToken token = history_next_quickly(&slices, &slice, &value);

		if (token == TOKEN_OTHER)
		{
			if (!history_pass_gap(&slices))
				return false;
			continue;
		}
		if (token == TOKEN_END || slice >= period_end)
		{
			peak_take(&highest, period_end, owed);
			if (token == TOKEN_END || slice >= window_end)
				break;
			owed = 0;
			if (period_end != INT32_MIN)
				poll_between(period_end, slice);
			period_end = period_first_slice(basis,
											period_of_slice(basis, slice)) +
				SLICES_PER_MONTH;
		}
		owed += value;			/* four of 56 bits */
	}
	if (slices.corrupt)
		return false;
	peak->amount = highest.amount * slices.unit;
	peak->period = highest.amount == 0 ? 0 :
		period_of_slice(basis, highest.period - 1);
	return true;
}

/*
 * The highest period of a window. Afterwards the reader says whether something
 * was wrong, and can't be read on.
 */
Peak
read_peak(PeriodReader *reader, PeriodWindow window)
{
	Peak		peak = {0, 0};
	int32_t		period;
	Amount		owed;

	if (reader->fresh &&
		read_peak_quickly(reader->slices, reader->basis, window, &peak))
		return peak;

	period_skip(reader, window.first);
	while (period_next(reader, &period, &owed) && period <= window.last)
		peak_take(&peak, period, owed);
	return peak;
}

/*
 * What the periods of a window owed together; false where something was wrong,
 * which the reader says. It goes on with the period after the window.
 */
bool
read_total(PeriodReader *reader, PeriodWindow window, Amount *total)
{
	int32_t		period;
	Amount		owed;

	*total = 0;
	period_skip(reader, window.first);
	while (period_pending(reader, &period) && period <= window.last &&
		   period_next(reader, &period, &owed))
	{
		if (!amount_add(*total, owed, total))
			reader->overflow = true;
	}
	return !reader->overflow && !reader->slices.corrupt;
}

/*
 * How many whole periods of a history a window has: from the first period that
 * owed anything to the window's last, but no more than the window has. Of all
 * of a history, which nothing was read of yet, to the last period that owed
 * anything.
 */
int32_t
months_of_history(PeriodReader *reader, PeriodWindow window)
{
	int32_t		first = period_of_slice(reader->basis, reader->first_slice);
	int32_t		last = window.last;
	int32_t		period;
	Amount		owed;

	if (reader->empty)
		return 0;
	if (last == WHOLE_HISTORY.last)
	{
		last = first;
		while (period_next(reader, &period, &owed))
			last = period;
	}
	if (first < window.first)
		first = window.first;
	return first > last ? 0 : (int32_t) ((int64_t) last - first + 1);
}

/*
 * Reads a history once for its length and once for the rest; the reader, which
 * was just opened, says whether something was wrong.
 */
WindowPeaks
read_window(PeriodReader *reader, PeriodWindow window)
{
	WindowPeaks peaks = {{0, 0}, 0, 0, 0};
	PeriodReader start = *reader;
	int64_t		after = (int64_t) window.last + 1;
	int32_t		period;
	Amount		owed;

	peaks.months = months_of_history(reader, window);
	if (reader->overflow || reader->slices.corrupt)
		return peaks;

	*reader = start;
	period_skip(reader, window.first);
	while (period_next(reader, &period, &owed) && period <= after)
	{
		if (period == after)
			peaks.current = owed;
		else if (period >= window.first)
		{
			peak_take(&peaks.peak, period, owed);
			if (period > window.first && owed > peaks.next_peak)
				peaks.next_peak = owed;
		}
	}
	return peaks;
}

static inline Peak *
queue_place(const PeakQueue *queue, uint32_t n)
{
	return &queue->ring[n & (queue->size - 1)];
}

/*
 * Adds a period after those before, which drops what it reaches. False where
 * the queue is full: it is to be moved, and the period added again.
 */
bool
peak_queue_add(PeakQueue *queue, int32_t period, Amount owed)
{
	Peak	   *place;

	while (queue->tail != queue->head &&
		   queue_place(queue, queue->tail - 1)->amount <= owed)
		queue->tail--;
	if (queue->tail - queue->head == queue->size)
		return false;
	place = queue_place(queue, queue->tail++);
	place->amount = owed;
	place->period = period;
	return true;
}

/* Moves the queue to a larger ring. */
void
peak_queue_move(PeakQueue *queue, Peak *ring, uint32_t size)
{
	uint32_t	count = queue->tail - queue->head;

	for (uint32_t i = 0; i < count; i++)
		ring[i] = *queue_place(queue, queue->head + i);
	queue->ring = ring;
	queue->size = size;
	queue->head = 0;
	queue->tail = count;
}

/* The peak of so many periods up to one; 0 where nothing was owed in them. */
Peak
peak_queue_highest(PeakQueue *queue, int64_t period, int32_t months)
{
	static const Peak none = {0, 0};

	while (queue->head != queue->tail &&
		   queue_place(queue, queue->head)->period <= period - months)
		queue->head++;
	return queue->head == queue->tail ? none : *queue_place(queue, queue->head);
}
