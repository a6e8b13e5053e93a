/*-------------------------------------------------------------------------
 *
 * requirement.h
 *	  The peak that a requirement in force rests on: set once, and by each
 *	  annual review.
 *
 * A review closes on 19 October, the first in 2025. What it finds is in force
 * from its due day, 15 January, on. It raises the peak in force; it lowers it
 * only where the caller says that it does.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_REQUIREMENT_H
#define CARM_REQUIREMENT_H

#include "period.h"

/* What the rows of a requirement are computed from. */
typedef struct RequirementBasis
{
	MonthBasis	basis;
	int32_t		since;			/* a day */
	bool		notified;		/* the first peak was given: */
	Amount		notified_peak;
	Amount		projected;		/* a month while the history is short, or 0 */
	bool		lowered;		/* a review can lower the peak in force */
} RequirementBasis;

/* One span in which one peak is in force. */
typedef struct Requirement
{
	int64_t		first;			/* of its days */
	int64_t		end;			/* the day after the last */
	PeriodWindow reviewed;
	Peak		found;			/* in these periods */
	bool		estimated;		/* the projection is more than was owed */
	bool		forecast;		/* closes after the history's end */
	bool		nothing_left;	/* nothing was owed in them, nor is known later */
	Amount		peak;			/* in force */
} Requirement;

typedef struct RequirementReader
{
	RequirementBasis basis;
	PeriodReader start;			/* before anything was read */
	PeriodReader reviews;		/* goes on from review to review */
	int64_t		history_end;	/* the day after the history's last slice */
	int32_t		first_period;	/* with duties */
	bool		has_periods;
	bool		begun;
	int32_t		october;		/* the month in which the next review closes */
	Amount		peak;			/* in force before it */
} RequirementReader;

extern void requirement_open(RequirementReader *reader,
							 const RequirementBasis *basis,
							 const void *bytes, size_t length);
extern bool requirement_next(RequirementReader *reader,
							 Requirement *requirement);

/* The periods that the last review to close by a day looked at. */
extern bool requirement_last_review(MonthBasis basis, int32_t day,
									PeriodWindow *window);

#endif							/* CARM_REQUIREMENT_H */
