/*-------------------------------------------------------------------------
 *
 * live_track.c
 *	  track_duties: from now on, keeps a table's duties by account.
 *
 * Everything is made for the owner of the source, whoever calls, with the
 * owner's rights only.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "commands/comment.h"
#include "commands/defrem.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_condition.h"
#include "live_definition.h"
#include "live_links.h"
#include "live_place.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(track_duties);

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
						NameStr(*name), RelationGetRelationName(source)),
				 strpbrk(NameStr(*name), "+-*/(") == NULL ? 0 :
				 errhint("Add a column GENERATED ALWAYS AS (...) STORED for what is computed. A sum with NULL is NULL, and isn't counted: use coalesce.")));
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
			 errhint("%s", hint)));
}

static const char *const order_hint =
	gettext_noop("Give the columns in the order account, dated, amount, or name the arguments: dated => 'day'.");

/* Is it text? Business numbers and accounts are of the same category. */
static bool
is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID;
}

/* What to do about a column that is no date; the schema is the extension's. */
static const char *
dated_hint(const char *column, Oid type, const char *schema)
{
	if (type == TIMESTAMPTZOID)
		return psprintf(translated("Add a column GENERATED ALWAYS AS ((%s AT TIME ZONE 'America/Toronto')::date) STORED, in your time zone."),
						column);
	if (type == TIMESTAMPOID)
		return psprintf(translated("Add a column GENERATED ALWAYS AS (%s::date) STORED; of a time in UTC, ((%s AT TIME ZONE 'UTC') AT TIME ZONE 'America/Toronto')::date."),
						column, column);
	if (is_text(type))
		return psprintf(translated("Add a column GENERATED ALWAYS AS (%s.portal_date(%s)) STORED."),
						schema, column);
	return translated(order_hint);
}

/* What to do about a column that is no amount. */
static const char *
amount_hint(const char *column, Oid type, const char *schema)
{
	/* to numeric at once, a real would lose all but six digits */
	if (type == FLOAT4OID || type == FLOAT8OID)
		return psprintf(translated("Add a column GENERATED ALWAYS AS (round(%s::double precision::numeric, 2)) STORED."),
						column);
	/* which number a value of type money is, lc_monetary says */
	if (type == CASHOID)
		return psprintf(translated("Change it by ALTER TABLE ... ALTER COLUMN %s TYPE numeric."),
						column);
	if (is_text(type))
		return psprintf(translated("Add a column GENERATED ALWAYS AS (%s.portal_amount(%s)) STORED."),
						schema, column);
	return translated(order_hint);
}

/*
 * An account's type and collation, as a column is declared: the modifier, too, so
 * that the view can be joined, and take the place of another, without a cast.
 */
static char *
account_declaration(Relation source, const char *column)
{
	AttrNumber	number = get_attnum(RelationGetRelid(source), column);
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(source), number - 1);
	Oid			collation = attribute->attcollation;
	int32		typmod = attribute->atttypmod;
	Oid			type = getBaseTypeAndTypmod(attribute->atttypid, &typmod);
	char	   *declaration = format_type_extended(type, typmod,
												   FORMAT_TYPE_TYPEMOD_GIVEN |
												   FORMAT_TYPE_FORCE_QUALIFY);

	if (OidIsValid(collation) && collation != DEFAULT_COLLATION_OID)
		declaration = psprintf("%s COLLATE %s", declaration,
							   generate_collation_name(collation));
	return declaration;
}

/* Nobody but the owner, whatever ALTER DEFAULT PRIVILEGES says. */
static void
revoke_default_privileges(const LiveGuard *guard, Oid relid)
{
	SPITupleTable *grantees;
	uint64		n;

	live_query(psprintf("SELECT DISTINCT grantee FROM pg_class, aclexplode(relacl)"
						" WHERE pg_class.oid = %u AND grantee <> relowner", relid));
	grantees = SPI_tuptable;
	n = SPI_processed;
	for (uint64 i = 0; i < n; i++)
	{
		bool		isnull;
		Oid			role = DatumGetObjectId(SPI_getbinval(grantees->vals[i],
														  grantees->tupdesc, 1,
														  &isnull));

		live_define(guard,
					psprintf("REVOKE ALL ON TABLE %s FROM %s", live_relation_name(relid),
							 OidIsValid(role) ? quote_identifier(GetUserNameFromId(role, false)) : "PUBLIC"));
	}
	SPI_freetuptable(grantees);
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

/* Gives a relation and its columns their comments. */
static void
comment(Oid relid, const char *const *comments)
{
	for (int32 column = 0; comments[column] != NULL; column++)
		CreateComments(relid, RelationRelationId, column, comments[column]);
}

/* What was given to track_duties, looked up. */
typedef struct TrackRequest
{
	Oid			source;
	Oid			schema;			/* of the source and of what is made */
	const char *account;		/* columns, as written in SQL */
	const char *dated;
	const char *amount;
	bool		amount_is_numeric;
	char	   *account_type;	/* as declared */
	const char *target;
	const char *parts;
	const char *entries;
	const char *extension;		/* its schema, as written in SQL */
	Node	   *condition;		/* NULL: all rows count */
} TrackRequest;

/* Reads the arguments of track_duties; the guard has begun. */
static void
read_request(FunctionCallInfo fcinfo, Relation source, const LiveGuard *guard,
			 TrackRequest *request)
{
	Oid			type;

	request->source = RelationGetRelid(source);
	request->schema = RelationGetNamespace(source);
	request->extension = live_schema(fcinfo);
	request->account = column_argument(fcinfo, 1, "account", source, &type);
	request->account_type = account_declaration(source, NameStr(*PG_GETARG_NAME(1)));
	request->dated = column_argument(fcinfo, 2, "dated", source, &type);
	if (type != DATEOID)
		report_column_type("dated", request->dated, type, "date",
						   dated_hint(request->dated, type, request->extension));
	request->amount = column_argument(fcinfo, 3, "amount", source, &type);
	if (type != NUMERICOID && type != INT2OID && type != INT4OID && type != INT8OID)
		report_column_type("amount", request->amount, type,
						   translated("numeric or integer"),
						   amount_hint(request->amount, type, request->extension));
	request->amount_is_numeric = type == NUMERICOID;
	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", "target")));
	request->target = NameStr(*PG_GETARG_NAME(4));
	if (request->target[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("%s must not be empty", "target"),
				 errhint("Give the name of the view that shows the live histories.")));
	if (strchr(request->target, '.') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("target \"%s\" contains a dot", request->target),
				 errhint("Give a name without a schema. The view is made in the schema of table \"%s\".",
						 RelationGetRelationName(source))));
	request->parts = makeObjectName(request->target, NULL, "parts");
	request->entries = makeObjectName(request->target, NULL, "entries");
	request->condition = PG_ARGISNULL(5) ? NULL :
		live_condition(text_to_cstring(PG_GETARG_TEXT_PP(5)), source, guard);
}

/* An error where a name is taken that a live history would have. */
static void
require_free_names(const TrackRequest *request, Oid function)
{
	const char *const names[] = {request->target, request->parts, request->entries};
	ListCell   *cell;

	foreach(cell, live_targets(request->source, function))
	{
		Oid			target = ((LiveLinks *) lfirst(cell))->target;

		if (target != get_relname_relid(request->target, request->schema))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("table \"%s\" already has a live history \"%s\"",
						get_rel_name(request->source), request->target),
				 errhint("Call untrack_duties(%s, %s) first, or give another target.",
						 quote_literal_cstr(live_relation_name(request->source)),
						 quote_literal_cstr(request->target))));
	}
	for (int i = 0; i < lengthof(names); i++)
	{
		if (OidIsValid(get_relname_relid(names[i], request->schema)))
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_TABLE),
					 errmsg("relation \"%s\" already exists", names[i]),
					 errhint("Give another target.")));
	}
}

/* A name in the schema of what is made, as written in SQL. */
static const char *
made_name(const TrackRequest *request, const char *name)
{
	return quote_qualified_identifier(get_namespace_name(request->schema), name);
}

/* Makes the table of parts. */
static void
make_parts(const TrackRequest *request, const LiveGuard *guard, LiveLinks *links)
{
	const char *name = made_name(request, request->parts);

	live_define(guard,
				psprintf("CREATE %s TABLE %s (entries pg_catalog.int8 NOT NULL,"
						 " account %s NOT NULL, history %s.duty_history NOT NULL)"
						 " USING heap WITH (fillfactor = 90,"
						 " autovacuum_vacuum_scale_factor = 0.1,"
						 " autovacuum_vacuum_threshold = 2000,"
	/* which would lock out writers for a moment */
						 " vacuum_truncate = false, toast.vacuum_truncate = false)",
						 live_persistence(request->source) == RELPERSISTENCE_UNLOGGED ?
						 "UNLOGGED" : "",
						 name, request->account_type, request->extension));
	/*
	 * An entry of several parts can't be marked dead while one of them lives,
	 * and the part that others are merged into lives on.
	 */
	live_define(guard,
				psprintf("CREATE INDEX ON %s USING btree (account)"
						 " WITH (deduplicate_items = off)", name));
	live_define(guard, psprintf("ALTER TABLE %s REPLICA IDENTITY FULL", name));
	live_define(guard,
				psprintf("CREATE TRIGGER %s BEFORE INSERT ON %s FOR EACH ROW"
						 " EXECUTE FUNCTION %s.pass_over_parts()",
						 quote_identifier(makeObjectName(request->target, NULL, "restored")),
						 name, request->extension));
	links->parts = get_relname_relid(request->parts, request->schema);
}

/*
 * Makes the views: of the entries, and of their live histories.
 *
 * IS DISTINCT FROM NULL is IS NOT NULL, except of composite accounts: these may
 * have a NULL inside, as all have once their type gets an attribute more.
 *
 * The latter is in order so that the planner has accounts come by the index,
 * one after another, instead of keeping all their histories in a hash table.
 */
static void
make_views(const TrackRequest *request, const LiveGuard *guard, LiveLinks *links)
{
	live_define(guard,
				psprintf("CREATE VIEW %s WITH (security_invoker = true) AS"
						 " SELECT %s AS account, %s AS dated, %s%s AS amount FROM %s"
						 " WHERE %s IS DISTINCT FROM NULL AND %s IS DISTINCT FROM NULL"
						 " AND %s IS DISTINCT FROM NULL",
						 made_name(request, request->entries),
						 request->account, request->dated, request->amount,
						 request->amount_is_numeric ? "" : "::pg_catalog.numeric",
						 live_relation_name(request->source), request->account,
						 request->dated, request->amount));
	links->entries = get_relname_relid(request->entries, request->schema);
	if (request->condition != NULL)
		live_condition_add(links->entries, request->condition);

	live_define(guard,
				psprintf("CREATE VIEW %s AS SELECT account, %s.rollup(history) AS history"
						 " FROM %s WHERE %s.require_tracked(%s::pg_catalog.regclass,"
						 " %s::pg_catalog.regclass)"
						 " GROUP BY account"
						 " HAVING pg_catalog.sum(entries) OPERATOR(pg_catalog.<>) 0"
						 " ORDER BY account",
						 made_name(request, request->target), request->extension,
						 made_name(request, request->parts), request->extension,
						 quote_literal_cstr(live_relation_name(links->entries)),
						 quote_literal_cstr(live_relation_name(links->parts))));
	links->target = get_relname_relid(request->target, request->schema);
}

Datum
track_duties(PG_FUNCTION_ARGS)
{
	Relation	source;
	TrackRequest request;
	LiveLinks	links;
	LiveGuard	guard;

	live_require_writable("track_duties()");
	source = live_source_open(fcinfo, ShareRowExclusiveLock, "track duties of");
	live_require_trackable(source);
	live_require_read_committed("track_duties");

	live_guard_begin(&guard, source->rd_rel->relowner);
	SPI_connect();
	read_request(fcinfo, source, &guard, &request);
	require_free_names(&request, live_trigger_function(fcinfo));
	make_parts(&request, &guard, &links);
	make_views(&request, &guard, &links);
	revoke_default_privileges(&guard, links.target);
	revoke_default_privileges(&guard, links.entries);
	revoke_default_privileges(&guard, links.parts);
	comment(links.target, target_comments);
	comment(links.entries, entries_comments);
	comment(links.parts, parts_comments);
	live_require_sound(links, request.source, source->rd_rel->relowner);
	live_place_triggers(fcinfo, &guard, links, request.source,
						"track_duties");
	live_fill(links, request.source);
	live_query(psprintf("ANALYZE %s", live_relation_name(links.parts)));
	SPI_finish();
	live_guard_end(&guard);
	relation_close(source, NoLock);
	PG_RETURN_OID(links.target);
}
