/*-------------------------------------------------------------------------
 *
 * calendar.h
 *	  Months, slices of months and periods, as integers.
 *
 * A day counts from 2000-01-01, as the server's DateADT does; a month counts
 * from January 2000. Every month is cut at days 1, 18, 20 and 25; a slice is
 * what lies between two cuts, and slice 4 * month + n is the n-th of its month.
 * A period of any basis is four slices in a row, and is known by the month it
 * starts in.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_CALENDAR_H
#define CARM_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define SLICES_PER_MONTH	4

/* What the server's date can hold: 4714-11-24 BC to 5874897-12-31. */
#define CALENDAR_FIRST_DAY	(-2451545)
#define CALENDAR_LAST_DAY	2145031948
#define CALENDAR_FIRST_SLICE	(-322182)
#define CALENDAR_LAST_SLICE		281899103

static inline bool
calendar_has_slice(int64_t slice)
{
	return slice >= CALENDAR_FIRST_SLICE && slice <= CALENDAR_LAST_SLICE;
}

/* In the order of the enum's labels. */
typedef enum MonthBasis
{
	BASIS_CALENDAR,				/* 1st to the last day */
	BASIS_BILLING,				/* 18th to the 17th */
	BASIS_STATEMENT,			/* 25th to the 24th */
	BASIS_REVIEW				/* 20th to the 19th */
} MonthBasis;

#define MONTH_BASIS_COUNT	4

/*
 * Years are shifted by a whole number of 400-year cycles, so that every day
 * of the server's range counts up from a 1 March and no value is negative.
 */
#define CALENDAR_CYCLE_DAYS		146097
#define CALENDAR_SHIFT_CYCLES	20
#define CALENDAR_SHIFT_YEARS	(400 * CALENDAR_SHIFT_CYCLES)

/* Behind the cycles: 0000-03-01 to 2000-01-01, proleptic Gregorian. */
#define CALENDAR_SHIFT_DAYS \
	(CALENDAR_CYCLE_DAYS * CALENDAR_SHIFT_CYCLES + 730425)

/* January 2000, counted from January of the shifted year 0. */
#define CALENDAR_SHIFT_MONTHS	((2000 + CALENDAR_SHIFT_YEARS) * 12)

/*
 * Splits a day into its month and the day within it, which counts from 0.
 *
 * Years begin in March here, so that the leap day comes last; the month within
 * a year is then a linear function, computed by multiplication (Neri and
 * Schneider, "Euclidean affine functions and their application to calendar
 * algorithms").
 */
static inline int32_t
calendar_split(int32_t day, uint32_t *day_of_month)
{
	uint64_t	n1 = 4 * ((uint64_t) ((int64_t) day + CALENDAR_SHIFT_DAYS)) + 3;
	uint64_t	century = n1 / CALENDAR_CYCLE_DAYS;
	uint32_t	n2 = (uint32_t) (n1 % CALENDAR_CYCLE_DAYS) | 3;
	uint64_t	p2 = (uint64_t) 2939745 * n2;
	uint32_t	year_of_century = (uint32_t) (p2 >> 32);
	uint32_t	day_of_year = (uint32_t) p2 / 2939745 / 4;
	uint32_t	n3 = 2141 * day_of_year + 197913;
	int64_t		year = (int64_t) (100 * century + year_of_century);

	*day_of_month = (n3 & 0xffff) / 2141;
	return (int32_t) (year * 12 + (n3 >> 16) - 1 - CALENDAR_SHIFT_MONTHS);
}

static inline int32_t
calendar_month(int32_t day)
{
	uint32_t	day_of_month;

	return calendar_split(day, &day_of_month);
}

static inline int32_t
calendar_slice(int32_t day)
{
	uint32_t	d;
	int32_t		month = calendar_split(day, &d);

	return month * SLICES_PER_MONTH + (d >= 17) + (d >= 19) + (d >= 24);
}

extern int32_t calendar_month_first_day(int32_t month);
extern int32_t calendar_slice_first_day(int32_t slice);
extern bool calendar_day_is_cut(int32_t day);
extern int32_t calendar_day(int year, int month, int day_of_month);
extern void calendar_civil(int32_t day, int *year, int *month,
						   int *day_of_month);

/* The slice of its month that a period of the basis starts with. */
extern int32_t basis_first_slice(MonthBasis basis);

/* The period a slice belongs to, and the first slice of a period. */
extern int32_t period_of_slice(MonthBasis basis, int32_t slice);
extern int32_t period_first_slice(MonthBasis basis, int32_t period);
extern int32_t period_of_day(MonthBasis basis, int32_t day);
extern int32_t period_first_day(MonthBasis basis, int32_t period);

/* The last period that ended on the day or before it. */
extern int32_t period_ended_by(MonthBasis basis, int32_t day);

#endif							/* CARM_CALENDAR_H */
