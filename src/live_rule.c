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

/* What a trigger may name need not be there. */
static const char *
relation_name(Oid relid)
{
	const char *name = get_rel_name(relid);

	return name ? name : psprintf("%u", relid);
}

/* The error for a live history that isn't as it was made. */
static void
report_no_rule(LiveLinks links)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("live history \"%s\" cannot be kept",
					relation_name(links.target)),
			 errdetail("The view itself, view \"%s\" or table \"%s\" is not as track_duties made it.",
					   relation_name(links.entries),
					   relation_name(links.parts)),
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
		expression_tree_walker(node, carm_walker(calls_foreign_function),
							   context);
}

/* What the view target_entries says. */
typedef struct Definition
{
	Oid			source;
	Oid			owner;
	List	   *expressions;	/* account, date and amount */
	List	   *condition;		/* implicitly ANDed */
} Definition;

/* Reads the definition; false where the view isn't one. */
static bool
read_query(Query *query, Definition *definition)
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
		if (!IsA(llast(definition->condition), NullTest))
			return false;
		definition->condition = list_delete_last(definition->condition);
	}
	ChangeVarNodes((Node *) definition->expressions, from->rtindex, 1, 0);
	ChangeVarNodes((Node *) definition->condition, from->rtindex, 1, 0);
	return IsA(linitial(definition->expressions), Var) &&
		IsA(lsecond(definition->expressions), Var);
}

static bool
read_definition(LiveLinks links, Definition *definition)
{
	Relation	view = try_relation_open(links.entries, AccessShareLock);
	bool		read = false;

	if (view == NULL)
		return false;
	definition->owner = view->rd_rel->relowner;
	if (view->rd_rel->relkind == RELKIND_VIEW)
		read = read_query((Query *) copyObject(get_view_query(view)), definition);
	relation_close(view, NoLock);
	return read;
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

/* Are target and parts the owner's, and made for this definition? */
static bool
is_sound(LiveLinks links, const Definition *definition)
{
	Relation	parts = try_relation_open(links.parts, AccessShareLock);
	Node	   *account = (Node *) linitial(definition->expressions);
	Node	   *dated = (Node *) lsecond(definition->expressions);
	Node	   *amount = (Node *) lthird(definition->expressions);
	bool		sound;

	if (parts == NULL)
		return false;
	sound = live_parts_fit(parts) &&
		parts->rd_rel->relowner == definition->owner &&
		TupleDescAttr(RelationGetDescr(parts), PART_ACCOUNT - 1)->atttypid ==
		getBaseType(exprType(account)) &&
		getBaseType(exprType(dated)) == DATEOID &&
		getBaseType(exprType(amount)) == NUMERICOID &&
		target_is_of(links, definition->owner);
	relation_close(parts, NoLock);
	return sound;
}

/*
 * An error where a live history isn't as it was made, or somebody else's than
 * the source.
 */
void
live_require_sound(LiveLinks links, Relation source)
{
	Definition	definition;

	if (!read_definition(links, &definition) || !is_sound(links, &definition))
		report_no_rule(links);
	if (definition.owner != source->rd_rel->relowner)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("live history \"%s\" does not belong to the owner of table \"%s\"",
						relation_name(links.target),
						RelationGetRelationName(source)),
				 errhint("Change the owner of \"%s\", \"%s\" and \"%s\" as well.",
						 relation_name(links.target),
						 relation_name(links.entries),
						 relation_name(links.parts))));
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
	Definition	definition;
	List	   *expressions;
	Oid			user;
	int			security;
	int			level;

	rule->links = links;
	rule->relid = relid;
	if (!read_definition(links, &definition))
		report_no_rule(links);
	rule->source = definition.source;
	rule->owner = definition.owner;
	rule->counts = relid == rule->source ||
		list_member_oid(find_all_inheritors(rule->source, NoLock, NULL), relid);
	if (!rule->counts)
		return rule;
	if (!is_sound(links, &definition))
		report_no_rule(links);

	/* planning calls functions whose arguments are constants */
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(rule->owner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	level = live_safe_search_path();
	expressions = plan_expressions(definition.expressions, rel, rule->source);
	rule->condition = plan_expressions(definition.condition, rel, rule->source);
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

static bool
have_links(List *targets, const LiveLinks *links)
{
	ListCell   *cell;

	foreach(cell, targets)
	{
		if (memcmp(lfirst(cell), links, sizeof(LiveLinks)) == 0)
			return true;
	}
	return false;
}

/*
 * The LiveLinks of a table's targets, by what its triggers name. Partitions and children have such triggers for their parent's, so
 * that where a definition can't be read, it is the source's if it is neither.
 */
List *
live_targets(Relation source, Oid function)
{
	TriggerDesc *triggers = source->trigdesc;
	List	   *targets = NIL;

	for (int i = 0; triggers && i < triggers->numtriggers; i++)
	{
		Trigger    *trigger = &triggers->triggers[i];
		LiveLinks  *links = (LiveLinks *) palloc(sizeof(LiveLinks));
		Definition	definition;

		if (trigger->tgfoid != function ||
			!live_trigger_links(trigger, links) ||
			have_links(targets, links) ||
			get_rel_name(links->target) == NULL)
			continue;
		if (read_definition(*links, &definition) ?
			definition.source == RelationGetRelid(source) :
			!source->rd_rel->relispartition &&
			!has_superclass(RelationGetRelid(source)))
			targets = lappend(targets, links);
	}
	return targets;
}

/*
 * What was given to track_duties, as things are named now; false where it
 * can't be told any more.
 */
bool
live_rule_describe(LiveLinks links, char **account, char **dated,
				   char **amount, char **condition)
{
	Definition	definition;
	Oid			source;
	List	   *context;

	if (!read_definition(links, &definition) || !is_sound(links, &definition))
		return false;
	source = definition.source;
	*account = get_attname(source, linitial_node(Var, definition.expressions)->varattno, false);
	*dated = get_attname(source, lsecond_node(Var, definition.expressions)->varattno, false);
	context = deparse_context_for(get_rel_name(source), source);
	*amount = IsA(lthird(definition.expressions), Var) ?
		get_attname(source, lthird_node(Var, definition.expressions)->varattno, false) :
		deparse_expression((Node *) lthird(definition.expressions), context,
						   false, false);
	*condition = definition.condition == NIL ? NULL :
		deparse_expression((Node *) make_ands_explicit(definition.condition),
						   context, false, false);
	return true;
}
