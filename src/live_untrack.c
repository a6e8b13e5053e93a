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
#include "live_links.h"

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
 * Drops the triggers of a target: those on the owner's tables, and those that
 * others have made for entries of the owner's. While a table's lock is waited
 * for, they may go, or the table may become another's.
 */
static void
drop_triggers(LiveLinks links, Oid function)
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
		if (!may_drop(links, relid))
			continue;
		LockRelationOid(relid, AccessExclusiveLock);
		if (may_drop(links, relid) && live_trigger_exists(trigger.objectId))
			performDeletion(&trigger, DROP_RESTRICT, 0);
	}
	SPI_freetuptable(triggers);
	CommandCounterIncrement();
}

/*
 * Drops a relation, by a command that others' event triggers see. It is locked
 * before it is named: by then another may have its name. One made by hand may
 * name what isn't there.
 */
static void
drop_relation(const LiveGuard *guard, const char *command, Oid relid)
{
	if (get_rel_name(relid) == NULL)
		return;
	/* the command asks for one or the other, too */
	if (!carm_owns_schema(get_rel_namespace(relid), GetUserId()))
		live_require_ownership(relid);
	LockRelationOid(relid, AccessExclusiveLock);
	if (get_rel_name(relid))
		live_define(guard, psprintf("%s %s", command, live_relation_name(relid)));
}

Datum
untrack_duties(PG_FUNCTION_ARGS)
{
	Relation	source;
	List	   *targets;
	Oid			function = live_trigger_function(fcinfo);
	LiveGuard	guard;
	ListCell   *cell;

	live_require_writable("untrack_duties()");
	source = live_source_open(fcinfo, AccessExclusiveLock, "untrack duties of");
	targets = live_targets_argument(fcinfo, source, 1);
	live_guard_begin(&guard, source->rd_rel->relowner);
	relation_close(source, NoLock);
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);

		drop_triggers(*links, function);
		drop_relation(&guard, "DROP VIEW", links->target);
		drop_relation(&guard, "DROP TABLE", links->parts);
		drop_relation(&guard, "DROP VIEW", links->entries);
	}
	SPI_finish();
	live_guard_end(&guard);
	PG_RETURN_VOID();
}
