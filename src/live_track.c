/*-------------------------------------------------------------------------
 *
 * live_track.c
 *	  track_duties and untrack_duties.
 *
 * Everything is made for the owner of the source, whoever calls, with the
 * owner's rights only.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live_face.h"

PG_FUNCTION_INFO_V1(track_duties);
PG_FUNCTION_INFO_V1(untrack_duties);

/* Acts for the owner from here on, with names meaning the server's objects. */
void
live_guard_begin(LiveGuard *guard, Oid owner)
{
	guard->level = live_safe_search_path();
	GetUserIdAndSecContext(&guard->user, &guard->security);
	SetUserIdAndSecContext(owner, guard->security |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION |
						   SECURITY_NOFORCE_RLS);
}

void
live_guard_end(const LiveGuard *guard)
{
	SetUserIdAndSecContext(guard->user, guard->security);
	AtEOXact_GUC(false, guard->level);
}

/*
 * A snapshot that stays would not see what others have written since, while
 * these functions must.
 */
void
live_require_read_committed(const char *function)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s must run at isolation level READ COMMITTED",
						function)));
}

/* Opens the table given as the first argument, which the caller must own. */
Relation
live_source_open(FunctionCallInfo fcinfo, LOCKMODE lockmode)
{
	Oid			relid;
	Relation	source;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("source must not be null")));
	relid = PG_GETARG_OID(0);

	/* not even a lock for those who don't own it */
	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)) &&
		!carm_owns_relation(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER,
					   get_relkind_objtype(get_rel_relkind(relid)),
					   get_rel_name(relid));
	source = try_relation_open(relid, lockmode);
	if (source == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relid)));
	if (source->rd_rel->relkind != RELKIND_RELATION &&
		source->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a table",
						RelationGetRelationName(source))));
	return source;
}

/* The schema of this extension, as written in SQL. */
const char *
live_schema(FunctionCallInfo fcinfo)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	return quote_identifier(get_namespace_name(schema));
}

Oid
live_trigger_function(FunctionCallInfo fcinfo)
{
	Oid			schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	return LookupFuncName(list_make2(makeString(get_namespace_name(schema)),
									 makeString("count_duties")),
						  0, NULL, false);
}

/* A relation's name, as written in SQL. */
const char *
live_relation_name(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)),
									  get_rel_name(relid));
}

/*
 * The targets of a source: the one named in an argument, or all. An error if
 * there is none.
 */
List *
live_targets_argument(FunctionCallInfo fcinfo, Relation source, int n)
{
	List	   *targets = live_targets(source, live_trigger_function(fcinfo));
	ListCell   *cell;

	if (targets == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" is not tracked",
						RelationGetRelationName(source)),
				 source->rd_rel->relispartition || has_superclass(RelationGetRelid(source)) ?
				 errhint("Name the table it is a partition or child of.") : 0));
	if (PG_ARGISNULL(n))
		return targets;
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);

		if (strcmp(NameStr(*PG_GETARG_NAME(n)), get_rel_name(links->target)) == 0)
			return list_make1(links);
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no live history \"%s\"",
					RelationGetRelationName(source),
					NameStr(*PG_GETARG_NAME(n)))));
	return NIL;
}

/* Runs a statement; the caller has connected to SPI. */
void
live_execute(const char *format,...)
{
	StringInfoData query;
	va_list		args;
	int			more;

	initStringInfo(&query);
	do
	{
		va_start(args, format);
		more = appendStringInfoVA(&query, format, args);
		va_end(args);
		if (more > 0)
			enlargeStringInfo(&query, more);
	} while (more > 0);
	if (SPI_execute(query.data, false, 0) < 0)
		elog(ERROR, "SPI_execute failed: %s", query.data);
	pfree(query.data);
}

/* The statements whose triggers count. */
static const struct
{
	const char *name;
	int16		type;
	const char *event;
}			events[] = {
	{"insert", TRIGGER_TYPE_INSERT, "AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows"},
	{"update", TRIGGER_TYPE_UPDATE, "AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"},
	{"delete", TRIGGER_TYPE_DELETE, "AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows"},
	{"truncate", TRIGGER_TYPE_TRUNCATE, "BEFORE TRUNCATE ON %s"}
};

/* Which of these triggers does the relation have for this target already? */
static int16
trigger_types(Oid relid, LiveLinks links, Oid function)
{
	Relation	rel = relation_open(relid, AccessShareLock);
	TriggerDesc *triggers = rel->trigdesc;
	int16		found = 0;

	for (int i = 0; triggers && i < triggers->numtriggers; i++)
	{
		LiveLinks	of_trigger;

		if (triggers->triggers[i].tgfoid == function &&
			live_trigger_links(&triggers->triggers[i], &of_trigger) &&
			of_trigger.entries == links.entries)
			found |= triggers->triggers[i].tgtype;
	}
	relation_close(rel, NoLock);
	return found;
}

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
	live_execute("SELECT FROM pg_depend WHERE classid = %u AND objid = %u"
				 " AND refclassid = %u AND refobjid = %u AND deptype = 'a'",
				 RelationRelationId, links.parts,
				 RelationRelationId, links.entries);
	if (SPI_processed == 0)
		recordDependencyOn(&parts, &entries, DEPENDENCY_AUTO);
}

/* Gives the source, its partitions and children the triggers they lack. */
void
live_place_triggers(FunctionCallInfo fcinfo, LiveLinks links, Oid source)
{
	const char *schema = live_schema(fcinfo);
	Oid			function = live_trigger_function(fcinfo);
	ListCell   *cell;

	bind_parts(links);
	foreach(cell, find_all_inheritors(source, AccessShareLock, NULL))
	{
		Oid			relid = lfirst_oid(cell);
		const char *name = live_relation_name(relid);
		int16		types;

		CHECK_FOR_INTERRUPTS();
		if (get_rel_relkind(relid) == RELKIND_FOREIGN_TABLE)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("table \"%s\" cannot be tracked", get_rel_name(source)),
					 errdetail("\"%s\" is a foreign table.", get_rel_name(relid))));
		types = trigger_types(relid, links, function);
		for (int i = 0; i < lengthof(events); i++)
		{
			char	   *trigger = makeObjectName(get_rel_name(links.target),
												 NULL, events[i].name);

			if (types & events[i].type)
				continue;
			live_execute("CREATE TRIGGER %s %s FOR EACH STATEMENT"
						 " WHEN (%s.keeps_duties(%s::pg_catalog.regclass,"
						 " %s::pg_catalog.regclass, %s::pg_catalog.regclass))"
						 " EXECUTE FUNCTION %s.count_duties()",
						 quote_identifier(trigger),
						 psprintf(events[i].event, name), schema,
						 quote_literal_cstr(live_relation_name(links.target)),
						 quote_literal_cstr(live_relation_name(links.parts)),
						 quote_literal_cstr(live_relation_name(links.entries)),
						 schema);
		}
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
	LiveCount  *count = live_count_begin(parts, maintenance_work_mem, false);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	int64		changed;
	ListCell   *cell;

	live_count_parts(count, snapshot, -1);
	foreach(cell, find_all_inheritors(source, AccessShareLock, NULL))
	{
		Relation	rel = table_open(lfirst_oid(cell), NoLock);

		if (RELKIND_HAS_TABLE_AM(rel->rd_rel->relkind))
			live_count_table(count, live_rule_make(links, rel), rel, snapshot, 1,
							 true);
		table_close(rel, NoLock);
	}
	changed = live_count_end(count);
	UnregisterSnapshot(snapshot);
	live_parts_close(parts);
	return changed;
}

/* The column an argument names; its type, without domains over it. */
static const char *
column_argument(FunctionCallInfo fcinfo, int n, const char *what,
				Relation source, Oid *type)
{
	Name		name;
	AttrNumber	column;

	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", what)));
	name = PG_GETARG_NAME(n);
	column = get_attnum(RelationGetRelid(source), NameStr(*name));
	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of relation \"%s\" does not exist",
						NameStr(*name), RelationGetRelationName(source))));
	*type = getBaseType(TupleDescAttr(RelationGetDescr(source), column - 1)->atttypid);
	return quote_identifier(NameStr(*name));
}

/* The error for a column of another type than is needed. */
static void
report_column_type(const char *what, const char *column, Oid type,
				   const char *needed, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s must be of type %s", what, needed),
			 errdetail("Column %s is of type %s.", column, format_type_be(type)),
			 hint ? errhint("%s", hint) : 0));
}

/* An account's type and collation, as a column is declared. */
static char *
account_declaration(Relation source, const char *column, Oid type)
{
	AttrNumber	number = get_attnum(RelationGetRelid(source), column);
	Oid			collation = TupleDescAttr(RelationGetDescr(source),
										  number - 1)->attcollation;
	char	   *declaration = format_type_extended(type, -1,
												   FORMAT_TYPE_TYPEMOD_GIVEN |
												   FORMAT_TYPE_FORCE_QUALIFY);

	if (OidIsValid(collation) && collation != DEFAULT_COLLATION_OID)
		declaration = psprintf("%s COLLATE %s", declaration,
							   generate_collation_name(collation));
	return declaration;
}

/* Nobody but the owner, whatever ALTER DEFAULT PRIVILEGES says. */
static void
revoke_default_privileges(Oid relid)
{
	SPITupleTable *grantees;
	uint64		n;

	live_execute("SELECT DISTINCT grantee FROM pg_class, aclexplode(relacl)"
				 " WHERE pg_class.oid = %u AND grantee <> relowner", relid);
	grantees = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		bool		isnull;
		Oid			role = DatumGetObjectId(SPI_getbinval(grantees->vals[i],
														  grantees->tupdesc, 1,
														  &isnull));

		live_execute("REVOKE ALL ON TABLE %s FROM %s", live_relation_name(relid),
					 OidIsValid(role) ? quote_identifier(GetUserNameFromId(role, false)) : "PUBLIC");
	}
	SPI_freetuptable(grantees);
}

/* An error where a table can't be tracked. */
static void
check_source(Relation source)
{
	if (source->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("temporary table \"%s\" cannot be tracked",
						RelationGetRelationName(source))));
	if (source->rd_rel->relispartition || has_superclass(RelationGetRelid(source)))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" cannot be tracked by itself",
						RelationGetRelationName(source)),
				 errdetail("It is a partition or child, which statements may change without naming it."),
				 errhint("Track the table it is a partition or child of.")));
}

/* What \d+ says of what is made: of the relation, then of each column. */
static const char *const target_comments[] = {
	"live histories: what each account owed; kept by track_duties",
	"the account",
	"what it owed, by slice of month",
	NULL
};
static const char *const entries_comments[] = {
	"the entries that count in the live histories of the same name",
	"the account",
	"the date that puts the entry in a month",
	"what is owed, in dollars",
	NULL
};
static const char *const parts_comments[] = {
	"what the live histories of the same name are the sum of; not to be changed by hand",
	"how many entries came, less those that went",
	"the account",
	"what it owed more, or less, by slice of month",
	NULL
};

static void
explain(Oid relid, const char *const *comments)
{
	for (int32 column = 0; comments[column] != NULL; column++)
		CreateComments(relid, RelationRelationId, column, comments[column]);
}

Datum
track_duties(PG_FUNCTION_ARGS)
{
	Relation	source = live_source_open(fcinfo, ShareRowExclusiveLock);
	Oid			relid = RelationGetRelid(source);
	Oid			schema_oid = RelationGetNamespace(source);
	const char *schema = quote_identifier(get_namespace_name(schema_oid));
	const char *source_name = live_relation_name(relid);
	const char *extension = live_schema(fcinfo);
	const char *account;
	const char *dated;
	const char *amount;
	const char *target;
	char	   *entries;
	char	   *parts;
	char	   *condition = NULL;
	Oid			account_type;
	Oid			dated_type;
	Oid			amount_type;
	LiveLinks	links;
	LiveGuard	guard;

	check_source(source);
	live_require_read_committed("track_duties");
	account = column_argument(fcinfo, 1, "account", source, &account_type);
	dated = column_argument(fcinfo, 2, "dated", source, &dated_type);
	amount = column_argument(fcinfo, 3, "amount", source, &amount_type);
	if (dated_type != DATEOID)
		report_column_type("dated", dated, dated_type, "date",
						   dated_type == TIMESTAMPTZOID ?
						   psprintf("Add a column GENERATED ALWAYS AS ((%s AT TIME ZONE 'America/Toronto')::date) STORED, in your time zone.",
									dated) :
						   "Add a generated column that casts it to date.");
	if (amount_type != NUMERICOID && amount_type != INT2OID &&
		amount_type != INT4OID && amount_type != INT8OID)
		report_column_type("amount", amount, amount_type,
						   "numeric or integer", NULL);
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("target must not be null")));
	target = NameStr(*PG_GETARG_NAME(4));
	parts = makeObjectName(target, NULL, "parts");
	entries = makeObjectName(target, NULL, "entries");
	if (!PG_ARGISNULL(5))
		condition = live_condition(text_to_cstring(PG_GETARG_TEXT_PP(5)), source);

	live_guard_begin(&guard, source->rd_rel->relowner);
	SPI_connect();

	live_execute("CREATE %s TABLE %s.%s (entries pg_catalog.int8 NOT NULL,"
				 " account %s NOT NULL, history %s.duty_history NOT NULL)"
				 " USING heap WITH (fillfactor = 90,"
				 " autovacuum_vacuum_scale_factor = 0.1,"
				 " autovacuum_vacuum_threshold = 2000,"
	/* which would lock out writers for a moment */
				 " vacuum_truncate = false, toast.vacuum_truncate = false)",
				 source->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED ?
				 "UNLOGGED" : "",
				 schema, quote_identifier(parts),
				 account_declaration(source, NameStr(*PG_GETARG_NAME(1)), account_type),
				 extension);
	live_execute("CREATE INDEX ON %s.%s (account)", schema, quote_identifier(parts));
	live_execute("ALTER TABLE %s.%s REPLICA IDENTITY FULL", schema,
				 quote_identifier(parts));
	live_execute("CREATE TRIGGER %s BEFORE INSERT ON %s.%s FOR EACH ROW"
				 " EXECUTE FUNCTION %s.pass_over_parts()",
				 quote_identifier(makeObjectName(target, NULL, "restored")),
				 schema, quote_identifier(parts), extension);

	live_execute("CREATE VIEW %s.%s WITH (security_invoker = true) AS"
				 " SELECT %s AS account, %s AS dated, %s%s AS amount FROM %s"
				 " WHERE %s%s%s%s IS NOT NULL AND %s IS NOT NULL AND %s IS NOT NULL",
				 schema, quote_identifier(entries), account, dated, amount,
				 amount_type == NUMERICOID ? "" : "::pg_catalog.numeric",
				 source_name, condition ? "(" : "", condition ? condition : "",
				 condition ? ") AND " : "", account, dated, amount);
	links.parts = get_relname_relid(parts, schema_oid);
	links.entries = get_relname_relid(entries, schema_oid);

	/*
	 * In order: so the planner has accounts come by the index, one after
	 * another, instead of keeping all their histories in a hash table.
	 */
	live_execute("CREATE VIEW %s.%s AS SELECT account, %s.rollup(history) AS history"
				 " FROM %s.%s WHERE %s::pg_catalog.regclass IS NOT NULL"
				 " GROUP BY account HAVING pg_catalog.sum(entries) <> 0"
				 " ORDER BY account",
				 schema, quote_identifier(target), extension, schema,
				 quote_identifier(parts),
				 quote_literal_cstr(live_relation_name(links.entries)));
	links.target = get_relname_relid(target, schema_oid);

	revoke_default_privileges(links.target);
	revoke_default_privileges(links.entries);
	revoke_default_privileges(links.parts);
	explain(links.target, target_comments);
	explain(links.entries, entries_comments);
	explain(links.parts, parts_comments);
	live_place_triggers(fcinfo, links, relid);
	live_fill(links, relid);
	live_execute("ANALYZE %s.%s", schema, quote_identifier(parts));

	SPI_finish();
	live_guard_end(&guard);
	relation_close(source, NoLock);
	PG_RETURN_OID(links.target);
}

/*
 * Drops the triggers of a target, wherever they are: on a table that isn't the
 * owner's as well, which only their makers can have put there.
 */
static void
drop_triggers(LiveLinks links, Oid function)
{
	SPITupleTable *triggers;
	uint64		n;

	live_execute("SELECT oid FROM pg_trigger WHERE tgfoid = %u AND oid IN"
				 " (SELECT objid FROM pg_depend WHERE classid = %u"
				 " AND refclassid = %u AND refobjid = %u)",
				 function, TriggerRelationId, RelationRelationId, links.entries);
	triggers = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		bool		isnull;
		ObjectAddress trigger;

		ObjectAddressSet(trigger, TriggerRelationId,
						 DatumGetObjectId(SPI_getbinval(triggers->vals[i],
														triggers->tupdesc, 1,
														&isnull)));
		performDeletion(&trigger, DROP_RESTRICT, 0);
	}
	SPI_freetuptable(triggers);
	CommandCounterIncrement();
}

Datum
untrack_duties(PG_FUNCTION_ARGS)
{
	Relation	source = live_source_open(fcinfo, AccessExclusiveLock);
	List	   *targets = live_targets_argument(fcinfo, source, 1);
	Oid			function = live_trigger_function(fcinfo);
	LiveGuard	guard;
	ListCell   *cell;

	live_guard_begin(&guard, source->rd_rel->relowner);
	relation_close(source, NoLock);
	SPI_connect();
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);

		drop_triggers(*links, function);
		/* a trigger made by hand may name what isn't there */
		live_execute("DROP VIEW %s", live_relation_name(links->target));
		if (get_rel_name(links->parts))
			live_execute("DROP TABLE %s", live_relation_name(links->parts));
		if (get_rel_name(links->entries))
			live_execute("DROP VIEW %s", live_relation_name(links->entries));
	}
	SPI_finish();
	live_guard_end(&guard);
	PG_RETURN_VOID();
}
