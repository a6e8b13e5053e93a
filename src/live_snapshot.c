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
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live_snapshot.h"

/* Is a transaction one whose work a snapshot doesn't see? */
bool
live_is_unseen(TransactionId xid, Snapshot snapshot)
{
	return TransactionIdIsValid(xid) &&
		!TransactionIdIsCurrentTransactionId(xid) &&
		XidInMVCCSnapshot(xid, snapshot);
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
 * Does a snapshot see any row of a table? Under SERIALIZABLE, who looks hasn't
 * read the table.
 */
bool
live_sees_rows(Relation rel, Snapshot snapshot)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = carm_beginscan(rel, SnapshotAny);
	bool		seen = false;

	while (!seen && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		seen = table_tuple_satisfies_snapshot(rel, slot, snapshot);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	return seen;
}
