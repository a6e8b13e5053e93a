/*-------------------------------------------------------------------------
 *
 * live_read.h
 *	  What must hold for a snapshot to see live histories that fit the rows.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_READ_H
#define CARM_LIVE_READ_H

#include "utils/snapshot.h"

extern void live_require_fit(Oid entries, Oid parts, Snapshot snapshot);

#endif							/* CARM_LIVE_READ_H */
