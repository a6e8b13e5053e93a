/*-------------------------------------------------------------------------
 *
 * history_error.c
 *	  The errors that histories end in.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "history_error.h"
#include "messages.h"
#include "utils/memutils.h"

/* The error for bytes that no function of ours has written. */
void
history_report_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid stored value of type %s", "duty_history")));
}

/* The error for a sum that can't be held. */
void
history_report_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("sum of amounts is out of range for type %s",
					"duty_history"),
			 errdetail("Amounts go from -%s to %s.",
					   AMOUNT_MAX_TEXT, AMOUNT_MAX_TEXT)));
}

/* The error for a history that no value can hold. */
void
history_report_too_long(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("history is too long for type %s", "duty_history"),
			 errdetail("A value has at most %zu bytes, and so has what it is added up in.",
					   (Size) MaxAllocSize)));
}

/* The error for an infinite day. */
void
history_report_infinite_day(DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("date of an amount must be finite, not %s",
					DATE_IS_NOBEGIN(day) ? "-infinity" : "infinity"),
			 errhint("Correct the date, or leave such rows out.")));
}
