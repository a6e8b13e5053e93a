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
 * leaving alone what another transaction is merging. live_commit.c says when
 * that is, live_merge.c how it is done.
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

/* Merging at commit takes so many kilobytes. */
#define MERGE_KILOBYTES	Max(work_mem, 4096)

/* What a trigger's WHEN clause names. */
typedef struct LiveLinks
{
	Oid			target;
	Oid			parts;
	Oid			entries;
} LiveLinks;

#endif							/* CARM_LIVE_H */
