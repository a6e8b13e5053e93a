/*-------------------------------------------------------------------------
 *
 * live_links.c
 *	  Which triggers are those of live histories, and what they name.
 *
 * A trigger names the target, the parts and the entries in its WHEN clause.
 * Whoever has the TRIGGER right on a table could write such a clause. So
 * track_duties marks the triggers it makes: they depend on the extension, as
 * by ALTER TRIGGER ... DEPENDS ON EXTENSION, which only the owner of a table
 * may say, and which a dump keeps. A trigger without the mark is not ours.
 *
 * Triggers are read from the catalog and not from a table's relcache entry,
 * which may be rebuilt whenever a lock is waited for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/objectaddress.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "compat.h"
#include "live.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_links.h"
#include "messages.h"

/* The relation that "'…'::regclass IS NOT NULL" names; else InvalidOid. */
static Oid
named_relation(Node *node)
{
	NullTest   *test = (NullTest *) node;
	Const	   *constant;

	if (!IsA(test, NullTest) || test->nulltesttype != IS_NOT_NULL)
		return InvalidOid;
	constant = (Const *) test->arg;
	if (!IsA(constant, Const) || constant->consttype != REGCLASSOID ||
		constant->constisnull)
		return InvalidOid;
	return DatumGetObjectId(constant->constvalue);
}

/* What a WHEN clause names; false where it names nothing. */
bool
live_read_links(const char *when, LiveLinks *links)
{
	Node	   *node = when ? (Node *) stringToNode(when) : NULL;
	List	   *tests;

	if (node == NULL || !is_andclause(node) ||
		list_length(((BoolExpr *) node)->args) != 3)
		return false;
	tests = ((BoolExpr *) node)->args;
	links->target = named_relation((Node *) linitial(tests));
	links->parts = named_relation((Node *) lsecond(tests));
	links->entries = named_relation((Node *) lthird(tests));
	return OidIsValid(links->target) && OidIsValid(links->parts) &&
		OidIsValid(links->entries);
}

/* The extension that a trigger's function belongs to. */
static Oid
extension_of(Oid function)
{
	return getExtensionOfObject(ProcedureRelationId, function);
}

/* Has the owner of the table, or track_duties, marked this trigger? */
bool
live_trigger_is_marked(Oid trigger, Oid function)
{
	Oid			extension = extension_of(function);

	return OidIsValid(extension) &&
		list_member_oid(getAutoExtensionsOfObject(TriggerRelationId, trigger),
						extension);
}

/* Marks a trigger as made by track_duties. */
void
live_mark_trigger(Oid trigger, Oid function)
{
	ObjectAddress marked;
	ObjectAddress extension;

	ObjectAddressSet(marked, TriggerRelationId, trigger);
	ObjectAddressSet(extension, ExtensionRelationId, extension_of(function));
	if (!OidIsValid(extension.objectId))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("function %s() belongs to no extension", get_func_name(function)),
				 errhint("Use ALTER EXTENSION ... ADD FUNCTION.")));
	recordDependencyOn(&marked, &extension, DEPENDENCY_AUTO_EXTENSION);
}

/* Is a trigger still there? */
bool
live_trigger_exists(Oid trigger)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	bool		exists = HeapTupleIsValid(get_catalog_object_by_oid(catalog,
																	Anum_pg_trigger_oid,
																	trigger));

	table_close(catalog, AccessShareLock);
	return exists;
}

/* What a trigger fires for, of its tgtype. */
int16
live_event(int16 type)
{
	if ((type & TRIGGER_TYPE_BEFORE) && (type & TRIGGER_TYPE_UPDATE))
		return LIVE_BEFORE_UPDATE;
	return type & TRIGGER_TYPE_EVENT_MASK;
}

/* Does a trigger fire for what is done in this session? */
static bool
fires(char enabled)
{
	switch (enabled)
	{
		case TRIGGER_FIRES_ALWAYS:
			return true;
		case TRIGGER_FIRES_ON_ORIGIN:
			return SessionReplicationRole != SESSION_REPLICATION_ROLE_REPLICA;
		case TRIGGER_FIRES_ON_REPLICA:
			return SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA;
		default:
			return false;
	}
}

/* The marked triggers of live histories that a table has: LiveTriggers. */
List *
live_triggers(Oid relid, Oid function)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	List	   *triggers = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);
		LiveTrigger *trigger;
		LiveLinks	links;
		bool		isnull;
		Datum		when = heap_getattr(tuple, Anum_pg_trigger_tgqual,
										RelationGetDescr(catalog), &isnull);

		/* what others wrote isn't even read: it may be too deep for the stack */
		if (form->tgfoid != function || isnull ||
			!live_trigger_is_marked(form->oid, function) ||
			!live_read_links(TextDatumGetCString(when), &links))
			continue;
		trigger = (LiveTrigger *) palloc(sizeof(LiveTrigger));
		trigger->oid = form->oid;
		trigger->event = live_event(form->tgtype);
		trigger->fires = fires(form->tgenabled);
		trigger->links = links;
		triggers = lappend(triggers, trigger);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return triggers;
}

/* Which events of a table do triggers count for this target? */
int16
live_events_counted(Oid relid, LiveLinks links, Oid function, bool firing)
{
	int16		events = 0;
	ListCell   *cell;

	foreach(cell, live_triggers(relid, function))
	{
		LiveTrigger *trigger = (LiveTrigger *) lfirst(cell);

		if (trigger->links.entries == links.entries &&
			(trigger->fires || !firing))
			events |= trigger->event;
	}
	return events;
}

static bool
have_links(List *targets, const LiveLinks *links)
{
	ListCell   *cell;

	foreach(cell, targets)
	{
		if (memcmp(lfirst(cell), links, sizeof(LiveLinks)) == 0)
			return true;
	}
	return false;
}

/*
 * The LiveLinks of a table's targets, by what its triggers name. No lock is
 * taken.
 *
 * Partitions and children have such triggers for their parent's, so that where
 * a definition can't be read, it is the table's if it is neither.
 */
List *
live_targets(Oid source, Oid function)
{
	List	   *targets = NIL;
	ListCell   *cell;

	foreach(cell, live_triggers(source, function))
	{
		LiveTrigger *trigger = (LiveTrigger *) lfirst(cell);
		LiveDefinition definition;

		if (have_links(targets, &trigger->links) ||
			get_rel_name(trigger->links.target) == NULL)
			continue;
		if (live_definition_read(trigger->links, &definition) ?
			definition.source == source :
			live_parents(source) == NIL)
			targets = lappend(targets, &trigger->links);
	}
	return targets;
}

/* Has a table the trigger that track_duties gives to parts? */
bool
live_passes_over_parts(Oid parts, Oid function)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	bool		passes = false;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_trigger_tgrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(parts));
	scan = systable_beginscan(catalog, TriggerRelidNameIndexId, true, NULL, 1, &key);
	while (!passes && (tuple = systable_getnext(scan)) != NULL)
	{
		Oid			called = ((Form_pg_trigger) GETSTRUCT(tuple))->tgfoid;

		passes = extension_of(called) == extension_of(function) &&
			strcmp(get_func_name(called), "pass_over_parts") == 0;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return passes;
}

/* The tables that have triggers of ours. */
List *
live_tables(Oid function)
{
	Relation	catalog = table_open(TriggerRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(catalog, InvalidOid, false, NULL, 0, NULL);
	List	   *tables = NIL;
	HeapTuple	tuple;

	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);

		if (form->tgfoid == function)
			tables = list_append_unique_oid(tables, form->tgrelid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return tables;
}

/*
 * The table of an owner whose live histories a view shows; InvalidOid where
 * there is none.
 */
Oid
live_source_of_target(Oid target, Oid owner, Oid function)
{
	ListCell   *table;
	ListCell   *cell;

	foreach(table, live_tables(function))
	{
		Oid			relid = lfirst_oid(table);
		Oid			table_owner;
		char		kind;

		/* what others have made isn't even read */
		if (!live_relation_facts(relid, &kind, &table_owner) || table_owner != owner)
			continue;
		foreach(cell, live_targets(relid, function))
		{
			if (((LiveLinks *) lfirst(cell))->target == target)
				return relid;
		}
	}
	return InvalidOid;
}
