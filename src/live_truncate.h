/*-------------------------------------------------------------------------
 *
 * live_truncate.h
 *	  Counts out the rows of tables that are about to be truncated.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_TRUNCATE_H
#define CARM_LIVE_TRUNCATE_H

#include "live_count.h"
#include "live_rule.h"

extern void live_truncate_refuse_change(const LiveRule *rule);
extern void live_truncate_count(LiveCount *count, const LiveRule *rule,
								Relation rel, Oid function,
								MemoryContext statement);

#endif							/* CARM_LIVE_TRUNCATE_H */
