/*-------------------------------------------------------------------------
 *
 * readings.c
 *	  Every way to read a history, beside an amount that somebody was shown.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/tuplestore.h"

#include "arguments.h"
#include "compat.h"
#include "core/requirement.h"
#include "history_error.h"
#include "history_read.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(security_readings);

#define READING_MONTHS	12

/* The last twelve periods, those of the last review, and all. */
#define WINDOWS_OF_BASIS	3
#define READINGS_MAX \
	(MONTH_BASIS_COUNT * WINDOWS_OF_BASIS * SECURITY_FORM_COUNT)

typedef enum ReadingColumn
{
	READING_BASIS,
	READING_REVIEWED,
	READING_FORM,
	READING_PEAK,
	READING_REQUIRED,
	READING_DIFFERENCE,
	READING_COLUMNS
} ReadingColumn;

typedef struct Reading
{
	MonthBasis	basis;
	PeriodWindow window;
	SecurityForm form;
	Amount		peak;
	Amount		required;
	Amount		difference;		/* required less the amount shown */
} Reading;

typedef struct Readings
{
	Reading		reading[READINGS_MAX];
	int			count;
} Readings;

/* Adds what a window of a history requires, in both forms; no window twice. */
static void
add_window(Readings *readings, PeriodReader reader, PeriodWindow window,
		   const SecurityTerms *terms, Amount shown)
{
	Peak		peak;

	for (int i = 0; i < readings->count; i++)
	{
		const Reading *reading = &readings->reading[i];

		if (reading->basis == reader.basis &&
			reading->window.first == window.first &&
			reading->window.last == window.last)
			return;
	}
	peak = read_peak(&reader, window);
	check_reader(&reader);
	for (int form = 0; form < SECURITY_FORM_COUNT; form++)
	{
		Reading    *reading = &readings->reading[readings->count++];

		reading->basis = reader.basis;
		reading->window = window;
		reading->form = (SecurityForm) form;
		reading->peak = peak.amount;
		reading->required = required_by_terms(terms, reading->form, peak.amount);
		reading->difference = sum_or_error(reading->required, -shown);
	}
}

/* The periods from the history's first to its last; false where it has none. */
static bool
all_periods(PeriodReader reader, PeriodWindow *window)
{
	HistoryReader last = reader.slices;

	if (last.next >= last.end)
		return false;
	window->first = period_of_slice(reader.basis, last.slice);
	history_skip(&last, PG_INT32_MAX);
	if (last.corrupt)
		history_report_corrupt();
	window->last = period_of_slice(reader.basis, last.slice - 1);
	return true;
}

/* The nearest first; else in the order in which they were read. */
static int
compare_readings(const void *a, const void *b)
{
	const Reading *left = (const Reading *) a;
	const Reading *right = (const Reading *) b;
	Amount		left_far = left->difference < 0 ? -left->difference : left->difference;
	Amount		right_far = right->difference < 0 ? -right->difference : right->difference;

	if (left_far != right_far)
		return left_far < right_far ? -1 : 1;
	if (left->basis != right->basis)
		return left->basis < right->basis ? -1 : 1;
	if (left->window.first != right->window.first)
		return left->window.first > right->window.first ? -1 : 1;
	if (left->window.last != right->window.last)
		return left->window.last > right->window.last ? -1 : 1;
	return (int) left->form - (int) right->form;
}

/* Reads the history in every way. */
static void
read_history(FunctionCallInfo fcinfo, Readings *readings)
{
	Amount		shown = positive_argument(fcinfo, 1, "amount",
										  gettext_noop("Give the amount that was shown, in dollars, without its sign."));
	TermsArgument given;
	const SecurityTerms *terms;
	bool		has_day = !PG_ARGISNULL(2);
	int32		day = has_day ? finite_date_argument(fcinfo, 2, "as_of",
											   gettext_noop("Give a day, or NULL for all of the history.")) :
		POLICY_NEWEST;

	terms_argument(fcinfo, 3, &given);
	terms = terms_of_day(&given, day);
	for (int basis = 0; basis < MONTH_BASIS_COUNT; basis++)
	{
		PeriodReader reader;
		PeriodWindow trailing;
		PeriodWindow other;

		open_history(&reader, (MonthBasis) basis, PG_GETARG_DATUM(0));
		if (has_day)
		{
			trailing = period_window(period_ended_by((MonthBasis) basis, day),
									 READING_MONTHS);
			add_window(readings, reader, trailing, terms, shown);
			if (requirement_last_review((MonthBasis) basis, day, &other))
				add_window(readings, reader, other, terms, shown);
		}
		if (all_periods(reader, &other))
			add_window(readings, reader, other, terms, shown);
	}
}

/* security_readings(history, amount, as_of, terms) */
Datum
security_readings(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	TypeCacheEntry *daterange;
	Readings   *readings;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	readings = (Readings *) palloc0(sizeof(Readings));
	read_history(fcinfo, readings);
	qsort(readings->reading, readings->count, sizeof(Reading), compare_readings);

	daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	for (int i = 0; i < readings->count; i++)
	{
		const Reading *reading = &readings->reading[i];
		Datum		values[READING_COLUMNS];
		bool		nulls[READING_COLUMNS] = {false};

		values[READING_BASIS] =
			enum_get_datum(TupleDescAttr(result->setDesc, READING_BASIS)->atttypid,
						   month_basis_label(reading->basis));
		values[READING_REVIEWED] = window_get_datum(daterange, reading->basis,
													reading->window.first,
													reading->window.last);
		values[READING_FORM] =
			enum_get_datum(TupleDescAttr(result->setDesc, READING_FORM)->atttypid,
						   security_form_label(reading->form));
		values[READING_PEAK] = amount_get_datum(reading->peak);
		values[READING_REQUIRED] = amount_get_datum(reading->required);
		values[READING_DIFFERENCE] = amount_get_datum(reading->difference);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
