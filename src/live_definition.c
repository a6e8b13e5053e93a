/*-------------------------------------------------------------------------
 *
 * live_definition.c
 *	  What a live history is made from: the view target_entries, read back.
 *
 * What is named may be anybody's. So it is read from the catalogs, without a
 * lock; whoever goes on to use it takes the locks and reads it again, as
 * live_require_sound() does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_rewrite.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteManip.h"
#include "rewrite/rewriteSupport.h"
#include "rewrite/rowsecurity.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_definition.h"
#include "messages.h"

/* The NULL tests that end the view's WHERE clause. */
#define NULL_TESTS	3

/* The query of a view; NULL where there is none. */
static Query *
view_query(Oid relid)
{
	HeapTuple	tuple = SearchSysCache2(RULERELNAME, ObjectIdGetDatum(relid),
										CStringGetDatum(ViewSelectRuleName));
	List	   *actions;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	actions = (List *) stringToNode(TextDatumGetCString(SysCacheGetAttr(RULERELNAME, tuple,
																		 Anum_pg_rewrite_ev_action,
																		 &isnull)));
	ReleaseSysCache(tuple);
	return list_length(actions) == 1 ? linitial_node(Query, actions) : NULL;
}

/* A relation's kind and owner; false where there is none. */
bool
live_relation_facts(Oid relid, char *kind, Oid *owner)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));

	if (!HeapTupleIsValid(tuple))
		return false;
	*kind = ((Form_pg_class) GETSTRUCT(tuple))->relkind;
	*owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return true;
}

/*
 * Does an expression over relation 1 read columns of a user's only? A row that
 * a trigger is handed has no system columns, and no name as a whole.
 */
bool
live_reads_columns_only(Node *expression)
{
	Bitmapset  *columns = NULL;

	pull_varattnos(expression, 1, &columns);
	for (int i = FirstLowInvalidHeapAttributeNumber + 1; i <= 0; i++)
	{
		if (bms_is_member(i - FirstLowInvalidHeapAttributeNumber, columns))
			return false;
	}
	return true;
}

/* Reads the definition; false where the view isn't one. */
static bool
read_query(Query *query, LiveDefinition *definition)
{
	RangeTblRef *from;
	RangeTblEntry *rte;

	if (list_length(query->jointree->fromlist) != 1 ||
		!IsA(linitial(query->jointree->fromlist), RangeTblRef) ||
		list_length(query->targetList) != 3 ||
		query->groupClause || query->havingQual || query->distinctClause ||
		query->limitCount || query->limitOffset || query->setOperations ||
		query->hasAggs || query->hasSubLinks || query->hasTargetSRFs ||
		query->hasWindowFuncs || query->cteList)
		return false;
	from = linitial_node(RangeTblRef, query->jointree->fromlist);
	rte = rt_fetch(from->rtindex, query->rtable);
	if (rte->rtekind != RTE_RELATION)
		return false;
	definition->source = rte->relid;

	definition->expressions = NIL;
	for (int i = 0; i < 3; i++)
		definition->expressions = lappend(definition->expressions,
										  ((TargetEntry *) list_nth(query->targetList, i))->expr);
	definition->condition = make_ands_implicit((Expr *) query->jointree->quals);
	if (list_length(definition->condition) < NULL_TESTS)
		return false;
	for (int i = 0; i < NULL_TESTS; i++)
	{
		NullTest   *test = (NullTest *) llast(definition->condition);

		if (!IsA(test, NullTest) || test->argisrow)
			return false;
		definition->condition = list_delete_last(definition->condition);
	}
	ChangeVarNodes((Node *) definition->expressions, from->rtindex, 1, 0);
	ChangeVarNodes((Node *) definition->condition, from->rtindex, 1, 0);
	return IsA(linitial(definition->expressions), Var) &&
		IsA(lsecond(definition->expressions), Var) &&
		live_reads_columns_only((Node *) definition->expressions) &&
		live_reads_columns_only((Node *) definition->condition);
}

/* Reads what a live history is made from; false where it can't be told. */
bool
live_definition_read(LiveLinks links, LiveDefinition *definition)
{
	Query	   *query;
	char		kind;

	definition->links = links;
	if (!live_relation_facts(links.entries, &kind, &definition->owner) ||
		kind != RELKIND_VIEW)
		return false;
	query = view_query(links.entries);
	return query != NULL && read_query(query, definition);
}

/* Which of a target's parts and entries its query mentions. */
typedef struct TargetWalk
{
	LiveLinks	links;
	bool		parts;
	bool		entries;
} TargetWalk;

static bool
walk_target(Node *node, void *context)
{
	TargetWalk *walk = (TargetWalk *) context;

	if (node == NULL)
		return false;
	if (IsA(node, RangeTblEntry))
	{
		RangeTblEntry *rte = (RangeTblEntry *) node;

		if (rte->rtekind == RTE_RELATION && rte->relid == walk->links.parts)
			walk->parts = true;
		return false;
	}
	if (IsA(node, Const))
	{
		Const	   *constant = (Const *) node;

		if (constant->consttype == REGCLASSOID && !constant->constisnull &&
			DatumGetObjectId(constant->constvalue) == walk->links.entries)
			walk->entries = true;
		return false;
	}
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, carm_walker(walk_target), context,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, carm_walker(walk_target), context);
}

/* Is the target made of these parts and entries? */
bool
live_target_reads(LiveLinks links)
{
	TargetWalk	walk = {links, false, false};
	Query	   *query;

	if (get_rel_relkind(links.target) != RELKIND_VIEW)
		return false;
	query = view_query(links.target);
	if (query == NULL)
		return false;
	(void) walk_target((Node *) query, &walk);
	return walk.parts && walk.entries;
}

/* Is the target the owner's, and made of these parts and entries? */
static bool
target_is_of(LiveLinks links, Oid owner)
{
	char		kind;
	Oid			target_owner;

	return live_relation_facts(links.target, &kind, &target_owner) &&
		target_owner == owner && live_target_reads(links);
}

/* Are the parts the owner's, and of accounts of this type and collation? */
static bool
parts_are_of(LiveLinks links, Oid owner, Oid type, Oid collation)
{
	Oid			parts_owner;
	Oid			parts_type;
	Oid			parts_collation;
	int32		typmod;
	char		kind;

	if (!live_relation_facts(links.parts, &kind, &parts_owner) ||
		kind != RELKIND_RELATION || parts_owner != owner)
		return false;
	if (!SearchSysCacheExists2(ATTNUM, ObjectIdGetDatum(links.parts),
							   Int16GetDatum(PART_ACCOUNT)))
		return false;
	get_atttypetypmodcoll(links.parts, PART_ACCOUNT, &parts_type, &typmod,
						  &parts_collation);
	return parts_type == type && parts_collation == collation;
}

/* Are target and parts the owner's, and made for this definition? */
bool
live_definition_is_sound(const LiveDefinition *definition)
{
	Node	   *account = (Node *) linitial(definition->expressions);
	Node	   *dated = (Node *) lsecond(definition->expressions);
	Node	   *amount = (Node *) lthird(definition->expressions);

	return getBaseType(exprType(dated)) == DATEOID &&
		getBaseType(exprType(amount)) == NUMERICOID &&
		parts_are_of(definition->links, definition->owner,
					 getBaseType(exprType(account)), exprCollation(account)) &&
		target_is_of(definition->links, definition->owner);
}

/* A relation's name for a message; its OID where it isn't there. */
const char *
live_name_of(Oid relid)
{
	const char *name = get_rel_name(relid);

	return name ? name : psprintf("%u", relid);
}

/* Do the view, its entries and its parts, which are all there, differ in owner? */
static bool
owners_differ(LiveLinks links)
{
	char		kind;
	Oid			owners[3];

	return live_relation_facts(links.target, &kind, &owners[0]) &&
		live_relation_facts(links.entries, &kind, &owners[1]) &&
		live_relation_facts(links.parts, &kind, &owners[2]) &&
		(owners[0] != owners[1] || owners[0] != owners[2]);
}

/* The error for a live history that isn't as it was made. */
void
live_report_unsound(LiveLinks links)
{
	bool		differ = owners_differ(links);

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("live history \"%s\" cannot be kept",
					live_name_of(links.target)),
			 differ ?
			 errdetail("The view itself, view \"%s\" and table \"%s\" have different owners.",
					   live_name_of(links.entries),
					   live_name_of(links.parts)) :
			 errdetail("The view itself, view \"%s\" or table \"%s\" is not as track_duties made it.",
					   live_name_of(links.entries),
					   live_name_of(links.parts)),
			 differ ? errhint("Give all three the owner of the table.") :
			 errhint("Call untrack_duties and track_duties again.")));
}

/*
 * An error where a live history is somebody else's than its table: a former
 * owner would be told of rows, and say which of them count.
 */
void
live_require_owner(const LiveDefinition *definition, Oid owner)
{
	LiveLinks	links = definition->links;

	if (definition->owner != owner)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("live history \"%s\" does not belong to the owner of table \"%s\"",
						live_name_of(links.target), live_name_of(definition->source)),
				 errhint("Have the owner of \"%s\", \"%s\" and \"%s\" changed as well, or drop the triggers that count.",
						 live_name_of(links.target),
						 live_name_of(links.entries),
						 live_name_of(links.parts))));
}

/* Does a policy show a role any rows? */
static bool
policy_shows(const RowSecurityPolicy *policy, Oid role)
{
	const Oid  *roles = (const Oid *) ARR_DATA_PTR(policy->roles);

	if (!policy->permissive ||
		(policy->polcmd != '*' && policy->polcmd != ACL_SELECT_CHR))
		return false;
	for (int i = 0; i < ARR_DIMS(policy->roles)[0]; i++)
	{
		if (roles[i] == ACL_ID_PUBLIC || has_privs_of_role(role, roles[i]))
			return true;
	}
	return false;
}

/*
 * An error where the owner's own view shows nothing: its parts have row-level
 * security that is forced on the owner, and no policy that shows any.
 */
static void
require_shown(Oid parts, Oid owner)
{
	Relation	rel = relation_open(parts, AccessShareLock);
	bool		hidden = rel->rd_rel->relrowsecurity &&
		rel->rd_rel->relforcerowsecurity;
	ListCell   *cell;

	if (hidden && rel->rd_rsdesc != NULL)
	{
		foreach(cell, rel->rd_rsdesc->policies)
			hidden = hidden && !policy_shows((RowSecurityPolicy *) lfirst(cell), owner);
	}
	relation_close(rel, NoLock);
	if (hidden && !has_bypassrls_privilege(owner))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("row-level security hides all rows of table \"%s\" from its owner",
						live_name_of(parts)),
				 errhint("Call ALTER TABLE ... NO FORCE ROW LEVEL SECURITY, or create a policy.")));
}

/*
 * An error where a live history isn't as it was made, or somebody else's than
 * the source. It stays so, with its names, until the transaction ends.
 */
void
live_require_sound(LiveLinks links, Oid source, Oid owner)
{
	LiveDefinition definition;

	for (int locked = 0; locked < 2; locked++)
	{
		if (!live_definition_read(links, &definition) ||
			!live_definition_is_sound(&definition) ||
			definition.source != source)
			live_report_unsound(links);
		if (locked)
			break;
		LockRelationOid(links.target, AccessShareLock);
		LockRelationOid(links.entries, AccessShareLock);
		LockRelationOid(links.parts, AccessShareLock);
	}
	live_require_owner(&definition, owner);
	require_shown(links.parts, owner);
}

/*
 * What was given to track_duties, as things are named now; false where it
 * can't be told any more. The caller has locked source and entries.
 */
bool
live_definition_describe(LiveLinks links, char **account, char **dated,
						 char **amount, char **condition)
{
	LiveDefinition definition;
	Oid			source;
	Node	   *value;
	List	   *context;

	if (!live_definition_read(links, &definition) ||
		!live_definition_is_sound(&definition))
		return false;
	source = definition.source;
	value = (Node *) lthird(definition.expressions);
	/* integers are cast to numeric */
	if (IsA(value, FuncExpr) && list_length(((FuncExpr *) value)->args) == 1)
		value = (Node *) linitial(((FuncExpr *) value)->args);
	*account = get_attname(source, linitial_node(Var, definition.expressions)->varattno, false);
	*dated = get_attname(source, lsecond_node(Var, definition.expressions)->varattno, false);
	context = deparse_context_for(get_rel_name(source), source);
	*amount = IsA(value, Var) ?
		get_attname(source, ((Var *) value)->varattno, false) :
		deparse_expression(value, context, false, false);
	*condition = definition.condition == NIL ? NULL :
		deparse_expression((Node *) make_ands_explicit(definition.condition),
						   context, false, false);
	return true;
}
