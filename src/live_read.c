/*-------------------------------------------------------------------------
 *
 * live_read.c
 *	  What must hold for a snapshot to see live histories that fit the rows.
 *
 * The view of live histories asks this once a query. Live histories and rows
 * would differ, without a word, for
 *
 * - a snapshot older than track_duties: it sees rows, and no parts;
 * - a snapshot older than a TRUNCATE, or an ALTER TABLE that rewrites a table:
 *	 it sees parts, while the server shows it no rows;
 * - tables that a crash leaves as they are while it empties the parts, or the
 *	 other way round, as after ALTER TABLE ... SET LOGGED;
 * - a table that is a partition or child of another one too, through which its
 *	 rows are changed without our triggers being fired.
 *
 * Each is an error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "miscadmin.h"
#include "rewrite/rewriteSupport.h"
#include "storage/lmgr.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_definition.h"
#include "live_family.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(require_tracked);

/* A table whose rows count. */
typedef struct ReadTable
{
	Oid			relid;
	TransactionId changed;		/* its pg_class row; invalid if all see it */
} ReadTable;

/* What is remembered of a live history, until it or a table of it changes. */
typedef struct ReadCheck
{
	Oid			entries;		/* the key */
	bool		valid;
	Oid			parts;
	Oid			source;
	TransactionId horizon;		/* what is older, all snapshots from there on see */
	TransactionId tracked;		/* invalid if all see it */
	int			ntables;
	ReadTable  *tables;
	MemoryContext context;
} ReadCheck;

static HTAB *checks = NULL;
static uint64 times_forgotten = 0;

static void
forget_checks(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS status;
	ReadCheck  *check;

	times_forgotten++;
	hash_seq_init(&status, checks);
	while ((check = (ReadCheck *) hash_seq_search(&status)) != NULL)
	{
		bool		concerned = !OidIsValid(relid) || relid == check->entries ||
			relid == check->parts || relid == check->source;

		for (int i = 0; !concerned && check->valid && i < check->ntables; i++)
			concerned = relid == check->tables[i].relid;
		if (concerned)
			check->valid = false;
	}
}

static void
make_checks(void)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(ReadCheck);
	checks = hash_create("live histories read", 16, &control, HASH_ELEM | HASH_BLOBS);
	CacheRegisterRelcacheCallback(forget_checks, (Datum) 0);
}

/* A transaction that some snapshot of ours may not see; else none. */
static TransactionId
unless_seen_by_all(TransactionId xid)
{
	return TransactionIdIsNormal(xid) &&
		!TransactionIdPrecedes(xid, TransactionXmin) ? xid : InvalidTransactionId;
}

/* The transaction that made a live history: that wrote the view of entries. */
static TransactionId
tracked_since(Oid entries)
{
	HeapTuple	tuple = SearchSysCache2(RULERELNAME, ObjectIdGetDatum(entries),
										CStringGetDatum(ViewSelectRuleName));
	TransactionId xid;

	if (!HeapTupleIsValid(tuple))
		return InvalidTransactionId;
	xid = HeapTupleHeaderGetXmin(tuple->t_data);
	ReleaseSysCache(tuple);
	return unless_seen_by_all(xid);
}

/* An error where a crash would leave one of the two tables, and not the other. */
static void
require_same_persistence(Oid parts, bool unlogged, Oid relid, char persistence)
{
	if (unlogged == (persistence == RELPERSISTENCE_UNLOGGED))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("live histories of table \"%s\" may have been lost", live_name_of(relid)),
			 unlogged ?
			 errdetail("Table \"%s\" is logged, but table \"%s\", which holds their parts, is unlogged: a crash empties only one of them.",
					   live_name_of(relid), live_name_of(parts)) :
			 errdetail("Table \"%s\" is unlogged, but table \"%s\", which holds their parts, is logged: a crash empties only one of them.",
					   live_name_of(relid), live_name_of(parts)),
			 errhint("Call rebuild_duties.")));
}

/* An error where rows may be changed through a table without our triggers. */
static void
require_no_parent_outside(Oid source, Oid relid)
{
	Oid			other = live_parent_outside(relid, source);

	if (OidIsValid(other))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("live histories of table \"%s\" may be wrong", live_name_of(source)),
				 errdetail("\"%s\" is a partition or child of table \"%s\", through which its rows may be changed without being counted.",
						   live_name_of(relid), live_name_of(other)),
				 errhint("Detach it, or use ALTER TABLE ... NO INHERIT; then call rebuild_duties.")));
}

/* Looks a live history up. */
static ReadCheck *
make_check(Oid entries, Oid parts)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "live histories read",
												  ALLOCSET_SMALL_SIZES);
	uint64		times_before = times_forgotten;
	ReadCheck  *check;
	ReadTable  *tables;
	LiveDefinition definition;
	LiveLinks	links = {InvalidOid, parts, entries};
	List	   *all;
	ListCell   *cell;
	TransactionId tracked;
	int			n = 0;
	bool		unlogged;
	bool		found;

	if (!live_definition_read(links, &definition))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("view \"%s\" is not as track_duties made it", live_name_of(entries)),
				 errhint("Call untrack_duties and track_duties again.")));
	if (get_rel_relkind(parts) != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table with OID %u does not exist", parts)));
	unlogged = get_rel_persistence(parts) == RELPERSISTENCE_UNLOGGED;
	tracked = tracked_since(entries);
	all = live_family(definition.source);
	tables = (ReadTable *) MemoryContextAlloc(context,
											  list_length(all) * sizeof(ReadTable));
	foreach(cell, all)
	{
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));
		Form_pg_class form;

		if (!HeapTupleIsValid(tuple))
			continue;			/* it was dropped just now */
		require_no_parent_outside(definition.source, lfirst_oid(cell));
		form = (Form_pg_class) GETSTRUCT(tuple);
		/* of temporary children of other sessions nobody else sees rows */
		if (RELKIND_HAS_TABLE_AM(form->relkind) &&
			form->relpersistence != RELPERSISTENCE_TEMP)
		{
			require_same_persistence(parts, unlogged, lfirst_oid(cell),
									 form->relpersistence);
			tables[n].relid = lfirst_oid(cell);
			tables[n++].changed = unless_seen_by_all(HeapTupleHeaderGetXmin(tuple->t_data));
		}
		ReleaseSysCache(tuple);
	}

	check = (ReadCheck *) hash_search(checks, &entries, HASH_ENTER, &found);
	if (found && check->context != NULL)
		MemoryContextDelete(check->context);
	MemoryContextSetParent(context, CacheMemoryContext);
	check->context = context;
	check->parts = parts;
	check->source = definition.source;
	check->horizon = TransactionXmin;
	check->tracked = tracked;
	check->ntables = n;
	check->tables = tables;
	check->valid = times_before == times_forgotten;
	return check;
}

/* Is a transaction one whose work a snapshot doesn't see? */
static bool
is_unseen(TransactionId xid, Snapshot snapshot)
{
	return TransactionIdIsValid(xid) &&
		!TransactionIdIsCurrentTransactionId(xid) &&
		XidInMVCCSnapshot(xid, snapshot);
}

/* The file of a table as a snapshot sees it; InvalidOid where it sees none. */
static Oid
file_in_snapshot(Oid relid, Snapshot snapshot)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	Oid			file = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_class_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ClassOidIndexId, true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
		file = ((Form_pg_class) GETSTRUCT(tuple))->relfilenode;
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return file;
}

/*
 * Does a table hold rows that all snapshots see, however old? COPY FREEZE
 * brings such rows to a new table. Where the table is locked, it may.
 */
static bool
may_hold_frozen_rows(Oid relid)
{
	Relation	rel;
	BlockNumber visible = 0;

	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		return true;
	rel = try_relation_open(relid, NoLock);
	if (rel != NULL)
	{
		visibilitymap_count(rel, &visible, NULL);
		relation_close(rel, NoLock);
	}
	UnlockRelationOid(relid, AccessShareLock);
	return visible > 0;
}

/*
 * Has a table been truncated or written anew since a snapshot was taken? One
 * that has been made since holds nothing that the snapshot sees, as a rule.
 */
static bool
is_rewritten(Oid relid, Snapshot snapshot)
{
	Oid			file = file_in_snapshot(relid, snapshot);

	if (!OidIsValid(file))
		return may_hold_frozen_rows(relid);
	return file != file_in_snapshot(relid, NULL);
}

/* The error for a snapshot of before; the detail is marked for translation. */
static void
report_old_snapshot(const char *detail, Oid relid)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not read live histories: the transaction's snapshot is too old"),
			 errdetail(detail, live_name_of(relid)),
			 errhint("Retry the transaction.")));
}

/*
 * May what is remembered be used under a snapshot? One that was exported by
 * another session may be older than those of the transaction that looked.
 */
static bool
holds_for(const ReadCheck *check, Oid parts, Snapshot snapshot)
{
	return check != NULL && check->valid && check->parts == parts &&
		!TransactionIdPrecedes(snapshot->xmin, check->horizon);
}

/*
 * True; an error where the active snapshot would see live histories that
 * don't fit the rows it sees.
 */
Datum
require_tracked(PG_FUNCTION_ARGS)
{
	Oid			entries = PG_GETARG_OID(0);
	Oid			parts = PG_GETARG_OID(1);
	Snapshot	snapshot = GetActiveSnapshot();
	ReadCheck  *check;

	if (checks == NULL)
		make_checks();
	check = (ReadCheck *) hash_search(checks, &entries, HASH_FIND, NULL);
	if (!holds_for(check, parts, snapshot))
		check = make_check(entries, parts);
	if (is_unseen(check->tracked, snapshot))
		report_old_snapshot(gettext_noop("Table \"%s\" has been tracked since."),
							check->source);
	for (int i = 0; i < check->ntables; i++)
	{
		Oid			relid = check->tables[i].relid;

		if (is_unseen(check->tables[i].changed, snapshot) &&
			is_rewritten(relid, snapshot))
			report_old_snapshot(gettext_noop("Table \"%s\" has been truncated or rewritten since."),
								relid);
	}
	PG_RETURN_BOOL(true);
}
