/*-------------------------------------------------------------------------
 *
 * live_generated.h
 *	  Partitions that compute a generated column otherwise than the source.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_GENERATED_H
#define CARM_LIVE_GENERATED_H

#include "live_definition.h"

extern List *live_require_same_generated(const LiveDefinition *definition,
										 Relation rel);

#endif							/* CARM_LIVE_GENERATED_H */
