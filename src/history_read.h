/*-------------------------------------------------------------------------
 *
 * history_read.h
 *	  What the functions that read a history share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_READ_H
#define CARM_HISTORY_READ_H

#include "core/period.h"
#include "fmgr.h"

/* The window that as_of, basis and months ask for. */
typedef struct AskedWindow
{
	MonthBasis	basis;
	int32		months;
	bool		all;			/* no as_of: all of the history */
	PeriodWindow window;
	int32		as_of;			/* whose terms count; POLICY_NEWEST for all */
} AskedWindow;

extern bool window_arguments(FunctionCallInfo fcinfo, int first,
							 AskedWindow *asked);
extern void open_history(PeriodReader *reader, MonthBasis basis, Datum value);
extern bytea *stored_or_none(FunctionCallInfo fcinfo, int n);
extern void check_reader(const PeriodReader *reader);

#endif							/* CARM_HISTORY_READ_H */
