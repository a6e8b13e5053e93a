/*-------------------------------------------------------------------------
 *
 * live_place.c
 *	  Giving a source's tables their triggers, and its parts what they lack.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_count.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_links.h"
#include "live_parts.h"
#include "live_place.h"
#include "live_rule.h"
#include "messages.h"

/* So many times we wait for one of the tables that lack triggers alone. */
#define PATIENT_ROUNDS	20

/* The statements whose triggers count. */
static const struct
{
	const char *name;
	int16		event;
	const char *clause;
}			events[] = {
	{"insert", TRIGGER_TYPE_INSERT, "AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows"},
	{"update", TRIGGER_TYPE_UPDATE, "AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"},
	{"delete", TRIGGER_TYPE_DELETE, "AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows"},
	{"truncate", TRIGGER_TYPE_TRUNCATE, "BEFORE TRUNCATE ON %s"},
	/* of partitioned tables only */
	{"before", LIVE_BEFORE_UPDATE, "BEFORE UPDATE ON %s"}
};

/*
 * Makes the parts go with the entries, as when the source is dropped. A dump
 * doesn't know of this, so that it may be lacking.
 */
static void
bind_parts(LiveLinks links)
{
	ObjectAddress parts;
	ObjectAddress entries;

	ObjectAddressSet(parts, RelationRelationId, links.parts);
	ObjectAddressSet(entries, RelationRelationId, links.entries);
	live_query(psprintf("SELECT FROM pg_depend WHERE classid = %u AND objid = %u"
						" AND refclassid = %u AND refobjid = %u AND deptype = 'a'",
						RelationRelationId, links.parts,
						RelationRelationId, links.entries));
	if (SPI_processed == 0)
		recordDependencyOn(&parts, &entries, DEPENDENCY_AUTO);
}

/* An error where a child's rows may be changed through another table. */
static void
require_no_parent_outside(Oid source, Oid relid)
{
	Oid			other = live_parent_outside(relid, source);

	if (OidIsValid(other))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" cannot be tracked", live_name_of(source)),
				 errdetail("\"%s\" is a partition or child of table \"%s\", through which its rows may be changed without being counted.",
						   live_name_of(relid), live_name_of(other)),
				 errhint("Use ALTER TABLE ... NO INHERIT.")));
}

/*
 * A source, its partitions and children as they are now, locked. The snapshot
 * of the statement may be older than what we have waited for: by it, a partition
 * that is being detached concurrently would still be one.
 */
static List *
lock_family(Oid source)
{
	List	   *family;

	PushActiveSnapshot(GetLatestSnapshot());
	family = find_all_inheritors(source, AccessShareLock, NULL);
	PopActiveSnapshot();
	return family;
}

/*
 * The persistence that the parts of a source must have: that of the tables
 * that hold its rows, which a crash empties, or doesn't, together with them.
 * An error where these can't be tracked together.
 */
char
live_persistence(Oid source)
{
	char		persistence = '\0';
	ListCell   *cell;

	foreach(cell, lock_family(source))
	{
		Oid			relid = lfirst_oid(cell);
		char		kind = get_rel_relkind(relid);

		CHECK_FOR_INTERRUPTS();
		require_no_parent_outside(source, relid);
		if (kind == RELKIND_FOREIGN_TABLE)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("table \"%s\" cannot be tracked", get_rel_name(source)),
					 errdetail("\"%s\" is a foreign table.", get_rel_name(relid))));
		if (!RELKIND_HAS_STORAGE(kind))
			continue;
		if (persistence != '\0' && persistence != get_rel_persistence(relid))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("table \"%s\" cannot be tracked", get_rel_name(source)),
					 errdetail("Some of its tables are unlogged, others are not, and \"%s\" is unlike them: a crash empties only some.",
							   get_rel_name(relid)),
					 errhint("Use ALTER TABLE ... SET LOGGED.")));
		persistence = get_rel_persistence(relid);
	}
	return persistence == '\0' ? RELPERSISTENCE_PERMANENT : persistence;
}

/*
 * An error where a statement of this session may be changing a table. Triggers
 * that are deferred may wait: they change nothing that isn't counted.
 */
static void
require_not_in_use(Oid relid, const char *function_name)
{
	Relation	rel = table_open(relid, NoLock);

	if (rel->rd_refcnt > 1)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("%s cannot run while table \"%s\" is being used by active queries in this session",
						function_name, RelationGetRelationName(rel))));
	table_close(rel, NoLock);
}

/* The events for which a table lacks a trigger. */
static int16
events_lacking(Oid relid, LiveLinks links, Oid function)
{
	int16		wanted = 0;

	for (int i = 0; i < lengthof(events); i++)
	{
		if (events[i].event != LIVE_BEFORE_UPDATE ||
			get_rel_relkind(relid) == RELKIND_PARTITIONED_TABLE)
			wanted |= events[i].event;
	}
	return wanted & ~live_events_counted(relid, links, function, false);
}

/*
 * A name for a trigger. The plain one may be taken by a live history that had
 * the name before: triggers keep theirs when views are renamed.
 */
static char *
choose_trigger_name(Oid relid, const char *target, const char *event)
{
	char	   *name = makeObjectName(target, NULL, event);

	for (int n = 1; OidIsValid(get_trigger_oid(relid, name, true)); n++)
		name = makeObjectName(target, NULL, psprintf("%s%d", event, n));
	return name;
}

/*
 * Locks the tables of a family that lack triggers. Whoever writes to several
 * may do so in any order: so none of these locks is held while we wait for one,
 * unless that has gone on for long. Then the server ends a deadlock, if any.
 */
static void
lock_lacking(List *family, LiveLinks links, Oid function)
{
	Oid			awaited = InvalidOid;
	List	   *locked;
	ListCell   *cell;
	int			rounds = 0;

	do
	{
		locked = NIL;
		if (OidIsValid(awaited))
		{
			LockRelationOid(awaited, ShareRowExclusiveLock);
			locked = list_make1_oid(awaited);
			awaited = InvalidOid;
		}
		foreach(cell, family)
		{
			Oid			relid = lfirst_oid(cell);

			CHECK_FOR_INTERRUPTS();
			if (list_member_oid(locked, relid) ||
				events_lacking(relid, links, function) == 0)
				continue;
			if (rounds >= PATIENT_ROUNDS)
				LockRelationOid(relid, ShareRowExclusiveLock);
			else if (!ConditionalLockRelationOid(relid, ShareRowExclusiveLock))
			{
				rounds++;
				awaited = relid;
				break;
			}
			locked = lappend_oid(locked, relid);
		}
		if (OidIsValid(awaited))
		{
			foreach(cell, locked)
				UnlockRelationOid(lfirst_oid(cell), ShareRowExclusiveLock);
		}
		list_free(locked);
	} while (OidIsValid(awaited));
}

/*
 * Waits for those who are writing to children of children. Who has written to
 * one before its parent came to the family hasn't counted that, and may commit
 * what nobody has seen yet.
 */
static void
await_writers_below(List *family, Oid source)
{
	List	   *tags = NIL;
	ListCell   *cell;

	foreach(cell, family)
	{
		LOCKTAG    *tag;

		if (lfirst_oid(cell) == source ||
			get_rel_relispartition(lfirst_oid(cell)) ||
			list_member_oid(live_parents(lfirst_oid(cell)), source))
			continue;
		tag = (LOCKTAG *) palloc(sizeof(LOCKTAG));
		SET_LOCKTAG_RELATION(*tag, MyDatabaseId, lfirst_oid(cell));
		tags = lappend(tags, tag);
	}
	if (tags != NIL)
		WaitForLockersMultiple(tags, ShareRowExclusiveLock, false);
}

/* Gives one table the triggers it lacks; it is locked if there are some. */
static void
place_triggers_on(FunctionCallInfo fcinfo, const LiveGuard *guard,
				  LiveLinks links, Oid relid)
{
	const char *schema = live_schema(fcinfo);
	Oid			function = live_trigger_function(fcinfo);
	int16		lacking = events_lacking(relid, links, function);

	for (int i = 0; i < lengthof(events); i++)
	{
		char	   *trigger;

		if (!(lacking & events[i].event))
			continue;
		trigger = choose_trigger_name(relid, get_rel_name(links.target), events[i].name);
		live_define(guard,
					psprintf("CREATE TRIGGER %s %s FOR EACH STATEMENT"
							 " WHEN (%s::pg_catalog.regclass IS NOT NULL"
							 " AND %s::pg_catalog.regclass IS NOT NULL"
							 " AND %s::pg_catalog.regclass IS NOT NULL)"
							 " EXECUTE FUNCTION %s.count_duties()",
							 quote_identifier(trigger),
							 psprintf(events[i].clause, live_relation_name(relid)),
							 quote_literal_cstr(live_relation_name(links.target)),
							 quote_literal_cstr(live_relation_name(links.parts)),
							 quote_literal_cstr(live_relation_name(links.entries)),
							 schema));
		live_mark_trigger(get_trigger_oid(relid, trigger, false), function);
		CommandCounterIncrement();
	}
}

/*
 * Gives the source, its partitions and children the triggers they lack. The
 * caller has seen to it that none of its statements is changing the source; as
 * little may one change the others, by their own names.
 */
void
live_place_triggers(FunctionCallInfo fcinfo, const LiveGuard *guard,
					LiveLinks links, Oid source, const char *function_name)
{
	List	   *family = lock_family(source);
	ListCell   *cell;

	bind_parts(links);
	await_writers_below(family, source);
	lock_lacking(family, links, live_trigger_function(fcinfo));
	foreach(cell, family)
	{
		CHECK_FOR_INTERRUPTS();
		if (lfirst_oid(cell) != source)
			require_not_in_use(lfirst_oid(cell), function_name);
		place_triggers_on(fcinfo, guard, links, lfirst_oid(cell));
	}
}

/*
 * Appends what the parts of a target lack, or have in excess, by one and the
 * same snapshot; gives how many parts that took. Who writes meanwhile appends
 * to the same sums.
 */
int64
live_fill(LiveLinks links, Oid source)
{
	LiveParts  *parts = live_parts_open(links.parts, ShareUpdateExclusiveLock);
	LiveCount  *count;
	Snapshot	snapshot;
	int64		changed;
	List	   *family;
	ListCell   *cell;

	if (parts == NULL)
		live_report_unsound(links);
	count = live_count_begin(parts, maintenance_work_mem, false);
	family = lock_family(source);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	live_count_parts(count, snapshot, -1);
	foreach(cell, family)
	{
		Relation	rel = table_open(lfirst_oid(cell), NoLock);
		LiveRule   *rule = live_rule_make(links, rel, NULL);	/* looks at partitions */

		/* it doesn't count where the table has just begun to be detached */
		if (rule->counts && RELKIND_HAS_TABLE_AM(rel->rd_rel->relkind))
			live_count_table(count, rule, rel, snapshot, 1, true);
		table_close(rel, NoLock);
	}
	changed = live_count_end(count);
	UnregisterSnapshot(snapshot);
	live_parts_close(parts);
	return changed;
}
