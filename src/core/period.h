/*-------------------------------------------------------------------------
 *
 * period.h
 *	  A history read by period: sums, windows and peaks.
 *
 * Periods are those of calendar.h, known by the month they start in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_PERIOD_H
#define CARM_PERIOD_H

#include "history.h"

/* Periods by what they owed, those that owed nothing left out. */
typedef struct PeriodReader
{
	HistoryReader slices;
	MonthBasis	basis;
	bool		empty;			/* the history has no slices */
	int32_t		first_slice;	/* else its first, which owed something */
	bool		fresh;			/* nothing was read yet */
	bool		pending;		/* a slice of the next period was read */
	int32_t		pending_slice;
	Amount		pending_amount;
	bool		overflow;		/* a sum can't be held */
} PeriodReader;

extern void period_open(PeriodReader *reader, MonthBasis basis,
						const void *bytes, size_t length);
extern bool period_next(PeriodReader *reader, int32_t *period, Amount *owed);
extern void period_skip(PeriodReader *reader, int32_t period);
extern bool period_pending(const PeriodReader *reader, int32_t *period);

/* The periods from first to last; the widest window holds every period. */
typedef struct PeriodWindow
{
	int32_t		first;
	int32_t		last;
} PeriodWindow;

#define WHOLE_HISTORY	((PeriodWindow) {INT32_MIN, INT32_MAX})

extern PeriodWindow period_window(int32_t last, int32_t months);

/* The peak is 0, and has no period, where no period owed anything. */
typedef struct Peak
{
	Amount		amount;
	int32_t		period;			/* the latest of those that owed the most */
} Peak;

/* One more period, after those before: is it the highest of them? */
static inline void
peak_take(Peak *peak, int32_t period, Amount owed)
{
	if (owed > 0 && owed >= peak->amount)
	{
		peak->amount = owed;
		peak->period = period;
	}
}

extern Peak read_peak(PeriodReader *reader, PeriodWindow window);
extern bool read_total(PeriodReader *reader, PeriodWindow window,
					   Amount *total);

/* What a window says of a history, and the period after it. */
typedef struct WindowPeaks
{
	Peak		peak;			/* of the window */
	int32_t		months;			/* of history in the window */
	Amount		current;		/* owed in the period after the window */
	Amount		next_peak;		/* of the window's periods but its first */
} WindowPeaks;

extern int32_t months_of_history(PeriodReader *reader, PeriodWindow window);
extern WindowPeaks read_window(PeriodReader *reader, PeriodWindow window);

/*
 * The periods that can still be the peak of a window to come: those that no
 * later period reaches, the highest first. A ring, as they leave at both ends,
 * in memory of the caller's.
 */
typedef struct PeakQueue
{
	Peak	   *ring;
	uint32_t	size;			/* a power of 2, or 0 at first */
	uint32_t	head;
	uint32_t	tail;
} PeakQueue;

extern bool peak_queue_add(PeakQueue *queue, int32_t period, Amount owed);
extern void peak_queue_move(PeakQueue *queue, Peak *ring, uint32_t size);
extern Peak peak_queue_highest(PeakQueue *queue, int64_t period,
							   int32_t months);

#endif							/* CARM_PERIOD_H */
