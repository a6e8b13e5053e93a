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
 * - a snapshot older than a partition or child that has come or gone: the
 *	 server shows it the rows of those there are now, while it sees the parts
 *	 from before rebuild_duties;
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

#include "access/htup_details.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "miscadmin.h"
#include "rewrite/rewriteSupport.h"
#include "utils/acl.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_read.h"
#include "live_snapshot.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(require_tracked);

/* The parts, or a table of the source's, be it one that only has partitions. */
typedef struct ReadTable
{
	Oid			relid;
	bool		holds_rows;		/* may hold some itself, that others see */
	TransactionId changed;		/* its pg_class row; invalid if all see it, or
								 * if it holds no rows */
	Oid			file;			/* its file, if not all see it */
	bool		nothing_frozen; /* in the file, once that has been looked at */
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
	bool		may_look;		/* the owner of entries may read the tables */
	int			ntables;
	ReadTable  *tables;
	List	   *moved;			/* LiveFamilyChanges that not all see */
	SnapshotName fits;			/* of a snapshot that was found to fit */
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

/* Lets go of what has been dropped. */
static void
free_dropped_checks(void)
{
	HASH_SEQ_STATUS status;
	ReadCheck  *check;

	hash_seq_init(&status, checks);
	while ((check = (ReadCheck *) hash_seq_search(&status)) != NULL)
	{
		if (check->valid || SearchSysCacheExists1(RELOID, ObjectIdGetDatum(check->entries)))
			continue;
		if (check->context != NULL)
			MemoryContextDelete(check->context);
		(void) hash_search(checks, &check->entries, HASH_REMOVE, NULL);
	}
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

/* Was a table's file looked at for an earlier check of the same live history? */
static bool
was_looked_at(const ReadCheck *earlier, const ReadTable *table)
{
	for (int i = 0; earlier != NULL && i < earlier->ntables; i++)
	{
		if (earlier->tables[i].relid == table->relid &&
			earlier->tables[i].file == table->file)
			return earlier->tables[i].nothing_frozen;
	}
	return false;
}

/*
 * Looks at the tables of a source; the current context is the check's. COPY
 * FREEZE brings rows to a new file only, so that what is known of a file holds
 * for as long as it is the table's.
 */
static void
read_family(ReadCheck *check, const ReadCheck *earlier)
{
	bool		unlogged = get_rel_persistence(check->parts) == RELPERSISTENCE_UNLOGGED;
	List	   *family = live_family(check->source);
	ListCell   *cell;

	family = lappend_oid(family, check->parts);
	check->tables = (ReadTable *) palloc0(list_length(family) * sizeof(ReadTable));
	foreach(cell, family)
	{
		HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lfirst_oid(cell)));
		ReadTable  *table = &check->tables[check->ntables];
		Form_pg_class form;

		if (!HeapTupleIsValid(tuple))
			continue;			/* it was dropped just now */
		if (lfirst_oid(cell) != check->parts)
			require_no_parent_outside(check->source, lfirst_oid(cell));
		form = (Form_pg_class) GETSTRUCT(tuple);
		table->relid = lfirst_oid(cell);
		/* of temporary children of other sessions nobody else sees rows */
		if (RELKIND_HAS_TABLE_AM(form->relkind) &&
			form->relpersistence != RELPERSISTENCE_TEMP)
		{
			require_same_persistence(check->parts, unlogged, lfirst_oid(cell),
									 form->relpersistence);
			table->holds_rows = true;
			table->changed = unless_seen_by_all(HeapTupleHeaderGetXmin(tuple->t_data));
			if (TransactionIdIsValid(table->changed))
			{
				table->file = form->relfilenode;
				table->nothing_frozen = was_looked_at(earlier, table);
			}
		}
		check->ntables++;
		ReleaseSysCache(tuple);
	}
	check->moved = live_family_changes(family, TransactionXmin);
}

/* Looks a live history up. */
static ReadCheck *
make_check(Oid entries, Oid parts)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "live histories read",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller;
	uint64		times_before = times_forgotten;
	ReadCheck	made = {entries};
	ReadCheck  *check;
	LiveDefinition definition;
	LiveLinks	links = {InvalidOid, parts, entries};
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
	made.parts = parts;
	made.source = definition.source;
	made.horizon = TransactionXmin;
	made.tracked = tracked_since(entries);
	made.may_look = pg_class_aclcheck(parts, definition.owner, ACL_SELECT) == ACLCHECK_OK &&
		pg_class_aclcheck(definition.source, definition.owner, ACL_SELECT) == ACLCHECK_OK;
	made.context = context;
	caller = MemoryContextSwitchTo(context);
	read_family(&made, (ReadCheck *) hash_search(checks, &entries, HASH_FIND, NULL));
	MemoryContextSwitchTo(caller);

	free_dropped_checks();
	check = (ReadCheck *) hash_search(checks, &entries, HASH_ENTER, &found);
	if (found && check->context != NULL)
		MemoryContextDelete(check->context);
	MemoryContextSetParent(context, CacheMemoryContext);
	made.valid = times_before == times_forgotten;
	*check = made;
	return check;
}

/*
 * Does a table that a snapshot doesn't see hold rows that it sees? COPY FREEZE
 * brings such rows to a new table, and only then.
 */
static bool
may_hold_frozen_rows(const ReadCheck *check, ReadTable *table, Snapshot snapshot)
{
	if (!table->nothing_frozen)
		table->nothing_frozen = check->may_look &&
			live_sees_rows(table->relid, snapshot) == LIVE_NO;
	return !table->nothing_frozen;
}

/*
 * Has a table been truncated or written anew since a snapshot was taken? One
 * that has been made since holds nothing that the snapshot sees, as a rule.
 */
static bool
is_rewritten(const ReadCheck *check, ReadTable *table, Snapshot snapshot)
{
	Oid			before;
	Oid			now;

	if (!live_sees_table(table->relid, snapshot, &before))
		return may_hold_frozen_rows(check, table, snapshot);
	(void) live_sees_table(table->relid, NULL, &now);
	return before != now;
}

/*
 * Does a snapshot not see the parts any more, which have been truncated or
 * written anew since? CLUSTER and VACUUM FULL leave it what it saw; and of all
 * commands that don't, none leaves it anything.
 */
static bool
parts_are_lost(const ReadCheck *check, ReadTable *parts, Snapshot snapshot)
{
	return is_rewritten(check, parts, snapshot) &&
		!(check->may_look && live_sees_rows(parts->relid, snapshot) == LIVE_YES);
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
 * An error where a table has come to the source's family, or left it, since the
 * transaction's snapshot was taken.
 *
 * Under READ COMMITTED the next statement has another snapshot, and this one
 * was planned when the family was what it sees.
 */
static void
require_same_family(const ReadCheck *check, Snapshot snapshot)
{
	ListCell   *cell;

	if (!IsolationUsesXactSnapshot())
		return;
	foreach(cell, check->moved)
	{
		LiveFamilyChange *change = (LiveFamilyChange *) lfirst(cell);
		Oid			file;

		/* who sees neither sees a table that isn't there, as it isn't */
		if (live_is_unseen(change->came, snapshot) != live_is_unseen(change->went, snapshot) &&
			live_sees_table(change->relid, snapshot, &file))
			report_old_snapshot(gettext_noop("Table \"%s\" has been attached or detached since."),
								change->relid);
	}
}

/* Has the transaction itself written a table anew? */
static bool
is_own_file(const ReadTable *table)
{
	return TransactionIdIsCurrentTransactionId(table->changed) &&
		live_wrote_file(table->relid);
}

/*
 * An error where others have truncated a table, or written it anew, since a
 * snapshot was taken. The transaction itself may have changed the table's entry
 * in the catalog after them, so that what counts is what the snapshot saw first.
 */
static void
require_same_files(const ReadCheck *check, Snapshot snapshot)
{
	bool		stays = IsolationUsesXactSnapshot();
	SnapshotData first = *snapshot;

	first.curcid = FirstCommandId;
	for (int i = 0; i < check->ntables; i++)
	{
		ReadTable  *table = &check->tables[i];

		if (!live_is_unseen(table->changed, snapshot) &&
			!(stays && TransactionIdIsCurrentTransactionId(table->changed)))
			continue;
		if (is_own_file(table))
			continue;
		if (table->relid == check->parts ? parts_are_lost(check, table, &first) :
			is_rewritten(check, table, &first))
			report_old_snapshot(gettext_noop("Table \"%s\" has been truncated or rewritten since."),
								table->relid);
	}
}

/*
 * An error where the transaction has itself written tables anew, but not the
 * parts, or the parts, but not all tables, and others have changed the rest
 * since its snapshot was taken: what it has written it sees as it is now, and
 * the rest as it was.
 */
static void
require_nothing_mixed(const ReadCheck *check, Snapshot snapshot)
{
	const ReadTable *written = NULL;
	bool		parts_written;

	for (int i = 0; written == NULL && i < check->ntables; i++)
	{
		if (is_own_file(&check->tables[i]))
			written = &check->tables[i];
	}
	if (written == NULL)
		return;
	/* the parts are the last */
	parts_written = is_own_file(&check->tables[check->ntables - 1]);
	for (int i = 0; i < check->ntables; i++)
	{
		const ReadTable *table = &check->tables[i];
		bool		of_rest = table->relid == check->parts ? !parts_written :
			parts_written && table->holds_rows && !is_own_file(table);

		if (of_rest && (!check->may_look ||
						live_sees_other_rows(table->relid, snapshot) != LIVE_NO))
			report_old_snapshot(gettext_noop("Table \"%s\" has been truncated or rewritten since."),
								written->relid);
	}
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

/* An error where a snapshot would see live histories that don't fit the rows. */
void
live_require_fit(Oid entries, Oid parts, Snapshot snapshot)
{
	SnapshotName name = live_snapshot_name(snapshot);
	ReadCheck  *check;

	if (checks == NULL)
		make_checks();
	check = (ReadCheck *) hash_search(checks, &entries, HASH_FIND, NULL);
	if (!holds_for(check, parts, snapshot))
		check = make_check(entries, parts);
	else if (live_same_snapshot(name, check->fits))
		return;
	if (live_is_unseen(check->tracked, snapshot))
		report_old_snapshot(gettext_noop("Table \"%s\" has been tracked since."),
							check->source);
	require_same_family(check, snapshot);
	require_same_files(check, snapshot);
	if (IsolationUsesXactSnapshot())
		require_nothing_mixed(check, snapshot);
	check->fits = name;
}

/* The same for the active snapshot; else true. */
Datum
require_tracked(PG_FUNCTION_ARGS)
{
	live_require_fit(PG_GETARG_OID(0), PG_GETARG_OID(1), GetActiveSnapshot());
	PG_RETURN_BOOL(true);
}
