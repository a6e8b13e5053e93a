/*-------------------------------------------------------------------------
 *
 * arguments.h
 *	  The arguments of SQL functions, checked.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_ARGUMENTS_H
#define CARM_ARGUMENTS_H

#include "core/amount.h"
#include "fmgr.h"
#include "utils/date.h"

/*
 * The name and the hint are for an error: what the argument is called, and
 * what to give instead. gettext_noop() marks the hint.
 */
extern int32 months_argument(FunctionCallInfo fcinfo, int n);
extern DateADT finite_date_argument(FunctionCallInfo fcinfo, int n,
									const char *name, const char *hint);
extern Amount positive_amount(Datum numeric, const char *name,
							  const char *hint);
extern void require_whole_cents(Amount amount, const char *name);
extern Amount positive_argument(FunctionCallInfo fcinfo, int n,
								const char *name, const char *hint);
extern Amount projected_argument(FunctionCallInfo fcinfo, int n);
extern Amount posted_argument(FunctionCallInfo fcinfo, int n,
							  const char *name);

#endif							/* CARM_ARGUMENTS_H */
