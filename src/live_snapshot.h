/*-------------------------------------------------------------------------
 *
 * live_snapshot.h
 *	  What a snapshot sees of a table.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_SNAPSHOT_H
#define CARM_LIVE_SNAPSHOT_H

#include "access/htup.h"
#include "utils/snapshot.h"

/*
 * What tells a snapshot from the others of its transaction: of those with the
 * same end, each later one has fewer transactions in progress, or the same.
 */
typedef struct SnapshotName
{
	LocalTransactionId taken_in;
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
} SnapshotName;

/* What can be said of a table without waiting. */
typedef enum LiveAnswer
{
	LIVE_NO,
	LIVE_YES,
	LIVE_UNKNOWN				/* it is locked */
} LiveAnswer;

extern SnapshotName live_snapshot_name(Snapshot snapshot);
extern bool live_same_snapshot(SnapshotName a, SnapshotName b);
extern bool live_is_unseen(TransactionId xid, Snapshot snapshot);
extern TransactionId live_removed_by(HeapTuple tuple);
extern bool live_sees_table(Oid relid, Snapshot snapshot, Oid *file);
extern bool live_wrote_file(Oid relid);
extern LiveAnswer live_sees_rows(Oid relid, Snapshot snapshot);
extern LiveAnswer live_sees_other_rows(Oid relid, Snapshot snapshot);

#endif							/* CARM_LIVE_SNAPSHOT_H */
