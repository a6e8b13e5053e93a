/*-------------------------------------------------------------------------
 *
 * live_condition.h
 *	  The condition given to track_duties: one expression, and nothing else.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_CONDITION_H
#define CARM_LIVE_CONDITION_H

#include "live_common.h"

extern Node *live_condition(const char *text, Relation source,
							const LiveGuard *guard);
extern void live_condition_add(Oid entries, Node *condition);

#endif							/* CARM_LIVE_CONDITION_H */
