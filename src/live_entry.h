/*-------------------------------------------------------------------------
 *
 * live_entry.h
 *	  What an entry of a live history may be, and who is told what it is.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_ENTRY_H
#define CARM_LIVE_ENTRY_H

#include "core/history.h"
#include "live_parts.h"
#include "live_rule.h"
#include "utils/date.h"

/* Live histories hold the years 1 to 9999: the days of 0001-01-01 and 9999-12-31. */
#define LIVE_FIRST_DAY	(-730119)
#define LIVE_LAST_DAY	2921939
/* What the parts' index holds of a value however it is compressed: 2,600 bytes. */
#define LIVE_ACCOUNT_SIZE	(BLCKSZ / 3 - 130)

/* Can a live history hold an entry of that day? */
static inline bool
live_holds_day(DateADT day)
{
	return day >= LIVE_FIRST_DAY && day <= LIVE_LAST_DAY;
}

extern Size live_account_size(const LiveParts *parts, Datum account);

/* Can it be of that account? */
static inline bool
live_holds_account(const LiveParts *parts, Datum account)
{
	return parts->account.length != -1 ||
		(!parts->account.composite && VARATT_IS_SHORT(DatumGetPointer(account))) ||
		live_account_size(parts, account) <= LIVE_ACCOUNT_SIZE;
}

extern bool live_holds_amount(Datum numeric, Amount *amount);
extern bool live_may_tell(const LiveParts *parts, const LiveRule *rule);
pg_noreturn extern void live_report_entry(const LiveParts *parts,
										  const LiveRule *rule, Datum account,
										  DateADT day, Datum amount);
pg_noreturn extern void live_report_untold(const LiveRule *rule);

#endif							/* CARM_LIVE_ENTRY_H */
