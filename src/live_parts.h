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
#include "live_common.h"
#include "utils/sortsupport.h"

/* Parts appended at once. */
#define BATCH	128

/* What accounts are, copied, so that it outlives what is known of the table. */
typedef struct AccountType
{
	Oid			type;
	Oid			collation;
	Oid			equal;			/* the type's equality: an operator */
	Oid			less;			/* the order that goes with it */
	int16		length;
	bool		byval;
	bool		composite;
	bool		nested;			/* other types have a say in how it compares */
} AccountType;

typedef struct LiveParts
{
	Relation	rel;
	AccountType account;
	MemoryContext context;
	MemoryContext work;			/* of one merge */
	EState	   *estate;
	ResultRelInfo *info;
	LiveGuard	guard;			/* until they are closed */
	SortSupportData order;		/* of accounts, once asked for */
	TupleTableSlot *batch[BATCH];
	int			nbatch;

	/* to find an account's parts; no index: it was dropped */
	Relation	index;
	ScanKeyData key;
	bool		others;			/* there are indexes besides */
	IndexScanDesc scan;
	TupleTableSlot *found;
	TupleTableSlot *merged;
	bool		nowait;			/* at commit: merge what needs no waiting */
	bool		toast_locked;	/* with nowait: see live_choose.c */
} LiveParts;

/* An account, to be sorted; and what is known of it. */
typedef struct LiveAccount
{
	Datum		account;
	void	   *of;
} LiveAccount;

extern Oid live_account_equality(Oid type);
extern bool live_lock_at_once(Oid relid);
extern bool live_lock_row_types_at_once(Oid type);
extern LiveParts *live_parts_open(Oid relid, LOCKMODE lockmode);
extern void live_parts_close(LiveParts *parts);
extern Relation live_parts_relation(LiveParts *parts);
extern void live_parts_append(LiveParts *parts, Datum account, int64 entries,
							  Datum history);
extern void live_parts_flush(LiveParts *parts);
extern SortSupport live_parts_order(LiveParts *parts);
extern Datum live_account_copy(const LiveParts *parts, Datum account);
extern void live_accounts_sort(LiveParts *parts, LiveAccount *accounts,
							   Size count);
extern void live_parts_fill_slot(LiveParts *parts, TupleTableSlot **slot,
							 Datum account, int64 entries, Datum history);

#endif							/* CARM_LIVE_PARTS_H */
