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
 * 3. A merge takes our own parts and those that our snapshot sees. So whoever
 *	  looks at the result with this snapshot finds what it found before.
 * 4. Merging costs what it brings. A part that is much larger than all smaller
 *	  ones together is left alone, so that each byte is written anew only as
 *	  often as the history has doubled: see live_choose.c.
 * 5. What can't be summed is left as it is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "core/history.h"
#include "history_sum.h"
#include "live.h"
#include "live_choose.h"
#include "live_merge.h"
#include "live_parts.h"

/* The sum of so many bytes of histories, its amounts widened, isn't toasted. */
#define NEVER_TOASTED	256

/* Deletes a part; false where another transaction has its hands on it. */
static bool
delete_part(LiveParts *parts, LivePart *part)
{
	TM_FailureData failure;

	return carm_tuple_delete(parts->rel, &part->tid,
							 GetCurrentCommandId(true), &failure) == TM_Ok;
}

/* Replaces a part; false where another transaction has its hands on it. */
static bool
replace_part(LiveParts *parts, LivePart *part, int64 entries, Datum history)
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
	live_parts_fill_slot(parts, &parts->merged, part->account, entries, history);
	if (carm_tuple_update(parts->rel, &part->tid, parts->merged,
						  GetCurrentCommandId(true), &failure, &lockmode,
						  &update_indexes) != TM_Ok)
		return false;
	if (!carm_no_indexes(update_indexes) && parts->info->ri_NumIndices > 0)
	{
		carm_update_index_tuples(parts->info, parts->merged, parts->estate,
								 update_indexes);
		ResetPerTupleExprContext(parts->estate);
	}
	return true;
}

static bool
history_is_empty(const bytea *history)
{
	return VARSIZE_ANY_EXHDR(history) <= HISTORY_EMPTY_SIZE;
}

/* The sum of those of some parts that are gone, and of the first. */
static bytea *
sum_of_parts(const LivePart *found, int count)
{
	struct varlena *sum = NULL;

	for (int i = 0; i < count; i++)
	{
		struct varlena *before = sum;

		CHECK_FOR_INTERRUPTS();
		if (sum == NULL)
			sum = history_sum_begin(found[i].history);
		else
			sum = history_sum_add(sum, VARDATA_ANY(found[i].history),
								  VARSIZE_ANY_EXHDR(found[i].history));
		if (before != NULL && sum != before)
			pfree(before);
	}
	return history_sum_to_stored(sum);
}

/* Is it an error of a sum that can't be had, rather than of something else? */
static bool
is_of_sum(int sqlerrcode)
{
	return sqlerrcode == ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE ||
		sqlerrcode == ERRCODE_PROGRAM_LIMIT_EXCEEDED ||
		sqlerrcode == ERRCODE_DATA_CORRUPTED ||
		sqlerrcode == ERRCODE_OUT_OF_MEMORY;
}

/*
 * The sum of parts' histories, or NULL where it can't be had.
 *
 * The histories are in memory: adding them up takes nothing but more of that,
 * so that an error leaves nothing to be undone.
 */
static bytea *
try_sum(const LivePart *found, int count)
{
	MemoryContext context = CurrentMemoryContext;
	uint32		held = QueryCancelHoldoffCount; /* an error lets go */
	bytea	   *volatile sum = NULL;

	PG_TRY();
	{
		sum = sum_of_parts(found, count);
	}
	PG_CATCH();
	{
		if (!is_of_sum(geterrcode()))
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		QueryCancelHoldoffCount = held;
	}
	PG_END_TRY();
	return sum;
}

/* Appends parts that we have deleted as they were: their sum can't be had. */
static void
append_again(LiveParts *parts, const LivePart *found, int count)
{
	for (int i = 0; i < count; i++)
		live_parts_append(parts, found[i].account, found[i].entries,
						  PointerGetDatum(found[i].history));
	live_parts_flush(parts);
}

/*
 * Puts a sum in the place of its parts: all but the first are gone already.
 * Gives how many fewer there are.
 */
static int
put_sum(LiveParts *parts, LivePart *found, int count, bytea *sum)
{
	int64		entries = 0;

	for (int i = 1; i < count; i++)
		entries += found[i].entries;
	if (sum != NULL)
	{
		if (entries + found[0].entries == 0 && history_is_empty(sum) &&
			delete_part(parts, &found[0]))
			return count;
		if (replace_part(parts, &found[0], entries + found[0].entries,
						 PointerGetDatum(sum)))
			return count - 1;
		/* another has its hands on it: the rest becomes a part of its own */
		sum = try_sum(found + 1, count - 1);
	}
	if (sum == NULL)
	{
		append_again(parts, found + 1, count - 1);
		return 0;
	}
	if (entries == 0 && history_is_empty(sum))
		return count - 1;
	live_parts_append(parts, found[1].account, entries, PointerGetDatum(sum));
	live_parts_flush(parts);
	return count - 2;
}

/* Merges parts, the largest first; gives how many fewer there are. */
static int
merge_parts(LiveParts *parts, LivePart *found, int count)
{
	bytea	   *sum;
	Size		size = 0;
	int			gone = 1;

	for (int i = 0; i < count; i++)
		size += found[i].size;
	if (parts->account.length == -1)
		size += toast_raw_datum_size(found[0].account);
	if (size > NEVER_TOASTED && !live_toast_is_free(parts))
		return 0;
	for (int i = 0; i < count; i++)
		found[i].history = pg_detoast_datum_packed(found[i].history);
	sum = try_sum(found, count);
	if (sum == NULL || QueryCancelPending)
		return 0;
	/* what was taken by then is merged: a cancel may be held back */
	for (int i = 1; i < count && !QueryCancelPending; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (delete_part(parts, &found[i]))
			found[gone++] = found[i];
	}
	if (gone == 1)
		return 0;
	if (gone < count)
		sum = try_sum(found, gone);
	return put_sum(parts, found, gone, sum);
}

/*
 * Merges those of an account's parts that memory holds at once, if there are
 * more than may be kept; gives how many fewer they are now. Are there others?
 */
static int
merge_some(LiveParts *parts, Datum account, int kept, bool *others)
{
	MemoryContext caller = MemoryContextSwitchTo(parts->work);
	int			count;
	LivePart   *chosen = live_parts_choose(parts, account, kept, &count, others);
	int			gone = count > 0 ? merge_parts(parts, chosen, count) : 0;

	MemoryContextSwitchTo(caller);
	MemoryContextReset(parts->work);
	return gone;
}

/*
 * Merges an account's parts if there are more than may be kept; gives how many
 * fewer they are now. There must be an index, and an active snapshot.
 *
 * What the current command has written is left alone: CommandCounterIncrement()
 * comes before the first account and after the last. It doesn't come between
 * two: the server remembers each command that deletes parts of our own.
 */
int
live_parts_merge(LiveParts *parts, Datum account, int kept)
{
	int			gone = 0;
	int			gone_now;
	bool		others;

	for (;;)
	{
		gone_now = merge_some(parts, account, kept, &others);
		gone += gone_now;
		if (!others || gone_now == 0 || QueryCancelPending)
			break;
		CommandCounterIncrement();
	}
	return gone;
}
