/*-------------------------------------------------------------------------
 *
 * live_trigger.c
 *	  The triggers that keep live histories current.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "miscadmin.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"

PG_FUNCTION_INFO_V1(count_duties);
PG_FUNCTION_INFO_V1(keeps_duties);
PG_FUNCTION_INFO_V1(pass_over_parts);

/* Does an update change a column that matters? If in doubt, it does. */
static bool
update_matters(TriggerData *data, const LiveRule *rule)
{
	Relation	rel = data->tg_relation;

	if (rel->trigdesc->trig_update_before_row || rel->rd_rel->relhassubclass ||
		rel->rd_rel->relkind != RELKIND_RELATION ||
		data->tg_updatedcols == NULL)
		return true;
	return bms_overlap(data->tg_updatedcols, rule->columns);
}

/* Counts what a statement has changed, or is about to truncate. */
static void
count_statement(LiveCount *count, TriggerData *data, const LiveRule *rule)
{
	Relation	rel = data->tg_relation;
	Snapshot	snapshot;

	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
	{
		/*
		 * Truncating takes what was committed since our snapshot as well.
		 * Nobody else can write to the table any more.
		 */
		snapshot = RegisterSnapshot(GetLatestSnapshot());
		live_count_table(count, rule, rel, snapshot, -1, false);
		UnregisterSnapshot(snapshot);
		return;
	}
	if (data->tg_oldtable)
		live_count_store(count, rule, rel, data->tg_oldtable, -1);
	if (data->tg_newtable)
		live_count_store(count, rule, rel, data->tg_newtable, 1);
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
	Oid			user;
	int			security;
	int			level = 0;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager",
						"count_duties")));
	if (!TRIGGER_FIRED_FOR_STATEMENT(data->tg_event) ||
		(TRIGGER_FIRED_BY_TRUNCATE(data->tg_event) ?
		 !TRIGGER_FIRED_BEFORE(data->tg_event) :
		 !data->tg_oldtable && !data->tg_newtable))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" must be fired once a statement, with transition tables or before TRUNCATE",
						data->tg_trigger->tgname),
				 errhint("Such triggers are made by track_duties.")));

	rule = live_rule_of_trigger(data->tg_trigger, data->tg_relation);
	if (!rule->counts)
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event) &&
		!RELKIND_HAS_TABLE_AM(data->tg_relation->rd_rel->relkind))
		return PointerGetDatum(NULL);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event) && !update_matters(data, rule))
		return PointerGetDatum(NULL);

	context = AllocSetContextCreate(CurrentMemoryContext, "count_duties",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	parts = live_parts_open(rule->links.parts, RowExclusiveLock);
	if (parts == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("live history of table \"%s\" has lost its parts",
						RelationGetRelationName(data->tg_relation)),
				 errhint("Call untrack_duties and track_duties again.")));

	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(rule->owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	if (rule->guarded)
		level = live_safe_search_path();
	count = live_count_begin(parts, work_mem, true);
	count_statement(count, data, rule);
	if (level != 0)
		AtEOXact_GUC(false, level);
	SetUserIdAndSecContext(user, security);

	live_count_end(count);
	live_parts_close(parts);
	live_remember_statement(rule->links.parts);
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

/* Says nothing: its arguments do. */
Datum
keeps_duties(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(true);
}
