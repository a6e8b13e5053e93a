/*-------------------------------------------------------------------------
 *
 * live_parts.c
 *	  The parts of live histories: appending, and merging without waiting.
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
 * The table is changed below the executor: whoever may change the source need
 * not be allowed to change the parts. Row-level security, triggers and rules
 * don't come into it. Functions of an index that the owner added do: they are
 * called with the owner's rights, as by REINDEX, whoever writes or commits.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/relscan.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_am.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "history_sum.h"
#include "live.h"

/* One merge of usual size needs less: then memory isn't asked for anew. */
#define MERGE_MEMORY	(64 * 1024)

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

/* One part, as found. */
typedef struct Part
{
	ItemPointerData tid;
	int64		entries;
	bytea	   *history;
	bool		gone;			/* we have deleted it */
} Part;

/* Prepares the look-up by account. */
static void
find_index(LiveParts *parts)
{
	Form_pg_attribute column = live_parts_account(parts);

	for (int i = 0; i < parts->info->ri_NumIndices; i++)
	{
		Relation	index = parts->info->ri_IndexRelationDescs[i];
		Oid			family;
		Oid			type;
		Oid			equal;

		if (index->rd_rel->relam != BTREE_AM_OID ||
			!index->rd_index->indisvalid ||
			index->rd_index->indkey.values[0] != PART_ACCOUNT ||
			index->rd_indcollation[0] != column->attcollation ||
			!heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL))
			continue;
		family = index->rd_opfamily[0];
		type = index->rd_opcintype[0];
		equal = get_opfamily_member(family, type, type, BTEqualStrategyNumber);
		if (!OidIsValid(equal))
			continue;
		ScanKeyEntryInitialize(&parts->key, 0, 1, BTEqualStrategyNumber,
							   InvalidOid, index->rd_indcollation[0],
							   get_opcode(equal), (Datum) 0);
		parts->index = index;
		return;
	}
}

/* Does an index call functions, which could be anyone's? */
static bool
has_index_functions(const ResultRelInfo *info)
{
	for (int i = 0; i < info->ri_NumIndices; i++)
	{
		if (info->ri_IndexRelationInfo[i]->ii_Expressions != NIL ||
			info->ri_IndexRelationInfo[i]->ii_Predicate != NIL)
			return true;
	}
	return false;
}

/*
 * Is it our type? We write its bytes and read them without asking anybody, so
 * that no other will do. Its OID is the database's; but what its output
 * function calls is ours, and only a superuser could make another do so.
 */
static bool
is_duty_history(Oid type)
{
	Oid			output;
	bool		varlena;
	HeapTuple	tuple;
	bool		ours;
	bool		isnull;

	getTypeOutputInfo(type, &output, &varlena);
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(output));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", output);
	ours = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId &&
		strcmp(TextDatumGetCString(SysCacheGetAttr(PROCOID, tuple,
												   Anum_pg_proc_prosrc,
												   &isnull)),
			   "duty_history_out") == 0;
	ReleaseSysCache(tuple);
	return ours;
}

/* Can a relation be a table of parts? */
bool
live_parts_fit(Relation rel)
{
	TupleDesc	desc = RelationGetDescr(rel);

	/* what the owner has added is left NULL */
	for (int i = PART_COLUMNS; i < desc->natts; i++)
	{
		if (TupleDescAttr(desc, i)->attnotnull)
			return false;
	}
	return rel->rd_rel->relkind == RELKIND_RELATION &&
		desc->natts >= PART_COLUMNS &&
		TupleDescAttr(desc, PART_ENTRIES - 1)->atttypid == INT8OID &&
		!TupleDescAttr(desc, PART_ACCOUNT - 1)->attisdropped &&
		!TupleDescAttr(desc, PART_HISTORY - 1)->attisdropped &&
		is_duty_history(TupleDescAttr(desc, PART_HISTORY - 1)->atttypid);
}

/*
 * Opens a table of parts for appending and merging, and acts for its owner
 * until it is closed. NULL where there is none, or where it isn't one.
 */
LiveParts *
live_parts_open(Oid relid, LOCKMODE lockmode)
{
	Relation	rel = try_relation_open(relid, lockmode);
	MemoryContext context;
	MemoryContext caller;
	LiveParts  *parts;

	if (rel == NULL)
		return NULL;
	if (!live_parts_fit(rel))
	{
		relation_close(rel, NoLock);
		return NULL;
	}

	context = AllocSetContextCreate(CurrentMemoryContext, "parts of histories",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	parts = (LiveParts *) palloc0(sizeof(LiveParts));
	parts->rel = rel;
	parts->context = context;
	parts->work = AllocSetContextCreate(context, "merge", MERGE_MEMORY,
										MERGE_MEMORY, ALLOCSET_DEFAULT_MAXSIZE);
	GetUserIdAndSecContext(&parts->user, &parts->security);
	SetUserIdAndSecContext(rel->rd_rel->relowner,
						   parts->security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	parts->estate = CreateExecutorState();
	parts->info = makeNode(ResultRelInfo);
	InitResultRelInfo(parts->info, rel, 0, NULL, 0);
	ExecOpenIndices(parts->info, false);
	find_index(parts);
	MemoryContextSwitchTo(caller);
	if (has_index_functions(parts->info))
		parts->level = live_safe_search_path();
	return parts;
}

void
live_parts_close(LiveParts *parts)
{
	Relation	rel = parts->rel;

	SetUserIdAndSecContext(parts->user, parts->security);
	if (parts->level != 0)
		AtEOXact_GUC(false, parts->level);
	if (parts->scan)
		index_endscan(parts->scan);
	if (parts->found)
		ExecDropSingleTupleTableSlot(parts->found);
	if (parts->merged)
		ExecDropSingleTupleTableSlot(parts->merged);
	for (int i = 0; i < BATCH && parts->batch[i]; i++)
		ExecDropSingleTupleTableSlot(parts->batch[i]);
	ExecCloseIndices(parts->info);
	FreeExecutorState(parts->estate);
	MemoryContextDelete(parts->context);
	table_close(rel, NoLock);
}

Relation
live_parts_relation(LiveParts *parts)
{
	return parts->rel;
}

/* The column of accounts. */
Form_pg_attribute
live_parts_account(LiveParts *parts)
{
	return TupleDescAttr(RelationGetDescr(parts->rel), PART_ACCOUNT - 1);
}

/* The order of accounts. */
SortSupport
live_parts_order(LiveParts *parts)
{
	Form_pg_attribute column = live_parts_account(parts);
	TypeCacheEntry *type;

	if (parts->order.ssup_cxt == NULL)
	{
		type = lookup_type_cache(column->atttypid, TYPECACHE_LT_OPR);
		if (!OidIsValid(type->lt_opr))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("could not identify an ordering operator for type %s",
							format_type_be(column->atttypid))));
		parts->order.ssup_cxt = parts->context;
		parts->order.ssup_collation = column->attcollation;
		PrepareSortSupportFromOrderingOp(type->lt_opr, &parts->order);
	}
	return &parts->order;
}

/* Fills a slot with a part. */
static void
store_part(LiveParts *parts, TupleTableSlot **slot, Datum account,
		   int64 entries, Datum history)
{
	if (*slot == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(parts->context);

		*slot = table_slot_create(parts->rel, NULL);
		MemoryContextSwitchTo(caller);
	}
	ExecClearTuple(*slot);
	memset((*slot)->tts_isnull, true,
		   (*slot)->tts_tupleDescriptor->natts * sizeof(bool));
	(*slot)->tts_isnull[PART_ENTRIES - 1] = false;
	(*slot)->tts_isnull[PART_ACCOUNT - 1] = false;
	(*slot)->tts_isnull[PART_HISTORY - 1] = false;
	(*slot)->tts_values[PART_ENTRIES - 1] = Int64GetDatum(entries);
	(*slot)->tts_values[PART_ACCOUNT - 1] = account;
	(*slot)->tts_values[PART_HISTORY - 1] = history;
	ExecStoreVirtualTuple(*slot);
	ExecMaterializeSlot(*slot);
}

/* Appends a part. It is in the table once flushed. */
void
live_parts_append(LiveParts *parts, Datum account, int64 entries, Datum history)
{
	store_part(parts, &parts->batch[parts->nbatch], account, entries, history);
	if (++parts->nbatch == BATCH)
		live_parts_flush(parts);
}

void
live_parts_flush(LiveParts *parts)
{
	CommandId	command = GetCurrentCommandId(true);
	int			n = parts->nbatch;

	parts->nbatch = 0;
	if (n == 1)
		table_tuple_insert(parts->rel, parts->batch[0], command, 0, NULL);
	else if (n > 1)
		table_multi_insert(parts->rel, parts->batch, n, command, 0, NULL);
	if (parts->info->ri_NumIndices > 0)
	{
		for (int i = 0; i < n; i++)
		{
			carm_insert_index_tuples(parts->info, parts->batch[i],
									 parts->estate);
			ResetPerTupleExprContext(parts->estate);
		}
	}
	for (int i = 0; i < n; i++)
		ExecClearTuple(parts->batch[i]);
	CHECK_FOR_INTERRUPTS();
}

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
	store_part(parts, &parts->merged, account, entries, history);
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
