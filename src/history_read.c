/*-------------------------------------------------------------------------
 *
 * history_read.c
 *	  Peak of a history, and the security that it requires.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/fmgrprotos.h"
#include "utils/rangetypes.h"

#include "arguments.h"
#include "compat.h"
#include "history_buffer.h"
#include "history_error.h"
#include "history_forms.h"
#include "history_read.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(history_peak_monthly_duty);
PG_FUNCTION_INFO_V1(history_peak_period);
PG_FUNCTION_INFO_V1(history_required_security);

/*
 * The arguments as_of, basis and months, from the first one on. False where
 * the answer is NULL, as the basis or the months are.
 */
bool
window_arguments(FunctionCallInfo fcinfo, int first, AskedWindow *asked)
{
	if (PG_ARGISNULL(first + 1) || PG_ARGISNULL(first + 2))
		return false;
	asked->basis = month_basis_lookup(PG_GETARG_OID(first + 1));
	asked->months = months_argument(fcinfo, first + 2);
	asked->all = PG_ARGISNULL(first);
	if (asked->all)
	{
		asked->window = WHOLE_HISTORY;
		asked->as_of = POLICY_NEWEST;
		return true;
	}
	asked->as_of = finite_date_argument(fcinfo, first, "as_of",
										gettext_noop("Give a day, or NULL for all of the history."));
	asked->window = period_window(period_ended_by(asked->basis, asked->as_of),
								  asked->months);
	return true;
}

/* Opens a duty_history of any form to be read by period. */
void
open_history(PeriodReader *reader, MonthBasis basis, Datum value)
{
	bytea	   *stored = history_stored(value);

	period_open(reader, basis, VARDATA_ANY(stored), VARSIZE_ANY_EXHDR(stored));
	check_reader(reader);
}

/*
 * A copy of an argument's stored form, for as long as the current memory
 * context lasts; NULL is the history of somebody who owed nothing.
 */
bytea *
stored_or_none(FunctionCallInfo fcinfo, int n)
{
	HistoryBuffer none;

	if (!PG_ARGISNULL(n))
		return history_stored(PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(n))));
	history_buffer_begin(&none, 0, 0);
	return history_buffer_end(&none);
}

/* The errors that a reader may have stopped for. */
void
check_reader(const PeriodReader *reader)
{
	if (reader->slices.corrupt)
		history_report_corrupt();
	if (reader->overflow)
		history_report_overflow();
}

static Peak
peak_of_argument(FunctionCallInfo fcinfo, const AskedWindow *asked)
{
	PeriodReader reader;
	Peak		peak;

	open_history(&reader, asked->basis, PG_GETARG_DATUM(0));
	peak = read_peak(&reader, asked->window);
	check_reader(&reader);
	return peak;
}

/* peak_monthly_duty(history, as_of, basis, months) */
Datum
history_peak_monthly_duty(PG_FUNCTION_ARGS)
{
	AskedWindow asked;

	if (PG_ARGISNULL(0) || !window_arguments(fcinfo, 1, &asked))
		PG_RETURN_NULL();
	return amount_get_datum(peak_of_argument(fcinfo, &asked).amount);
}

/* peak_period(history, as_of, basis, months) */
Datum
history_peak_period(PG_FUNCTION_ARGS)
{
	AskedWindow asked;
	Peak		peak;

	if (PG_ARGISNULL(0) || !window_arguments(fcinfo, 1, &asked))
		PG_RETURN_NULL();
	peak = peak_of_argument(fcinfo, &asked);
	if (peak.amount == 0)
		PG_RETURN_NULL();
	return period_get_datum(range_get_typcache(fcinfo, DATERANGEOID),
							asked.basis, peak.period);
}

/*
 * required_security(history, form, as_of, basis, months, projected_monthly,
 * terms)
 */
Datum
history_required_security(PG_FUNCTION_ARGS)
{
	AskedWindow asked;
	SecurityForm form;
	TermsArgument terms;
	Amount		peak = 0;

	if (PG_ARGISNULL(1) || !window_arguments(fcinfo, 2, &asked))
		PG_RETURN_NULL();
	form = security_form_lookup(PG_GETARG_OID(1));
	if (PG_ARGISNULL(0) && PG_ARGISNULL(5))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(0))
		peak = peak_of_argument(fcinfo, &asked).amount;
	if (!PG_ARGISNULL(5))
	{
		Amount		projected = projected_argument(fcinfo, 5);
		int32		months = 0;

		if (!PG_ARGISNULL(0))
		{
			PeriodReader reader;

			open_history(&reader, asked.basis, PG_GETARG_DATUM(0));
			months = months_of_history(&reader, asked.window);
			check_reader(&reader);
		}
		if (months < asked.months)
			peak = Max(peak, projected);
	}
	terms_argument(fcinfo, 6, &terms);
	return amount_get_datum(required_by_terms(terms_of_day(&terms, asked.as_of),
											  form, peak));
}
