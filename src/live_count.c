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
#include "optimizer/optimizer.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "core/calendar.h"
#include "core/history.h"
#include "history_error.h"
#include "live.h"
#include "live_commit.h"
#include "live_common.h"
#include "live_count.h"
#include "live_entry.h"
#include "live_parts.h"
#include "live_rule.h"
#include "live_sums.h"
#include "messages.h"
#include "values.h"

#define ROWS_PER_CHECK		1024
#define SECONDS_PER_NOTICE	10

struct LiveCount
{
	LiveParts  *parts;
	LiveSums   *sums;
	const LiveRule *rule;		/* of the rows that are counted now */
	bool		remember;		/* the accounts, to merge them at commit */
	int64		changed;		/* parts appended */
};

/*
 * Begins to count into parts, in so much memory: work_mem, of which more is
 * used to hash, or maintenance_work_mem. The accounts of a statement are
 * remembered, those of a whole table are not.
 */
LiveCount *
live_count_begin(LiveParts *parts, int memory_kb, bool remember)
{
	LiveCount  *count = (LiveCount *) palloc0(sizeof(LiveCount));
	Size		memory = (Size) memory_kb * 1024;

	if (remember)
	{
		double		hash_memory = (double) memory * hash_mem_multiplier;

		memory = hash_memory < (double) MaxAllocHugeSize ?
			(Size) hash_memory : MaxAllocHugeSize;
	}
	count->parts = parts;
	count->sums = live_sums_begin(parts, memory);
	count->remember = remember;
	return count;
}

/* Appends what was counted for an account, if it is anything. */
static void
append_sum(void *arg, Datum account, int64 entries, bytea *history)
{
	LiveCount  *count = (LiveCount *) arg;

	if (entries == 0 && VARSIZE_ANY_EXHDR(history) <= HISTORY_EMPTY_SIZE)
		return;
	live_parts_append(count->parts, account, entries, PointerGetDatum(history));
	if (count->remember)
		live_remember_account(count->parts, account);
	count->changed++;
}

/* Ends a count; gives how many parts were appended, one an account at most. */
int64
live_count_end(LiveCount *count)
{
	int64		changed;

	live_sums_end(count->sums, append_sum, count);
	live_parts_flush(count->parts);
	changed = count->changed;
	pfree(count);
	CommandCounterIncrement();
	return changed;
}

/*
 * Adds one entry to its account's sum, or takes it out. An entry that can't be
 * held has never come, so that there is nothing to be taken out.
 */
static void
count_row(LiveCount *count, Datum account, DateADT day, Datum numeric, int sign)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(numeric);
	int64		narrow;
	Amount		amount;
	AccountSum *sum;
	HistoryState *state;
	int32		slice;
	MemoryContext caller;

	if (unlikely(!live_holds_day(day) || !live_holds_account(count->parts, account)))
	{
		if (sign > 0)
			live_report_entry(count->parts, count->rule, account, day, numeric);
		return;
	}
	if (likely(!VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value) &&
			   amount_from_short_numeric(VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), &narrow)))
		amount = narrow;
	else if (!live_holds_amount(numeric, &amount))
	{
		if (sign > 0)
			live_report_entry(count->parts, count->rule, account, day, numeric);
		return;
	}
	slice = calendar_slice(day);
	sum = live_sums_find(count->sums, account);
	state = sum->state;
	caller = MemoryContextSwitchTo(live_sums_memory(count->sums));
	if (state == NULL)
		state = history_state_new(SLOT_IS_SLICE, slice, 4);
	state = history_state_add_amount(state, slice, sign < 0 ? -amount : amount);
	state->rows += sign;
	if (sum->state != NULL && state != sum->state)
		pfree(sum->state);
	sum->state = state;
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
	bool		may_tell;		/* of a row, why it can't be evaluated */
	Datum		values[3];		/* of a row: account, date and amount */
} RowReader;

static void
begin_rows(RowReader *reader, const LiveParts *parts, const LiveRule *rule)
{
	reader->econtext = CreateStandaloneExprContext();
	reader->account = ExecInitExpr(rule->account, NULL);
	reader->dated = ExecInitExpr(rule->dated, NULL);
	reader->amount = ExecInitExpr(rule->amount, NULL);
	reader->condition = ExecInitQual(rule->condition, NULL);
	reader->may_tell = live_may_tell(parts, rule);
}

/* Evaluates the row that the reader is at; false where it doesn't count. */
static inline bool
evaluate_row(RowReader *reader)
{
	bool		isnull[3];

	if (!ExecQual(reader->condition, reader->econtext))
		return false;
	reader->values[0] = ExecEvalExpr(reader->account, reader->econtext, &isnull[0]);
	reader->values[1] = ExecEvalExpr(reader->dated, reader->econtext, &isnull[1]);
	reader->values[2] = ExecEvalExpr(reader->amount, reader->econtext, &isnull[2]);
	return !isnull[0] && !isnull[1] && !isnull[2];
}

/* The same for somebody who may not be told of the row. */
static bool
evaluate_untold_row(RowReader *reader, const LiveRule *rule)
{
	volatile bool counts = false;

	PG_TRY();
	{
		counts = evaluate_row(reader);
	}
	PG_CATCH();
	{
		live_report_untold(rule);
	}
	PG_END_TRY();
	return counts;
}

/* Counts a row, if it counts. */
static inline void
read_row(LiveCount *count, RowReader *reader, TupleTableSlot *slot, int sign)
{
	ExprContext *econtext = reader->econtext;
	MemoryContext caller;

	ResetExprContext(econtext);
	econtext->ecxt_scantuple = slot;
	caller = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	if (likely(reader->may_tell) ? evaluate_row(reader) :
		evaluate_untold_row(reader, count->rule))
		count_row(count, reader->values[0], DatumGetDateADT(reader->values[1]),
				  reader->values[2], sign);
	MemoryContextSwitchTo(caller);
}

/* Counts the rows of a transition table. */
void
live_count_changes(LiveCount *count, const LiveRule *rule, Relation rel,
				 Tuplestorestate *rows, int sign)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(rel),
													&TTSOpsMinimalTuple);
	RowReader	reader;
	int			pointer = tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND);
	int			level = live_settings_begin();
	int64		n = 0;

	count->rule = rule;
	begin_rows(&reader, count->parts, rule);
	tuplestore_select_read_pointer(rows, pointer);
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		read_row(count, &reader, slot, sign);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			live_sums_spill_if_full(count->sums);
		}
	}
	FreeExprContext(reader.econtext, true);
	live_settings_end(level);
	ExecDropSingleTupleTableSlot(slot);
}

/*
 * Computes the generated columns of a row, by the settings of the writer: so
 * did the server, for what is stored.
 */
static void
compute_columns(ExprContext *econtext, TupleTableSlot *slot, List *columns,
				List *states)
{
	MemoryContext caller = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	ListCell   *column;
	ListCell   *state;

	slot_getallattrs(slot);
	econtext->ecxt_scantuple = slot;
	forboth(column, columns, state, states)
	{
		int			i = lfirst_node(Var, column)->varattno - 1;

		slot->tts_values[i] = ExecEvalExpr((ExprState *) lfirst(state), econtext,
										   &slot->tts_isnull[i]);
	}
	MemoryContextSwitchTo(caller);
}

/* Counts rows that were inserted, whose generated columns aren't computed yet. */
void
live_count_insert(LiveCount *count, const LiveRule *rule, Relation rel,
				  Tuplestorestate *rows)
{
	TupleDesc	desc = RelationGetDescr(rel);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	Tuplestorestate *whole = tuplestore_begin_heap(true, false, work_mem);
	ExprContext *econtext = CreateStandaloneExprContext();
	List	   *states = NIL;
	ListCell   *cell;

	foreach(cell, rule->computed)
		states = lappend(states, ExecInitExpr(expression_planner((Expr *) copyObject(lfirst(cell))),
											  NULL));
	tuplestore_select_read_pointer(rows, tuplestore_alloc_read_pointer(rows, EXEC_FLAG_REWIND));
	tuplestore_rescan(rows);
	while (tuplestore_gettupleslot(rows, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		ResetExprContext(econtext);
		compute_columns(econtext, slot, rule->generated, states);
		tuplestore_putvalues(whole, desc, slot->tts_values, slot->tts_isnull);
	}
	ExecDropSingleTupleTableSlot(slot);
	FreeExprContext(econtext, true);
	live_count_changes(count, rule, rel, whole, 1);
	tuplestore_end(whole);
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
				(errmsg_plural("counted %lld row of table \"%s\", of about %.0f",
							   "counted %lld rows of table \"%s\", of about %.0f",
							   (unsigned long) n,
							   (long long) n, RelationGetRelationName(rel),
							   rel->rd_rel->reltuples)));
	else
		ereport(NOTICE,
				(errmsg_plural("counted %lld row of table \"%s\"",
							   "counted %lld rows of table \"%s\"",
							   (unsigned long) n,
							   (long long) n, RelationGetRelationName(rel))));
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
	int			level = live_settings_begin();
	RowReader	reader;
	int64		n = 0;

	count->rule = rule;
	begin_rows(&reader, count->parts, rule);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		read_row(count, &reader, slot, sign);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			live_sums_spill_if_full(count->sums);
			if (report && n % (64 * ROWS_PER_CHECK) == 0)
				report_progress(rel, n, &next);
		}
	}
	table_endscan(scan);
	FreeExprContext(reader.econtext, true);
	live_settings_end(level);
	ExecDropSingleTupleTableSlot(slot);
}

/*
 * Counts a part. Where somebody has made a column NULL, the other one counts,
 * as it does for who reads the live history.
 */
static void
count_part(LiveCount *count, TupleTableSlot *slot, int sign, MemoryContext work)
{
	MemoryContext caller = MemoryContextSwitchTo(work);
	bytea	   *history = slot->tts_isnull[PART_HISTORY - 1] ? NULL :
		history_stored(slot->tts_values[PART_HISTORY - 1]);
	AccountSum *sum = live_sums_find(count->sums,
									 slot->tts_values[PART_ACCOUNT - 1]);

	MemoryContextSwitchTo(live_sums_memory(count->sums));
	if (sum->state == NULL)
		sum->state = history_state_new(SLOT_IS_SLICE, 0, 0);
	if (history != NULL)
		sum->state = history_state_add_stored(sum->state, VARDATA_ANY(history),
											  VARSIZE_ANY_EXHDR(history), sign);
	if (!slot->tts_isnull[PART_ENTRIES - 1])
		sum->state->rows += sign * DatumGetInt64(slot->tts_values[PART_ENTRIES - 1]);
	MemoryContextSwitchTo(caller);
}

/* Counts the parts themselves: with -1, what has to be added to lose them. */
void
live_count_parts(LiveCount *count, Snapshot snapshot, int sign)
{
	Relation	rel = live_parts_relation(count->parts);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = carm_beginscan(rel, snapshot);
	MemoryContext work = AllocSetContextCreate(CurrentMemoryContext,
											   "parts to be counted",
											   ALLOCSET_DEFAULT_SIZES);
	int64		n = 0;

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		slot_getsomeattrs(slot, PART_COLUMNS);
		if (slot->tts_isnull[PART_ACCOUNT - 1])
			continue;
		MemoryContextReset(work);
		count_part(count, slot, sign, work);
		if (++n % ROWS_PER_CHECK == 0)
		{
			CHECK_FOR_INTERRUPTS();
			live_sums_spill_if_full(count->sums);
		}
	}
	table_endscan(scan);
	MemoryContextDelete(work);
	ExecDropSingleTupleTableSlot(slot);
}
