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

/* On whose behalf we were called, while we act for somebody else. */
typedef struct LiveGuard
{
	Oid			user;
	int			security;
	int			level;
	char	   *path;			/* the caller's search_path, if it is asked for */
} LiveGuard;

extern int	live_search_path(const char *path);
extern int	live_settings_begin(void);
extern void live_settings_end(int level);
extern void live_act_for(LiveGuard *guard, Oid role, int more_security);
extern Oid	live_lesser_role(Oid owner);
extern void live_guard_begin(LiveGuard *guard, Oid owner);
extern void live_guard_end(const LiveGuard *guard);
extern void live_require_writable(const char *function);
extern void live_require_ownership(Oid relid);
extern void live_require_read_committed(const char *function);
extern bool live_is_subscribed(Oid relid);
extern void live_require_not_subscribed(Oid parts);
extern Relation live_source_open(FunctionCallInfo fcinfo, LOCKMODE lockmode,
								 const char *alone_to);
extern Relation live_source_of_child(Oid source);
extern void live_require_trackable(Relation source);
extern List *live_targets_argument(FunctionCallInfo fcinfo, Relation source,
								   int n);
extern Oid	live_trigger_function(FunctionCallInfo fcinfo);
extern const char *live_schema(FunctionCallInfo fcinfo);
extern const char *live_relation_name(Oid relid);
extern void live_query(const char *query);
extern ErrorData *live_try(void (*work) (void *arg), void *arg);
extern void live_define(const LiveGuard *guard, const char *statement);

#endif							/* CARM_LIVE_COMMON_H */
