/*-------------------------------------------------------------------------
 *
 * requirement.c
 *	  The peak that a requirement in force rests on: set once, and by each
 *	  annual review.
 *
 *-------------------------------------------------------------------------
 */
#include "billing.h"
#include "requirement.h"

#define REVIEW_MONTHS	12

/* October 2025, in which the first review closed. */
#define FIRST_OCTOBER	(25 * 12 + 9)

/* The day on which the review of an October closes, and the day it is due. */
static int32_t
review_close(int32_t october)
{
	return period_first_day(BASIS_REVIEW, october) - 1;
}

static int64_t
review_due(int32_t october)
{
	return billing_review_due(review_close(october));
}

/* The periods that the review of an October looks at. */
static PeriodWindow
review_window(MonthBasis basis, int32_t october)
{
	return period_window(period_ended_by(basis, review_close(october)),
						 REVIEW_MONTHS);
}

/* The October in which the first review closes on a day or after it. */
static int32_t
october_from(int32_t day)
{
	int64_t		first;
	int64_t		end;
	int32_t		october;

	billing_review_period(day, &first, &end);
	october = calendar_month((int32_t) (end - 1));
	return october < FIRST_OCTOBER ? FIRST_OCTOBER : october;
}

bool
requirement_last_review(MonthBasis basis, int32_t day, PeriodWindow *window)
{
	int32_t		october;

	if (day < review_close(FIRST_OCTOBER))
		return false;
	october = october_from(day);
	if (review_close(october) > day)
		october -= 12;
	*window = review_window(basis, october);
	return true;
}

/* Begins; where the bytes are no history, the reader's start says so. */
void
requirement_open(RequirementReader *reader, const RequirementBasis *basis,
				 const void *bytes, size_t length)
{
	HistoryReader last;

	reader->basis = *basis;
	reader->begun = false;
	reader->october = october_from(basis->since);
	reader->peak = 0;
	period_open(&reader->start, basis->basis, bytes, length);
	reader->reviews = reader->start;

	last = reader->start.slices;
	reader->has_periods = last.next < last.end;
	reader->first_period = period_of_slice(basis->basis, last.slice);
	reader->history_end = INT64_MIN;
	if (reader->has_periods)
	{
		history_skip(&last, INT32_MAX);
		reader->start.slices.corrupt |= last.corrupt;
		if (calendar_has_slice(last.slice - 1))
			reader->history_end = last.slice > CALENDAR_LAST_SLICE ?
				(int64_t) CALENDAR_LAST_DAY + 1 :
				calendar_slice_first_day(last.slice);
	}
}

/* Whole periods of the history in a window. */
static int64_t
months_in(const RequirementReader *reader, PeriodWindow window)
{
	int32_t		first = reader->first_period;

	if (!reader->has_periods || first > window.last)
		return 0;
	return (int64_t) window.last -
		(first < window.first ? window.first : first) + 1;
}

/* What a window's periods say: the peak found, and whether one was expected. */
static void
set_found(const RequirementReader *reader, Requirement *requirement,
		  Peak found)
{
	Amount		projected = reader->basis.projected;

	requirement->found = found;
	requirement->estimated = projected > found.amount &&
		months_in(reader, requirement->reviewed) < REVIEW_MONTHS;
	if (requirement->estimated)
		requirement->found.amount = projected;
}

/* The row of the day since which the requirement is asked for. */
static void
first_requirement(RequirementReader *reader, Requirement *requirement)
{
	PeriodReader periods = reader->start;
	int32_t		since = reader->basis.since;
	Peak		found;

	requirement->first = since;
	requirement->reviewed =
		period_window(period_ended_by(reader->basis.basis, since - 1),
					  REVIEW_MONTHS);
	found = read_peak(&periods, requirement->reviewed);
	reader->reviews.overflow |= periods.overflow;
	reader->reviews.slices.corrupt |= periods.slices.corrupt;
	set_found(reader, requirement, found);
	requirement->forecast = false;
	requirement->nothing_left = false;
	requirement->peak = reader->basis.notified ?
		reader->basis.notified_peak : requirement->found.amount;
}

/* The row of the next review. */
static void
review_requirement(RequirementReader *reader, Requirement *requirement)
{
	PeriodReader *periods = &reader->reviews;
	Peak		found = {0, 0};
	int32_t		close = review_close(reader->october);
	int32_t		period;
	Amount		owed;

	requirement->first = review_due(reader->october);
	requirement->reviewed = review_window(reader->basis.basis,
										  reader->october);
	period_skip(periods, requirement->reviewed.first);
	while (period_pending(periods, &period) &&
		   period <= requirement->reviewed.last &&
		   period_next(periods, &period, &owed))
		peak_take(&found, period, owed);
	requirement->nothing_left = found.amount == 0 && !periods->pending;
	set_found(reader, requirement, found);
	requirement->forecast = reader->history_end <= close;
	requirement->peak = reader->basis.lowered ||
		requirement->found.amount > reader->peak ?
		requirement->found.amount : reader->peak;
	reader->october += 12;
}

/*
 * Gives the next span. False where the bytes are no history or a sum can't be
 * held, which the readers say; there is no last span.
 */
bool
requirement_next(RequirementReader *reader, Requirement *requirement)
{
	if (reader->begun)
		review_requirement(reader, requirement);
	else
		first_requirement(reader, requirement);
	reader->begun = true;
	requirement->end = review_due(reader->october);
	reader->peak = requirement->peak;
	return !reader->start.slices.corrupt && !reader->reviews.slices.corrupt &&
		!reader->reviews.overflow;
}
