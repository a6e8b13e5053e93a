/*-------------------------------------------------------------------------
 *
 * calendar.h
 *	  Months, slices of months and periods, as integers.
 *
 * A pure room: no palloc, no ereport, no Datum. A day counts from 2000-01-01,
 * as the server's DateADT does; a month counts from January 2000. Every month
 * is cut at days 1, 18, 20 and 25; a slice is what lies between two cuts, and
 * slice 4 * month + n is the n-th of its month. A period of any basis is four
 * slices in a row, and is known by the month it starts in.
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

/* In the order of the enum's labels. */
typedef enum MonthBasis
{
	BASIS_CALENDAR,				/* 1st to the last day */
	BASIS_BILLING,				/* 18th to the 17th */
	BASIS_STATEMENT,			/* 25th to the 24th */
	BASIS_REVIEW				/* 20th to the 19th */
} MonthBasis;

#define MONTH_BASIS_COUNT	4

extern int32_t calendar_month(int32_t day);
extern int32_t calendar_slice(int32_t day);
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
