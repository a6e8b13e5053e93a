/*-------------------------------------------------------------------------
 *
 * live_face.h
 *	  What the functions that manage live histories have in common.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_FACE_H
#define CARM_LIVE_FACE_H

#include "live.h"

/* On whose behalf we were called, while we act for somebody else. */
typedef struct LiveGuard
{
	Oid			user;
	int			security;
	int			level;
} LiveGuard;

extern void live_guard_begin(LiveGuard *guard, Oid owner);
extern void live_guard_end(const LiveGuard *guard);

extern void live_require_read_committed(const char *function);
extern Relation live_source_open(FunctionCallInfo fcinfo, LOCKMODE lockmode);
extern List *live_targets_argument(FunctionCallInfo fcinfo, Relation source,
								   int n);
extern Oid	live_trigger_function(FunctionCallInfo fcinfo);
extern const char *live_schema(FunctionCallInfo fcinfo);
extern const char *live_relation_name(Oid relid);
extern void live_execute(const char *format,...) pg_attribute_printf(1, 2);
extern void live_place_triggers(FunctionCallInfo fcinfo, LiveLinks links,
								Oid source);
extern int64 live_fill(LiveLinks links, Oid source);

#endif							/* CARM_LIVE_FACE_H */
