/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  Months, slices of months and periods, as integers.
 *
 *-------------------------------------------------------------------------
 */
#include "calendar.h"

/*
 * Years are shifted by a whole number of 400-year cycles, so that every day
 * of the server's range counts up from a 1 March and no value is negative.
 */
#define CYCLE_DAYS		146097
#define SHIFT_CYCLES	20
#define SHIFT_YEARS		(400 * SHIFT_CYCLES)

/* 0000-03-01 to 2000-01-01, proleptic Gregorian. */
#define DAYS_TO_EPOCH	730425
#define DAY_SHIFT		((uint64_t) CYCLE_DAYS * SHIFT_CYCLES + DAYS_TO_EPOCH)

/* The same shift in months: March of year 0 is month 2 of that year. */
#define MONTH_SHIFT		((2000 + SHIFT_YEARS) * 12)

static const int32_t slice_first_offset[SLICES_PER_MONTH] = {0, 17, 19, 24};

/*
 * Splits a day into its month and the day within it, both from 0.
 *
 * Years begin in March here, so that the leap day comes last; the month within
 * a year is then a linear function, computed by multiplication (Neri and
 * Schneider, "Euclidean affine functions and their application to calendar
 * algorithms").
 */
static inline int32_t
split_day(int32_t day, uint32_t *day_of_month)
{
	uint64_t	n1 = 4 * ((uint64_t) ((int64_t) day + (int64_t) DAY_SHIFT)) + 3;
	uint64_t	century = n1 / CYCLE_DAYS;
	uint32_t	n2 = (uint32_t) (n1 % CYCLE_DAYS) | 3;
	uint64_t	p2 = (uint64_t) 2939745 * n2;
	uint32_t	year_of_century = (uint32_t) (p2 >> 32);
	uint32_t	day_of_year = (uint32_t) p2 / 2939745 / 4;
	uint32_t	n3 = 2141 * day_of_year + 197913;
	int64_t		year = (int64_t) (100 * century + year_of_century);

	*day_of_month = (n3 & 0xffff) / 2141;
	return (int32_t) (year * 12 + (n3 >> 16) - 1 - MONTH_SHIFT);
}

int32_t
calendar_month(int32_t day)
{
	uint32_t	day_of_month;

	return split_day(day, &day_of_month);
}

int32_t
calendar_slice(int32_t day)
{
	uint32_t	d;
	int32_t		month = split_day(day, &d);

	return month * SLICES_PER_MONTH + (d >= 17) + (d >= 19) + (d >= 24);
}

int32_t
calendar_month_first_day(int32_t month)
{
	/* months from March of the shifted year 0 */
	uint64_t	m = (uint64_t) ((int64_t) month + MONTH_SHIFT - 2);
	uint64_t	year = m / 12;
	uint32_t	month_of_year = (uint32_t) (m % 12);
	uint64_t	century = year / 100;

	return (int32_t) ((int64_t) (year * 365 + year / 4 - century + century / 4 +
								 (153 * month_of_year + 2) / 5) -
					  (int64_t) DAY_SHIFT);
}

int32_t
calendar_slice_first_day(int32_t slice)
{
	return calendar_month_first_day(slice >> 2) + slice_first_offset[slice & 3];
}

bool
calendar_day_is_cut(int32_t day)
{
	uint32_t	d;

	(void) split_day(day, &d);
	return d == 0 || d == 17 || d == 19 || d == 24;
}

/* The day of a civil date; the caller has checked that there is such a date. */
int32_t
calendar_day(int year, int month, int day_of_month)
{
	return calendar_month_first_day((year - 2000) * 12 + month - 1) +
		day_of_month - 1;
}

/* The civil date of a day; year 0 is 1 BC. */
void
calendar_civil(int32_t day, int *year, int *month, int *day_of_month)
{
	uint32_t	d;
	int64_t		m = (int64_t) split_day(day, &d) + MONTH_SHIFT;

	*year = (int) (m / 12) - SHIFT_YEARS;
	*month = (int) (m % 12) + 1;
	*day_of_month = (int) d + 1;
}

int32_t
basis_first_slice(MonthBasis basis)
{
	switch (basis)
	{
		case BASIS_CALENDAR:
			return 0;
		case BASIS_BILLING:
			return 1;
		case BASIS_REVIEW:
			return 2;
		case BASIS_STATEMENT:
			return 3;
	}
	return 0;
}

int32_t
period_of_slice(MonthBasis basis, int32_t slice)
{
	/* an arithmetic shift rounds down, also below 0 */
	return (slice - basis_first_slice(basis)) >> 2;
}

int32_t
period_first_slice(MonthBasis basis, int32_t period)
{
	return period * SLICES_PER_MONTH + basis_first_slice(basis);
}

int32_t
period_of_day(MonthBasis basis, int32_t day)
{
	return period_of_slice(basis, calendar_slice(day));
}

int32_t
period_first_day(MonthBasis basis, int32_t period)
{
	return calendar_slice_first_day(period_first_slice(basis, period));
}

int32_t
period_ended_by(MonthBasis basis, int32_t day)
{
	/* a period has ended when the next day belongs to a later one */
	return period_of_day(basis, day + 1) - 1;
}
