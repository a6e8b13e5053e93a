/*-------------------------------------------------------------------------
 *
 * history_algebra.c
 *	  Histories made of others: a multiple, other months, a span; and a
 *	  span's total.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/numeric.h"

#include "arguments.h"
#include "compat.h"
#include "core/history_change.h"
#include "history_buffer.h"
#include "history_error.h"
#include "history_forms.h"
#include "messages.h"
#include "values.h"

PG_FUNCTION_INFO_V1(duty_history_multiply);
PG_FUNCTION_INFO_V1(numeric_multiply_duty_history);
PG_FUNCTION_INFO_V1(shift_months);
PG_FUNCTION_INFO_V1(duties_between);
PG_FUNCTION_INFO_V1(total_duties);

#define NO_CHANGE	((HistoryChange) {NULL, 0, PG_INT32_MIN, PG_INT32_MAX})

/* The error for a product of more than eight decimals. */
pg_noreturn static void
report_too_fine(Amount amount, Datum factor)
{
	char		text[AMOUNT_TEXT_SIZE];

	(void) amount_to_text(amount, text);
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s * %s has more than eight decimals", text,
					numeric_shown(factor)),
			 errhint("Amounts are kept exactly. Multiply by a number with fewer decimals, for example by round(factor, 4).")));
}

/* The error for a shift after which no date is in some slice. */
pg_noreturn static void
report_shift(int64 shift)
{
	int64		months = shift / SLICES_PER_MONTH;

	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg_plural("a history cannot be shifted by %lld month",
						   "a history cannot be shifted by %lld months",
						   (unsigned long) (months > 0 ? months : -months),
						   (long long) months),
			 errdetail("Dates run from 4714-11-24 BC to 5874897-12-31."),
			 errhint("A year later is 12 months, a year earlier -12.")));
}

/*
 * Gives the next slice with duties, changed; or the error that it can't be, with
 * the factor as given.
 */
static bool
next_changed(HistoryReader *reader, const HistoryChange *change, Datum factor,
			 int32 *slice, Amount *amount)
{
	switch (history_change_next(reader, change, slice, amount))
	{
		case CHANGED_SLICE:
			return true;
		case CHANGED_NONE:
			break;
		case CHANGED_OUT_OF_RANGE:
			report_shift(change->shift);
		case CHANGED_TOO_FINE:
			report_too_fine(*amount, factor);
		case CHANGED_TOO_LARGE:
			history_report_overflow();
	}
	return false;
}

/* A history with each slice changed: read once for its scale, and once more. */
static Datum
change_slices(Datum history, const HistoryChange *change, Datum factor)
{
	bytea	   *stored = history_stored(history);
	HistoryReader start;
	HistoryReader reader;
	HistoryBuffer buffer;
	int32		slice;
	Amount		amount;
	int			scale = 0;
	Size		count = 0;

	(void) history_change_open(&start, change, VARDATA_ANY(stored),
							   VARSIZE_ANY_EXHDR(stored));
	reader = start;
	while (next_changed(&reader, change, factor, &slice, &amount))
	{
		scale = history_scale(scale, amount);
		count++;
	}
	if (reader.corrupt)
		history_report_corrupt();

	history_buffer_begin(&buffer, scale, count);
	while (next_changed(&start, change, factor, &slice, &amount))
		history_buffer_write(&buffer, slice, amount);
	return PointerGetDatum(history_buffer_end(&buffer));
}

/* The factor of a product, or the error that it is none. */
static Factor
factor_from_datum(Datum numeric)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);
	Factor		factor = {0, 0};

	switch (factor_from_numeric(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
								&factor))
	{
		case AMOUNT_OK:
		case AMOUNT_TOO_FINE:
			break;
		case AMOUNT_NOT_A_NUMBER:
		case AMOUNT_INFINITE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("factor must be finite, not %s", numeric_shown(numeric)),
					 errhint("Give a number: 1.12 makes it 12 percent more.")));
			break;
		case AMOUNT_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("factor has too many digits: %s", numeric_shown(numeric)),
					 errhint("Round it first, for example with round(factor, 4).")));
			break;
		case AMOUNT_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("invalid stored value of type %s", "numeric")));
			break;
	}
	return factor;
}

static Datum
multiply_history(Datum history, Datum numeric)
{
	Factor		factor = factor_from_datum(numeric);
	HistoryChange change = NO_CHANGE;

	change.factor = &factor;
	return change_slices(history, &change, numeric);
}

/* history * numeric */
Datum
duty_history_multiply(PG_FUNCTION_ARGS)
{
	return multiply_history(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
}

/* numeric * history */
Datum
numeric_multiply_duty_history(PG_FUNCTION_ARGS)
{
	return multiply_history(PG_GETARG_DATUM(1), PG_GETARG_DATUM(0));
}

/* shift_months(history, months): each slice to the same of another month */
Datum
shift_months(PG_FUNCTION_ARGS)
{
	HistoryChange change = NO_CHANGE;

	change.shift = (int64) PG_GETARG_INT32(1) * SLICES_PER_MONTH;
	return change_slices(PG_GETARG_DATUM(0), &change, (Datum) 0);
}

static const char *
day_text(DateADT day)
{
	return DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)));
}

/* A day as text, counted from the first of a slice. */
static const char *
slice_text(int32 slice, int days)
{
	return day_text(calendar_slice_first_day(slice) + days);
}

/*
 * The first slice of a span's first day, which must be a cut; or the slice
 * after a span's last day, which must stand before one.
 */
static int32
span_slice(DateADT day, bool is_last)
{
	int32		before = is_last ? 1 : 0;
	int32		slice;

	if (calendar_day_is_cut(day + before))
		return calendar_slice(day + before);
	slice = calendar_slice(day + before);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 is_last ?
			 errmsg("a history cannot be cut after %s", day_text(day)) :
			 errmsg("a history cannot be cut before %s", day_text(day)),
			 errdetail("A span begins on day 1, 18, 20 or 25 of a month and ends on the day before one of these."),
			 !calendar_has_slice(slice + 1) || !calendar_has_slice(slice) ? 0 :
			 is_last ?
			 errhint("The nearest days that it can end on are %s and %s.",
					 slice_text(slice, -1), slice_text(slice + 1, -1)) :
			 errhint("The nearest days that it can begin on are %s and %s.",
					 slice_text(slice, 0), slice_text(slice + 1, 0))));
	return 0;					/* keep compiler quiet */
}

/* The arguments first_day and last_day; NULL is no bound. */
static HistoryChange
span_arguments(FunctionCallInfo fcinfo)
{
	HistoryChange span = NO_CHANGE;
	const char *hint = gettext_noop("Give a day, or NULL for no bound.");

	if (!PG_ARGISNULL(1))
		span.first = span_slice(finite_date_argument(fcinfo, 1, "first_day", hint),
								false);
	if (!PG_ARGISNULL(2))
		span.end = span_slice(finite_date_argument(fcinfo, 2, "last_day", hint),
							  true);
	if (span.first > span.end)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s must not come after %s %s", "first_day",
						day_text(PG_GETARG_DATEADT(1)), "last_day",
						day_text(PG_GETARG_DATEADT(2))),
				 errhint("Give the earlier day first.")));
	return span;
}

/* duties_between(history, first_day, last_day) */
Datum
duties_between(PG_FUNCTION_ARGS)
{
	HistoryChange span;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	span = span_arguments(fcinfo);
	return change_slices(PG_GETARG_DATUM(0), &span, (Datum) 0);
}

/* total_duties(history, first_day, last_day) */
Datum
total_duties(PG_FUNCTION_ARGS)
{
	HistoryChange span;
	bytea	   *stored;
	HistoryReader reader;
	int32		slice;
	Amount		amount;
	Amount		total = 0;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	span = span_arguments(fcinfo);
	stored = history_stored(PG_GETARG_DATUM(0));
	(void) history_open(&reader, VARDATA_ANY(stored),
						VARSIZE_ANY_EXHDR(stored));
	while (history_next(&reader, &slice, &amount) && slice < span.end)
	{
		if (slice >= span.first)
			total = sum_or_error(total, amount);
	}
	if (reader.corrupt)
		history_report_corrupt();
	return amount_get_datum(total);
}
