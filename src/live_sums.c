/*-------------------------------------------------------------------------
 *
 * live_sums.c
 *	  Sums by account, in bounded memory.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/tuptable.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

#include "compat.h"
#include "live.h"
#include "live_parts.h"
#include "live_sums.h"
#include "messages.h"

/* Accounts that a new table has room for. */
#define SUMS_AT_FIRST	64

struct LiveSums
{
	LiveParts  *parts;
	MemoryContext context;
	MemoryContext table_context;
	struct sums_hash *table;
	AccountSum *last;			/* rows of one account tend to follow */
	Size		memory;			/* that the table may use */

	/* how accounts are told apart */
	FmgrInfo	hash;
	FmgrInfo	equal;

	/* once the table has outgrown its memory; tuples are as of the parts */
	Tuplesortstate *sort;
	TupleDesc	desc;
	TupleTableSlot *given;
};

static uint32
hash_account(LiveSums *sums, Datum account)
{
	return DatumGetUInt32(FunctionCall1Coll(&sums->hash,
											sums->parts->account.collation,
											account));
}

static bool
equal_accounts(LiveSums *sums, Datum a, Datum b)
{
	return DatumGetBool(FunctionCall2Coll(&sums->equal,
										  sums->parts->account.collation,
										  a, b));
}

#define SH_PREFIX sums
#define SH_ELEMENT_TYPE AccountSum
#define SH_KEY_TYPE Datum
#define SH_KEY account
#define SH_HASH_KEY(tb, key) hash_account((LiveSums *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) equal_accounts((LiveSums *) (tb)->private_data, a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

/* Begins to count into a table of so many bytes. */
LiveSums *
live_sums_begin(LiveParts *parts, Size memory)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "sums by account",
												  ALLOCSET_DEFAULT_SIZES);
	LiveSums   *sums = (LiveSums *) MemoryContextAllocZero(context,
														   sizeof(LiveSums));
	TypeCacheEntry *type = lookup_type_cache(parts->account.type,
											 TYPECACHE_HASH_PROC |
											 TYPECACHE_EQ_OPR);

	if (!OidIsValid(type->hash_proc) || !OidIsValid(type->eq_opr))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("could not identify a hash function of type %s",
						format_type_be(parts->account.type))));
	fmgr_info_cxt(type->hash_proc, &sums->hash, context);
	fmgr_info_cxt(get_opcode(type->eq_opr), &sums->equal, context);
	sums->parts = parts;
	sums->context = context;
	/* the last block may be unused, so that it had better not be large */
	sums->table_context = AllocSetContextCreate(context, "accounts",
												ALLOCSET_DEFAULT_MINSIZE,
												ALLOCSET_DEFAULT_INITSIZE,
												Max(ALLOCSET_DEFAULT_INITSIZE,
													Min(memory / 32,
														ALLOCSET_DEFAULT_MAXSIZE)));
	sums->memory = memory;
	sums->table = sums_create(sums->table_context, SUMS_AT_FIRST, sums);
	return sums;
}

/* Where the states live. */
MemoryContext
live_sums_memory(LiveSums *sums)
{
	return sums->table_context;
}

/* Sorts by account what follows it; can be cancelled. */
static void
begin_sort(LiveSums *sums)
{
	AttrNumber	column = PART_ACCOUNT;
	bool		nulls_first = false;
	MemoryContext caller = MemoryContextSwitchTo(sums->context);
	SortSupport order = live_parts_order(sums->parts);

	/* the table and the sort share the memory from here on */
	sums->memory /= 2;
	sums->desc = CreateTupleDescCopy(RelationGetDescr(live_parts_relation(sums->parts)));
	sums->given = MakeSingleTupleTableSlot(sums->desc, &TTSOpsVirtual);
	sums->sort = tuplesort_begin_heap(sums->desc, 1, &column,
									  &sums->parts->account.less,
									  &order->ssup_collation, &nulls_first,
									  (int) Min(sums->memory / 1024, MAX_KILOBYTES),
									  NULL, TUPLESORT_NONE);
	MemoryContextSwitchTo(caller);
}

static void
give_to_sort(LiveSums *sums, const AccountSum *sum)
{
	TupleTableSlot *slot = sums->given;
	bytea	   *history = history_state_to_stored(sum->state);

	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, sums->desc->natts * sizeof(bool));
	slot->tts_isnull[PART_ENTRIES - 1] = false;
	slot->tts_isnull[PART_ACCOUNT - 1] = false;
	slot->tts_isnull[PART_HISTORY - 1] = false;
	slot->tts_values[PART_ENTRIES - 1] = Int64GetDatum(sum->state->rows);
	slot->tts_values[PART_ACCOUNT - 1] = sum->account;
	slot->tts_values[PART_HISTORY - 1] = PointerGetDatum(history);
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(sums->sort, slot);
	ExecClearTuple(slot);
	pfree(history);
}

/* Gives the sums so far to the sort, and begins a new table. */
static void
spill(LiveSums *sums)
{
	sums_iterator iterator;
	AccountSum *sum;

	if (sums->sort == NULL)
		begin_sort(sums);
	sums_start_iterate(sums->table, &iterator);
	while ((sum = sums_iterate(sums->table, &iterator)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (sum->state != NULL)
			give_to_sort(sums, sum);
	}
	MemoryContextReset(sums->table_context);
	sums->table = sums_create(sums->table_context, SUMS_AT_FIRST, sums);
	sums->last = NULL;
}

/* Gives the sums of a table that has outgrown its memory to the sort. */
void
live_sums_spill_if_full(LiveSums *sums)
{
	if (MemoryContextMemAllocated(sums->table_context, false) > sums->memory)
		spill(sums);
}

/* The sum of an account. It is where it is until the next is looked for. */
AccountSum *
live_sums_find(LiveSums *sums, Datum account)
{
	AccountSum *sum = sums->last;
	MemoryContext caller;
	bool		found;

	if (sum != NULL &&
		datumIsEqual(sum->account, account, sums->parts->account.byval,
					 sums->parts->account.length))
		return sum;
	/* accounts whose hashes collide take long */
	CHECK_FOR_INTERRUPTS();
	sum = sums_insert(sums->table, account, &found);
	if (!found)
	{
		sum->state = NULL;
		if (!sums->parts->account.byval)
		{
			caller = MemoryContextSwitchTo(sums->table_context);
			sum->account = live_account_copy(sums->parts, account);
			MemoryContextSwitchTo(caller);
		}
		if (sums->table->members > 1 &&
			MemoryContextMemAllocated(sums->table_context, false) > sums->memory)
		{
			/* a new sum isn't given to the sort */
			spill(sums);
			return live_sums_find(sums, account);
		}
	}
	sums->last = sum;
	return sum;
}

/* Gives the sums of a table that was always large enough. */
static void
take_table(LiveSums *sums, LiveSumTaker take, void *arg)
{
	uint32		n = 0;
	LiveAccount *accounts = (LiveAccount *)
		MemoryContextAllocHuge(sums->context,
							   sums->table->members * sizeof(LiveAccount));
	sums_iterator iterator;
	AccountSum *sum;

	sums_start_iterate(sums->table, &iterator);
	while ((sum = sums_iterate(sums->table, &iterator)) != NULL)
	{
		accounts[n].account = sum->account;
		accounts[n++].of = sum;
	}
	live_accounts_sort(sums->parts, accounts, n);
	for (uint32 i = 0; i < n; i++)
	{
		const HistoryState *state = ((AccountSum *) accounts[i].of)->state;
		bytea	   *history = history_state_to_stored(state);

		take(arg, accounts[i].account, state->rows, history);
		pfree(history);
	}
}

/* Adds the sum in a slot to a state, which is NULL at first. */
static HistoryState *
add_sum(HistoryState *state, TupleTableSlot *slot)
{
	struct varlena *history =
	(struct varlena *) DatumGetPointer(slot->tts_values[PART_HISTORY - 1]);

	if (state == NULL)
		state = history_state_new(SLOT_IS_SLICE, 0, 0);
	state->rows += DatumGetInt64(slot->tts_values[PART_ENTRIES - 1]);
	return history_state_add_stored(state, VARDATA_ANY(history),
									VARSIZE_ANY_EXHDR(history), 1);
}

/* The next sum in order; false at the end. */
static bool
next_sorted(LiveSums *sums, TupleTableSlot *slot)
{
	if (!tuplesort_gettupleslot(sums->sort, true, true, slot, NULL))
		return false;
	slot_getsomeattrs(slot, PART_COLUMNS);
	return true;
}

/* Gives the sums that the sort gives, those of one account as one. */
static void
take_sorted(LiveSums *sums, LiveSumTaker take, void *arg)
{
	SortSupport order = live_parts_order(sums->parts);
	MemoryContext work = AllocSetContextCreate(sums->context, "one account",
											   ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(sums->context);
	TupleTableSlot *first = MakeSingleTupleTableSlot(sums->desc, &TTSOpsMinimalTuple);
	TupleTableSlot *next = MakeSingleTupleTableSlot(sums->desc, &TTSOpsMinimalTuple);
	bool		more = next_sorted(sums, first);

	while (more)
	{
		TupleTableSlot *swapped = first;
		Datum		account = first->tts_values[PART_ACCOUNT - 1];
		HistoryState *state;

		MemoryContextSwitchTo(work);
		state = add_sum(NULL, first);
		for (;;)
		{
			MemoryContextSwitchTo(sums->context);
			more = next_sorted(sums, next);
			MemoryContextSwitchTo(work);
			if (!more ||
				ApplySortComparator(account, false,
									next->tts_values[PART_ACCOUNT - 1], false,
									order) != 0)
				break;
			state = add_sum(state, next);
		}
		take(arg, account, state->rows, history_state_to_stored(state));
		MemoryContextSwitchTo(sums->context);
		MemoryContextReset(work);
		first = next;
		next = swapped;
	}
	MemoryContextSwitchTo(caller);
	ExecDropSingleTupleTableSlot(first);
	ExecDropSingleTupleTableSlot(next);
}

/* Gives each account's sum, in order, and ends the count. */
void
live_sums_end(LiveSums *sums, LiveSumTaker take, void *arg)
{
	if (sums->sort == NULL)
		take_table(sums, take, arg);
	else
	{
		spill(sums);
		tuplesort_performsort(sums->sort);
		take_sorted(sums, take, arg);
		tuplesort_end(sums->sort);
		ExecDropSingleTupleTableSlot(sums->given);
	}
	MemoryContextDelete(sums->context);
}
