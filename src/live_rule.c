/*-------------------------------------------------------------------------
 *
 * live_rule.c
 *	  Which rows of a tracked table count, as what.
 *
 * The rule is read from the view target_entries. Because a trigger of any
 * table may name any view and table in its WHEN clause, it is checked that the
 * view reads that table, that its owner owns the target and the parts as well,
 * and has made the target of these parts and this view. The owner, too, is who
 * the condition's functions are called for.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/attmap.h"
#include "access/relation.h"
#include "access/transam.h"
#include "catalog/partition.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"

/* The NULL tests that end the view's WHERE clause. */
#define NULL_TESTS	3

/* What a trigger's WHEN clause names; false where it names nothing. */
bool
live_trigger_links(const Trigger *trigger, LiveLinks *links)
{
	Node	   *when = trigger->tgqual ? (Node *) stringToNode(trigger->tgqual) : NULL;
	Oid			relid[3];
	ListCell   *cell;
	int			n = 0;

	if (when == NULL || !IsA(when, FuncExpr) ||
		list_length(((FuncExpr *) when)->args) != lengthof(relid))
		return false;
	foreach(cell, ((FuncExpr *) when)->args)
	{
		Const	   *constant = (Const *) lfirst(cell);

		if (!IsA(constant, Const) || constant->consttype != REGCLASSOID ||
			constant->constisnull)
			return false;
		relid[n++] = DatumGetObjectId(constant->constvalue);
	}
	links->target = relid[0];
	links->parts = relid[1];
	links->entries = relid[2];
	return true;
}

/* The error for a view that can't be read as a rule. */
static void
report_no_rule(LiveLinks links)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("live history \"%s\" can't be kept",
					get_rel_name(links.target)),
			 errdetail("It, view \"%s\" or table \"%s\" is not as track_duties made it.",
					   get_rel_name(links.entries), get_rel_name(links.parts)),
			 errhint("Call untrack_duties and track_duties again.")));
}

/* A function that isn't the server's own: it may look up names. */
static bool
is_foreign_function(Oid function, void *context)
{
	return function >= FirstUnpinnedObjectId;
}

static bool
calls_foreign_function(Node *node, void *context)
{
	if (node == NULL)
		return false;
	return check_functions_in_node(node, is_foreign_function, context) ||
		expression_tree_walker(node, calls_foreign_function, context);
}

/* The view's table, and what it takes from it: account, date and amount. */
static Oid
read_view(LiveLinks links, List **expressions, List **condition, Oid *owner)
{
	Relation	view = try_relation_open(links.entries, AccessShareLock);
	Query	   *query;
	RangeTblRef *from;
	RangeTblEntry *rte;
	Oid			source;

	if (view == NULL || view->rd_rel->relkind != RELKIND_VIEW)
		report_no_rule(links);
	query = (Query *) copyObject(get_view_query(view));
	*owner = view->rd_rel->relowner;
	relation_close(view, NoLock);

	if (list_length(query->jointree->fromlist) != 1 ||
		!IsA(linitial(query->jointree->fromlist), RangeTblRef) ||
		list_length(query->targetList) != 3 ||
		query->groupClause || query->havingQual || query->distinctClause ||
		query->limitCount || query->limitOffset || query->setOperations ||
		query->hasAggs || query->hasSubLinks || query->hasTargetSRFs ||
		query->hasWindowFuncs || query->cteList)
		report_no_rule(links);
	from = linitial_node(RangeTblRef, query->jointree->fromlist);
	rte = rt_fetch(from->rtindex, query->rtable);
	if (rte->rtekind != RTE_RELATION)
		report_no_rule(links);
	source = rte->relid;

	*expressions = NIL;
	for (int i = 0; i < 3; i++)
		*expressions = lappend(*expressions,
							   ((TargetEntry *) list_nth(query->targetList, i))->expr);
	*condition = make_ands_implicit((Expr *) query->jointree->quals);
	if (list_length(*condition) < NULL_TESTS)
		report_no_rule(links);
	for (int i = 0; i < NULL_TESTS; i++)
	{
		if (!IsA(llast(*condition), NullTest))
			report_no_rule(links);
		*condition = list_delete_last(*condition);
	}
	ChangeVarNodes((Node *) *expressions, from->rtindex, 1, 0);
	ChangeVarNodes((Node *) *condition, from->rtindex, 1, 0);
	if (!IsA(linitial(*expressions), Var) || !IsA(lsecond(*expressions), Var))
		report_no_rule(links);
	return source;
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
		return query_tree_walker((Query *) node, walk_target, context,
								 QTW_EXAMINE_RTES_BEFORE);
	return expression_tree_walker(node, walk_target, context);
}

/* Is the target the owner's, and made of these parts and entries? */
static bool
target_is_of(LiveLinks links, Oid owner)
{
	Relation	view = try_relation_open(links.target, AccessShareLock);
	TargetWalk	walk = {links, false, false};
	bool		owned = false;

	if (view == NULL)
		return false;
	if (view->rd_rel->relkind == RELKIND_VIEW)
	{
		owned = view->rd_rel->relowner == owner;
		(void) walk_target((Node *) get_view_query(view), &walk);
	}
	relation_close(view, NoLock);
	return owned && walk.parts && walk.entries;
}

/* An expression over the source, as one over a partition or child of it. */
static List *
plan_expressions(List *expressions, Relation rel, Oid source)
{
	List	   *planned = NIL;
	ListCell   *cell;

	if (RelationGetRelid(rel) != source)
	{
		Relation	parent = relation_open(source, AccessShareLock);

		expressions = map_partition_varattnos(expressions, 1, rel, parent);
		relation_close(parent, NoLock);
	}
	expressions = (List *) carm_expand_generated((Node *) expressions, rel);
	foreach(cell, expressions)
		planned = lappend(planned, expression_planner((Expr *) lfirst(cell)));
	return planned;
}

/* The rule for the rows of a relation, in the current memory context. */
LiveRule *
live_rule_make(LiveLinks links, Relation rel)
{
	LiveRule   *rule = (LiveRule *) palloc0(sizeof(LiveRule));
	Oid			relid = RelationGetRelid(rel);
	Relation	parts;
	List	   *expressions;
	List	   *condition;
	Oid			user;
	int			security;
	int			level;

	rule->links = links;
	rule->relid = relid;
	rule->source = read_view(links, &expressions, &condition, &rule->owner);
	rule->counts = relid == rule->source ||
		list_member_oid(find_all_inheritors(rule->source, NoLock, NULL), relid);
	if (!rule->counts)
		return rule;

	parts = try_relation_open(links.parts, AccessShareLock);
	if (parts == NULL || parts->rd_rel->relowner != rule->owner ||
		!target_is_of(links, rule->owner) ||
		RelationGetNumberOfAttributes(parts) < PART_COLUMNS ||
		TupleDescAttr(RelationGetDescr(parts), PART_ACCOUNT - 1)->atttypid !=
		getBaseType(exprType((Node *) linitial(expressions))) ||
		getBaseType(exprType((Node *) lsecond(expressions))) != DATEOID ||
		getBaseType(exprType((Node *) lthird(expressions))) != NUMERICOID)
		report_no_rule(links);
	relation_close(parts, NoLock);

	/* planning calls functions whose arguments are constants */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(rule->owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	level = live_safe_search_path();
	expressions = plan_expressions(expressions, rel, rule->source);
	rule->condition = plan_expressions(condition, rel, rule->source);
	AtEOXact_GUC(false, level);
	SetUserIdAndSecContext(user, security);
	rule->guarded = calls_foreign_function((Node *) rule->condition, NULL) ||
		calls_foreign_function((Node *) expressions, NULL);
	rule->account = (Expr *) linitial(expressions);
	rule->dated = (Expr *) lsecond(expressions);
	rule->amount = (Expr *) lthird(expressions);
	pull_varattnos((Node *) expressions, 1, &rule->columns);
	pull_varattnos((Node *) rule->condition, 1, &rule->columns);
	return rule;
}

/*
 * Rules are remembered by trigger for as long as nothing they are made from
 * has changed.
 */
typedef struct CachedRule
{
	Oid			trigger;
	bool		valid;
	MemoryContext context;
	LiveRule   *rule;
} CachedRule;

static HTAB *rules = NULL;
static uint64 times_forgotten = 0;

static void
forget_rules_of_relation(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;

	times_forgotten++;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		if (!OidIsValid(relid) || cached->rule == NULL ||
			relid == cached->rule->relid || relid == cached->rule->source ||
			relid == cached->rule->links.target ||
			relid == cached->rule->links.parts ||
			relid == cached->rule->links.entries)
			cached->valid = false;
	}
}

/* A function in a condition may have been inlined, or computed for good. */
static void
forget_rules(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget_rules_of_relation(arg, InvalidOid);
}

static void
make_cache(void)
{
	HASHCTL		control = {0};

	control.keysize = sizeof(Oid);
	control.entrysize = sizeof(CachedRule);
	rules = hash_create("rules of live histories", 16, &control,
						HASH_ELEM | HASH_BLOBS);
	CacheRegisterRelcacheCallback(forget_rules_of_relation, (Datum) 0);
	CacheRegisterSyscacheCallback(PROCOID, forget_rules, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, forget_rules, (Datum) 0);
}

/* The rule for what a trigger of a relation sees. */
const LiveRule *
live_rule_of_trigger(const Trigger *trigger, Relation rel)
{
	CachedRule *cached;
	MemoryContext context;
	MemoryContext caller;
	LiveLinks	links;
	LiveRule   *rule;
	uint64		times_before;
	bool		found;

	if (rules == NULL)
		make_cache();
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_FIND,
										&found);
	if (found && cached->valid)
		return cached->rule;

	if (!live_trigger_links(trigger, &links))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" of table \"%s\" names no live history",
						trigger->tgname, RelationGetRelationName(rel)),
				 errhint("Such triggers are made by track_duties.")));

	/* what is read while the rule is made may be out of date right after */
	context = AllocSetContextCreate(CurrentMemoryContext,
									"rule of a live history",
									ALLOCSET_SMALL_SIZES);
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_ENTER,
										&found);
	if (found && cached->context)
		/* somebody further up may be using it */
		MemoryContextSetParent(cached->context, TopTransactionContext);
	cached->context = NULL;
	cached->rule = NULL;
	cached->valid = false;

	times_before = times_forgotten;
	caller = MemoryContextSwitchTo(context);
	rule = live_rule_make(links, rel);
	MemoryContextSwitchTo(caller);

	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_ENTER,
										&found);
	MemoryContextSetParent(context, CacheMemoryContext);
	cached->context = context;
	cached->rule = rule;
	cached->valid = times_before == times_forgotten;
	return rule;
}

/* The LiveLinks of a table's targets, by those of its triggers that count inserts. */
List *
live_targets(Relation source, Oid function)
{
	TriggerDesc *triggers = source->trigdesc;
	List	   *targets = NIL;

	for (int i = 0; triggers && i < triggers->numtriggers; i++)
	{
		Trigger    *trigger = &triggers->triggers[i];
		LiveLinks  *links = (LiveLinks *) palloc(sizeof(LiveLinks));
		List	   *expressions;
		List	   *condition;
		Oid			owner;

		if (trigger->tgfoid != function ||
			!TRIGGER_FOR_INSERT(trigger->tgtype) ||
			!live_trigger_links(trigger, links))
			continue;
		if (read_view(*links, &expressions, &condition, &owner) ==
			RelationGetRelid(source))
			targets = lappend(targets, links);
	}
	return targets;
}

/* What was given to track_duties, as things are named now. */
void
live_rule_describe(LiveLinks links, Oid *source, char **account, char **dated,
				   char **amount, char **condition)
{
	List	   *expressions;
	List	   *conditions;
	List	   *context;
	Oid			owner;

	*source = read_view(links, &expressions, &conditions, &owner);
	*account = get_attname(*source, linitial_node(Var, expressions)->varattno, false);
	*dated = get_attname(*source, lsecond_node(Var, expressions)->varattno, false);
	context = deparse_context_for(get_rel_name(*source), *source);
	*amount = IsA(lthird(expressions), Var) ?
		get_attname(*source, lthird_node(Var, expressions)->varattno, false) :
		deparse_expression((Node *) lthird(expressions), context, false, false);
	*condition = conditions == NIL ? NULL :
		deparse_expression((Node *) make_ands_explicit(conditions), context,
						   false, false);
}
