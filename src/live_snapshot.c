/*-------------------------------------------------------------------------
 *
 * live_snapshot.c
 *	  What a snapshot sees of a table.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live_snapshot.h"

SnapshotName
live_snapshot_name(Snapshot snapshot)
{
	SnapshotName name = {CARM_LOCAL_TRANSACTION, snapshot->xmin, snapshot->xmax,
	snapshot->xcnt, snapshot->subxcnt};

	return name;
}

bool
live_same_snapshot(SnapshotName a, SnapshotName b)
{
	return a.taken_in == b.taken_in && a.xmin == b.xmin && a.xmax == b.xmax &&
		a.xcnt == b.xcnt && a.subxcnt == b.subxcnt;
}

/* Is a transaction one whose work a snapshot doesn't see? */
bool
live_is_unseen(TransactionId xid, Snapshot snapshot)
{
	return TransactionIdIsValid(xid) &&
		!TransactionIdIsCurrentTransactionId(xid) &&
		XidInMVCCSnapshot(xid, snapshot);
}

/* The transaction that has deleted or replaced a version, or would; else none. */
TransactionId
live_removed_by(HeapTuple tuple)
{
	HeapTupleHeader header = tuple->t_data;

	return (header->t_infomask & HEAP_XMAX_INVALID) ||
		HEAP_XMAX_IS_LOCKED_ONLY(header->t_infomask) ?
		InvalidTransactionId : HeapTupleHeaderGetUpdateXid(header);
}

/* Does a snapshot see a table? Its file is given: InvalidOid where it has none. */
bool
live_sees_table(Oid relid, Snapshot snapshot, Oid *file)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	bool		sees;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_class_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ClassOidIndexId, true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	sees = HeapTupleIsValid(tuple);
	*file = sees ? ((Form_pg_class) GETSTRUCT(tuple))->relfilenode : InvalidOid;
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return sees;
}

/*
 * Has our transaction given a table another file than it had? Then the entry
 * that others see, which ours has replaced, has another.
 */
bool
live_wrote_file(Oid relid)
{
	Relation	catalog = table_open(RelationRelationId, AccessShareLock);
	Oid			before = InvalidOid;
	Oid			now = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_class_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ClassOidIndexId, true, SnapshotAny, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Oid			file = ((Form_pg_class) GETSTRUCT(tuple))->relfilenode;
		bool		ours = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetXmin(tuple->t_data));
		bool		removed = TransactionIdIsCurrentTransactionId(live_removed_by(tuple));

		if (!ours && removed)
			before = file;
		else if (ours && !removed)
			now = file;
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return OidIsValid(before) && OidIsValid(now) && before != now;
}

/*
 * Is there a row of a table that one of two snapshots sees, and the other
 * doesn't? NULL sees none. Unknown where the table is locked, as nobody waits
 * here. Under SERIALIZABLE, who looks hasn't read the table.
 */
static LiveAnswer
rows_differ(Oid relid, Snapshot a, Snapshot b)
{
	bool		differ = false;
	Relation	rel;

	if (!ConditionalLockRelationOid(relid, AccessShareLock))
		return LIVE_UNKNOWN;
	rel = try_relation_open(relid, NoLock);
	if (rel != NULL)
	{
		TupleTableSlot *slot = table_slot_create(rel, NULL);
		TableScanDesc scan = carm_beginscan(rel, SnapshotAny);

		while (!differ && table_scan_getnextslot(scan, ForwardScanDirection, slot))
		{
			CHECK_FOR_INTERRUPTS();
			differ = table_tuple_satisfies_snapshot(rel, slot, a) !=
				(b != NULL && table_tuple_satisfies_snapshot(rel, slot, b));
		}
		table_endscan(scan);
		ExecDropSingleTupleTableSlot(slot);
		relation_close(rel, NoLock);
	}
	UnlockRelationOid(relid, AccessShareLock);
	return differ ? LIVE_YES : LIVE_NO;
}

/* Does a snapshot see any row of a table? */
LiveAnswer
live_sees_rows(Oid relid, Snapshot snapshot)
{
	return rows_differ(relid, snapshot, NULL);
}

/* Does it see other rows than are there now? */
LiveAnswer
live_sees_other_rows(Oid relid, Snapshot snapshot)
{
	return rows_differ(relid, snapshot, SnapshotSelf);
}
