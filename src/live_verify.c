/*-------------------------------------------------------------------------
 *
 * live_verify.c
 *	  verify_duties, rebuild_duties, fold_duties and tracked_duties.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_operator.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_definition.h"
#include "live_links.h"
#include "live_parts.h"
#include "live_place.h"
#include "live_read.h"
#include "live_walk.h"

PG_FUNCTION_INFO_V1(verify_duties);
PG_FUNCTION_INFO_V1(rebuild_duties);
PG_FUNCTION_INFO_V1(fold_duties);
PG_FUNCTION_INFO_V1(tracked_duties);

#define ROWS_PER_FETCH	1000

/* A cast of an account to what an operator takes, as written in SQL. */
static char *
cast_to_input(Oid input, Oid type)
{
	/* what a polymorphic operator takes, it takes as it is */
	if (!IsPolymorphicType(input) && input != RECORDOID)
		type = input;
	return psprintf("::%s", format_type_extended(type, -1,
												 FORMAT_TYPE_TYPEMOD_GIVEN |
												 FORMAT_TYPE_FORCE_QUALIFY));
}

/*
 * A test of two accounts for equality, as written in SQL. The operator is that
 * of the type's operator class: casts to its own input types keep a better fit
 * out, which whoever may create in the operator's schema could make for a
 * domain.
 */
static char *
account_equality(Oid parts)
{
	Oid			type = get_atttype(parts, PART_ACCOUNT);
	Oid			operator = live_account_equality(type);
	HeapTuple	tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(operator));
	Form_pg_operator form;
	char	   *written;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator %u", operator);
	form = (Form_pg_operator) GETSTRUCT(tuple);
	written = psprintf("e.account%s OPERATOR(%s.%s) p.account%s",
					   cast_to_input(form->oprleft, type),
					   quote_identifier(get_namespace_name(form->oprnamespace)),
					   NameStr(form->oprname),
					   cast_to_input(form->oprright, type));
	ReleaseSysCache(tuple);
	return written;
}

/*
 * The accounts whose history is not what a recount gives, by one snapshot.
 *
 * Functions are called with their own types, not with domains: whoever may
 * create in the extension's schema could make a better fit for these. And the
 * account is written as its type does: a cast to text may be anybody's.
 */
static char *
verify_query(FunctionCallInfo fcinfo, LiveLinks links)
{
	const char *schema = live_schema(fcinfo);

	return psprintf("SELECT pg_catalog.format('%%s', coalesce(e.account, p.account)), e.history, p.history"
					" FROM (SELECT account, %s.duty_history(dated::pg_catalog.date,"
					"	amount::pg_catalog.numeric) AS history,"
					"	count(*) AS entries FROM %s GROUP BY account) e"
					" FULL JOIN (SELECT account, %s.rollup(history) AS history,"
					"	sum(entries) AS entries FROM %s GROUP BY account) p"
					" ON %s"
					" WHERE coalesce(e.entries, 0)::numeric <> coalesce(p.entries, 0)"
					" OR NOT %s.duty_history_eq(coalesce(e.history, '{}'), coalesce(p.history, '{}'))"
					" ORDER BY 1",
					schema, live_relation_name(links.entries), schema,
					live_relation_name(links.parts),
					account_equality(links.parts), schema);
}

/*
 * Opens a query of rows and parts under a snapshot that fits both, which is
 * pushed. The statement's own may be older than a TRUNCATE that we have waited
 * for; and while the query is planned, a partition may be attached.
 */
static Portal
open_fitting(const char *query, LiveLinks links, Oid source, SPIPlanPtr *plan)
{
	for (;;)
	{
		bool		fixed = IsolationUsesXactSnapshot() || IsInParallelMode();
		List	   *family;
		Portal		portal;

		/* by an older one than below, a partition that is being detached stays */
		PushActiveSnapshot(fixed ? GetActiveSnapshot() : GetLatestSnapshot());
		family = find_all_inheritors(source, AccessShareLock, NULL);
		PopActiveSnapshot();

		PushActiveSnapshot(fixed ? GetActiveSnapshot() : GetLatestSnapshot());
		*plan = SPI_prepare(query, 0, NULL);
		if (*plan == NULL)
			elog(ERROR, "SPI_prepare failed: %s", query);
		portal = SPI_cursor_open(NULL, *plan, NULL, NULL, true);
		if (IsolationUsesXactSnapshot())
			live_require_fit(links.entries, links.parts, GetActiveSnapshot());
		if (fixed || equal(family, find_all_inheritors(source, AccessShareLock, NULL)))
			return portal;
		SPI_cursor_close(portal);
		SPI_freeplan(*plan);
		PopActiveSnapshot();
		CHECK_FOR_INTERRUPTS();
	}
}

Datum
verify_duties(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Relation	source;
	List	   *targets;
	LiveGuard	guard;
	int			level;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	source = live_source_open(fcinfo, AccessShareLock, NULL);
	targets = live_targets_argument(fcinfo, source, 1);
	live_guard_begin(&guard, source->rd_rel->relowner);
	level = live_settings_begin();
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		SPIPlanPtr	plan;
		Portal		portal;

		live_require_sound(*links, RelationGetRelid(source), source->rd_rel->relowner);
		portal = open_fitting(verify_query(fcinfo, *links), *links,
							  RelationGetRelid(source), &plan);
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
		PopActiveSnapshot();
	}
	SPI_finish();
	live_settings_end(level);
	live_guard_end(&guard);
	relation_close(source, NoLock);
	return (Datum) 0;
}

/*
 * Makes the parts last as their source's tables do, which ALTER TABLE ... SET
 * LOGGED may have changed.
 */
static void
fit_persistence(const LiveGuard *guard, LiveLinks links, char persistence)
{
	if (get_rel_persistence(links.parts) != persistence)
		live_define(guard,
					psprintf("ALTER TABLE %s SET %s",
							 live_relation_name(links.parts),
							 persistence == RELPERSISTENCE_UNLOGGED ? "UNLOGGED" : "LOGGED"));
}

Datum
rebuild_duties(PG_FUNCTION_ARGS)
{
	Relation	source;
	Oid			relid;
	List	   *targets;
	int64		changed = 0;
	LiveGuard	guard;
	ListCell   *cell;

	live_require_writable("rebuild_duties()");
	source = live_source_open(fcinfo, AccessShareLock, "rebuild duties of");
	relid = RelationGetRelid(source);
	targets = live_targets_argument(fcinfo, source, 1);
	live_require_trackable(source);
	live_require_read_committed("rebuild_duties");
	live_guard_begin(&guard, source->rd_rel->relowner);
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		LiveParts  *parts;
		char		persistence;

		live_require_sound(*links, relid, source->rd_rel->relowner);
		live_require_not_subscribed(links->parts);
		persistence = live_persistence(relid);
		/* writers have the partitions first, and then the parts */
		live_place_triggers(fcinfo, &guard, *links, relid, "rebuild_duties");
		fit_persistence(&guard, *links, persistence);
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
	Relation	source;
	List	   *targets;
	int64		gone = 0;
	LiveGuard	guard;
	ListCell   *cell;

	live_require_writable("fold_duties()");
	source = live_source_open(fcinfo, AccessShareLock, NULL);
	targets = live_targets_argument(fcinfo, source, 1);
	live_require_read_committed("fold_duties");
	live_guard_begin(&guard, source->rd_rel->relowner);
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		LiveParts  *parts;

		live_require_sound(*links, RelationGetRelid(source), source->rd_rel->relowner);
		live_require_not_subscribed(links->parts);
		parts = live_parts_open(links->parts, RowExclusiveLock);
		if (parts == NULL)
			live_report_unsound(*links);
		gone += live_parts_merge_all(parts);
		live_parts_close(parts);
	}
	live_guard_end(&guard);
	relation_close(source, NoLock);
	PG_RETURN_INT64(gone);
}

/* A table, its targets once found, and the one that is described. */
typedef struct Listing
{
	Oid			function;
	Oid			source;
	List	   *targets;
	LiveLinks	links;
	char	   *name[4];		/* account, dated, amount, condition */
} Listing;

static void
find_targets(void *arg)
{
	Listing    *listing = (Listing *) arg;

	listing->targets = live_targets(listing->source, listing->function);
}

/*
 * Says what was given to track_duties, as things are named now; leaves NULL
 * what can't be told, or not without waiting for a lock.
 */
static void
describe(void *arg)
{
	Listing    *listing = (Listing *) arg;
	char	  **name = listing->name;

	if (!ConditionalLockRelationOid(listing->source, AccessShareLock))
		return;
	if (ConditionalLockRelationOid(listing->links.entries, AccessShareLock))
	{
		(void) live_definition_describe(listing->links, &name[0], &name[1],
										&name[2], &name[3]);
		UnlockRelationOid(listing->links.entries, AccessShareLock);
	}
	UnlockRelationOid(listing->source, AccessShareLock);
}

/*
 * Does one of the above. What somebody has made such that it can't be read, as
 * an expression too deep for the stack, must not hide what others have made.
 */
static bool
try_listing(void (*work) (void *arg), Listing *listing)
{
	ErrorData  *error = live_try(work, listing);

	if (error != NULL &&
		(ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION ||
		 ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_TRANSACTION_ROLLBACK))
		ReThrowError(error);
	return error == NULL;
}

/* Puts a target into the result of tracked_duties. */
static void
list_target(Listing *listing, ReturnSetInfo *result)
{
	Datum		values[6];
	bool		nulls[6] = {0};

	memset(listing->name, 0, sizeof(listing->name));
	if (!try_listing(describe, listing))
		memset(listing->name, 0, sizeof(listing->name));
	values[0] = ObjectIdGetDatum(listing->source);
	for (int i = 0; i < 4; i++)
	{
		char	   *name = listing->name[i];

		nulls[i < 3 ? i + 1 : 5] = name == NULL;
		if (name != NULL)
			values[i < 3 ? i + 1 : 5] = CStringGetTextDatum(name);
	}
	values[4] = ObjectIdGetDatum(listing->links.target);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
tracked_duties(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Listing		listing = {live_trigger_function(fcinfo)};
	ListCell   *table;
	ListCell   *cell;

	InitMaterializedSRF(fcinfo, 0);
	foreach(table, live_tables(listing.function))
	{
		CHECK_FOR_INTERRUPTS();
		listing.source = lfirst_oid(table);
		if (!try_listing(find_targets, &listing))
			continue;
		foreach(cell, listing.targets)
		{
			listing.links = *(LiveLinks *) lfirst(cell);
			list_target(&listing, result);
		}
	}
	return (Datum) 0;
}
