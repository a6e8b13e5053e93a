/*-------------------------------------------------------------------------
 *
 * live_count.h
 *	  Counts rows into histories by account, and appends these as parts.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_COUNT_H
#define CARM_LIVE_COUNT_H

#include "live_parts.h"
#include "live_rule.h"

typedef struct LiveCount LiveCount;

extern LiveCount *live_count_begin(LiveParts *parts, int memory_kb,
								   bool remember);
extern void live_count_changes(LiveCount *count, const LiveRule *rule,
							 Relation rel, Tuplestorestate *rows, int sign);
extern void live_count_insert(LiveCount *count, const LiveRule *rule,
							  Relation rel, Tuplestorestate *rows);
extern void live_count_table(LiveCount *count, const LiveRule *rule,
							 Relation rel, Snapshot snapshot, int sign,
							 bool report);
extern void live_count_parts(LiveCount *count, Snapshot snapshot, int sign);
extern int64 live_count_end(LiveCount *count);

#endif							/* CARM_LIVE_COUNT_H */
