/*-------------------------------------------------------------------------
 *
 * history_read.h
 *	  What the functions that read a history share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_READ_H
#define CARM_HISTORY_READ_H

#include "fmgr.h"
#include "core/period.h"
#include "utils/date.h"
#include "utils/typcache.h"

/* What as_of, basis and months mean. */
typedef struct ReadingSpan
{
	MonthBasis	basis;
	int32		months;
	bool		all;			/* no as_of: all of the history */
	PeriodWindow window;
} ReadingSpan;

extern bool reading_span_arguments(FunctionCallInfo fcinfo, int first,
								   ReadingSpan *span);
extern int32 months_argument(FunctionCallInfo fcinfo, int n);
extern DateADT finite_date_argument(FunctionCallInfo fcinfo, int n,
									const char *name);
extern void open_history(PeriodReader *reader, MonthBasis basis, Datum value);
extern void check_reader(const PeriodReader *reader);
extern int32 months_of_history(PeriodReader *reader, const ReadingSpan *span);
extern Datum period_get_datum(TypeCacheEntry *daterange, MonthBasis basis,
							  int64 period);

#endif							/* CARM_HISTORY_READ_H */
