/*-------------------------------------------------------------------------
 *
 * live_rule.c
 *	  Which rows of a tracked table count, as what: the definition, planned.
 *
 * A trigger may name any view and table. So it is made sure that it bears the
 * mark of track_duties, that the view reads the trigger's table, and that one
 * and the same role owns the view, the parts and the target: all of that
 * before anything named is locked, and again when it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/transam.h"
#include "catalog/partition.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "storage/lmgr.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_generated.h"
#include "live_rule.h"
#include "messages.h"

/*
 * An error where a generated column is computed from what a row has only in its
 * table: to a trigger all rows seem to be of no table.
 */
static void
require_columns_only(const LiveDefinition *definition, List *expressions)
{
	if (!live_reads_columns_only((Node *) expressions))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("live history \"%s\" cannot be kept",
						live_name_of(definition->links.target)),
				 errdetail("It reads a generated column of table \"%s\" that is computed from %s.",
						   live_name_of(definition->source), "tableoid"),
				 errhint("Use a column that is filled in by a trigger.")));
}

/* Expressions over the source, as those over a partition or child of it. */
static List *
over_relation(List *expressions, Relation rel, Relation source)
{
	if (RelationGetRelid(rel) == RelationGetRelid(source))
		return expressions;
	return map_partition_varattnos(expressions, 1, rel, source);
}

/* The same for what reads the rows as they are stored. */
static List *
over_rows(const LiveDefinition *definition, List *expressions, Relation rel,
		  Relation source)
{
	expressions = (List *) carm_expand_generated((Node *) expressions, source);
	require_columns_only(definition, expressions);
	return over_relation(expressions, rel, source);
}

static bool
is_sql_function(Oid function, void *context)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	bool		is_sql = HeapTupleIsValid(tuple) &&
		((Form_pg_proc) GETSTRUCT(tuple))->prolang == SQLlanguageId;

	if (HeapTupleIsValid(tuple))
		ReleaseSysCache(tuple);
	return is_sql;
}

/*
 * May the plan of an expression rest on what a domain is? It leaves out those
 * without constraints, also in functions that it takes in.
 */
static bool
rests_on_domains(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return IsA(node, CoerceToDomain) ||
		check_functions_in_node(node, is_sql_function, context) ||
		expression_tree_walker(node, carm_walker(rests_on_domains), context);
}

static bool
is_users_function(Oid function, void *context)
{
	return function >= FirstNormalObjectId || is_sql_function(function, context);
}

/*
 * May the plan of an expression rest on whose it is? Who may not call a function
 * has it neither taken in nor computed for good.
 */
static bool
rests_on_rights(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return check_functions_in_node(node, is_users_function, context) ||
		expression_tree_walker(node, carm_walker(rests_on_rights), context);
}

static List *
plan_expressions(List *expressions)
{
	List	   *planned = NIL;
	ListCell   *cell;

	foreach(cell, expressions)
		planned = lappend(planned, expression_planner((Expr *) lfirst(cell)));
	return planned;
}

/*
 * Finds the stored generated columns that a rule reads, and what computes them.
 *
 * Of rows that INSERT routes to partitions, a trigger of the partitioned table
 * is handed what was there before these columns were computed; of all others,
 * what is stored. They are computed as the source says: a partition that does
 * otherwise is refused.
 */
static void
find_generated(LiveRule *rule, const LiveDefinition *definition, Relation rel,
			   Relation source)
{
	Bitmapset  *columns = NULL;
	int			i = -1;

	pull_varattnos((Node *) definition->expressions, 1, &columns);
	pull_varattnos((Node *) definition->condition, 1, &columns);
	while ((i = bms_next_member(columns, i)) >= 0)
	{
		AttrNumber	column = i + FirstLowInvalidHeapAttributeNumber;
		Form_pg_attribute attribute;

		if (column <= 0)
			continue;
		attribute = TupleDescAttr(RelationGetDescr(source), column - 1);
		if (attribute->attgenerated != ATTRIBUTE_GENERATED_STORED)
			continue;
		rule->generated = lappend(rule->generated,
								  makeVar(1, column, attribute->atttypid, attribute->atttypmod,
										  attribute->attcollation, 0));
		rule->computed = lappend(rule->computed, build_column_default(source, column));
	}
	require_columns_only(definition, rule->computed);
	rule->generated = over_relation(rule->generated, rel, source);
	rule->computed = over_relation(rule->computed, rel, source);
}

/* Plans a definition for the rows of a relation. */
static void
plan_rule(LiveRule *rule, const LiveDefinition *definition, Relation rel)
{
	Relation	source = live_source_of_child(definition->source);
	List	   *expressions = over_rows(definition, definition->expressions, rel, source);
	List	   *condition = over_rows(definition, definition->condition, rel, source);
	LiveGuard	guard;
	int			level;

	if (rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		find_generated(rule, definition, rel, source);
	RelationClose(source);

	/* planning calls functions whose arguments are constants */
	rule->role = live_lesser_role(definition->owner);
	live_guard_begin(&guard, rule->role);
	level = live_settings_begin();
	rule->on_domains = rests_on_domains((Node *) expressions, NULL) ||
		rests_on_domains((Node *) condition, NULL);
	rule->on_rights = rests_on_rights((Node *) expressions, NULL) ||
		rests_on_rights((Node *) condition, NULL);
	expressions = plan_expressions(expressions);
	rule->condition = plan_expressions(condition);
	live_settings_end(level);
	live_guard_end(&guard);
	rule->account = (Expr *) linitial(expressions);
	rule->dated = (Expr *) lsecond(expressions);
	rule->amount = (Expr *) lthird(expressions);
}

/* Copies what has been planned into the current context. */
static void
copy_expressions(LiveRule *rule)
{
	rule->account = copyObject(rule->account);
	rule->dated = copyObject(rule->dated);
	rule->amount = copyObject(rule->amount);
	rule->condition = copyObject(rule->condition);
	rule->generated = copyObject(rule->generated);
	rule->computed = copyObject(rule->computed);
}

/* Locks what a rule is made from, and what it is made for. */
void
live_rule_lock(LiveLinks links)
{
	LockRelationOid(links.entries, AccessShareLock);
	LockRelationOid(links.parts, RowExclusiveLock);
}

/* Reads a definition that must be as track_duties made it. */
static void
read_sound_definition(LiveLinks links, LiveDefinition *definition)
{
	if (!live_definition_read(links, definition) ||
		!live_definition_is_sound(definition))
		live_report_unsound(links);
}

/*
 * The rule for the rows of a relation, in the current memory context. If they
 * count, the entries and the parts are locked from then on. Of many partitions,
 * to look at them takes longer than all else: a former rule tells of them.
 */
LiveRule *
live_rule_make(LiveLinks links, Relation rel, const LiveRule *former)
{
	LiveRule   *rule = (LiveRule *) palloc0(sizeof(LiveRule));
	Oid			relid = RelationGetRelid(rel);
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext,
											   "definition of a live history",
											   ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(work);
	LiveDefinition definition;
	List	   *ancestors;
	List	   *partitions = NIL;

	rule->links = links;
	rule->relid = relid;
	if (!live_definition_read(links, &definition))
		live_report_unsound(links);
	ancestors = live_ancestors(relid);
	if (list_member_oid(ancestors, definition.source))
	{
		read_sound_definition(links, &definition);
		live_rule_lock(links);
		read_sound_definition(links, &definition);
		ancestors = live_ancestors(relid);
	}
	rule->source = definition.source;
	rule->owner = definition.owner;
	rule->same_relations = true;
	rule->counts = list_member_oid(ancestors, definition.source);
	if (rule->counts)
	{
		Oid			owner;
		char		kind;

		if (live_relation_facts(definition.source, &kind, &owner))
			live_require_owner(&definition, owner);
		live_require_no_temporary_child(rel);
		if (former != NULL && former->counts && former->same_relations)
			partitions = list_copy(former->partitions);
		else if (rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
			partitions = live_require_same_generated(&definition, rel);
		else if (rel->rd_rel->relhassubclass)
			partitions = live_family(relid);
		plan_rule(rule, &definition, rel);
		MemoryContextSwitchTo(caller);
		rule->ancestors = list_copy(ancestors);
		rule->partitions = list_copy(partitions);
		copy_expressions(rule);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(work);
	return rule;
}
