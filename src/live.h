/*-------------------------------------------------------------------------
 *
 * live.h
 *	  Live histories: kept current by the statements that change a table.
 *
 * A tracked table, the source, has one or more targets. To a target belong
 *
 *	target			a view: account and history, one row per account
 *	target_entries	a view of the source: the account, date and amount of
 *					those rows that count. It is the definition: what the
 *					triggers evaluate is read from its query, so that it
 *					follows when a column or a table is renamed
 *	target_parts	a table: entries, account, history. An account's history is
 *					the sum of its parts
 *	triggers		on the source and on every partition or child of it. They
 *					name the three in their WHEN clause, as regclass
 *					constants: links that follow a rename, hold what they need
 *					in place, and survive dump and restore. A mark tells them
 *					from what others may write: see live_links.c
 *
 * A statement appends the difference it makes as a new part for each account.
 * Parts commute, so nobody waits for anybody. When the transaction commits, it
 * merges the parts of the accounts it touched where there are more than a few,
 * leaving alone what another transaction is merging: see live_merge.c; and for
 * bulk loads, which know when there can't be too many, live_commit.c.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_H
#define CARM_LIVE_H

#include "commands/trigger.h"
#include "executor/executor.h"
#include "fmgr.h"
#include "history_forms.h"
#include "nodes/pg_list.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

/* Columns of the parts. */
#define PART_ENTRIES	1
#define PART_ACCOUNT	2
#define PART_HISTORY	3
#define PART_COLUMNS	3

/* Parts of one account that are left unmerged at commit. */
#define PARTS_KEPT	3

/* What a trigger's WHEN clause names. */
typedef struct LiveLinks
{
	Oid			target;
	Oid			parts;
	Oid			entries;
} LiveLinks;

/* Which rows of a relation count, as what: the definition, planned. */
typedef struct LiveRule
{
	LiveLinks	links;
	Oid			relid;			/* whose rows the expressions read */
	Oid			source;
	Oid			owner;			/* on whose behalf they are evaluated */
	bool		counts;			/* false: relid is no longer of the source */
	Expr	   *account;
	Expr	   *dated;
	Expr	   *amount;
	List	   *condition;		/* implicitly ANDed; NIL if all rows count */
	List	   *ancestors;		/* relid and what it is a partition or child of */
} LiveRule;

/* live_rule.c */
extern LiveRule *live_rule_make(LiveLinks links, Relation rel);
extern const LiveRule *live_rule_of_trigger(const Trigger *trigger,
											Relation rel);

/* live_common.c */
extern int	live_safe_search_path(void);

/* live_moves.c */
extern void live_moves_watch(void);
extern void live_moves_refuse(Relation rel, int64 handed);

/* live_parts.c */
typedef struct LiveParts LiveParts;

extern bool live_parts_fit(Relation rel);
extern LiveParts *live_parts_open(Oid relid, LOCKMODE lockmode);
extern void live_parts_close(LiveParts *parts);
extern Relation live_parts_relation(LiveParts *parts);
extern void live_parts_append(LiveParts *parts, Datum account, int64 entries,
							  Datum history);
extern void live_parts_flush(LiveParts *parts);

/* live_walk.c */
extern int64 live_parts_merge_all(LiveParts *parts);

/* live_count.c */
typedef struct LiveCount LiveCount;

extern LiveCount *live_count_begin(LiveParts *parts, int memory_kb,
								   bool remember);
extern void live_count_store(LiveCount *count, const LiveRule *rule,
							 Relation rel, Tuplestorestate *rows, int sign);
extern void live_count_table(LiveCount *count, const LiveRule *rule,
							 Relation rel, Snapshot snapshot, int sign,
							 bool report);
extern void live_count_parts(LiveCount *count, Snapshot snapshot, int sign);
extern int64 live_count_end(LiveCount *count);

/* live_commit.c */
extern void live_remember_account(LiveParts *parts, Datum account);

#endif							/* CARM_LIVE_H */
