/*-------------------------------------------------------------------------
 *
 * live_truncate.c
 *	  Counts out the rows of tables that are about to be truncated.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_links.h"
#include "live_truncate.h"
#include "messages.h"

/*
 * A table whose rows have been counted out. Until it is truncated, triggers of
 * the same statement may change its rows, which would then be counted again, or
 * be truncated uncounted.
 */
typedef struct Truncated
{
	struct Truncated *next;
	MemoryContextCallback callback;
	Oid			relid;
	Oid			file;			/* it has another once it is truncated */
	Oid			entries;		/* of the live history */
	List	   *ancestors;		/* relid and what it is a partition or child of */
} Truncated;

static Truncated *truncated = NULL;

/* The file of a table as it is now. */
static Oid
file_of(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid			file = InvalidOid;

	if (HeapTupleIsValid(tuple))
	{
		file = ((Form_pg_class) GETSTRUCT(tuple))->relfilenode;
		ReleaseSysCache(tuple);
	}
	return file;
}

/* The statement that truncates has ended, or failed. */
static void
forget_truncated(void *arg)
{
	for (Truncated **link = &truncated; *link != NULL; link = &(*link)->next)
	{
		if (*link == (Truncated *) arg)
		{
			*link = (*link)->next;
			return;
		}
	}
}

/* Remembers that a table's rows have been counted out. */
static void
remember_truncated(const LiveRule *rule, MemoryContext statement)
{
	MemoryContext caller = MemoryContextSwitchTo(statement);
	Truncated  *t = (Truncated *) palloc0(sizeof(Truncated));

	t->relid = rule->relid;
	t->file = file_of(rule->relid);
	t->entries = rule->links.entries;
	t->ancestors = list_copy(rule->ancestors);
	t->callback.func = forget_truncated;
	t->callback.arg = t;
	MemoryContextRegisterResetCallback(statement, &t->callback);
	t->next = truncated;
	truncated = t;
	MemoryContextSwitchTo(caller);
}

/* An error where rows are changed that have been counted out. */
void
live_truncate_refuse_change(const LiveRule *rule)
{
	for (Truncated *t = truncated; t != NULL; t = t->next)
	{
		if (t->entries == rule->links.entries &&
			list_member_oid(t->ancestors, rule->relid) &&
			t->file == file_of(t->relid))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("cannot change table \"%s\" while it is being truncated",
							live_name_of(t->relid)),
					 errdetail("Live history \"%s\" has counted its rows out already.",
							   live_name_of(rule->links.target)),
					 errhint("Change the table before TRUNCATE, or in an AFTER TRUNCATE trigger.")));
	}
}

/* Are all rows that one snapshot sees seen by another? */
static bool
all_seen(Relation rel, Snapshot snapshot, Snapshot other)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = carm_beginscan(rel, snapshot);
	bool		seen = true;

	while (seen && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		seen = table_tuple_satisfies_snapshot(rel, slot, other);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return seen;
}

/*
 * Counts out the rows of a table that is about to be truncated.
 *
 * Truncating takes what was committed since our snapshot as well, and nobody
 * else can write to the table any more. But what our snapshot doesn't see of
 * the rows it doesn't see of the parts: then the two would differ for it.
 */
static void
count_truncated_table(LiveCount *count, const LiveRule *rule, Relation rel,
					  MemoryContext statement)
{
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());

	if (IsolationUsesXactSnapshot() &&
		(!all_seen(rel, snapshot, GetActiveSnapshot()) ||
		 !all_seen(rel, GetActiveSnapshot(), snapshot)))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update"),
				 errdetail("Rows of table \"%s\", which is to be truncated, were changed since the transaction's snapshot.",
						   RelationGetRelationName(rel))));
	live_count_table(count, rule, rel, snapshot, -1, false);
	UnregisterSnapshot(snapshot);
	remember_truncated(rule, statement);
}

/*
 * Counts out the partitions that are truncated with their parent and have no
 * trigger for it, as they were made since rebuild_duties last gave them one.
 * Of the ancestors whose trigger fires, the nearest one counts them.
 */
static void
count_truncated_partitions(LiveCount *count, const LiveRule *rule,
						   Oid function, MemoryContext statement)
{
	ListCell   *leaf;

	foreach(leaf, find_all_inheritors(rule->relid, AccessShareLock, NULL))
	{
		Relation	rel;
		ListCell   *cell;
		Oid			counted_by = InvalidOid;

		CHECK_FOR_INTERRUPTS();
		if (!RELKIND_HAS_TABLE_AM(get_rel_relkind(lfirst_oid(leaf))))
			continue;
		foreach(cell, live_ancestors(lfirst_oid(leaf)))
		{
			counted_by = lfirst_oid(cell);
			if (live_events_counted(counted_by, rule->links, function, true) &
				TRIGGER_TYPE_TRUNCATE)
				break;
		}
		if (counted_by != rule->relid)
			continue;
		rel = table_open(lfirst_oid(leaf), NoLock);
		count_truncated_table(count, live_rule_make(rule->links, rel, NULL), rel,
							  statement);
		table_close(rel, NoLock);
	}
}

/*
 * Counts out what is truncated with a relation, whose trigger's function is
 * given. The memory context lasts as long as the statement.
 */
void
live_truncate_count(LiveCount *count, const LiveRule *rule, Relation rel,
					Oid function, MemoryContext statement)
{
	if (RELKIND_HAS_TABLE_AM(rel->rd_rel->relkind))
		count_truncated_table(count, rule, rel, statement);
	else
		count_truncated_partitions(count, rule, function, statement);
}
