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

#include "access/attmap.h"
#include "access/relation.h"
#include "access/sysattr.h"
#include "catalog/partition.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "storage/lmgr.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_definition.h"
#include "live_family.h"
#include "live_generated.h"
#include "live_links.h"
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
	live_guard_begin(&guard, live_lesser_role(definition->owner));
	level = live_settings_begin();
	rule->on_domains = rests_on_domains((Node *) expressions, NULL) ||
		rests_on_domains((Node *) condition, NULL);
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
static void
lock_links(LiveLinks links)
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
 * count, the entries and the parts are locked from then on.
 */
LiveRule *
live_rule_make(LiveLinks links, Relation rel)
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
		lock_links(links);
		read_sound_definition(links, &definition);
		ancestors = live_ancestors(relid);
	}
	rule->source = definition.source;
	rule->owner = definition.owner;
	rule->counts = list_member_oid(ancestors, definition.source);
	if (rule->counts)
	{
		Oid			owner;
		char		kind;

		if (live_relation_facts(definition.source, &kind, &owner))
			live_require_owner(&definition, owner);
		live_require_no_temporary_child(rel);
		if (rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
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
static bool any_invalid = false;
/* How many triggers, one within another, are using rules. */
static int	users = 0;

/* Forgets the rules that rest on a relation, or on domains; or all. */
static void
forget(bool all, Oid relid, bool domains)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;

	times_forgotten++;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		const LiveRule *rule = cached->rule;

		if (!cached->valid)
			continue;
		if (all || rule == NULL ||
			relid == rule->relid || relid == rule->source ||
			relid == rule->links.target || relid == rule->links.parts ||
			relid == rule->links.entries ||
			list_member_oid(rule->ancestors, relid) ||
			list_member_oid(rule->partitions, relid) ||
			(domains && rule->on_domains))
		{
			cached->valid = false;
			any_invalid = true;
		}
	}
}

static void
forget_rules_of_relation(Datum arg, Oid relid)
{
	forget(!OidIsValid(relid), relid, false);
}

/* A function in a condition may have been inlined, or computed for good. */
static void
forget_rules(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget(true, InvalidOid, false);
}

/* Each table that comes or goes, temporary ones included, is a type that does. */
static void
forget_rules_of_type(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget(hashvalue == 0, InvalidOid, true);
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
	CacheRegisterSyscacheCallback(TYPEOID, forget_rules_of_type, (Datum) 0);
}

/* Frees a rule; if somebody may be using it, when the transaction ends. */
static void
free_rule(const CachedRule *cached)
{
	if (cached->context == NULL)
		return;
	if (users > 0)
		MemoryContextSetParent(cached->context, TopTransactionContext);
	else
		MemoryContextDelete(cached->context);
}

/* Lets go of the rules that hold no longer. */
static void
free_invalid_rules(void)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;

	if (!any_invalid)
		return;
	any_invalid = false;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		if (cached->valid)
			continue;
		free_rule(cached);
		(void) hash_search(rules, &cached->trigger, HASH_REMOVE, NULL);
	}
}

/*
 * An error where another trigger of the table counts the same. Whoever owns a
 * partition could mark one: then the entries would count twice.
 */
static void
require_only_one(const Trigger *trigger, Relation rel, LiveLinks links)
{
	ListCell   *cell;

	foreach(cell, live_triggers(RelationGetRelid(rel), trigger->tgfoid))
	{
		LiveTrigger *other = (LiveTrigger *) lfirst(cell);

		if (other->oid != trigger->tgoid && other->fires &&
			other->links.entries == links.entries &&
			(other->event & live_event(trigger->tgtype)) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
					 errmsg("trigger \"%s\" of table \"%s\" counts what another trigger counts",
							trigger->tgname, RelationGetRelationName(rel)),
					 errhint("Drop one of them.")));
	}
}

/* Makes the rule of a trigger, and remembers it. */
static const LiveRule *
remember_rule(const Trigger *trigger, Relation rel)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "rule of a live history",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller;
	CachedRule *cached;
	LiveLinks	links;
	LiveRule   *rule;
	uint64		times_before;
	bool		found;

	if (!live_read_links(trigger->tgqual, &links) ||
		!live_trigger_is_marked(trigger->tgoid, trigger->tgfoid))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" of table \"%s\" was not made by track_duties",
						trigger->tgname, RelationGetRelationName(rel)),
				 errhint("Drop it, and call rebuild_duties or track_duties.")));

	require_only_one(trigger, rel, links);

	/* what is read while the rule is made may be out of date right after */
	times_before = times_forgotten;
	caller = MemoryContextSwitchTo(context);
	rule = live_rule_make(links, rel);
	MemoryContextSwitchTo(caller);

	free_invalid_rules();
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_ENTER,
										&found);
	if (found)
		free_rule(cached);
	MemoryContextSetParent(context, CacheMemoryContext);
	cached->context = context;
	cached->rule = rule;
	cached->valid = times_before == times_forgotten;
	any_invalid |= !cached->valid;
	return rule;
}

/* A trigger has ended, or failed. */
static void
end_use(void *arg)
{
	users--;
}

/*
 * The rule for what a trigger of a relation sees. Entries and parts stay
 * locked, so that the rule holds until the transaction ends; it is there until
 * the current memory context goes.
 */
const LiveRule *
live_rule_of_trigger(const Trigger *trigger, Relation rel)
{
	MemoryContextCallback *callback = (MemoryContextCallback *)
		palloc0(sizeof(MemoryContextCallback));
	const LiveRule *rule;
	CachedRule *cached;

	if (rules == NULL)
		make_cache();
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_FIND, NULL);
	if (cached != NULL && cached->valid && cached->rule->counts)
	{
		/* to have the locks takes in what others have changed */
		lock_links(cached->rule->links);
		cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_FIND, NULL);
	}
	/* of what would make a row count again nobody may tell us */
	if (cached != NULL && cached->valid && cached->rule->counts)
		rule = cached->rule;
	else
		rule = remember_rule(trigger, rel);
	callback->func = end_use;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	users++;
	return rule;
}
