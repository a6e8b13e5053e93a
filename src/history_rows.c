/*-------------------------------------------------------------------------
 *
 * history_rows.c
 *	  A history as rows: month by month, and the security that follows.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "arguments.h"
#include "compat.h"
#include "history_read.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(monthly_duties);
PG_FUNCTION_INFO_V1(security_timeline);

/* A history read one period a row, gaps as 0. */
typedef struct PeriodRows
{
	PeriodReader reader;
	TypeCacheEntry *daterange;
	bool		more;			/* the reader has a period after this row's */
	int32		next_period;
	Amount		next_owed;
	int64		period;			/* of the row to come */
	int64		end;			/* the period after the last row's */
} PeriodRows;

typedef enum TimelineColumn
{
	TIMELINE_PERIOD,
	TIMELINE_DUTIES,
	TIMELINE_PEAK,
	TIMELINE_PEAK_PERIOD,
	TIMELINE_REQUIRED_BOND,
	TIMELINE_REQUIRED_DEPOSIT,
	TIMELINE_COLUMNS
} TimelineColumn;

typedef struct TimelineRows
{
	PeriodRows	rows;
	int32		months;
	TermsArgument given;
	PeakQueue	queue;

	/* what follows from peak and terms: the same for several rows, as a rule */
	Peak		peak;
	const SecurityTerms *terms; /* NULL before the first row */
	Datum		of_peak[TIMELINE_COLUMNS];
} TimelineRows;

/* The last period that a history knows, and the last that owed anything. */
static void
find_last_periods(Datum value, MonthBasis basis, int64 *last, int64 *last_owed)
{
	PeriodReader reader;
	int32		period;
	Amount		owed;

	*last = PG_INT64_MIN;
	*last_owed = PG_INT64_MIN;
	open_history(&reader, basis, value);
	while (period_next(&reader, &period, &owed))
	{
		*last = period;
		if (owed > 0)
			*last_owed = period;
	}
	check_reader(&reader);
}

/* Begins with the first period; the caller sets the end. */
static void
open_rows(PeriodRows *rows, FunctionCallInfo fcinfo, Datum value,
		  MonthBasis basis)
{
	/* the value must outlive this call */
	open_history(&rows->reader, basis,
				 PointerGetDatum(PG_DETOAST_DATUM_COPY(value)));
	rows->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	rows->more = period_next(&rows->reader, &rows->next_period,
							 &rows->next_owed);
	check_reader(&rows->reader);
	rows->period = rows->more ? rows->next_period : 0;
	rows->end = rows->period;
}

/* What the row's period owed; goes on to the next. */
static Amount
take_period(PeriodRows *rows)
{
	Amount		owed = 0;

	if (rows->more && rows->next_period == rows->period)
	{
		owed = rows->next_owed;
		rows->more = period_next(&rows->reader, &rows->next_period,
								 &rows->next_owed);
		check_reader(&rows->reader);
	}
	rows->period++;
	return owed;
}

static Datum
period_range(const PeriodRows *rows, int64 period)
{
	return period_get_datum(rows->daterange, rows->reader.basis, period);
}

/* monthly_duties(history, basis): period, duties */
Datum
monthly_duties(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	PeriodRows *rows;
	Datum		values[2];
	bool		nulls[2] = {false, false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		rows = (PeriodRows *) begin_result_rows(fcinfo, sizeof(PeriodRows), &old);
		if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
		{
			MonthBasis	basis = month_basis_lookup(PG_GETARG_OID(1));
			int64		last;
			int64		last_owed;

			open_rows(rows, fcinfo, PG_GETARG_DATUM(0), basis);
			find_last_periods(PG_GETARG_DATUM(0), basis, &last, &last_owed);
			if (rows->more)
				rows->end = last + 1;
		}
		MemoryContextSwitchTo(old);
	}

	context = SRF_PERCALL_SETUP();
	rows = (PeriodRows *) context->user_fctx;
	if (rows->period >= rows->end)
		SRF_RETURN_DONE(context);

	CHECK_FOR_INTERRUPTS();
	values[0] = period_range(rows, rows->period);
	values[1] = amount_get_datum(take_period(rows));
	SRF_RETURN_NEXT(context,
					HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
													  values, nulls)));
}

/* Adds a period to a queue that grows in the memory given. */
static void
queue_period(MemoryContext memory, PeakQueue *queue, int32 period, Amount owed)
{
	while (!peak_queue_add(queue, period, owed))
	{
		uint32		size = Max(16, queue->size * 2);
		Peak	   *old = queue->ring;

		peak_queue_move(queue,
						(Peak *) MemoryContextAllocHuge(memory, sizeof(Peak) * size),
						size);
		if (old != NULL)
			pfree(old);
	}
}

/* The period after the timeline's last. */
static int64
timeline_end(FunctionCallInfo fcinfo, MonthBasis basis, int32 months)
{
	int64		last;
	int64		last_owed;

	if (!PG_ARGISNULL(3))
	{
		DateADT		until = finite_date_argument(fcinfo, 3, "until",
												 gettext_noop("Give a day, or NULL to go on until what was owed has left the window."));

		return (int64) period_of_day(basis, until) + 1;
	}
	find_last_periods(PG_GETARG_DATUM(0), basis, &last, &last_owed);

	/* the row in which the last owed period has left the window is the last */
	if (last_owed != PG_INT64_MIN)
		last = Max(last, last_owed + months);
	return last + 1;
}

/*
 * Computes what follows from a peak under some terms; what followed from the
 * last is freed.
 */
static void
set_peak(TimelineRows *timeline, Peak peak, const SecurityTerms *terms)
{
	Datum	   *of_peak = timeline->of_peak;

	for (int i = TIMELINE_PEAK; i < TIMELINE_COLUMNS; i++)
	{
		if (of_peak[i] != (Datum) 0)
			pfree(DatumGetPointer(of_peak[i]));
	}
	of_peak[TIMELINE_PEAK] = amount_get_datum(peak.amount);
	of_peak[TIMELINE_PEAK_PERIOD] = peak.amount == 0 ? (Datum) 0 :
		period_range(&timeline->rows, peak.period);
	of_peak[TIMELINE_REQUIRED_BOND] =
		amount_get_datum(required_by_terms(terms, FORM_SURETY_BOND, peak.amount));
	of_peak[TIMELINE_REQUIRED_DEPOSIT] =
		amount_get_datum(required_by_terms(terms, FORM_CASH_DEPOSIT, peak.amount));
	timeline->peak = peak;
	timeline->terms = terms;
}

/*
 * security_timeline(history, basis, months, until, terms): period, duties,
 * peak, peak_period, required_bond, required_deposit
 */
Datum
security_timeline(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	TimelineRows *timeline;
	PeriodRows *rows;
	int64		period;
	Amount		owed;
	Peak		peak;
	const SecurityTerms *terms;
	Datum		values[TIMELINE_COLUMNS];
	bool		nulls[TIMELINE_COLUMNS] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		timeline = (TimelineRows *) begin_result_rows(fcinfo, sizeof(TimelineRows), &old);
		if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		{
			MonthBasis	basis = month_basis_lookup(PG_GETARG_OID(1));

			timeline->months = months_argument(fcinfo, 2);
			terms_argument(fcinfo, 4, &timeline->given);
			open_rows(&timeline->rows, fcinfo, PG_GETARG_DATUM(0), basis);
			if (timeline->rows.more)
			{
				timeline->rows.end = timeline_end(fcinfo, basis,
												  timeline->months);
				(void) period_range(&timeline->rows, timeline->rows.end - 1);
			}
		}
		MemoryContextSwitchTo(old);
	}

	context = SRF_PERCALL_SETUP();
	timeline = (TimelineRows *) context->user_fctx;
	rows = &timeline->rows;
	if (rows->period >= rows->end)
		SRF_RETURN_DONE(context);

	CHECK_FOR_INTERRUPTS();
	period = rows->period;
	owed = take_period(rows);
	if (owed > 0)
		queue_period(context->multi_call_memory_ctx, &timeline->queue,
					 (int32) period, owed);
	peak = peak_queue_highest(&timeline->queue, period, timeline->months);

	/* the row's as-of day is the period's last */
	terms = terms_of_day(&timeline->given,
						 period_first_day(rows->reader.basis, (int32) period + 1) - 1);
	if (terms != timeline->terms || peak.amount != timeline->peak.amount ||
		peak.period != timeline->peak.period)
	{
		MemoryContext old = MemoryContextSwitchTo(context->multi_call_memory_ctx);

		set_peak(timeline, peak, terms);
		MemoryContextSwitchTo(old);
	}

	memcpy(values, timeline->of_peak, sizeof(values));
	values[TIMELINE_PERIOD] = period_range(rows, period);
	values[TIMELINE_DUTIES] = amount_get_datum(owed);
	nulls[TIMELINE_PEAK_PERIOD] = peak.amount == 0;
	SRF_RETURN_NEXT(context,
					HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
													  values, nulls)));
}
