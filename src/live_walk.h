/*-------------------------------------------------------------------------
 *
 * live_walk.h
 *	  Merging the parts of all accounts, by a walk along their index.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_WALK_H
#define CARM_LIVE_WALK_H

#include <signal.h>

#include "live_parts.h"

extern int64 live_parts_merge_all(LiveParts *parts);
extern int64 live_parts_walk(LiveParts *parts, int kept,
							 volatile sig_atomic_t *stop);

#endif							/* CARM_LIVE_WALK_H */
