/*-------------------------------------------------------------------------
 *
 * requirements.c
 *	  The requirement in force, as rows and for a day.
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
#include "core/requirement.h"
#include "history_forms.h"
#include "history_read.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(security_requirements);
PG_FUNCTION_INFO_V1(peak_in_force);

typedef enum RequirementColumn
{
	REQUIREMENT_IN_FORCE,
	REQUIREMENT_REVIEWED,
	REQUIREMENT_REVIEWED_PEAK,
	REQUIREMENT_REVIEWED_PERIOD,
	REQUIREMENT_PEAK,
	REQUIREMENT_REQUIRED_BOND,
	REQUIREMENT_REQUIRED_DEPOSIT,
	REQUIREMENT_FORECAST,
	REQUIREMENT_COLUMNS
} RequirementColumn;

typedef struct RequirementRows
{
	RequirementReader reader;
	TermsArgument given;
	TypeCacheEntry *daterange;
	bool		has_until;
	int32		until;
	bool		more;
} RequirementRows;

/*
 * Reads the arguments since, peak, basis, projected_monthly and lowered, from
 * the first one on. False where there is no answer, as one that must not be is
 * NULL.
 */
static bool
basis_arguments(FunctionCallInfo fcinfo, int first, RequirementBasis *basis)
{
	if (PG_ARGISNULL(first) || PG_ARGISNULL(first + 2) || PG_ARGISNULL(first + 4))
		return false;
	basis->since = finite_date_argument(fcinfo, first, "since",
										gettext_noop("Give the day of enrolment, or the day a reduction was granted."));
	basis->notified = !PG_ARGISNULL(first + 1);
	basis->notified_peak = basis->notified ?
		positive_argument(fcinfo, first + 1, "peak",
						  gettext_noop("Give the peak that the CBSA notified, in dollars, or NULL for that of the history.")) : 0;
	basis->basis = month_basis_lookup(PG_GETARG_OID(first + 2));
	basis->projected = PG_ARGISNULL(first + 3) ? 0 :
		projected_argument(fcinfo, first + 3);
	basis->lowered = PG_GETARG_BOOL(first + 4);
	return true;
}

/* Opens a history, NULL being that of somebody who owed nothing. */
static void
open_requirements(RequirementReader *reader, const RequirementBasis *basis,
				  bytea *stored)
{
	requirement_open(reader, basis, VARDATA_ANY(stored),
					 VARSIZE_ANY_EXHDR(stored));
	check_reader(&reader->start);
}

/* The next span, or the error that a reader has stopped for. */
static void
next_requirement(RequirementReader *reader, Requirement *requirement)
{
	if (!requirement_next(reader, requirement))
	{
		check_reader(&reader->start);
		check_reader(&reader->reviews);
	}
}

/* The columns of a span. */
static void
fill_requirement(const RequirementRows *rows, const Requirement *requirement,
				 Datum *values, bool *nulls)
{
	MonthBasis	basis = rows->reader.basis.basis;
	const SecurityTerms *terms = terms_of_day(&rows->given,
											  (int32) requirement->first);
	const Peak *found = &requirement->found;

	values[REQUIREMENT_IN_FORCE] = days_to_daterange(rows->daterange,
													 requirement->first,
													 requirement->end);
	values[REQUIREMENT_REVIEWED] = window_get_datum(rows->daterange, basis,
													requirement->reviewed.first,
													requirement->reviewed.last);
	values[REQUIREMENT_REVIEWED_PEAK] = amount_get_datum(found->amount);
	nulls[REQUIREMENT_REVIEWED_PERIOD] = requirement->estimated ||
		found->amount == 0;
	if (!nulls[REQUIREMENT_REVIEWED_PERIOD])
		values[REQUIREMENT_REVIEWED_PERIOD] =
			period_get_datum(rows->daterange, basis, found->period);
	values[REQUIREMENT_PEAK] = amount_get_datum(requirement->peak);
	values[REQUIREMENT_REQUIRED_BOND] =
		amount_get_datum(required_by_terms(terms, FORM_SURETY_BOND,
										   requirement->peak));
	values[REQUIREMENT_REQUIRED_DEPOSIT] =
		amount_get_datum(required_by_terms(terms, FORM_CASH_DEPOSIT,
										   requirement->peak));
	values[REQUIREMENT_FORECAST] = BoolGetDatum(requirement->forecast);
}

/* Reads the arguments of security_requirements, at its first call. */
static void
begin_requirements(FunctionCallInfo fcinfo)
{
	MemoryContext old;
	RequirementRows *rows = (RequirementRows *)
		begin_result_rows(fcinfo, sizeof(RequirementRows), &old);
	RequirementBasis basis;

	rows->more = basis_arguments(fcinfo, 1, &basis);
	if (rows->more)
	{
		open_requirements(&rows->reader, &basis, stored_or_none(fcinfo, 0));
		rows->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
		terms_argument(fcinfo, 6, &rows->given);
		rows->has_until = !PG_ARGISNULL(7);
		if (rows->has_until)
		{
			rows->until = finite_date_argument(fcinfo, 7, "until",
											   gettext_noop("Give a day, or NULL to go on until no review finds anything any more."));
			rows->more = rows->until >= basis.since;
		}
	}
	MemoryContextSwitchTo(old);
}

/*
 * security_requirements(history, since, peak, basis, projected_monthly,
 * lowered, terms, until): in_force, reviewed, reviewed_peak, reviewed_period,
 * peak, required_bond, required_deposit, forecast
 */
Datum
security_requirements(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	RequirementRows *rows;
	Requirement requirement;
	Datum		values[REQUIREMENT_COLUMNS];
	bool		nulls[REQUIREMENT_COLUMNS] = {false};

	if (SRF_IS_FIRSTCALL())
		begin_requirements(fcinfo);

	context = SRF_PERCALL_SETUP();
	rows = (RequirementRows *) context->user_fctx;
	if (!rows->more)
		SRF_RETURN_DONE(context);

	CHECK_FOR_INTERRUPTS();
	next_requirement(&rows->reader, &requirement);
	rows->more = rows->has_until ? requirement.end <= rows->until :
		!requirement.nothing_left;
	fill_requirement(rows, &requirement, values, nulls);
	SRF_RETURN_NEXT(context,
					HeapTupleGetDatum(heap_form_tuple(context->tuple_desc,
													  values, nulls)));
}

/*
 * peak_in_force(history, day, since, peak, basis, projected_monthly, lowered):
 * the peak of the span that a day is in; NULL before the first
 */
Datum
peak_in_force(PG_FUNCTION_ARGS)
{
	RequirementReader reader;
	RequirementBasis basis;
	Requirement requirement;
	int32		day;

	if (PG_ARGISNULL(1) || !basis_arguments(fcinfo, 2, &basis))
		PG_RETURN_NULL();
	day = finite_date_argument(fcinfo, 1, "day",
							   gettext_noop("Give a day, for example current_date."));
	if (day < basis.since)
		PG_RETURN_NULL();
	open_requirements(&reader, &basis,
					  PG_ARGISNULL(0) ? stored_or_none(fcinfo, 0) :
					  history_stored(PG_GETARG_DATUM(0)));
	do
	{
		CHECK_FOR_INTERRUPTS();
		next_requirement(&reader, &requirement);
	} while (requirement.end <= day);
	return amount_get_datum(requirement.peak);
}
