/*-------------------------------------------------------------------------
 *
 * days.h
 *	  The calendar, as the oracles of the fuzz targets count it.
 *
 * Years of 365 or 366 days from 1 January 2000, and the months of a table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_DAYS_H
#define CARM_DAYS_H

#include "fuzz.h"

#define CYCLE_YEARS		400
#define CYCLE_DAYS		146097

static inline bool
is_leap(long year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static inline int
days_of_month(long year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The first day of each year of the cycle from 2000 on. */
static inline const long *
first_days(void)
{
	static long days[CYCLE_YEARS + 1];

	for (int i = 0; days[CYCLE_YEARS] == 0 && i < CYCLE_YEARS; i++)
		days[i + 1] = days[i] + (is_leap(2000 + i) ? 366 : 365);
	CHECK(days[CYCLE_YEARS] == CYCLE_DAYS);
	return days;
}

/* The day of a date whose month may lie outside of its year. */
static inline int64_t
day_of(long year, int month, int day)
{
	int64_t		since;
	int64_t		cycles;
	int64_t		result;

	for (; month > 12; month -= 12)
		year++;
	for (; month < 1; month += 12)
		year--;
	since = year - 2000;
	cycles = since >= 0 ? since / CYCLE_YEARS : -((CYCLE_YEARS - 1 - since) / CYCLE_YEARS);
	result = cycles * CYCLE_DAYS + first_days()[since - cycles * CYCLE_YEARS];
	for (int m = 1; m < month; m++)
		result += days_of_month(year, m);
	return result + day - 1;
}

#endif							/* CARM_DAYS_H */
