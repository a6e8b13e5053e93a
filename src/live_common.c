/*-------------------------------------------------------------------------
 *
 * live_common.c
 *	  What the triggers of live histories and their managing functions share.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_subscription.h"
#include "catalog/pg_subscription_rel.h"
#include "commands/tablecmds.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "parser/parse_func.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_links.h"
#include "messages.h"

/* Sets the search_path until AtEOXact_GUC(false, …) with the level given. */
int
live_search_path(const char *path)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("search_path", path, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	return level;
}

/*
 * Sets as by default, or to UTC, what functions obey that the server calls
 * immutable all the same, or the texts of their bodies: else a row might count
 * otherwise when it goes. Until live_settings_end() with the level given.
 */
int
live_settings_begin(void)
{
	static const char *const settings[][2] = {
		{"DateStyle", "ISO, MDY"},
		{"IntervalStyle", "postgres"},
		{"array_nulls", "on"},
		{"bytea_output", "hex"},
		{"extra_float_digits", "1"},
		{"quote_all_identifiers", "off"},
		{"standard_conforming_strings", "on"},
		{"TimeZone", "UTC"},
		{"timezone_abbreviations", "Default"},
		{"transform_null_equals", "off"},
		{"xmlbinary", "base64"}
	};
	int			level = 0;

	for (int i = 0; i < lengthof(settings); i++)
	{
		const char *value = GetConfigOption(settings[i][0], true, false);

		if (value == NULL || strcmp(value, settings[i][1]) == 0)
			continue;
		if (level == 0)
			level = NewGUCNestLevel();
		(void) set_config_option(settings[i][0], settings[i][1],
								 PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	}
	return level;
}

void
live_settings_end(int level)
{
	if (level != 0)
		AtEOXact_GUC(false, level);
}

/*
 * Acts for a role from here on, with names meaning the server's own objects
 * only, as what is called may be anybody's functions.
 */
void
live_act_for(LiveGuard *guard, Oid role, int more_security)
{
	guard->path = NULL;
	guard->level = live_search_path("pg_catalog, pg_temp");
	GetUserIdAndSecContext(&guard->user, &guard->security);
	SetUserIdAndSecContext(role, guard->security |
						   SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION | more_security);
}

/*
 * Who it is that a trigger acts for: the live history's owner, where both the
 * current role and the session's may become that, else the current role.
 *
 * PL/pgSQL compiles a function once a session, with the search_path of its
 * first call. So whoever writes may have had one compiled with types of their
 * own in place of the server's, whose checks are then run with it. The current
 * role may be a lesser one than the session's, as in ANALYZE, and a greater
 * one, as in a SECURITY DEFINER function.
 */
Oid
live_lesser_role(Oid owner)
{
	Oid			role = GetUserId();

	return carm_may_become(role, owner) && carm_may_become(GetOuterUserId(), owner) ?
		owner : role;
}

/* Acts for an owner, in a function that manages live histories. */
void
live_guard_begin(LiveGuard *guard, Oid owner)
{
	char	   *path = pstrdup(GetConfigOption("search_path", false, false));

	live_act_for(guard, owner, SECURITY_NOFORCE_RLS);
	guard->path = path;
}

/* Acts for whoever called again. */
void
live_guard_end(const LiveGuard *guard)
{
	SetUserIdAndSecContext(guard->user, guard->security);
	AtEOXact_GUC(false, guard->level);
}

/* An error where a function that writes may not. */
void
live_require_writable(const char *function)
{
	PreventCommandIfReadOnly(function);
	PreventCommandIfParallelMode(function);
	PreventCommandDuringRecovery(function);
}

/*
 * An error at an isolation level whose snapshot stays: it would not see what
 * others have written since, while these functions must.
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

/* An error where the current user doesn't own a relation. */
void
live_require_ownership(Oid relid)
{
	if (!carm_owns_relation(relid, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER,
					   get_relkind_objtype(get_rel_relkind(relid)),
					   get_rel_name(relid));
}

/*
 * The error for a relation that is no table. Whoever owns live histories and
 * names them is told which table to name.
 */
static void
report_no_table(Relation rel, Oid function)
{
	Oid			source = live_source_of_target(RelationGetRelid(rel),
											   rel->rd_rel->relowner,
											   function);

	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is not a table", RelationGetRelationName(rel)),
			 OidIsValid(source) ?
			 errhint("Name table \"%s\", whose live histories it shows.",
					 live_name_of(source)) : 0));
}

/*
 * Opens the table given as the first argument, which the caller must own.
 *
 * Ownership is looked at before the lock, as those who don't own a table shall
 * not lock it, and after it, as the owner may have changed while we waited.
 * What is called by a statement that uses the table, and must not be, says
 * what it does.
 */
Relation
live_source_open(FunctionCallInfo fcinfo, LOCKMODE lockmode,
				 const char *alone_to)
{
	Oid			relid;
	Relation	source;

	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not be null", "source")));
	relid = PG_GETARG_OID(0);

	if (SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		live_require_ownership(relid);
	source = try_relation_open(relid, lockmode);
	if (source == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relid)));
	live_require_ownership(relid);
	if (source->rd_rel->relkind != RELKIND_RELATION &&
		source->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		report_no_table(source, live_trigger_function(fcinfo));
	if (alone_to != NULL)
		CheckTableNotInUse(source, alone_to);
	return source;
}

/*
 * Opens the source that a table, which is locked, is of; RelationClose() it.
 *
 * Who writes to a partition by its name has no lock on the source. Taking one
 * when the statement ends would be a deadlock with whoever locks the source and
 * then waits for the partition. It isn't needed: the columns that are read can't
 * be changed without a lock on the partition, or on the views.
 */
Relation
live_source_of_child(Oid source)
{
	Relation	rel = RelationIdGetRelation(source);

	if (rel == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", source)));
	return rel;
}

/* An error where a table can't be tracked, or can't any more. */
void
live_require_trackable(Relation source)
{
	if (source->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("temporary table \"%s\" cannot be tracked",
						RelationGetRelationName(source))));
	if (live_parents(RelationGetRelid(source)) != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" cannot be tracked by itself",
						RelationGetRelationName(source)),
				 errdetail("It is a partition or child, which statements may change without naming it."),
				 errhint("Track the table it is a partition or child of.")));
}

/* The schema of this extension; an error where that is being dropped. */
static char *
extension_schema(FunctionCallInfo fcinfo)
{
	char	   *schema = get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid));

	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("function with OID %u does not exist",
						fcinfo->flinfo->fn_oid)));
	return schema;
}

/* The schema of this extension, as written in SQL. */
const char *
live_schema(FunctionCallInfo fcinfo)
{
	return quote_identifier(extension_schema(fcinfo));
}

/* The function that the triggers call. */
Oid
live_trigger_function(FunctionCallInfo fcinfo)
{
	return LookupFuncName(list_make2(makeString(extension_schema(fcinfo)),
									 makeString("count_duties")),
						  0, NULL, false);
}

/* A relation's name, as written in SQL; an error where it is gone. */
const char *
live_relation_name(Oid relid)
{
	const char *schema = get_namespace_name(get_rel_namespace(relid));
	const char *name = get_rel_name(relid);

	if (schema == NULL || name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation with OID %u does not exist", relid)));
	return quote_qualified_identifier(schema, name);
}

/*
 * The targets of a source: the one named in an argument, or all. An error if
 * there is none.
 */
List *
live_targets_argument(FunctionCallInfo fcinfo, Relation source, int n)
{
	List	   *targets = live_targets(RelationGetRelid(source),
									   live_trigger_function(fcinfo));
	List	   *named = NIL;
	ListCell   *cell;

	if (targets == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" is not tracked",
						RelationGetRelationName(source)),
				 live_parents(RelationGetRelid(source)) != NIL ?
				 errhint("Name the table it is a partition or child of.") : 0));
	if (PG_ARGISNULL(n))
		return targets;
	foreach(cell, targets)
	{
		LiveLinks  *links = (LiveLinks *) lfirst(cell);
		const char *name = get_rel_name(links->target);

		if (name == NULL || strcmp(NameStr(*PG_GETARG_NAME(n)), name) != 0)
			continue;
		if (named != NIL)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("table \"%s\" has more than one live history \"%s\"",
							RelationGetRelationName(source), name),
					 errhint("Rename one by ALTER VIEW ... RENAME TO.")));
		named = list_make1(links);
	}
	if (named != NIL)
		return named;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("table \"%s\" has no live history \"%s\"",
					RelationGetRelationName(source),
					NameStr(*PG_GETARG_NAME(n)))));
	return NIL;
}

/*
 * May a subscription change the table, in any way? From 16 on who has no right
 * on it can name it in a subscription, whose changes then fail.
 */
static bool
subscription_may_change(Oid subscription, Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(SUBSCRIPTIONOID, ObjectIdGetDatum(subscription));
	char		kind;
	Oid			owner;
	Oid			table_owner;

	if (!HeapTupleIsValid(tuple))
		return false;
	owner = ((Form_pg_subscription) GETSTRUCT(tuple))->subowner;
	ReleaseSysCache(tuple);
	if (!live_relation_facts(relid, &kind, &table_owner))
		return false;
	return carm_may_become(owner, table_owner) ||
		pg_class_aclcheck(relid, owner, ACL_INSERT | ACL_UPDATE | ACL_DELETE) == ACLCHECK_OK;
}

/*
 * Do a table's rows come by a subscription? The publisher merges parts as well,
 * and its changes are not applied where a part is not as it was there.
 */
bool
live_is_subscribed(Oid relid)
{
	CatCList   *subscriptions = SearchSysCacheList1(SUBSCRIPTIONRELMAP,
													ObjectIdGetDatum(relid));
	bool		is_subscribed = false;

	for (int i = 0; !is_subscribed && i < subscriptions->n_members; i++)
	{
		HeapTuple	tuple = &subscriptions->members[i]->tuple;

		is_subscribed = subscription_may_change(((Form_pg_subscription_rel) GETSTRUCT(tuple))->srsubid,
												relid);
	}
	ReleaseSysCacheList(subscriptions);
	return is_subscribed;
}

/* An error where parts come by a subscription: they are to be left as they are. */
void
live_require_not_subscribed(Oid parts)
{
	if (live_is_subscribed(parts))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("rows of table \"%s\" come by a subscription",
						get_rel_name(parts)),
				 errdetail("Rows that are changed here are not found when the publisher changes them."),
				 errhint("Call the function on the publisher; or take the table out of the publication, and refresh the subscription.")));
}

/* Runs a query of our own; the caller has connected to SPI. */
void
live_query(const char *query)
{
	if (SPI_execute(query, false, 0) < 0)
		elog(ERROR, "SPI_execute failed: %s", query);
}

/*
 * Runs a statement that defines something, with the search_path of whoever
 * called, so that event triggers find what they find elsewhere. All names in
 * it must be qualified, and no operator may be looked up.
 */
void
live_define(const LiveGuard *guard, const char *statement)
{
	int			level = live_search_path(guard->path);

	live_query(statement);
	AtEOXact_GUC(false, level);
}

/*
 * Does something that may fail: then it is undone, and the error is given.
 * NULL where all went well.
 */
ErrorData *
live_try(void (*work) (void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	uint32		held = QueryCancelHoldoffCount; /* an error lets go */
	ErrorData  *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		QueryCancelHoldoffCount = held;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	return error;
}
