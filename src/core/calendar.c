/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  Months, slices of months and periods, as integers.
 *
 *-------------------------------------------------------------------------
 */
#include "calendar.h"

static const int32_t slice_first_offset[SLICES_PER_MONTH] = {0, 17, 19, 24};

int32_t
calendar_month_first_day(int32_t month)
{
	/* months from March of the shifted year 0 */
	uint64_t	m = (uint64_t) ((int64_t) month + CALENDAR_SHIFT_MONTHS - 2);
	uint64_t	year = m / 12;
	uint32_t	month_of_year = (uint32_t) (m % 12);
	uint64_t	century = year / 100;

	return (int32_t) ((int64_t) (year * 365 + year / 4 - century + century / 4 +
								 (153 * month_of_year + 2) / 5) -
					  CALENDAR_SHIFT_DAYS);
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

	(void) calendar_split(day, &d);
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
	int64_t		m = (int64_t) calendar_split(day, &d) + CALENDAR_SHIFT_MONTHS;

	*year = (int) (m / 12) - CALENDAR_SHIFT_YEARS;
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
