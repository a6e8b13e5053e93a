/*-------------------------------------------------------------------------
 *
 * live_verify.c
 *	  verify_duties, rebuild_duties, fold_duties and tracked_duties.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_trigger.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "compat.h"
#include "live_face.h"

PG_FUNCTION_INFO_V1(verify_duties);
PG_FUNCTION_INFO_V1(rebuild_duties);
PG_FUNCTION_INFO_V1(fold_duties);
PG_FUNCTION_INFO_V1(tracked_duties);

#define ROWS_PER_FETCH	1000

/* The operator that says whether two accounts are equal, as written in SQL. */
static char *
account_equality(Oid parts)
{
	Oid			type = get_atttype(parts, PART_ACCOUNT);
	Oid			operator = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	Form_pg_operator form;
	char	   *written;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", operator);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	written = psprintf("OPERATOR(%s.%s)",
					   quote_identifier(get_namespace_name(form->oprnamespace)),
					   NameStr(form->oprname));
	ReleaseSysCache(tuple);
	return written;
}

/* The accounts whose history is not what a recount gives, by one snapshot. */
static char *
verify_query(FunctionCallInfo fcinfo, LiveLinks links)
{
	const char *schema = live_schema(fcinfo);

	return psprintf("SELECT coalesce(e.account, p.account)::text, e.history, p.history"
					" FROM (SELECT account, %s.duty_history(dated, amount) AS history,"
					"	count(*) AS entries FROM %s GROUP BY account) e"
					" FULL JOIN (SELECT account, %s.rollup(history) AS history,"
					"	sum(entries) AS entries FROM %s GROUP BY account) p"
					" ON e.account %s p.account"
					" WHERE coalesce(e.entries, 0)::numeric <> coalesce(p.entries, 0)"
					" OR NOT %s.duty_history_eq(coalesce(e.history, '{}'), coalesce(p.history, '{}'))"
					" ORDER BY 1",
					schema, live_relation_name(links.entries), schema,
					live_relation_name(links.parts),
					account_equality(links.parts), schema);
}

Datum
verify_duties(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	source;
	List	   *targets;
	LiveGuard	guard;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	source = live_source_open(fcinfo, AccessShareLock);
	targets = live_targets_argument(fcinfo, source, 1);
	live_guard_begin(&guard, source->rd_rel->relowner);
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		char	   *query;
		SPIPlanPtr	plan;
		Portal		portal;

		live_require_sound(*links, source);
		query = verify_query(fcinfo, *links);
		plan = SPI_prepare(query, 0, NULL);
		if (plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s", query);
		portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
		for (;;)
		{
			SPI_cursor_fetch(portal, true, ROWS_PER_FETCH);
			if (SPI_processed == 0)
				break;
			for (uint64 i = 0; i < SPI_processed; i++)
				tuplestore_puttuple(result->setResult, SPI_tuptable->vals[i]);
			SPI_freetuptable(SPI_tuptable);
		}
		SPI_cursor_close(portal);
		SPI_freeplan(plan);
	}
	SPI_finish();
	live_guard_end(&guard);
	relation_close(source, NoLock);
	return (Datum) 0;
}

Datum
rebuild_duties(PG_FUNCTION_ARGS)
{
	Relation	source = live_source_open(fcinfo, AccessShareLock);
	Oid			relid = RelationGetRelid(source);
	List	   *targets = live_targets_argument(fcinfo, source, 1);
	int64		changed = 0;
	LiveGuard	guard;
	ListCell   *cell;

	live_require_read_committed("rebuild_duties");
	live_guard_begin(&guard, source->rd_rel->relowner);
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		LiveParts  *parts;

		live_require_sound(*links, source);
		live_place_triggers(fcinfo, *links, relid);
		changed += live_fill(*links, relid);
		parts = live_parts_open(links->parts, RowExclusiveLock);
		(void) live_parts_merge_all(parts);
		live_parts_close(parts);
	}
	SPI_finish();
	live_guard_end(&guard);
	relation_close(source, NoLock);
	PG_RETURN_INT64(changed);
}

Datum
fold_duties(PG_FUNCTION_ARGS)
{
	Relation	source = live_source_open(fcinfo, AccessShareLock);
	List	   *targets = live_targets_argument(fcinfo, source, 1);
	int64		gone = 0;
	ListCell   *cell;

	live_require_read_committed("fold_duties");
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		LiveParts  *parts;

		live_require_sound(*links, source);
		parts = live_parts_open(links->parts, RowExclusiveLock);
		gone += live_parts_merge_all(parts);
		live_parts_close(parts);
	}
	relation_close(source, NoLock);
	PG_RETURN_INT64(gone);
}

/* The tables that have triggers of ours. */
static List *
tables_with_triggers(Oid function)
{
	Relation	triggers = table_open(TriggerRelationId, AccessShareLock);
	SysScanDesc scan = systable_beginscan(triggers, InvalidOid, false, NULL, 0, NULL);
	List	   *tables = NIL;
	HeapTuple	tuple;

	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_trigger form = (Form_pg_trigger) GETSTRUCT(tuple);

		if (form->tgfoid == function)
			tables = list_append_unique_oid(tables, form->tgrelid);
	}
	systable_endscan(scan);
	table_close(triggers, AccessShareLock);
	return tables;
}

Datum
tracked_duties(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Oid			function = live_trigger_function(fcinfo);
	ListCell   *table;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(table, tables_with_triggers(function))
	{
		Relation	rel = try_relation_open(lfirst_oid(table), AccessShareLock);

		if (rel == NULL)
			continue;
		foreach(cell, live_targets(rel, function))
		{
			LiveLinks  *links = (LiveLinks *) lfirst(cell);
			char	   *name[4] = {NULL};
			Datum		values[6];
			bool		nulls[6] = {0};

			/* NULL where it can't be told */
			(void) live_rule_describe(*links, &name[0], &name[1], &name[2],
									  &name[3]);
			values[0] = ObjectIdGetDatum(lfirst_oid(table));
			for (int i = 0; i < 4; i++)
			{
				nulls[i < 3 ? i + 1 : 5] = name[i] == NULL;
				if (name[i] != NULL)
					values[i < 3 ? i + 1 : 5] = CStringGetTextDatum(name[i]);
			}
			values[4] = ObjectIdGetDatum(links->target);
			tuplestore_putvalues(result->setResult, result->setDesc, values,
								 nulls);
		}
		relation_close(rel, AccessShareLock);
	}
	return (Datum) 0;
}
