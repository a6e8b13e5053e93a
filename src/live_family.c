/*-------------------------------------------------------------------------
 *
 * live_family.c
 *	  Which tables are partitions or children of which, without locks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "live_family.h"
#include "live_snapshot.h"
#include "messages.h"

/*
 * The tables that a table is a partition or child of, as a snapshot sees it;
 * also the one that DETACH ... CONCURRENTLY has yet to take it from, or not.
 */
static List *
parents_in(Oid relid, Snapshot snapshot, bool leaving)
{
	Relation	catalog = table_open(InheritsRelationId, AccessShareLock);
	List	   *parents = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_inherits_inhrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, InheritsRelidSeqnoIndexId, true, snapshot,
							  1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_inherits form = (Form_pg_inherits) GETSTRUCT(tuple);

		if (leaving || !form->inhdetachpending)
			parents = lappend_oid(parents, form->inhparent);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return parents;
}

/* The same with all that these are partitions or children of; itself first. */
static List *
ancestors_in(Oid relid, Snapshot snapshot)
{
	List	   *ancestors = list_make1_oid(relid);
	ListCell   *cell;

	/* the list grows as it is walked */
	foreach(cell, ancestors)
		ancestors = list_concat_unique_oid(ancestors,
										   parents_in(lfirst_oid(cell), snapshot, false));
	return ancestors;
}

/*
 * The tables that a table is a partition or child of. While it is being detached
 * concurrently, transactions that began before still change it through them.
 */
List *
live_parents(Oid relid)
{
	return parents_in(relid, NULL, true);
}

/* A table, and all that it is a partition or child of, nearest first. */
List *
live_ancestors(Oid relid)
{
	return ancestors_in(relid, NULL);
}

/*
 * A table that isn't of a source, and of which a table of the source is a
 * partition or child: through it rows are changed without a trigger of the
 * source's tables being fired. InvalidOid where there is none.
 */
Oid
live_parent_outside(Oid relid, Oid source)
{
	Oid			outside = InvalidOid;
	Snapshot	snapshot;
	ListCell   *cell;

	/* a partition has one parent only */
	if (relid != source && get_rel_relispartition(relid))
		return InvalidOid;
	/* the same for all, as others may be changing it */
	snapshot = RegisterSnapshot(GetCatalogSnapshot(InheritsRelationId));
	if (list_member_oid(ancestors_in(relid, snapshot), source))
	{
		foreach(cell, parents_in(relid, snapshot, true))
		{
			if (!list_member_oid(ancestors_in(lfirst_oid(cell), snapshot), source))
				outside = lfirst_oid(cell);
		}
	}
	UnregisterSnapshot(snapshot);
	return outside;
}

/* May a table have partitions or children? Not where it is gone. */
static bool
may_have_children(Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool		may;

	if (!HeapTupleIsValid(tuple))
		return false;
	may = ((Form_pg_class) GETSTRUCT(tuple))->relhassubclass;
	ReleaseSysCache(tuple);
	return may;
}

/* The partitions or children of a table, in order. */
static List *
children_of(Oid relid)
{
	Relation	catalog = table_open(InheritsRelationId, AccessShareLock);
	List	   *children = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_inherits_inhparent, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, InheritsParentIndexId, true, NULL, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
		children = lappend_oid(children,
							   ((Form_pg_inherits) GETSTRUCT(tuple))->inhrelid);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	list_sort(children, list_oid_cmp);
	return children;
}

/*
 * A table and its partitions and children, on all levels, itself first.
 *
 * No lock is taken, so that some may be gone already. The server's own
 * find_all_inheritors() fails where one is dropped while it looks.
 */
List *
live_family(Oid relid)
{
	HASHCTL		control = {0};
	HTAB	   *seen;
	List	   *family = list_make1_oid(relid);
	ListCell   *cell;
	ListCell   *child;
	bool		found;

	control.keysize = control.entrysize = sizeof(Oid);
	control.hcxt = CurrentMemoryContext;
	seen = hash_create("tables of a source", 64, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	/* the list grows as it is walked */
	foreach(cell, family)
	{
		CHECK_FOR_INTERRUPTS();
		if (!may_have_children(lfirst_oid(cell)))
			continue;
		foreach(child, children_of(lfirst_oid(cell)))
		{
			(void) hash_search(seen, &lfirst_oid(child), HASH_ENTER, &found);
			if (!found)
				family = lappend_oid(family, lfirst_oid(child));
		}
	}
	hash_destroy(seen);
	return family;
}

/*
 * When did a table come to its parent, and leave it, by a link of the catalog?
 * False if never, or before a horizon.
 *
 * While DETACH ... CONCURRENTLY waits for who reads the partition, its link is
 * there in two versions. The server shows the partition to who sees the first
 * until it has left altogether, and to nobody who sees the second.
 */
static bool
link_changed(HeapTuple link, TransactionId horizon, LiveFamilyChange *change)
{
	Form_pg_inherits form = (Form_pg_inherits) GETSTRUCT(link);
	TransactionId went = live_removed_by(link);

	change->relid = form->inhrelid;
	change->came = HeapTupleHeaderGetXmin(link->t_data);
	change->went = InvalidTransactionId;
	if (form->inhdetachpending ||
		(TransactionIdIsNormal(change->came) && !TransactionIdDidCommit(change->came)))
		return false;
	/* what is invalid, or frozen, precedes all */
	if (!TransactionIdPrecedes(went, horizon) && TransactionIdDidCommit(went) &&
		!list_member_oid(parents_in(form->inhrelid, NULL, true), form->inhparent))
		change->went = went;
	return !TransactionIdPrecedes(change->came, horizon) ||
		!TransactionIdPrecedes(change->went, horizon);
}

/*
 * The tables that have come to a family, or left it, by a transaction that is
 * not older than a horizon: LiveFamilyChanges. What the catalog has of these
 * that nobody sees any more is there for as long as some snapshot is so old.
 */
List *
live_family_changes(List *family, TransactionId horizon)
{
	Relation	catalog = table_open(InheritsRelationId, AccessShareLock);
	List	   *changes = NIL;
	ListCell   *cell;

	foreach(cell, family)
	{
		ScanKeyData key;
		SysScanDesc scan;
		HeapTuple	tuple;

		CHECK_FOR_INTERRUPTS();
		/* a partition that holds rows never has any of its own */
		if (get_rel_relispartition(lfirst_oid(cell)) &&
			get_rel_relkind(lfirst_oid(cell)) != RELKIND_PARTITIONED_TABLE)
			continue;
		ScanKeyInit(&key, Anum_pg_inherits_inhparent, BTEqualStrategyNumber,
					F_OIDEQ, ObjectIdGetDatum(lfirst_oid(cell)));
		scan = systable_beginscan(catalog, InheritsParentIndexId, true,
								  SnapshotAny, 1, &key);
		while ((tuple = systable_getnext(scan)) != NULL)
		{
			LiveFamilyChange change;

			if (link_changed(tuple, horizon, &change))
			{
				changes = lappend(changes, palloc(sizeof(LiveFamilyChange)));
				*(LiveFamilyChange *) llast(changes) = change;
			}
		}
		systable_endscan(scan);
	}
	table_close(catalog, AccessShareLock);
	return changes;
}

/*
 * An error where a table has a child that only this session sees: what a
 * statement changes there would count for all.
 */
void
live_require_no_temporary_child(Relation rel)
{
	ListCell   *cell;

	if (rel->rd_rel->relkind != RELKIND_RELATION || !rel->rd_rel->relhassubclass)
		return;
	foreach(cell, live_family(RelationGetRelid(rel)))
	{
		if (isTempNamespace(get_rel_namespace(lfirst_oid(cell))))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("cannot change table \"%s\" while it has a temporary child",
							RelationGetRelationName(rel)),
					 errdetail("Rows of \"%s\" would be counted, which no other session sees.",
							   get_rel_name(lfirst_oid(cell))),
					 errhint("Drop the child, or use ALTER TABLE ... NO INHERIT.")));
	}
}
