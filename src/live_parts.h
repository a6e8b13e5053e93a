/*-------------------------------------------------------------------------
 *
 * live_parts.h
 *	  An open table of parts, for those that append to it and merge.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_PARTS_H
#define CARM_LIVE_PARTS_H

#include "access/genam.h"
#include "live.h"

/* Parts appended at once. */
#define BATCH	128

struct LiveParts
{
	Relation	rel;
	MemoryContext context;
	MemoryContext work;			/* of one merge */
	EState	   *estate;
	ResultRelInfo *info;
	Oid			user;			/* who opened them */
	int			security;
	int			level;			/* of settings; 0: no function can be called */
	SortSupportData order;		/* of accounts, once asked for */
	TupleTableSlot *batch[BATCH];
	int			nbatch;

	/* to find an account's parts; no index: it was dropped */
	Relation	index;
	ScanKeyData key;
	IndexScanDesc scan;
	TupleTableSlot *found;
	TupleTableSlot *merged;
};

extern void live_parts_store(LiveParts *parts, TupleTableSlot **slot,
							 Datum account, int64 entries, Datum history);

#endif							/* CARM_LIVE_PARTS_H */
