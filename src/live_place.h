/*-------------------------------------------------------------------------
 *
 * live_place.h
 *	  Giving a source's tables their triggers, and its parts what they lack.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_PLACE_H
#define CARM_LIVE_PLACE_H

#include "live_common.h"

extern char live_persistence(Oid source);
extern void live_place_triggers(FunctionCallInfo fcinfo,
								const LiveGuard *guard, LiveLinks links,
								Oid source, const char *function_name);
extern int64 live_fill(LiveLinks links, Oid source);

#endif							/* CARM_LIVE_PLACE_H */
