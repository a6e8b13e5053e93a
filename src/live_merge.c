/*-------------------------------------------------------------------------
 *
 * live_merge.c
 *	  Merging the parts of live histories, without waiting.
 *
 * The rules that let any number of transactions append and merge at once:
 *
 * 1. A part is only ever inserted or deleted as a whole, or replaced by one
 *	  that holds the sum of it and of parts deleted in the same transaction. So
 *	  every snapshot sees the same sum, whatever has been merged.
 * 2. Nobody waits. Where the server says that another transaction is changing
 *	  a part, that part is left as it is. What counts as merged is what we have
 *	  deleted ourselves, no matter what was read before: reading may therefore
 *	  use SnapshotSelf, which sees what is committed right now, and which under
 *	  SERIALIZABLE leaves no predicate locks that writers would run into.
 * 3. A merge takes in what others have committed since our own snapshot. A
 *	  transaction whose snapshot stays must not look at the result, so others'
 *	  parts are merged when it commits. Its own parts it may merge earlier.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "core/history.h"
#include "history_sum.h"
#include "live_parts.h"

/* One part, as found. */
typedef struct Part
{
	ItemPointerData tid;
	int64		entries;
	bytea	   *history;
	bool		gone;			/* we have deleted it */
} Part;

/* Was the part in this slot written by our transaction? */
static bool
is_own(TupleTableSlot *slot)
{
	bool		isnull;
	Datum		xmin = slot_getsysattr(slot, MinTransactionIdAttributeNumber,
									   &isnull);

	return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(xmin));
}

/*
 * How many entries the index has of the account, up to one more than may be
 * kept. Those of parts long gone count until the index knows. Then the scan is
 * at the first, or, where at_entry says that it isn't, before it.
 */
static int
count_entries(LiveParts *parts, int kept, bool *at_entry)
{
	/* the scan keeps what it allocates on the way */
	MemoryContext caller = MemoryContextSwitchTo(parts->context);
	int			count = 0;

	while (count <= kept &&
		   index_getnext_tid(parts->scan, ForwardScanDirection) != NULL)
		count++;
	/* to search for the first again would take longer */
	*at_entry = count > kept;
	for (int i = 0; *at_entry && i < kept; i++)
		*at_entry = index_getnext_tid(parts->scan, BackwardScanDirection) != NULL;
	/* unless somebody has taken entries away since */
	if (count > kept && !*at_entry)
		index_rescan(parts->scan, &parts->key, 1, NULL, 0);
	MemoryContextSwitchTo(caller);
	return count;
}

/* The part that the scan is at, if it is there; else the next one. */
static bool
next_part(LiveParts *parts, bool at_entry)
{
	MemoryContext caller = MemoryContextSwitchTo(parts->context);
	bool		found;

	found = (at_entry && index_fetch_heap(parts->scan, parts->found)) ||
		index_getnext_slot(parts->scan, ForwardScanDirection, parts->found);
	MemoryContextSwitchTo(caller);
	return found;
}

/*
 * An account's parts, as they are now; NULL where there aren't more than may be
 * kept, which the index alone can tell in most cases.
 */
static Part *
find_parts(LiveParts *parts, Datum account, int kept, bool own_only, int *count)
{
	int			room = 16;
	bool		at_entry;
	Part	   *found;
	MemoryContext caller = CurrentMemoryContext;

	if (parts->scan == NULL)
	{
		MemoryContextSwitchTo(parts->context);
		parts->found = table_slot_create(parts->rel, NULL);
		parts->scan = carm_index_beginscan(parts->rel, parts->index,
										   SnapshotSelf, 1);
		MemoryContextSwitchTo(caller);
	}
	parts->key.sk_argument = account;
	index_rescan(parts->scan, &parts->key, 1, NULL, 0);
	*count = count_entries(parts, kept, &at_entry);
	if (*count <= kept)
		return NULL;
	*count = 0;
	found = (Part *) palloc(room * sizeof(Part));
	for (; next_part(parts, at_entry); at_entry = false)
	{
		TupleTableSlot *slot = parts->found;
		struct varlena *history;

		if (own_only && !is_own(slot))
			continue;
		slot_getsomeattrs(slot, PART_HISTORY);
		if (slot->tts_isnull[PART_ENTRIES - 1] ||
			slot->tts_isnull[PART_HISTORY - 1])
			continue;
		if (*count == room)
		{
			CHECK_FOR_INTERRUPTS();
			room *= 2;
			found = (Part *) repalloc_huge(found, room * sizeof(Part));
		}
		history = (struct varlena *) DatumGetPointer(slot->tts_values[PART_HISTORY - 1]);
		found[*count].tid = slot->tts_tid;
		found[*count].entries = DatumGetInt64(slot->tts_values[PART_ENTRIES - 1]);
		found[*count].history = (bytea *) pg_detoast_datum_copy(history);
		(*count)++;
	}
	ExecClearTuple(parts->found);
	return found;
}

/* Deletes a part; false where another transaction has its hands on it. */
static bool
delete_part(LiveParts *parts, Part *part)
{
	TM_FailureData failure;

	return carm_tuple_delete(parts->rel, &part->tid,
							 GetCurrentCommandId(true), &failure) == TM_Ok;
}

/* Replaces a part; false where another transaction has its hands on it. */
static bool
replace_part(LiveParts *parts, Part *part, Datum account, int64 entries,
			 Datum history)
{
	TM_FailureData failure;
	LockTupleMode lockmode;
	CarmUpdateIndexes update_indexes;

	/*
	 * The server has no update for those who don't wait, as it has a delete:
	 * take the part first.
	 */
	if (table_tuple_lock(parts->rel, &part->tid, SnapshotSelf, parts->found,
						 GetCurrentCommandId(true), LockTupleNoKeyExclusive,
						 LockWaitSkip, 0, &failure) != TM_Ok)
		return false;
	ExecClearTuple(parts->found);
	live_parts_store(parts, &parts->merged, account, entries, history);
	if (carm_tuple_update(parts->rel, &part->tid, parts->merged,
						  GetCurrentCommandId(true), &failure, &lockmode,
						  &update_indexes) != TM_Ok)
		return false;
	if (!carm_no_indexes(update_indexes) && parts->info->ri_NumIndices > 0)
	{
		carm_insert_index_tuples(parts->info, parts->merged, parts->estate);
		ResetPerTupleExprContext(parts->estate);
	}
	return true;
}

static bool
history_is_empty(const bytea *history)
{
	return VARSIZE_ANY_EXHDR(history) <= HISTORY_EMPTY_SIZE;
}

/* The sum of the parts that are gone, and of a base if there is one. */
static bytea *
sum_of_parts(const Part *found, int count, int base)
{
	struct varlena *sum;

	if (base >= 0)
		sum = history_sum_begin(found[base].history);
	else
		sum = (struct varlena *) history_state_new(SLOT_IS_SLICE, 0, 0);
	for (int i = 0; i < count; i++)
	{
		struct varlena *before = sum;

		CHECK_FOR_INTERRUPTS();
		if (found[i].gone)
			sum = history_sum_add(sum, VARDATA(found[i].history),
								  VARSIZE(found[i].history) - VARHDRSZ);
		if (sum != before)
			pfree(before);
	}
	return history_sum_store(sum);
}

/*
 * Merges an account's parts if there are more than may be kept; gives how many
 * fewer they are now, and sets left to how many there are. All changes of the
 * current command must be visible, that is, CommandCounterIncrement() comes
 * first; and last, as what was written here may be merged again right away.
 */
int64
live_parts_merge(LiveParts *parts, Datum account, int kept, bool own_only,
				 int *left)
{
	MemoryContext caller;
	Part	   *found;
	int			count;
	int			base = 0;
	int64		gone = 0;
	int64		entries = 0;
	bytea	   *stored;

	*left = 0;
	if (parts->index == NULL)
		return 0;
	caller = MemoryContextSwitchTo(parts->work);
	found = find_parts(parts, account, kept, own_only, &count);
	if (count <= kept)
		goto done;

	/* the largest is replaced, the others are deleted */
	for (int i = 1; i < count; i++)
	{
		if (VARSIZE(found[i].history) > VARSIZE(found[base].history))
			base = i;
	}
	for (int i = 0; i < count; i++)
	{
		found[i].gone = i != base && delete_part(parts, &found[i]);
		if (found[i].gone)
		{
			gone++;
			entries += found[i].entries;
		}
	}
	if (gone > 0)
	{
		stored = sum_of_parts(found, count, base);
		if (entries + found[base].entries == 0 && history_is_empty(stored) &&
			delete_part(parts, &found[base]))
			gone++;
		else if (!replace_part(parts, &found[base], account,
							   entries + found[base].entries,
							   PointerGetDatum(stored)))
		{
			/* then they become a part of their own */
			stored = sum_of_parts(found, count, -1);
			if (entries != 0 || !history_is_empty(stored))
			{
				live_parts_append(parts, account, entries,
								  PointerGetDatum(stored));
				live_parts_flush(parts);
				gone--;
			}
		}
		CommandCounterIncrement();
	}

done:
	MemoryContextSwitchTo(caller);
	MemoryContextReset(parts->work);
	*left = count - (int) gone;
	return gone;
}

/*
 * Merges the parts of all accounts; gives how many fewer there are now. The
 * accounts are found first, so as not to run into what is being written.
 */
int64
live_parts_merge_all(LiveParts *parts)
{
	Form_pg_attribute column = live_parts_account(parts);
	MemoryContext accounts = AllocSetContextCreate(parts->context, "accounts",
												   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(accounts);
	List	   *many = NIL;
	ListCell   *cell;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	ScanKeyData key = parts->key;
	Datum		last = (Datum) 0;
	bool		have_last = false;
	bool		listed = false;
	int64		gone = 0;
	int			left;

	if (parts->index == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has no index on its accounts",
						RelationGetRelationName(parts->rel)),
				 errhint("Create one: without it, histories are kept but their parts are never merged.")));

	slot = table_slot_create(parts->rel, NULL);
	scan = carm_index_beginscan(parts->rel, parts->index, SnapshotSelf, 0);
	index_rescan(scan, NULL, 0, NULL, 0);
	while (index_getnext_slot(scan, ForwardScanDirection, slot))
	{
		bool		isnull;
		Datum		account = slot_getattr(slot, PART_ACCOUNT, &isnull);

		CHECK_FOR_INTERRUPTS();
		if (isnull)
			continue;
		if (have_last &&
			DatumGetBool(FunctionCall2Coll(&key.sk_func, key.sk_collation,
										   account, last)))
		{
			if (!listed)
				many = lappend(many, DatumGetPointer(last));
			listed = true;
			continue;
		}
		if (have_last && !listed && !column->attbyval)
			pfree(DatumGetPointer(last));
		last = datumCopy(account, column->attbyval, column->attlen);
		have_last = true;
		listed = false;
	}
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);

	MemoryContextSwitchTo(caller);
	foreach(cell, many)
	{
		CHECK_FOR_INTERRUPTS();
		gone += live_parts_merge(parts, PointerGetDatum(lfirst(cell)), 1, false,
								 &left);
	}
	MemoryContextDelete(accounts);
	return gone;
}
