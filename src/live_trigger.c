/*-------------------------------------------------------------------------
 *
 * live_trigger.c
 *	  The triggers that keep live histories current.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "live_count.h"
#include "live_definition.h"
#include "live_moves.h"
#include "live_parts.h"
#include "live_rule.h"
#include "live_rule_cache.h"
#include "live_truncate.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(count_duties);
PG_FUNCTION_INFO_V1(pass_over_parts);

/* Counts the rows that a statement has changed. */
static void
count_rows(LiveCount *count, TriggerData *data, const LiveRule *rule)
{
	Relation	rel = data->tg_relation;

	if ((data->tg_oldtable && tuplestore_tuple_count(data->tg_oldtable) > 0) ||
		(data->tg_newtable && tuplestore_tuple_count(data->tg_newtable) > 0))
		live_truncate_refuse_change(rule);
	if (data->tg_oldtable)
		live_count_changes(count, rule, rel, data->tg_oldtable, -1);
	if (data->tg_newtable && TRIGGER_FIRED_BY_INSERT(data->tg_event) &&
		rule->generated != NIL)
		live_count_insert(count, rule, rel, data->tg_newtable);
	else if (data->tg_newtable)
		live_count_changes(count, rule, rel, data->tg_newtable, 1);
}

/*
 * Counts what a statement has changed, or is about to truncate. The memory
 * context given lasts as long as the statement.
 */
static void
count_statement(TriggerData *data, const LiveRule *rule, MemoryContext statement)
{
	LiveParts  *parts;
	LiveCount  *count;

	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		live_moves_refuse(data->tg_relation,
						  data->tg_newtable ? tuplestore_tuple_count(data->tg_newtable) : 0);
	parts = live_parts_open(rule->links.parts, RowExclusiveLock);
	if (parts == NULL)
		live_report_unsound(rule->links);

	/* the parts are open: from here on we act for their owner, or a lesser role */
	count = live_count_begin(parts, work_mem, true);
	if (TRIGGER_FIRED_BY_TRUNCATE(data->tg_event))
		live_truncate_count(count, rule, data->tg_relation,
							data->tg_trigger->tgfoid, statement);
	else
		count_rows(count, data, rule);
	live_count_end(count);
	live_parts_close(parts);
}

/*
 * An error where a trigger was not made as track_duties makes them: without one
 * of its transition tables it would count half of what it sees.
 */
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
		fits = (data->tg_oldtable || TRIGGER_FIRED_BY_INSERT(data->tg_event)) &&
			(data->tg_newtable || TRIGGER_FIRED_BY_DELETE(data->tg_event));
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
	MemoryContext statement = MemoryContextGetParent(CurrentMemoryContext);
	MemoryContext context;
	MemoryContext caller;

	check_protocol(fcinfo);
	/* all that was wanted is that the library is loaded: see live_moves.c */
	if (TRIGGER_FIRED_BEFORE(data->tg_event) && TRIGGER_FIRED_BY_UPDATE(data->tg_event))
		return PointerGetDatum(NULL);

	context = AllocSetContextCreate(CurrentMemoryContext, "count_duties",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	rule = live_rule_of_trigger(data->tg_trigger, data->tg_relation);
	if (rule->counts)
		count_statement(data, rule, statement);
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
