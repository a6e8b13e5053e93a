/*-------------------------------------------------------------------------
 *
 * history_error.h
 *	  The errors that histories end in.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_ERROR_H
#define CARM_HISTORY_ERROR_H

#include "compat.h"
#include "core/amount.h"
#include "utils/date.h"

pg_noreturn extern void history_report_corrupt(void);
pg_noreturn extern void history_report_overflow(void);
pg_noreturn extern void history_report_too_long(void);
pg_noreturn extern void history_report_infinite_day(DateADT day);

/* The sum of two amounts, or the error that it can't be held. */
static inline Amount
sum_or_error(Amount a, Amount b)
{
	Amount		sum;

	if (unlikely(!amount_add(a, b, &sum)))
		history_report_overflow();
	return sum;
}

/* The day of an amount, or the error that it is infinite. */
static inline DateADT
history_finite_day(DateADT day)
{
	if (unlikely(DATE_NOT_FINITE(day)))
		history_report_infinite_day(day);
	return day;
}

#endif							/* CARM_HISTORY_ERROR_H */
