/*-------------------------------------------------------------------------
 *
 * live_count.c
 *	  Counts rows into histories by account, and appends these as parts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/sortsupport.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "compat.h"
#include "core/history.h"
#include "history_error.h"
#include "live.h"

#define ROWS_PER_CHECK		1024
#define SECONDS_PER_NOTICE	10

/*
 * A part's amounts are far from what a sum can hold, so that it would take
 * more than a million statements to make an account's parts overflow.
 */
#define PART_AMOUNT_DIGITS	24

typedef struct AccountGroup
{
	Datum		account;
	int64		entries;
	HistoryState *state;
} AccountGroup;

typedef struct AccountEntry
{
	Datum		account;
	uint32		hash;
	char		status;
	AccountGroup *group;
} AccountEntry;

struct LiveCount
{
	LiveParts  *parts;
	MemoryContext context;
	MemoryContext groups_context;
	struct groups_hash *groups;
	AccountGroup *last;			/* rows of one account tend to follow */
	Size		memory;			/* that the groups may use */
	bool		remember;		/* the accounts, to merge them at commit */
	int64		changed;		/* parts appended */

	/* the account's type */
	bool		byval;
	int16		length;
	Oid			collation;
	FmgrInfo	hash;
	FmgrInfo	equal;
};

static uint32
hash_account(LiveCount *count, Datum account)
{
	return DatumGetUInt32(FunctionCall1Coll(&count->hash, count->collation,
											account));
}

static bool
equal_accounts(LiveCount *count, Datum a, Datum b)
{
	return DatumGetBool(FunctionCall2Coll(&count->equal, count->collation,
										  a, b));
}

#define SH_PREFIX groups
#define SH_ELEMENT_TYPE AccountEntry
#define SH_KEY_TYPE Datum
#define SH_KEY account
#define SH_HASH_KEY(tb, key) hash_account((LiveCount *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) equal_accounts((LiveCount *) (tb)->private_data, a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static void
new_groups(LiveCount *count)
{
	count->groups = groups_create(count->groups_context, 64, count);
	count->last = NULL;
}

/* Begins to count into parts. The accounts' memory is at most memory_kb. */
LiveCount *
live_count_begin(LiveParts *parts, int memory_kb, bool remember)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "count of histories",
												  ALLOCSET_DEFAULT_SIZES);
	LiveCount  *count = (LiveCount *) MemoryContextAllocZero(context, sizeof(LiveCount));
	Form_pg_attribute column = live_parts_account(parts);
	TypeCacheEntry *type = lookup_type_cache(column->atttypid,
											 TYPECACHE_HASH_PROC |
											 TYPECACHE_EQ_OPR);

	if (!OidIsValid(type->hash_proc) || !OidIsValid(type->eq_opr))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("could not identify a hash function of type %s",
						format_type_be(column->atttypid))));
	fmgr_info_cxt(type->hash_proc, &count->hash, context);
	fmgr_info_cxt(get_opcode(type->eq_opr), &count->equal, context);
	count->parts = parts;
	count->context = context;
	count->groups_context = AllocSetContextCreate(context, "accounts",
												  ALLOCSET_DEFAULT_SIZES);
	count->memory = (Size) memory_kb * 1024;
	count->remember = remember;
	count->byval = column->attbyval;
	count->length = column->attlen;
	count->collation = column->attcollation;
	new_groups(count);
	return count;
}

/* The group of an account; the state of a new one is yet to be made. */
static AccountGroup *
find_group(LiveCount *count, Datum account)
{
	AccountGroup *group = count->last;
	AccountEntry *entry;
	bool		found;

	if (group != NULL &&
		datumIsEqual(group->account, account, count->byval, count->length))
		return group;
	entry = groups_insert(count->groups, account, &found);
	if (!found)
	{
		MemoryContext caller = MemoryContextSwitchTo(count->groups_context);

		if (count->length == -1)
			account = PointerGetDatum(PG_DETOAST_DATUM_COPY(account));
		else
			account = datumCopy(account, count->byval, count->length);
		entry->account = account;
		entry->group = group = (AccountGroup *) palloc0(sizeof(AccountGroup));
		group->account = account;
		MemoryContextSwitchTo(caller);
	}
	count->last = entry->group;
	return entry->group;
}

/* Appends what was counted for an account, if it is anything. */
static void
append_group(LiveCount *count, const AccountGroup *group)
{
	bytea	   *stored;

	if (!history_state_within(group->state, PART_AMOUNT_DIGITS))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("duties of an account are out of range for the parts of a live history, \"%s\"",
						RelationGetRelationName(live_parts_relation(count->parts))),
				 errdetail("One statement counts up to %d digits before the decimal point in a slice of a month.",
						   PART_AMOUNT_DIGITS)));
	stored = history_state_store(group->state);
	if (group->entries != 0 || VARSIZE_ANY_EXHDR(stored) > HISTORY_EMPTY_SIZE)
	{
		live_parts_append(count->parts, group->account, group->entries,
						  PointerGetDatum(stored));
		if (count->remember)
			live_remember_account(RelationGetRelid(live_parts_relation(count->parts)),
								  live_parts_account(count->parts),
								  group->account);
		count->changed++;
	}
	pfree(stored);
}

static int
compare_groups(const void *a, const void *b, void *arg)
{
	return ApplySortComparator((*(AccountGroup *const *) a)->account, false,
							   (*(AccountGroup *const *) b)->account, false,
							   (SortSupport) arg);
}

/*
 * Appends what was counted so far, by account: whoever reads accounts in a row
 * then finds them together, in the table and its index.
 */
static void
flush_groups(LiveCount *count)
{
	uint32		n = count->groups->members;
	AccountGroup **groups = (AccountGroup **)
		MemoryContextAllocHuge(count->context, n * sizeof(AccountGroup *));
	groups_iterator iterator;
	AccountEntry *entry;

	n = 0;
	groups_start_iterate(count->groups, &iterator);
	while ((entry = groups_iterate(count->groups, &iterator)) != NULL)
		groups[n++] = entry->group;
	qsort_arg(groups, n, sizeof(AccountGroup *), compare_groups,
			  live_parts_order(count->parts));
	for (uint32 i = 0; i < n; i++)
		append_group(count, groups[i]);
	live_parts_flush(count->parts);
	pfree(groups);
}

static void
keep_memory(LiveCount *count)
{
	if (MemoryContextMemAllocated(count->groups_context, true) <= count->memory)
		return;
	flush_groups(count);
	MemoryContextReset(count->groups_context);
	new_groups(count);
}

/* Ends a count; gives how many parts were appended. */
int64
live_count_end(LiveCount *count)
{
	int64		changed;

	flush_groups(count);
	changed = count->changed;
	MemoryContextDelete(count->context);
	CommandCounterIncrement();
	return changed;
}

/* Adds to an account what moves from the rows' states to a group's. */
static void
count_row(LiveCount *count, Datum account, DateADT day, Datum amount, int sign)
{
	AccountGroup *group = find_group(count, account);
	MemoryContext caller = MemoryContextSwitchTo(count->groups_context);
	HistoryState *state = group->state;
	int32		slice = calendar_slice(day);

	if (state == NULL)
		state = history_state_new(SLOT_IS_SLICE, slice, 4);
	state = history_state_add_numeric(state, slice, amount, sign);
	if (group->state != NULL && state != group->state)
		pfree(group->state);
	group->state = state;
	group->entries += sign;
	MemoryContextSwitchTo(caller);
}

/* What reads the rows of one relation. */
typedef struct RowReader
{
	ExprContext *econtext;
	ExprState  *account;
	ExprState  *dated;
	ExprState  *amount;
	ExprState  *condition;
} RowReader;

static void
begin_rows(RowReader *reader, const LiveRule *rule)
{
	reader->econtext = CreateStandaloneExprContext();
	reader->account = ExecInitExpr(rule->account, NULL);
	reader->dated = ExecInitExpr(rule->dated, NULL);
	reader->amount = ExecInitExpr(rule->amount, NULL);
	reader->condition = ExecInitQual(rule->condition, NULL);
}

/* Counts a row, if it counts. */
static inline void
read_row(LiveCount *count, RowReader *reader, TupleTableSlot *slot, int sign)
{
	ExprContext *econtext = reader->econtext;
	MemoryContext caller;
	Datum		account;
	Datum		dated;
	Datum		amount;
	bool		isnull[3];

	ResetExprContext(econtext);
	econtext->ecxt_scantuple = slot;
	caller = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	if (ExecQual(reader->condition, econtext))
	{
		account = ExecEvalExpr(reader->account, econtext, &isnull[0]);
		dated = ExecEvalExpr(reader->dated, econtext, &isnull[1]);
		amount = ExecEvalExpr(reader->amount, econtext, &isnull[2]);
		if (!isnull[0] && !isnull[1] && !isnull[2])
			count_row(count, account, history_finite_day(DatumGetDateADT(dated)),
					  amount, sign);
	}
	MemoryContextSwitchTo(caller);
}

/* Counts the rows of a transition table. */
void
live_count_store(LiveCount *count, const LiveRule *rule, Relation rel,
				 Tuplestorestate *rows, int sign)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel),
													&TTSOpsMinimalTuple);
	RowReader	reader;
	int			pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	int64		n = 0;

	begin_rows(&reader, rule);
	tuplestore_select_read_pointer(rows, pointer);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		read_row(count, &reader, slot, sign);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			keep_memory(count);
		}
	}
	FreeExprContext(reader.econtext, true);
	ExecDropSingleTupleTableSlot(slot);
}

/* Says how far a long count has come. */
static void
report_progress(Relation rel, int64 n, TimestampTz *next)
{
	TimestampTz now = GetCurrentTimestamp();

	if (now < *next)
		return;
	*next = TimestampTzPlusMilliseconds(now, SECONDS_PER_NOTICE * 1000);
	if (rel->rd_rel->reltuples > n)
		ereport(NOTICE,
				(errmsg("counted " INT64_FORMAT " rows of table \"%s\", of about %.0f",
						n, RelationGetRelationName(rel),
						rel->rd_rel->reltuples)));
	else
		ereport(NOTICE,
				(errmsg("counted " INT64_FORMAT " rows of table \"%s\"",
						n, RelationGetRelationName(rel))));
}

/* Counts the rows of a table itself, without its children. */
void
live_count_table(LiveCount *count, const LiveRule *rule, Relation rel,
				 Snapshot snapshot, int sign, bool report)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = carm_beginscan(rel, snapshot);
	TimestampTz next = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
												   SECONDS_PER_NOTICE * 1000);
	RowReader	reader;
	int64		n = 0;

	begin_rows(&reader, rule);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		read_row(count, &reader, slot, sign);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			keep_memory(count);
			if (report && n % (64 * ROWS_PER_CHECK) == 0)
				report_progress(rel, n, &next);
		}
	}
	table_endscan(scan);
	FreeExprContext(reader.econtext, true);
	ExecDropSingleTupleTableSlot(slot);
}

/* Counts the parts themselves: with -1, what has to be added to lose them. */
void
live_count_parts(LiveCount *count, Snapshot snapshot, int sign)
{
	Relation	rel = live_parts_relation(count->parts);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = carm_beginscan(rel, snapshot);
	int64		n = 0;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		MemoryContext caller;
		HistoryState *state;
		bytea	   *history;
		AccountGroup *group;

		slot_getsomeattrs(slot, PART_COLUMNS);
		if (slot->tts_isnull[PART_ACCOUNT - 1] ||
			slot->tts_isnull[PART_ENTRIES - 1] ||
			slot->tts_isnull[PART_HISTORY - 1])
			continue;
		group = find_group(count, slot->tts_values[PART_ACCOUNT - 1]);
		caller = MemoryContextSwitchTo(count->groups_context);
		history = history_stored(slot->tts_values[PART_HISTORY - 1]);
		state = group->state;
		if (state == NULL)
			state = history_state_new(SLOT_IS_SLICE, 0, 0);
		group->state = history_state_add_stored(state, VARDATA_ANY(history),
												VARSIZE_ANY_EXHDR(history), sign);
		group->entries += sign * DatumGetInt64(slot->tts_values[PART_ENTRIES - 1]);
		MemoryContextSwitchTo(caller);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			keep_memory(count);
		}
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
}
