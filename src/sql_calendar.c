/*-------------------------------------------------------------------------
 *
 * sql_calendar.c
 *	  Functions of SQL: periods and due dates.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/rangetypes.h"

#include "core/billing.h"
#include "compat.h"
#include "core/poll.h"
#include "messages.h"
#include "values.h"

/* An argument's day; what is asked of it is for the message, and marked. */
static int32
finite_day(DateADT date, const char *what)
{
	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 /* translator: the second is "billing period", "statement date" or the like */
				 errmsg("date %s has no %s", DATE_IS_NOBEGIN(date) ?
						"-infinity" : "infinity", translated(what)),
				 errhint("Give a day. NULL gives NULL.")));
	return date;
}

/* The period of a basis that a day belongs to, as a daterange. */
static Datum
period_of_date(FunctionCallInfo fcinfo, MonthBasis basis, int32 day)
{
	int32		period = period_of_day(basis, day);

	return days_to_daterange(range_get_typcache(fcinfo, DATERANGEOID),
							 period_first_day(basis, period),
							 period_first_day(basis, period + 1));
}

/* duty_period(date, month_basis): the period of the basis around a date. */
PG_FUNCTION_INFO_V1(duty_period);
Datum
duty_period(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("duty period"));

	return period_of_date(fcinfo, month_basis_lookup(PG_GETARG_OID(1)), day);
}

/* The billing period of a release day, of the stream given as an argument. */
static int32
stream_period(FunctionCallInfo fcinfo, int32 day)
{
	BillingStream stream = billing_stream_lookup(PG_GETARG_OID(1));

	return period_of_day(billing_basis(stream), day);
}

/* billing_period(date, billing_stream): the stream's period around a date. */
PG_FUNCTION_INFO_V1(billing_period);
Datum
billing_period(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("billing period"));

	return period_of_date(fcinfo,
						  billing_basis(billing_stream_lookup(PG_GETARG_OID(1))),
						  day);
}

/* statement_date(date, billing_stream): when the statement of a release's billing period is issued. */
PG_FUNCTION_INFO_V1(statement_date);
Datum
statement_date(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("statement date"));

	PG_RETURN_DATEADT(day_to_date(billing_statement_date(stream_period(fcinfo, day))));
}

/* payment_due(date, billing_stream): when the duties of a release are to be paid. */
PG_FUNCTION_INFO_V1(payment_due);
Datum
payment_due(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("payment due date"));

	PG_RETURN_DATEADT(day_to_date(billing_payment_due(stream_period(fcinfo, day))));
}

/*
 * accounting_due(date, date[], billing_stream): when a release is to be
 * accounted for.
 *
 * The holidays near enough to matter go into a bitmap of the days after the
 * release, so that their order, repetition and number cost no more than one
 * look at each. Elements that are NULL, infinite or far away name no such day.
 */
PG_FUNCTION_INFO_V1(accounting_due);
Datum
accounting_due(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("accounting due date"));
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const uint8 *not_null = ARR_NULLBITMAP(array);
	const DateADT *element = (const DateADT *) ARR_DATA_PTR(array);
	size_t		reach = billing_accounting_reach(count);
	uint8	   *holidays = palloc0(reach / 8 + 1);
	int64		due;

	switch (billing_stream_lookup(PG_GETARG_OID(2)))
	{
		case STREAM_COMMERCIAL:
			break;
		case STREAM_COURIER_LOW_VALUE:
			PG_RETURN_DATEADT(day_to_date(billing_low_value_accounting_due(day)));
		default:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("no rule is known for when goods of stream %s are accounted for",
							billing_stream_label(billing_stream_lookup(PG_GETARG_OID(2)))),
					 errhint("The streams with a known rule are commercial and courier_low_value.")));
	}
	for (int i = 0; i < count; i++)
	{
		int64		offset;

		if (i % POLL_STEPS == 0)
			CHECK_FOR_INTERRUPTS();
		/* a NULL takes no place among the elements */
		if (not_null && (not_null[i / 8] & (1 << (i % 8))) == 0)
			continue;
		offset = (int64) *element++ - day - 1;
		if (offset >= 0 && offset < (int64) reach)
			holidays[offset / 8] |= 1 << (offset % 8);
	}

	due = billing_accounting_due(day, holidays, reach);
	pfree(holidays);
	PG_FREE_IF_COPY(array, 1);
	PG_RETURN_DATEADT(day_to_date(due));
}

/* review_period(date): 20 October to 19 October around a date. */
PG_FUNCTION_INFO_V1(review_period);
Datum
review_period(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("review period"));
	int64		first;
	int64		end;

	billing_review_period(day, &first, &end);
	return days_to_daterange(range_get_typcache(fcinfo, DATERANGEOID), first, end);
}

/* review_due(date): 15 January, when what that review asks for is due. */
PG_FUNCTION_INFO_V1(review_due);
Datum
review_due(PG_FUNCTION_ARGS)
{
	int32		day = finite_day(PG_GETARG_DATEADT(0), gettext_noop("review due date"));

	PG_RETURN_DATEADT(day_to_date(billing_review_due(day)));
}
