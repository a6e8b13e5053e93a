/*-------------------------------------------------------------------------
 *
 * live_common.h
 *	  What the triggers of live histories and their managing functions share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_COMMON_H
#define CARM_LIVE_COMMON_H

#include "live.h"

/* The event of a trigger that fires before an update: see live_moves.c. */
#define LIVE_BEFORE_UPDATE	(1 << 12)

/* On whose behalf we were called, while we act for somebody else. */
typedef struct LiveGuard
{
	Oid			user;
	int			security;
	int			level;
	char	   *path;			/* the caller's search_path */
} LiveGuard;

/* A trigger of live histories. */
typedef struct LiveTrigger
{
	Oid			oid;
	int16		event;			/* see live_event() */
	bool		fires;			/* in this session: it isn't disabled */
	LiveLinks	links;
} LiveTrigger;

/* What the view target_entries says. */
typedef struct LiveDefinition
{
	LiveLinks	links;
	Oid			source;
	Oid			owner;
	List	   *expressions;	/* account, date and amount */
	List	   *condition;		/* implicitly ANDed */
} LiveDefinition;

/* live_common.c */
extern int	live_search_path(const char *path);
extern void live_guard_begin(LiveGuard *guard, Oid owner);
extern void live_guard_end(const LiveGuard *guard);
extern void live_require_writable(const char *function);
extern void live_require_read_committed(const char *function);
extern Relation live_source_open(FunctionCallInfo fcinfo, LOCKMODE lockmode,
								 const char *alone_to);
extern void live_require_trackable(Relation source);
extern List *live_targets_argument(FunctionCallInfo fcinfo, Relation source,
								   int n);
extern Oid	live_trigger_function(FunctionCallInfo fcinfo);
extern const char *live_schema(FunctionCallInfo fcinfo);
extern const char *live_relation_name(Oid relid);
extern void live_query(const char *query);
extern void live_define(const LiveGuard *guard, const char *statement);

/* live_links.c */
extern bool live_read_links(const char *when, LiveLinks *links);
extern int16 live_event(int16 type);
extern bool live_trigger_is_marked(Oid trigger, Oid function);
extern void live_mark_trigger(Oid trigger, Oid function);
extern List *live_triggers(Oid relid, Oid function);
extern int16 live_events_counted(Oid relid, LiveLinks links, Oid function,
								 bool firing);
extern List *live_targets(Oid source, Oid function);
extern List *live_tables(Oid function);

/* live_definition.c */
extern const char *live_name_of(Oid relid);
extern bool live_definition_read(LiveLinks links, LiveDefinition *definition);
extern bool live_definition_is_sound(const LiveDefinition *definition);
pg_noreturn extern void live_report_unsound(LiveLinks links);
extern void live_require_sound(LiveLinks links, Oid source, Oid owner);
extern bool live_definition_describe(LiveLinks links, char **account,
									 char **dated, char **amount,
									 char **condition);
extern List *live_parents(Oid relid);
extern List *live_ancestors(Oid relid);

/* live_condition.c */
extern Node *live_condition(const char *text, Relation source,
							const LiveGuard *guard);
extern void live_condition_add(Oid entries, Node *condition);

/* live_place.c */
extern char live_persistence(Oid source);
extern void live_place_triggers(FunctionCallInfo fcinfo,
								const LiveGuard *guard, LiveLinks links,
								Oid source);
extern int64 live_fill(LiveLinks links, Oid source);

#endif							/* CARM_LIVE_COMMON_H */
