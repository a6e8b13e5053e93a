/*-------------------------------------------------------------------------
 *
 * live_count.c
 *	  Counts rows into histories by account, and appends these as parts.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "utils/acl.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
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
#include "live_parts.h"
#include "live_rule.h"
#include "live_sums.h"
#include "messages.h"
#include "values.h"

#define ROWS_PER_CHECK		1024
#define SECONDS_PER_NOTICE	10
#define ACCOUNT_SHOWN		64	/* bytes of an account in an error */

/*
 * What an entry may be. The bounds are far from all real ones, and such that no
 * number of entries can make a history that is too long or too large: whoever
 * brings what can't be held is told so, and nobody else has to bear it.
 */
#define FIRST_DAY	(-730119)	/* 0001-01-01 */
#define LAST_DAY	2921939		/* 9999-12-31 */
#define AMOUNT_DIGITS	15		/* before the decimal point */
#define AMOUNT_LIMIT	(AMOUNT_DOLLAR * INT64CONST(1000000000000000))

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

/* The error for an entry whose day no live history holds. */
pg_noreturn static void
report_day(DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("date of an entry is out of range for a live history: %s",
					DatumGetCString(DirectFunctionCall1(date_out,
														DateADTGetDatum(day)))),
			 errdetail("Live histories hold the years 1 to 9999."),
			 errhint("Correct the date, or have track_duties leave such entries out by a condition.")));
}

/* The error for an entry whose amount no live history holds. */
pg_noreturn static void
report_amount(Datum amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("amount of an entry is out of range for a live history: %s",
					DatumGetCString(DirectFunctionCall1(numeric_out, amount))),
			 errdetail("Live histories hold amounts of up to %d digits before the decimal point.",
					   AMOUNT_DIGITS),
			 errhint("Correct the amount, or have track_duties leave such entries out by a condition.")));
}

/* Can a live history hold an entry of that day? */
static inline bool
holds_day(DateADT day)
{
	return day >= FIRST_DAY && day <= LAST_DAY;
}

/* The same for an amount, which is read. */
static bool
holds_amount(Datum numeric, Amount *amount)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);

	return amount_from_numeric(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
							   amount) == AMOUNT_OK &&
		*amount < AMOUNT_LIMIT && *amount > -AMOUNT_LIMIT;
}

/* May a role read what a value of the rows is made from? */
static bool
role_may_read(Oid role, Oid relid, Expr *value)
{
	Bitmapset  *columns = NULL;
	int			column = -1;

	if (check_enable_rls(relid, role, true) == RLS_ENABLED)
		return false;
	if (pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK)
		return true;
	pull_varattnos((Node *) value, 1, &columns);
	while ((column = bms_next_member(columns, column)) >= 0)
	{
		if (pg_attribute_aclcheck(relid, column + FirstLowInvalidHeapAttributeNumber,
								  role, ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/*
 * May whoever made us count read what a value of the rows is made from? An error
 * is read by the session's role too, which is another where a key cascades:
 * from 18 on that is counted as the table's owner.
 */
static bool
may_read(const LiveCount *count, Expr *value)
{
	Oid			user = count->parts->guard.user;
	Oid			relid = count->rule->relid;

	return role_may_read(user, relid, value) &&
		(user == GetOuterUserId() || role_may_read(GetOuterUserId(), relid, value));
}

/* Says whose entry an error is about. */
static void
entry_error(void *arg)
{
	errcontext("entry of account %s", (const char *) arg);
}

/* Refuses an entry whose date or amount may not be told. */
pg_noreturn static void
report_hidden_entry(DateADT day)
{
	ereport(ERROR,
			(errcode(holds_day(day) ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE :
					 ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("an entry is out of range for a live history"),
			 errdetail("Live histories hold the years 1 to 9999, and amounts of up to %d digits before the decimal point and eight after it.",
					   AMOUNT_DIGITS)));
}

/*
 * The error for an entry that no live history holds. It names the account, as
 * one statement may bring many, and the value.
 *
 * Nothing is told to who may not read it, since a statement may change a row
 * without reading it: a column may be generated from others.
 */
pg_noreturn static void
report_entry(const LiveCount *count, Datum account, DateADT day, Datum amount)
{
	ErrorContextCallback callback;
	Oid			output;
	bool		varlena;
	char	   *text;
	int			length;

	if (may_read(count, count->rule->account))
	{
		getTypeOutputInfo(count->parts->account.type, &output, &varlena);
		text = OidOutputFunctionCall(output, account);
		length = strlen(text);
		text[pg_mbcliplen(text, length, ACCOUNT_SHOWN)] = '\0';
		callback.callback = entry_error;
		callback.arg = text;
		callback.previous = error_context_stack;
		error_context_stack = &callback;
	}
	if (!may_read(count, holds_day(day) ? count->rule->amount :
				  count->rule->dated))
		report_hidden_entry(day);
	if (!holds_day(history_finite_day(day)))
		report_day(day);
	(void) amount_from_datum(amount);
	report_amount(amount);
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

	if (unlikely(!holds_day(day)))
	{
		if (sign > 0)
			report_entry(count, account, day, numeric);
		return;
	}
	if (likely(!VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value) &&
			   amount_from_short_numeric(VARDATA_ANY(value),
										 VARSIZE_ANY_EXHDR(value), &narrow)))
		amount = narrow;
	else if (!holds_amount(numeric, &amount))
	{
		if (sign > 0)
			report_entry(count, account, day, numeric);
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
			count_row(count, account, DatumGetDateADT(dated), amount, sign);
	}
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
	int			level = 0;
	int64		n = 0;

	count->rule = rule;
	/* generated columns are computed as the server does for the writer */
	if (rule == rule->stored)
		level = live_settings_begin();
	begin_rows(&reader, rule);
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
	begin_rows(&reader, rule);
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
