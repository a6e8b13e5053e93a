/*-------------------------------------------------------------------------
 *
 * live_trigger.c
 *	  The triggers that keep live histories current.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live_count.h"
#include "live_definition.h"
#include "live_links.h"
#include "live_moves.h"
#include "live_parts.h"
#include "live_rule.h"

PG_FUNCTION_INFO_V1(count_duties);
PG_FUNCTION_INFO_V1(pass_over_parts);

/*
 * An error where the owner of a live history may not read what is truncated.
 *
 * The rows that other statements change are handed to any trigger; these are
 * read from the table. Who owned the table once may still own a live history.
 */
static void
require_readable(const LiveRule *rule)
{
	if (carm_owns_relation(rule->source, rule->owner) ||
		(pg_class_aclcheck(rule->source, rule->owner, ACL_SELECT) == ACLCHECK_OK &&
		 check_enable_rls(rule->source, rule->owner, true) != RLS_ENABLED))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("live history \"%s\" cannot count what is truncated",
					live_name_of(rule->links.target)),
			 errdetail("Its owner, role \"%s\", may not read table \"%s\".",
					   GetUserNameFromId(rule->owner, false),
					   live_name_of(rule->source)),
			 errhint("Change the owner of \"%s\", \"%s\" and \"%s\", or call untrack_duties.",
					 live_name_of(rule->links.target),
					 live_name_of(rule->links.entries),
					 live_name_of(rule->links.parts))));
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
count_truncated_table(LiveCount *count, const LiveRule *rule, Relation rel)
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
}

/*
 * Counts out the partitions that are truncated with their parent and have no
 * trigger for it, as they were made since rebuild_duties last gave them one.
 * Of the ancestors whose trigger fires, the nearest one counts them.
 */
static void
count_truncated_partitions(LiveCount *count, const LiveRule *rule,
						   Oid function)
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
		count_truncated_table(count, live_rule_make(rule->links, rel), rel);
		table_close(rel, NoLock);
	}
}

/* Counts what a statement has changed, or is about to truncate. */
static void
count_statement(LiveCount *count, TriggerData *data, const LiveRule *rule)
{
	Relation	rel = data->tg_relation;

	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
	{
		if (RELKIND_HAS_TABLE_AM(rel->rd_rel->relkind))
			count_truncated_table(count, rule, rel);
		else
			count_truncated_partitions(count, rule, data->tg_trigger->tgfoid);
		return;
	}
	if (data->tg_oldtable)
		live_count_changes(count, rule, rel, data->tg_oldtable, -1);
	if (data->tg_newtable)
		live_count_changes(count, rule, rel, data->tg_newtable, 1);
}

/* An error where a trigger was not made as track_duties makes them. */
static void
check_protocol(FunctionCallInfo fcinfo)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	bool		before;
	bool		fits;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"count_duties")));
	before = TRIGGER_FIRED_BEFORE(data->tg_event);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
		fits = before;
	else if (before)
		fits = TRIGGER_FIRED_BY_UPDATE(data->tg_event);
	else
		fits = data->tg_oldtable || data->tg_newtable;
	if (!fits || !TRIGGER_FIRED_FOR_STATEMENT(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired once a statement, with transition tables or before TRUNCATE",
						data->tg_trigger->tgname),
				 errhint("Such triggers are made by track_duties.")));
}

Datum
count_duties(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	const LiveRule *rule;
	MemoryContext context;
	MemoryContext caller;
	LiveParts  *parts;
	LiveCount  *count;

	check_protocol(fcinfo);
	/* all that was wanted is that the library is loaded: see live_moves.c */
	if (TRIGGER_FIRED_BEFORE(data->tg_event) && TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return PointerGetDatum(NULL);

	rule = live_rule_of_trigger(data->tg_trigger, data->tg_relation);
	if (!rule->counts)
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
		require_readable(rule);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		live_moves_refuse(data->tg_relation,
						  data->tg_newtable ? tuplestore_tuple_count(data->tg_newtable) : 0);

	context = AllocSetContextCreate(CurrentMemoryContext, "count_duties",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	parts = live_parts_open(rule->links.parts, RowExclusiveLock);
	if (parts == NULL)
		live_report_unsound(rule->links);

	/* the parts are open: from here on we act for their owner, the rule's */
	count = live_count_begin(parts, work_mem, true);
	count_statement(count, data, rule);
	live_count_end(count);
	live_parts_close(parts);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return PointerGetDatum(NULL);
}

/*
 * Passes over rows that are inserted into the parts. That is what restoring the
 * data alone does, into tables whose triggers are there: those of the source
 * count the rows restored. Where triggers aren't made before the data, or are
 * disabled for it, the parts are restored as they were. We ourselves append
 * below the level of triggers.
 */
Datum
pass_over_parts(PG_FUNCTION_ARGS)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(data->tg_event) ||
		!TRIGGER_FIRED_FOR_ROW(data->tg_event) ||
		!TRIGGER_FIRED_BY_INSERT(data->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be called for each row before INSERT",
						"pass_over_parts")));
	return PointerGetDatum(NULL);
}
