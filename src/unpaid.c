/*-------------------------------------------------------------------------
 *
 * unpaid.c
 *	  What is owed and not yet due: the open billing periods of a history.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"

#include "arguments.h"
#include "compat.h"
#include "history_read.h"
#include "values.h"

PG_FUNCTION_INFO_V1(duties_outstanding);

typedef struct UnpaidRows
{
	PeriodReader reader;
	TypeCacheEntry *daterange;
	int32		as_of;
	int32		period;			/* of the row to come */
	int32		last;
} UnpaidRows;

/* Reads the arguments, at the first call. */
static void
begin_unpaid(FunctionCallInfo fcinfo)
{
	MemoryContext old;
	UnpaidRows *rows = (UnpaidRows *) begin_result_rows(fcinfo, sizeof(UnpaidRows), &old);
	MonthBasis	basis;

	rows->last = -1;
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		basis = billing_basis(billing_stream_lookup(PG_GETARG_OID(2)));
		rows->as_of = finite_date_argument(fcinfo, 1, "as_of",
										   gettext_noop("Give a day, for example current_date."));
		rows->period = billing_first_unpaid(basis, rows->as_of);
		rows->last = period_of_day(basis, rows->as_of);
		rows->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
		open_history(&rows->reader, basis,
					 PointerGetDatum(stored_or_none(fcinfo, 0)));
	}
	MemoryContextSwitchTo(old);
}

/*
 * duties_outstanding(history, as_of, stream): period, statement_date,
 * payment_due, duties, ended
 */
Datum
duties_outstanding(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	UnpaidRows *rows;
	int32		period;
	Amount		duties;
	Datum		values[5];
	bool		nulls[5] = {false};

	if (SRF_IS_FIRSTCALL())
		begin_unpaid(fcinfo);

	context = SRF_PERCALL_SETUP();
	rows = (UnpaidRows *) context->user_fctx;
	if (rows->daterange == NULL || rows->period > rows->last)
		SRF_RETURN_DONE(context);

	period = rows->period++;
	if (!read_total(&rows->reader, (PeriodWindow) {period, period}, &duties))
		check_reader(&rows->reader);
	values[0] = period_get_datum(rows->daterange, rows->reader.basis, period);
	values[1] = DateADTGetDatum(day_to_date(billing_statement_date(period)));
	values[2] = DateADTGetDatum(day_to_date(billing_payment_due(period)));
	values[3] = amount_get_datum(duties);
	values[4] = BoolGetDatum(period <= period_ended_by(rows->reader.basis,
													   rows->as_of));
	SRF_RETURN_NEXT(context,
					HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
													  values, nulls)));
}
