/*-------------------------------------------------------------------------
 *
 * live_walk.c
 *	  Merging the parts of all accounts, by a walk along their index.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/itup.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/tableam.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"
#include "live_merge.h"
#include "live_parts.h"
#include "live_walk.h"
#include "messages.h"

/* A walk: rounds of finding accounts and then merging their parts. */
typedef struct Walk
{
	LiveParts  *parts;
	volatile sig_atomic_t *stop;	/* ends the walk once set, if given */
	Size		memory;			/* that accounts take, or a little more */
	MemoryContext context;		/* of a round */
	IndexScanDesc scan;
	TupleTableSlot *slot;		/* NULL: the index has the accounts themselves */
	Datum	   *accounts;		/* those with more parts than may be kept */
	int64		naccounts;
	int64		room;
	bool		begun;
	Datum		last;			/* up to here it has come */
} Walk;

/* A key for the accounts after the last one, in the index's own order. */
static void
key_after(Walk *walk, ScanKey key)
{
	Relation	index = walk->parts->index;
	StrategyNumber after = index->rd_indoption[0] & INDOPTION_DESC ?
		BTLessStrategyNumber : BTGreaterStrategyNumber;
	Oid			operator = get_opfamily_member(index->rd_opfamily[0],
											   index->rd_opcintype[0],
											   index->rd_opcintype[0], after);

	ScanKeyEntryInitialize(key, 0, 1, after, InvalidOid,
						   walk->parts->account.collation, get_opcode(operator),
						   walk->last);
}

/*
 * The account of the next entry of the index; false at the end. NULL, which an
 * owner may have allowed, is passed over: an index may have it first or last.
 */
static bool
next_account(Walk *walk, Datum *account)
{
	bool		isnull = true;

	while (isnull)
	{
		CHECK_FOR_INTERRUPTS();
		if (walk->slot != NULL)
		{
			if (!index_getnext_slot(walk->scan, ForwardScanDirection, walk->slot))
				return false;
			*account = slot_getattr(walk->slot, PART_ACCOUNT, &isnull);
		}
		else if (index_getnext_tid(walk->scan, ForwardScanDirection) == NULL)
			return false;
		else
			*account = index_getattr(walk->scan->xs_itup, 1,
									 walk->scan->xs_itupdesc, &isnull);
	}
	return true;
}

static void
note_account(Walk *walk)
{
	if (walk->naccounts == walk->room)
	{
		walk->room *= 2;
		walk->accounts = (Datum *) repalloc_huge(walk->accounts,
												 walk->room * sizeof(Datum));
	}
	walk->accounts[walk->naccounts++] = walk->last;
}

/* Finds accounts with more parts than may be kept; false: those are all. */
static bool
find_accounts(Walk *walk, int kept)
{
	LiveParts  *parts = walk->parts;
	ScanKeyData key;
	Datum		account;
	int			entries = 0;
	bool		more;

	if (walk->begun)
		key_after(walk, &key);
	walk->scan = carm_index_beginscan(parts->rel, parts->index, SnapshotSelf,
									  walk->begun ? 1 : 0);
	walk->scan->xs_want_itup = walk->slot == NULL;
	index_rescan(walk->scan, &key, walk->begun ? 1 : 0, NULL, 0);
	while ((more = next_account(walk, &account)))
	{
		if (entries > 0 &&
			DatumGetBool(FunctionCall2Coll(&parts->key.sk_func,
										   parts->key.sk_collation,
										   account, walk->last)))
		{
			if (entries++ == kept)
				note_account(walk);
			continue;
		}
		if (MemoryContextMemAllocated(walk->context, false) > walk->memory ||
			(walk->stop && *walk->stop))
			break;
		if (entries > 0 && entries <= kept && !parts->account.byval)
			pfree(DatumGetPointer(walk->last));
		walk->last = live_account_copy(parts, account);
		walk->begun = true;
		entries = 1;
	}
	index_endscan(walk->scan);
	return more;
}

/*
 * Merges the parts of all accounts that have more than may be kept; gives how
 * many fewer there are now. Accounts are found first, so as not to run into
 * what is being written. The walk ends early once *stop is set, if given; then it
 * is part of a commit, and takes less memory.
 */
int64
live_parts_walk(LiveParts *parts, int kept, volatile sig_atomic_t *stop)
{
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext before = NULL;
	Walk		walk = {parts, stop};
	int64		gone = 0;
	bool		more;

	walk.memory = (Size) 1024 * (stop ? MERGE_KILOBYTES / 4 : maintenance_work_mem);
	/* some types are indexed in another form */
	if (TupleDescAttr(RelationGetDescr(parts->index), 0)->atttypid != parts->account.type)
		walk.slot = table_slot_create(parts->rel, NULL);
	do
	{
		walk.context = AllocSetContextCreate(caller, "accounts to be merged",
											 ALLOCSET_DEFAULT_SIZES);
		MemoryContextSwitchTo(walk.context);
		walk.naccounts = 0;
		walk.room = 64;
		walk.accounts = (Datum *) palloc(walk.room * sizeof(Datum));
		more = find_accounts(&walk, kept);
		MemoryContextSwitchTo(caller);
		if (before != NULL)
			MemoryContextDelete(before);
		before = walk.context;	/* the last account is in it */
		for (int64 i = 0; i < walk.naccounts && !(stop && *stop); i++)
		{
			CHECK_FOR_INTERRUPTS();
			gone += live_parts_merge(parts, walk.accounts[i], kept);
		}
	} while (more && !(stop && *stop));
	CommandCounterIncrement();
	MemoryContextDelete(before);
	if (walk.slot != NULL)
		ExecDropSingleTupleTableSlot(walk.slot);
	return gone;
}

/* Merges the parts of each account to one; gives how many fewer there are. */
int64
live_parts_merge_all(LiveParts *parts)
{
	(void) live_account_equality(parts->account.type);
	if (parts->index == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has no index on its accounts",
						RelationGetRelationName(parts->rel)),
				 errhint("Create one: without it, histories are kept but their parts are never merged.")));
	return live_parts_walk(parts, 1, NULL);
}
