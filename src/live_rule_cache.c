/*-------------------------------------------------------------------------
 *
 * live_rule_cache.c
 *	  The rules of triggers, remembered.
 *
 * A rule holds for as long as nothing it is made from has changed. Where that
 * may be a function or a type only, it is planned anew, but the relations are as
 * they were.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_links.h"
#include "live_rule.h"
#include "live_rule_cache.h"
#include "messages.h"

/*
 * No more are remembered, as whatever changes is looked for in all: of so many
 * one in eight goes, whichever.
 */
#define RULES_KEPT	1000
#define LEAVES_OF	8

typedef struct CachedRule
{
	Oid			trigger;
	bool		valid;			/* false: to be made anew */
	MemoryContext context;
	LiveRule   *rule;
} CachedRule;

static HTAB *rules = NULL;
/* How often a plan may have become another. */
static uint64 plans_forgotten = 0;
/* How often a relation may have, and which it was the last times. */
static uint64 times_changed = 0;
static Oid	last_changed[256];
static bool any_changed = false;
/* How many triggers, one within another, are using rules. */
static int	users = 0;

/* Does a rule rest on a relation? On any, where it isn't said which. */
static bool
rests_on(const LiveRule *rule, Oid relid)
{
	return !OidIsValid(relid) ||
		relid == rule->relid || relid == rule->source ||
		relid == rule->links.target || relid == rule->links.parts ||
		relid == rule->links.entries ||
		list_member_oid(rule->ancestors, relid) ||
		list_member_oid(rule->partitions, relid);
}

/* Forgets the rules that rest on a relation; or all. */
static void
forget_rules_of_relation(Datum arg, Oid relid)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;

	last_changed[times_changed++ % lengthof(last_changed)] = relid;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		if (cached->rule->same_relations && rests_on(cached->rule, relid))
		{
			cached->valid = cached->rule->same_relations = false;
			any_changed = true;
		}
	}
}

/* Has nothing that a rule rests on changed since there were so many changes? */
static bool
unchanged_since(uint64 times, const LiveRule *rule)
{
	if (times_changed - times > lengthof(last_changed))
		return false;
	while (times < times_changed)
	{
		if (rests_on(rule, last_changed[times++ % lengthof(last_changed)]))
			return false;
	}
	return true;
}

/* Has the rules planned anew that may have become others. */
static void
forget_plans(bool all, bool on_domains, bool on_rights)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;

	plans_forgotten++;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		if (all || (on_domains && cached->rule->on_domains) ||
			(on_rights && cached->rule->on_rights))
			cached->valid = false;
	}
}

/* A function in a condition may have been inlined, or computed for good. */
static void
forget_plans_with_function(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget_plans(true, true, true);
}

/* Each table that comes or goes, temporary ones included, is a type that does. */
static void
forget_plans_with_type(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget_plans(hashvalue == 0, true, false);
}

/* A role, who is a member of it, or who owns the database. */
static void
forget_plans_of_roles(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	forget_plans(hashvalue == 0, false, true);
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
	CacheRegisterSyscacheCallback(PROCOID, forget_plans_with_function, (Datum) 0);
	CacheRegisterSyscacheCallback(TYPEOID, forget_plans_with_type, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, forget_plans_of_roles, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, forget_plans_of_roles, (Datum) 0);
	CacheRegisterSyscacheCallback(DATABASEOID, forget_plans_of_roles, (Datum) 0);
}

/* Frees a rule; if somebody may be using it, when the transaction ends. */
static void
free_rule(const CachedRule *cached)
{
	if (users > 0)
		MemoryContextSetParent(cached->context, TopTransactionContext);
	else
		MemoryContextDelete(cached->context);
}

/* Lets go of the rules of relations that have changed; of others, if they are many. */
static void
free_changed_rules(void)
{
	HASH_SEQ_STATUS status;
	CachedRule *cached;
	bool		too_many = hash_get_num_entries(rules) >= RULES_KEPT;
	int			n = 0;

	if (!any_changed && !too_many)
		return;
	any_changed = false;
	hash_seq_init(&status, rules);
	while ((cached = (CachedRule *) hash_seq_search(&status)) != NULL)
	{
		if (cached->rule->same_relations && !(too_many && n++ % LEAVES_OF == 0))
			continue;
		free_rule(cached);
		(void) hash_search(rules, &cached->trigger, HASH_REMOVE, NULL);
	}
}

/* Does a remembered rule hold, for who asks now? */
static bool
holds(const CachedRule *cached)
{
	return cached != NULL && cached->valid &&
		(!cached->rule->on_rights ||
		 cached->rule->role == live_lesser_role(cached->rule->owner));
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

/* Makes the rule of a trigger, which must be one that track_duties has made. */
static LiveRule *
make_rule(const Trigger *trigger, Relation rel, const LiveRule *former)
{
	LiveLinks	links;

	if (!live_read_links(trigger->tgqual, &links) ||
		!live_trigger_is_marked(trigger->tgoid, trigger->tgfoid))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("trigger \"%s\" of table \"%s\" was not made by track_duties",
						trigger->tgname, RelationGetRelationName(rel)),
				 errhint("Drop it, and call rebuild_duties or track_duties.")));
	require_only_one(trigger, rel, links);
	return live_rule_make(links, rel, former);
}

/* Makes the rule of a trigger, and remembers it. */
static const LiveRule *
remember_rule(const Trigger *trigger, Relation rel)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "rule of a live history",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CachedRule *cached = (CachedRule *) hash_search(rules, &trigger->tgoid,
													HASH_FIND, NULL);
	/* what is read while the rule is made may be out of date right after */
	uint64		plans_before = plans_forgotten;
	uint64		changed_before = times_changed;
	LiveRule   *rule = make_rule(trigger, rel, cached ? cached->rule : NULL);
	bool		found;

	MemoryContextSwitchTo(caller);
	rule->same_relations = unchanged_since(changed_before, rule);

	free_changed_rules();
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_ENTER,
										&found);
	if (found)
		free_rule(cached);
	MemoryContextSetParent(context, CacheMemoryContext);
	cached->context = context;
	cached->rule = rule;
	/* of what would make a row count again nobody may tell us */
	cached->valid = rule->counts && rule->same_relations &&
		plans_before == plans_forgotten;
	any_changed |= !rule->same_relations;
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
	MemoryContextCallback *callback;
	const LiveRule *rule;
	CachedRule *cached;

	/* each partition has one, and is hardly truncated again soon */
	if (TRIGGER_FOR_TRUNCATE(trigger->tgtype))
		return make_rule(trigger, rel, NULL);
	if (rules == NULL)
		make_cache();
	cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_FIND, NULL);
	if (holds(cached))
	{
		/* to have the locks takes in what others have changed */
		live_rule_lock(cached->rule->links);
		cached = (CachedRule *) hash_search(rules, &trigger->tgoid, HASH_FIND, NULL);
	}
	if (holds(cached))
		rule = cached->rule;
	else
		rule = remember_rule(trigger, rel);
	callback = (MemoryContextCallback *) palloc0(sizeof(MemoryContextCallback));
	callback->func = end_use;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	users++;
	return rule;
}
