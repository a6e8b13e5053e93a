/*-------------------------------------------------------------------------
 *
 * live_rule_cache.h
 *	  The rules of triggers, remembered.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_RULE_CACHE_H
#define CARM_LIVE_RULE_CACHE_H

#include "utils/reltrigger.h"

#include "live_rule.h"

extern const LiveRule *live_rule_of_trigger(const Trigger *trigger,
											Relation rel);

#endif							/* CARM_LIVE_RULE_CACHE_H */
