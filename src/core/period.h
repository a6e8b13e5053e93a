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

extern Peak read_peak(PeriodReader *reader, PeriodWindow window);

#endif							/* CARM_PERIOD_H */
