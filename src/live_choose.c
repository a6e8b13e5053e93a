/*-------------------------------------------------------------------------
 *
 * live_choose.c
 *	  Which parts of an account are merged.
 *
 * Those that the rules in live_merge.c allow, as many as memory holds, without
 * those that are better left alone; at commit, without those whose toast
 * somebody has locked, as REINDEX does.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/sysattr.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"
#include "live_choose.h"
#include "live_parts.h"

/* Histories up to this size, some ten years, are written anew at any time. */
#define SMALL_HISTORY	2048
/* A larger one only with others of a quarter of its size. */
#define LARGE_RATIO		4
/* The parts merged at once take so much memory. Each batch costs a search. */
#define MERGED_MEMORY	((Size) MERGE_KILOBYTES * 1024)

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
 * Was a part of ours written by the current command? The server lets no command
 * change what it has written itself. One with a combo command id was deleted by
 * a later command, which has been undone.
 */
static bool
is_of_this_command(TupleTableSlot *slot)
{
	bool		isnull;
	Datum		cmin = slot_getsysattr(slot, MinCommandIdAttributeNumber, &isnull);

	if (TTS_IS_BUFFERTUPLE(slot) &&
		(((HeapTupleTableSlot *) slot)->tuple->t_data->t_infomask & HEAP_COMBOCID))
		return false;
	return DatumGetCommandId(cmin) >= GetCurrentCommandId(false);
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

/* Prepares the scan for the first account. */
static void
begin_scan(LiveParts *parts)
{
	MemoryContext caller = MemoryContextSwitchTo(parts->context);

	parts->found = table_slot_create(parts->rel, NULL);
	parts->scan = carm_index_beginscan(parts->rel, parts->index, SnapshotSelf, 1);
	MemoryContextSwitchTo(caller);
}

static bool
is_external(Datum value, int16 length)
{
	return length == -1 && VARATT_IS_EXTERNAL(DatumGetPointer(value));
}

/*
 * A value to be written again as it is, compressed or not. Toast of its own it
 * may lose with its part, so that this is fetched.
 */
static Datum
stored_copy(Datum value, bool byval, int16 length)
{
	if (is_external(value, length))
		return PointerGetDatum(detoast_external_attr((struct varlena *)
													 DatumGetPointer(value)));
	return datumCopy(value, byval, length);
}

/*
 * May toast be read and written without waiting for who has locked it alone,
 * and without an error, as where the snapshot may be too old for it?
 */
bool
live_toast_is_free(LiveParts *parts)
{
	Oid			toast = parts->rel->rd_rel->reltoastrelid;

	if (parts->nowait && carm_snapshots_expire() && IsolationUsesXactSnapshot())
		return false;
	if (parts->nowait && !parts->toast_locked && OidIsValid(toast))
		parts->toast_locked = live_lock_at_once(toast);
	return !parts->nowait || parts->toast_locked || !OidIsValid(toast);
}

/* May we merge the part in a slot: is it whole, seen, and can be read at once? */
static bool
is_ours_to_merge(LiveParts *parts, TupleTableSlot *slot)
{
	if (slot->tts_isnull[PART_ENTRIES - 1] || slot->tts_isnull[PART_HISTORY - 1])
		return false;
	if (is_own(slot) ? is_of_this_command(slot) :
		!table_tuple_satisfies_snapshot(parts->rel, slot, GetActiveSnapshot()))
		return false;
	return (!is_external(slot->tts_values[PART_ACCOUNT - 1], parts->account.length) &&
			!is_external(slot->tts_values[PART_HISTORY - 1], -1)) ||
		live_toast_is_free(parts);
}

/* What is in a slot, as a part. Most accounts are the same as the one before. */
static void
read_part(LiveParts *parts, TupleTableSlot *slot, const LivePart *before,
		  LivePart *part)
{
	const AccountType *type = &parts->account;
	Datum		account = slot->tts_values[PART_ACCOUNT - 1];
	Datum		history = slot->tts_values[PART_HISTORY - 1];

	part->tid = slot->tts_tid;
	part->entries = DatumGetInt64(slot->tts_values[PART_ENTRIES - 1]);
	part->account = before != NULL &&
		datumIsEqual(account, before->account, type->byval, type->length) ?
		before->account : stored_copy(account, type->byval, type->length);
	/* a large one is fetched only when it is to be merged */
	part->history = (struct varlena *) DatumGetPointer(datumCopy(history, false, -1));
	part->size = toast_raw_datum_size(history);
}

static int
compare_sizes(const void *a, const void *b)
{
	Size		x = ((const LivePart *) a)->size;
	Size		y = ((const LivePart *) b)->size;

	return (x < y) - (x > y);
}

/*
 * Sorts parts by size, the largest first, and gives the first that is to be
 * merged with all that follow: not so large that it had better be left alone.
 * All are, where one is to be kept.
 */
static int
choose_parts(LivePart *found, int count, int kept)
{
	int			first = count;
	Size		following = 0;

	qsort(found, count, sizeof(LivePart), compare_sizes);
	for (int i = count - 1; i >= 0; i--)
	{
		if (found[i].size <= Max(SMALL_HISTORY, LARGE_RATIO * following))
			first = i;
		following += found[i].size;
	}
	return kept == 1 ? 0 : first;
}

/*
 * Leaves out of what was found what is better left alone, to make room; false
 * where enough is left to be merged, so that this comes first.
 */
static bool
leave_large(LivePart *found, int *count, int kept, Size *size)
{
	int			first = choose_parts(found, *count, kept);

	if (first == 0 || *count - first > kept)
		return false;
	for (int i = 0; i < first; i++)
	{
		*size -= found[i].size;
		pfree(found[i].history);
	}
	*count -= first;
	memmove(found, found + first, *count * sizeof(LivePart));
	return true;
}

/*
 * An account's parts that may be merged, as they are now, and whether there may
 * be others that memory doesn't hold; NULL where there aren't more than may be
 * kept, which the index alone can tell in most cases.
 */
static LivePart *
find_parts(LiveParts *parts, Datum account, int kept, int *count, bool *others)
{
	int			room = 16;
	Size		size = 0;
	bool		at_entry;
	LivePart   *found;

	*others = false;
	if (parts->scan == NULL)
		begin_scan(parts);
	parts->key.sk_argument = account;
	index_rescan(parts->scan, &parts->key, 1, NULL, 0);
	*count = count_entries(parts, kept, &at_entry);
	if (*count <= kept)
		return NULL;
	*count = 0;
	found = (LivePart *) palloc(room * sizeof(LivePart));
	for (; next_part(parts, at_entry); at_entry = false)
	{
		TupleTableSlot *slot = parts->found;

		slot_getsomeattrs(slot, PART_HISTORY);
		if (!is_ours_to_merge(parts, slot))
			continue;
		if (*count == room)
		{
			CHECK_FOR_INTERRUPTS();
			room *= 2;
			found = (LivePart *) repalloc_huge(found, room * sizeof(LivePart));
		}
		read_part(parts, slot, *count > 0 ? &found[*count - 1] : NULL, &found[*count]);
		size += found[*count].size; /* it is fetched once it is merged */
		*others = ++*count > kept &&
			size + MemoryContextMemAllocated(parts->work, false) > MERGED_MEMORY &&
			!leave_large(found, count, kept, &size);
		if (*others || QueryCancelPending)
			break;
	}
	ExecClearTuple(parts->found);
	return found;
}

/*
 * Those of an account's parts that are to be merged now, the largest first;
 * none where no more are left than may be kept. Are there others, that memory
 * doesn't hold?
 */
LivePart *
live_parts_choose(LiveParts *parts, Datum account, int kept, int *count,
				  bool *others)
{
	LivePart   *found = find_parts(parts, account, kept, count, others);
	int			first;

	if (*count > kept)
	{
		first = choose_parts(found, *count, kept);
		found += first;
		*count -= first;
	}
	if (*count <= kept)
		*count = 0;
	return found;
}
