/*-------------------------------------------------------------------------
 *
 * live_merge.h
 *	  Merging the parts of live histories, without waiting.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_MERGE_H
#define CARM_LIVE_MERGE_H

#include "live_parts.h"

extern int	live_parts_merge(LiveParts *parts, Datum account, int kept);

#endif							/* CARM_LIVE_MERGE_H */
