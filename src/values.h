/*-------------------------------------------------------------------------
 *
 * values.h
 *	  Values of core as the server's, and back.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_VALUES_H
#define CARM_VALUES_H

#include "access/tupdesc.h"
#include "core/amount.h"
#include "core/billing.h"
#include "core/calendar.h"
#include "core/policy.h"
#include "fmgr.h"
#include "utils/date.h"
#include "utils/typcache.h"

extern Amount amount_from_datum(Datum numeric);
extern Amount named_amount_from_datum(Datum numeric, const char *name,
									  const char *hint);
extern Amount monthly_amount_from_datum(Datum numeric, int32 month);
extern Datum amount_get_datum(Amount amount);
extern const char *amount_text(Amount amount);
extern const char *numeric_shown(Datum numeric);

extern DateADT day_to_date(int64 day);
extern Datum days_to_daterange(TypeCacheEntry *typcache, int64 first, int64 end);
extern Datum window_get_datum(TypeCacheEntry *daterange, MonthBasis basis,
							  int64 first, int64 last);
extern Datum period_get_datum(TypeCacheEntry *daterange, MonthBasis basis,
							  int64 period);

extern MonthBasis month_basis_lookup(Oid value);
extern SecurityForm security_form_lookup(Oid value);
extern BillingStream billing_stream_lookup(Oid value);
extern const char *month_basis_label(MonthBasis basis);
extern const char *security_form_label(SecurityForm form);
extern const char *billing_stream_label(BillingStream stream);
extern Datum enum_get_datum(Oid type, const char *label);

extern TupleDesc result_row_type(FunctionCallInfo fcinfo);
extern void *begin_result_rows(FunctionCallInfo fcinfo, Size size, MemoryContext *old);

#endif							/* CARM_VALUES_H */
