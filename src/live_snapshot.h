/*-------------------------------------------------------------------------
 *
 * live_snapshot.h
 *	  What a snapshot sees of a table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_SNAPSHOT_H
#define CARM_LIVE_SNAPSHOT_H

#include "utils/relcache.h"
#include "utils/snapshot.h"

extern bool live_is_unseen(TransactionId xid, Snapshot snapshot);
extern bool live_sees_table(Oid relid, Snapshot snapshot, Oid *file);
extern bool live_sees_rows(Relation rel, Snapshot snapshot);

#endif							/* CARM_LIVE_SNAPSHOT_H */
