/*-------------------------------------------------------------------------
 *
 * duty_history.c
 *	  Type duty_history: what was owed, exactly, by slice of month.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "commands/vacuum.h"
#include "compat.h"
#include "core/history_text.h"
#include "history_buffer.h"
#include "history_error.h"
#include "history_forms.h"
#include "messages.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(duty_history_in);
PG_FUNCTION_INFO_V1(duty_history_out);
PG_FUNCTION_INFO_V1(duty_history_recv);
PG_FUNCTION_INFO_V1(duty_history_send);
PG_FUNCTION_INFO_V1(duty_history_eq);
PG_FUNCTION_INFO_V1(duty_history_ne);
PG_FUNCTION_INFO_V1(duty_history_lt);
PG_FUNCTION_INFO_V1(duty_history_le);
PG_FUNCTION_INFO_V1(duty_history_gt);
PG_FUNCTION_INFO_V1(duty_history_ge);
PG_FUNCTION_INFO_V1(duty_history_cmp);
PG_FUNCTION_INFO_V1(duty_history_typanalyze);
PG_FUNCTION_INFO_V1(duty_history_hash);
PG_FUNCTION_INFO_V1(duty_history_hash_extended);
PG_FUNCTION_INFO_V1(duty_history_add);
PG_FUNCTION_INFO_V1(duty_history_subtract);
PG_FUNCTION_INFO_V1(duty_history_negate);

/* The error for a text that is no history; the reader stopped at the cause. */
static Datum
text_error(Node *escontext, const char *text, const HistoryTextReader *reader,
		   HistoryTextStatus status)
{
	const char *token = pnstrdup(reader->token, reader->token_length);

	switch (status)
	{
		case HISTORY_TEXT_SLICE:
		case HISTORY_TEXT_END:
			break;
		case HISTORY_TEXT_SYNTAX:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("A history is written as first day of slice and amount: {2025-02-01:1250.00,2025-02-18:-90.50}.")));
		case HISTORY_TEXT_TRAILING:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("Junk after closing right brace."),
					 errhint("A history is written as first day of slice and amount: {2025-02-01:1250.00,2025-02-18:-90.50}.")));
		case HISTORY_TEXT_DATE:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("\"%s\" is not a date (YYYY-MM-DD).", token),
					 errhint("A history is written as first day of slice and amount: {2025-02-01:1250.00,2025-02-18:-90.50}.")));
		case HISTORY_TEXT_COMMA:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("\"%s\" is not a date (YYYY-MM-DD).", token),
					 errhint("Write an amount with a decimal point and without thousands separators, as in 1250.00.")));
		case HISTORY_TEXT_CUT:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("\"%s\" does not begin a slice of a month: these begin on days 1, 18, 20 and 25.",
							   token),
					 errhint("The aggregate duty_history(date, numeric) finds the slice of any day.")));
		case HISTORY_TEXT_ORDER:
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("\"%s\" does not come after the slice before it.",
							   token),
					 errhint("Write each slice once, in the order of their days.")));
		case HISTORY_TEXT_AMOUNT:
			if (reader->amount_status == AMOUNT_TOO_LARGE)
				ereturn(escontext, (Datum) 0,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("amount %s is out of range", token),
						 errdetail("Amounts go from -%s to %s.",
								   AMOUNT_MAX_TEXT, AMOUNT_MAX_TEXT)));
			if (reader->amount_status == AMOUNT_TOO_FINE)
				ereturn(escontext, (Datum) 0,
						(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid input syntax for type %s: \"%s\"",
								"duty_history", text),
						 errdetail("Amount \"%s\" has more than eight decimals.",
								   token),
						 errhint("Amounts are kept exactly. Round it first, for example with round(%s, 2).",
								 "amount")));
			ereturn(escontext, (Datum) 0,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid input syntax for type %s: \"%s\"",
							"duty_history", text),
					 errdetail("\"%s\" is not an amount in dollars.", token),
					 errhint("A history is written as first day of slice and amount: {2025-02-01:1250.00,2025-02-18:-90.50}.")));
	}
	return (Datum) 0;
}

Datum
duty_history_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Size		length = strlen(text);
	HistoryTextReader reader;
	HistoryTextStatus status;
	HistoryBuffer buffer;
	int32		slice;
	Amount		amount;
	int			scale = 0;
	Size		count = 0;

	/* the scale must be known before the first amount is written */
	history_text_open(&reader, text, length);
	while ((status = history_text_next(&reader, &slice, &amount)) == HISTORY_TEXT_SLICE)
	{
		count++;
		scale = history_scale(scale, amount);
	}
	if (status != HISTORY_TEXT_END)
		return text_error(CARM_ESCONTEXT(fcinfo), text, &reader, status);

	history_buffer_begin(&buffer, scale, count);
	history_text_open(&reader, text, length);
	while (history_text_next(&reader, &slice, &amount) == HISTORY_TEXT_SLICE)
		history_buffer_write(&buffer, slice, amount);
	PG_RETURN_BYTEA_P(history_buffer_end(&buffer));
}

Datum
duty_history_out(PG_FUNCTION_ARGS)
{
	bytea	   *stored = history_stored(PG_GETARG_DATUM(0));
	HistoryReader reader;
	StringInfoData text;
	int32		slice;
	Amount		amount;
	int			count = 0;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	(void) history_open(&reader, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));
	while (history_next(&reader, &slice, &amount))
	{
		if (++count > 1)
			appendStringInfoChar(&text, ',');
		enlargeStringInfo(&text, HISTORY_TEXT_SLICE_MAX);
		text.len += history_text_write(slice, amount, text.data + text.len);
	}
	if (reader.corrupt)
		history_report_corrupt();
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}

Datum
duty_history_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buffer = (StringInfo) PG_GETARG_POINTER(0);
	int			length = buffer->len - buffer->cursor;
	const char *bytes = pq_getmsgbytes(buffer, length);
	bytea	   *stored;

	if (!history_is_canonical(bytes, length))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type %s", "duty_history")));
	stored = (bytea *) palloc(VARHDRSZ + length);
	memcpy(VARDATA(stored), bytes, length);
	SET_VARSIZE(stored, VARHDRSZ + length);
	PG_RETURN_BYTEA_P(stored);
}

Datum
duty_history_send(PG_FUNCTION_ARGS)
{
	bytea	   *stored = history_stored(PG_GETARG_DATUM(0));
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendbytes(&buffer, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buffer));
}

static int
compare_arguments(FunctionCallInfo fcinfo)
{
	bytea	   *a = history_stored(PG_GETARG_DATUM(0));
	bytea	   *b = history_stored(PG_GETARG_DATUM(1));
	int			result = history_compare(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a),
										 VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b));

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

/* Equal histories are equal bytes. */
static bool
arguments_equal(FunctionCallInfo fcinfo)
{
	bytea	   *a = history_stored(PG_GETARG_DATUM(0));
	bytea	   *b = history_stored(PG_GETARG_DATUM(1));
	bool		result = VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

Datum
duty_history_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(arguments_equal(fcinfo));
}

Datum
duty_history_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!arguments_equal(fcinfo));
}

Datum
duty_history_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

Datum
duty_history_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

Datum
duty_history_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

Datum
duty_history_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

Datum
duty_history_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

/* What the server would do to compute a column's statistics. */
typedef struct StandardAnalysis
{
	AnalyzeAttrComputeStatsFunc compute;
	void	   *extra_data;
} StandardAnalysis;

/* Computes the statistics, and keeps what holds no histories. */
static void
compute_statistics(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch,
				   int samplerows, double totalrows)
{
	StandardAnalysis *standard = stats->extra_data;

	stats->extra_data = standard->extra_data;
	standard->compute(stats, fetch, samplerows, totalrows);
	stats->extra_data = standard;
	for (int i = 0; i < STATISTIC_NUM_SLOTS; i++)
	{
		stats->stakind[i] = 0;
		stats->staop[i] = InvalidOid;
		stats->stacoll[i] = InvalidOid;
		stats->numnumbers[i] = 0;
		stats->numvalues[i] = 0;
	}
}

/*
 * ANALYZE counts the NULLs, the width and the different values of a column,
 * and keeps no histogram and no common values.
 *
 * A hundred histories make pg_statistic larger than they help: who compares
 * histories with a constant?
 */
Datum
duty_history_typanalyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);
	StandardAnalysis *standard;

	if (!std_typanalyze(stats))
		PG_RETURN_BOOL(false);
	standard = palloc(sizeof(StandardAnalysis));
	standard->compute = stats->compute_stats;
	standard->extra_data = stats->extra_data;
	stats->compute_stats = compute_statistics;
	stats->extra_data = standard;
	PG_RETURN_BOOL(true);
}

/* The hash of the argument's stored form. */
static uint64
hash_argument(FunctionCallInfo fcinfo, uint64 seed)
{
	bytea	   *stored = history_stored(PG_GETARG_DATUM(0));
	uint64		hash = history_hash(VARDATA_ANY(stored),
									VARSIZE_ANY_EXHDR(stored), seed);

	PG_FREE_IF_COPY(stored, 0);
	return hash;
}

Datum
duty_history_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT32((uint32) hash_argument(fcinfo, 0));
}

Datum
duty_history_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT64(hash_argument(fcinfo, (uint64) PG_GETARG_INT64(1)));
}

/* Two histories read side by side, slice by slice. */
typedef struct PairReader
{
	HistoryReader reader[2];
	bool		more[2];
	int32		slice[2];
	Amount		amount[2];
	int			sign;			/* of the second's amounts */
} PairReader;

static void
pair_read(PairReader *pair, int n)
{
	pair->more[n] = history_next(&pair->reader[n], &pair->slice[n],
								 &pair->amount[n]);
	if (pair->reader[n].corrupt)
		history_report_corrupt();
	if (pair->more[n] && n == 1 && pair->sign < 0)
		pair->amount[n] = -pair->amount[n];
}

static void
pair_open(PairReader *pair, const bytea *a, const bytea *b, int sign)
{
	pair->sign = sign;
	(void) history_open(&pair->reader[0], VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a));
	(void) history_open(&pair->reader[1], VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b));
	pair_read(pair, 0);
	pair_read(pair, 1);
}

/* The next slice that either has, and what both owed in it. */
static bool
pair_next(PairReader *pair, int32 *slice, Amount *amount)
{
	int			n;

	if (!pair->more[0] && !pair->more[1])
		return false;
	if (pair->more[0] && pair->more[1] && pair->slice[0] == pair->slice[1])
	{
		*slice = pair->slice[0];
		*amount = sum_or_error(pair->amount[0], pair->amount[1]);
		pair_read(pair, 0);
		pair_read(pair, 1);
		return true;
	}
	n = !pair->more[0] || (pair->more[1] && pair->slice[1] < pair->slice[0]);
	*slice = pair->slice[n];
	*amount = pair->amount[n];
	pair_read(pair, n);
	return true;
}

/* The first history and sign times the second. */
static Datum
add_histories(const bytea *a, const bytea *b, int sign)
{
	PairReader	pair;
	HistoryBuffer buffer;
	int32		slice;
	Amount		amount;
	int			scale = 0;
	Size		used = 0;

	/* the scale must be known before the first amount is written */
	pair_open(&pair, a, b, sign);
	while (pair_next(&pair, &slice, &amount))
	{
		scale = history_scale(scale, amount);
		used++;
	}
	history_buffer_begin(&buffer, scale, used);
	pair_open(&pair, a, b, sign);
	while (pair_next(&pair, &slice, &amount))
		history_buffer_write(&buffer, slice, amount);
	PG_RETURN_BYTEA_P(history_buffer_end(&buffer));
}

Datum
duty_history_add(PG_FUNCTION_ARGS)
{
	return add_histories(history_stored(PG_GETARG_DATUM(0)),
						 history_stored(PG_GETARG_DATUM(1)), 1);
}

Datum
duty_history_subtract(PG_FUNCTION_ARGS)
{
	return add_histories(history_stored(PG_GETARG_DATUM(0)),
						 history_stored(PG_GETARG_DATUM(1)), -1);
}

Datum
duty_history_negate(PG_FUNCTION_ARGS)
{
	static const uint8 nothing = HISTORY_VERSION << 4;
	bytea	   *none = (bytea *) palloc(VARHDRSZ + HISTORY_EMPTY_SIZE);

	SET_VARSIZE(none, VARHDRSZ + HISTORY_EMPTY_SIZE);
	memcpy(VARDATA(none), &nothing, HISTORY_EMPTY_SIZE);
	return add_histories(none, history_stored(PG_GETARG_DATUM(0)), -1);
}
