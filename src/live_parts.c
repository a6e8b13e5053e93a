/*-------------------------------------------------------------------------
 *
 * live_parts.c
 *	  The parts of live histories: opening their table, and appending.
 *
 * The table is changed below the executor: whoever may change the source need
 * not be allowed to change the parts. Row-level security, triggers and rules
 * don't come into it. Functions of the account's type, and of an index that the
 * owner added, do: they are called with a safe search_path, and no more rights
 * than both the owner and whoever writes or commits have: see live_lesser_role().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/relation.h"
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
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "live.h"
#include "live_common.h"
#include "live_parts.h"
#include "messages.h"

/* One merge of usual size needs less: then memory isn't asked for anew. */
#define MERGE_MEMORY	(64 * 1024)

/* The "=" of a type of accounts; an error where it has none, or has lost it. */
Oid
live_account_equality(Oid type)
{
	Oid			equal = lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr;

	if (!OidIsValid(equal))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("could not identify an equality operator for type %s",
						format_type_be(type))));
	return equal;
}

/* Copies what accounts are: their column's type, and how these compare. */
static void
describe_account(LiveParts *parts)
{
	Form_pg_attribute column =
	TupleDescAttr(RelationGetDescr(parts->rel), PART_ACCOUNT - 1);
	TypeCacheEntry *type;

	parts->account.type = column->atttypid;
	parts->account.collation = column->attcollation;
	parts->account.length = column->attlen;
	parts->account.byval = column->attbyval;
	type = lookup_type_cache(column->atttypid,
							 TYPECACHE_EQ_OPR | TYPECACHE_LT_OPR);
	parts->account.equal = type->eq_opr;
	parts->account.less = type->lt_opr;
	parts->account.composite = type->typtype == TYPTYPE_COMPOSITE;
	parts->account.nested = OidIsValid(get_element_type(type->type_id)) ||
		(type->typtype != TYPTYPE_BASE && type->typtype != TYPTYPE_ENUM);
}

/* Can an account's parts be found by an index? */
static bool
finds_accounts(LiveParts *parts, Relation index)
{
	Oid			equal;

	if (index->rd_rel->relam != BTREE_AM_OID ||
		!index->rd_index->indisvalid ||
		index->rd_index->indkey.values[0] != PART_ACCOUNT ||
		index->rd_indcollation[0] != parts->account.collation ||
		!heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL))
		return false;
	equal = get_opfamily_member(index->rd_opfamily[0],
								index->rd_opcintype[0],
								index->rd_opcintype[0],
								BTEqualStrategyNumber);
	return OidIsValid(equal) && equal == parts->account.equal;
}

/*
 * Prepares the look-up by account. An index of more than accounts is one that
 * others have added: it may call functions, or refuse a row.
 */
static void
find_index(LiveParts *parts)
{
	for (int i = 0; i < parts->info->ri_NumIndices; i++)
	{
		Relation	index = parts->info->ri_IndexRelationDescs[i];
		bool		finds = finds_accounts(parts, index);

		if (!finds || index->rd_index->indnatts > 1 ||
			index->rd_index->indisunique)
			parts->others = true;
		if (finds && parts->index == NULL)
		{
			ScanKeyEntryInitialize(&parts->key, 0, 1, BTEqualStrategyNumber,
								   InvalidOid, parts->account.collation,
								   get_opcode(parts->account.equal), (Datum) 0);
			parts->index = index;
		}
	}
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
static bool
is_parts_table(Relation rel)
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
 * Locks a relation; false, if it had to wait, or where the server has no room
 * for one lock more.
 */
static bool
lock_at_once(Oid relid, LOCKMODE mode)
{
	LOCKTAG		tag;
	LOCALLOCK  *lock;
	LockAcquireResult result;

	SET_LOCKTAG_RELATION(tag, MyDatabaseId, relid);
	result = carm_lock_at_once(&tag, mode, &lock);
	if (result == LOCKACQUIRE_NOT_AVAIL)
		return false;
	if (result != LOCKACQUIRE_ALREADY_CLEAR)
	{
		AcceptInvalidationMessages();
		MarkLockClear(lock);
	}
	return true;
}

/* Locks a table and its indexes as a change does; false, if it can't at once. */
bool
live_lock_at_once(Oid relid)
{
	Relation	rel;
	List	   *indexes;
	ListCell   *cell;
	bool		locked = true;

	if (!lock_at_once(relid, RowExclusiveLock))
		return false;
	/* it may have been dropped */
	rel = try_relation_open(relid, NoLock);
	if (rel == NULL)
		return false;
	indexes = RelationGetIndexList(rel);
	foreach(cell, indexes)
		locked = locked && lock_at_once(lfirst_oid(cell), RowExclusiveLock);
	list_free(indexes);
	relation_close(rel, NoLock);
	return locked;
}

/*
 * Locks the row types that a type is made of, as comparing does, which reads
 * their attributes anew once they may have changed; false, if it can't at once.
 */
bool
live_lock_row_types_at_once(Oid type)
{
	Oid			relid = get_typ_typrelid(type);
	TupleDesc	desc;
	bool		locked = true;

	check_stack_depth();
	if (OidIsValid(get_element_type(type)))
		return live_lock_row_types_at_once(get_element_type(type));
	if (get_typtype(type) == TYPTYPE_DOMAIN)
		return live_lock_row_types_at_once(getBaseType(type));
	if (get_typtype(type) == TYPTYPE_RANGE)
		return live_lock_row_types_at_once(get_range_subtype(type));
	if (get_typtype(type) == TYPTYPE_MULTIRANGE)
		return live_lock_row_types_at_once(get_multirange_range(type));
	if (!OidIsValid(relid))
		return true;
	if (!lock_at_once(relid, AccessShareLock))
		return false;
	desc = lookup_rowtype_tupdesc_noerror(type, -1, true);
	if (desc == NULL)
		return false;
	for (int i = 0; i < desc->natts; i++)
		locked = locked && (TupleDescAttr(desc, i)->attisdropped ||
							live_lock_row_types_at_once(TupleDescAttr(desc, i)->atttypid));
	ReleaseTupleDesc(desc);
	return locked;
}

/*
 * Opens a table of parts for appending and merging. Until it is closed we act
 * for its owner or a lesser role, and names mean the server's own objects: to
 * hash, compare or index an account may call functions of users. NULL where
 * there is no such table, or where it isn't one of parts.
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
	if (!is_parts_table(rel))
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
	live_act_for(&parts->guard, live_lesser_role(rel->rd_rel->relowner), 0);
	describe_account(parts);
	parts->estate = CreateExecutorState();
	parts->info = makeNode(ResultRelInfo);
	InitResultRelInfo(parts->info, rel, 0, NULL, 0);
	ExecOpenIndices(parts->info, false);
	find_index(parts);
	MemoryContextSwitchTo(caller);
	return parts;
}

void
live_parts_close(LiveParts *parts)
{
	Relation	rel = parts->rel;
	LiveGuard	guard = parts->guard;

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
	live_guard_end(&guard);
}

Relation
live_parts_relation(LiveParts *parts)
{
	return parts->rel;
}

/* The order of accounts. */
SortSupport
live_parts_order(LiveParts *parts)
{
	if (parts->order.ssup_cxt == NULL)
	{
		if (!OidIsValid(parts->account.less))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("could not identify an ordering operator for type %s",
							format_type_be(parts->account.type))));
		parts->order.ssup_cxt = parts->context;
		parts->order.ssup_collation = parts->account.collation;
		PrepareSortSupportFromOrderingOp(parts->account.less, &parts->order);
	}
	return &parts->order;
}

/* A copy of an account, which needs nothing of the table it was read from. */
Datum
live_account_copy(const LiveParts *parts, Datum account)
{
	if (parts->account.length == -1)
		return PointerGetDatum(PG_DETOAST_DATUM_COPY(account));
	return datumCopy(account, parts->account.byval, parts->account.length);
}

#define ST_SORT sort_accounts
#define ST_ELEMENT_TYPE LiveAccount
#define ST_COMPARE(a, b, order) \
	ApplySortComparator((a)->account, false, (b)->account, false, order)
#define ST_COMPARE_ARG_TYPE SortSupportData
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * Sorts accounts: whoever reads accounts in a row then finds them together, in
 * the table and in its index.
 */
void
live_accounts_sort(LiveParts *parts, LiveAccount *accounts, Size count)
{
	if (count > 1)
		sort_accounts(accounts, count, live_parts_order(parts));
}

/* Fills a slot with a part. */
void
live_parts_fill_slot(LiveParts *parts, TupleTableSlot **slot, Datum account,
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
	live_parts_fill_slot(parts, &parts->batch[parts->nbatch], account, entries, history);
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
