/*-------------------------------------------------------------------------
 *
 * live_moves.h
 *	  Rows that MERGE moves between partitions, which no trigger is told of.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_MOVES_H
#define CARM_LIVE_MOVES_H

#include "utils/rel.h"

extern void live_moves_watch(void);
extern void live_moves_refuse(Relation rel, int64 handed);

#endif							/* CARM_LIVE_MOVES_H */
