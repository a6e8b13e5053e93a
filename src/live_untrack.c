/*-------------------------------------------------------------------------
 *
 * live_untrack.c
 *	  untrack_duties: no longer keeps a table's duties by account.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/dependency.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_links.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(untrack_duties);

static bool
is_mine(Oid relid)
{
	char		kind;
	Oid			owner;

	return live_relation_facts(relid, &kind, &owner) && owner == GetUserId();
}

/* May a trigger of a table go: is the table the owner's, or what is counted? */
static bool
may_drop(LiveLinks links, Oid relid)
{
	return is_mine(links.entries) || is_mine(relid);
}

/*
 * Locks a table whose trigger is to go. Whoever has one that isn't the source's
 * could keep us waiting, and with us all who wait for the source.
 */
static void
lock_alone(Oid relid, Oid source, LiveLinks links)
{
	if (is_mine(relid) || list_member_oid(live_ancestors(relid), source))
		LockRelationOid(relid, AccessExclusiveLock);
	else if (!ConditionalLockRelationOid(relid, AccessExclusiveLock))
		ereport(ERROR,
				(errcode(ERRCODE_LOCK_NOT_AVAILABLE),
				 errmsg("could not obtain lock on table \"%s\", which has a trigger that names view \"%s\"",
						live_name_of(relid), live_name_of(links.entries))));
}

/* Does a trigger keep another live history? One without a mark keeps none. */
static bool
keeps_another(Oid trigger, Oid relid, LiveLinks links, Oid function)
{
	ListCell   *cell;

	foreach(cell, live_triggers(relid, function))
	{
		LiveTrigger *marked = (LiveTrigger *) lfirst(cell);

		if (marked->oid == trigger)
			return memcmp(&marked->links, &links, sizeof(LiveLinks)) != 0;
	}
	return false;
}

/*
 * Drops the triggers of a target: those on the owner's tables, and those that
 * others have made for entries of the owner's. While a table's lock is waited
 * for, they may go, or the table may become another's.
 */
static void
drop_triggers(LiveLinks links, Oid source, Oid function)
{
	SPITupleTable *triggers;
	uint64		n;

	live_query(psprintf("SELECT t.oid, t.tgrelid FROM pg_trigger t WHERE t.tgfoid = %u AND t.oid IN"
						" (SELECT objid FROM pg_depend WHERE classid = %u"
						" AND refclassid = %u AND refobjid = %u)",
						function, TriggerRelationId, RelationRelationId,
						links.entries));
	triggers = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		ObjectAddress trigger;
		Oid			relid;
		bool		isnull;

		ObjectAddressSet(trigger, TriggerRelationId,
						 DatumGetObjectId(SPI_getbinval(triggers->vals[i],
														triggers->tupdesc, 1,
														&isnull)));
		relid = DatumGetObjectId(SPI_getbinval(triggers->vals[i],
											   triggers->tupdesc, 2, &isnull));
		if (!may_drop(links, relid) ||
			keeps_another(trigger.objectId, relid, links, function))
			continue;
		lock_alone(relid, source, links);
		if (may_drop(links, relid) && live_trigger_exists(trigger.objectId))
			performDeletion(&trigger, DROP_RESTRICT, 0);
	}
	SPI_freetuptable(triggers);
	CommandCounterIncrement();
}

/*
 * Drops a relation, if it is what track_duties made, by a command that others'
 * event triggers see. Who owned the table before could have named whatever there
 * is. It is locked before it is named: by then another may have its name. One
 * made by hand may name what isn't there.
 */
static void
drop_relation(const LiveGuard *guard, const char *command, Oid relid, bool made)
{
	if (get_rel_name(relid) == NULL)
		return;
	if (!made)
	{
		ereport(NOTICE,
				(errmsg("\"%s\" was not dropped: it is not as track_duties made it",
						live_name_of(relid)),
				 errhint("Drop it if nothing else needs it.")));
		return;
	}
	/* the command asks for one or the other, too */
	if (!carm_owns_schema(get_rel_namespace(relid), GetUserId()))
		live_require_ownership(relid);
	LockRelationOid(relid, AccessExclusiveLock);
	if (get_rel_name(relid))
		live_define(guard, psprintf("%s %s", command, live_relation_name(relid)));
}

/*
 * Drops a live history of a table. Nobody but its owner could have given a table
 * the trigger that passes over parts.
 */
static void
drop_live_history(const LiveGuard *guard, LiveLinks links, Oid source, Oid function)
{
	LiveDefinition definition;
	bool		reads = live_target_reads(links);
	bool		passes = live_passes_over_parts(links.parts, function);
	bool		defines = live_definition_read(links, &definition) &&
		definition.source == source;

	drop_triggers(links, source, function);
	drop_relation(guard, "DROP VIEW", links.target, reads);
	drop_relation(guard, "DROP TABLE", links.parts, passes);
	drop_relation(guard, "DROP VIEW", links.entries, defines);
}

/*
 * Says what to do where others' views are in the way: by CASCADE, as the server
 * advises, the triggers would go, and parts and entries stay.
 */
static void
dependents_hint(void *arg)
{
	if (geterrcode() == ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST)
		errhint("%s", translated("Drop these first."));
}

Datum
untrack_duties(PG_FUNCTION_ARGS)
{
	Relation	source;
	Oid			relid;
	List	   *targets;
	Oid			function = live_trigger_function(fcinfo);
	LiveGuard	guard;
	ListCell   *cell;
	ErrorContextCallback callback = {.callback = dependents_hint};

	live_require_writable("untrack_duties()");
	source = live_source_open(fcinfo, AccessExclusiveLock, "untrack duties of");
	targets = live_targets_argument(fcinfo, source, 1);
	live_guard_begin(&guard, source->rd_rel->relowner);
	relid = RelationGetRelid(source);
	relation_close(source, NoLock);
	SPI_connect();
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	foreach(cell, targets)
		drop_live_history(&guard, *(LiveLinks *) lfirst(cell), relid, function);
	error_context_stack = callback.previous;
	SPI_finish();
	live_guard_end(&guard);
	PG_RETURN_VOID();
}
