/*-------------------------------------------------------------------------
 *
 * security.c
 *	  How posted security compares with what is required.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "arguments.h"
#include "compat.h"
#include "history_error.h"
#include "history_read.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(security_position);

/* What security_position keeps from call to call. */
typedef struct PositionCache
{
	TupleDesc	tupdesc;
	TypeCacheEntry *daterange;
} PositionCache;

typedef enum PositionColumn
{
	POSITION_PEAK,
	POSITION_PEAK_PERIOD,
	POSITION_REQUIRED_BOND,
	POSITION_REQUIRED_DEPOSIT,
	POSITION_POSTED_BOND,
	POSITION_POSTED_DEPOSIT,
	POSITION_SHORTFALL_BOND,
	POSITION_SHORTFALL_DEPOSIT,
	POSITION_STATUS,
	POSITION_MONTHS_OF_HISTORY,
	POSITION_ESTIMATED,
	POSITION_CURRENT_PERIOD,
	POSITION_CURRENT_DUTIES,
	POSITION_COVERED_PEAK,
	POSITION_OUTSTANDING,
	POSITION_HEADROOM,
	POSITION_COLUMNS
} PositionColumn;

static PositionCache *
position_cache(FunctionCallInfo fcinfo)
{
	PositionCache *cache = (PositionCache *) fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (cache != NULL)
		return cache;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	cache = (PositionCache *) palloc(sizeof(PositionCache));
	cache->tupdesc = result_row_type(fcinfo);
	cache->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	fcinfo->flinfo->fn_extra = cache;
	MemoryContextSwitchTo(old);
	return cache;
}

/* What a security_position is made of. */
typedef struct Position
{
	AskedWindow asked;
	WindowPeaks window;
	Amount		outstanding;	/* of the billing periods not yet due */
	bool		estimated;		/* the peak is what the importer expects */
	Amount		held_peak;		/* what the security is held against */
	Amount		next_peak;		/* the same when the current period has ended */
	PostedSecurity posted;
	Amount		covered;		/* the highest peak that is */
	Shortfall	shortfall;
} Position;

/* Reads the history, if one was given. */
static void
read_position(FunctionCallInfo fcinfo, Position *position)
{
	const AskedWindow *asked = &position->asked;
	MonthBasis	billing = billing_basis(STREAM_COMMERCIAL);
	PeriodReader reader;
	PeriodReader unpaid;

	if (PG_ARGISNULL(0))
		return;
	open_history(&reader, asked->basis, PG_GETARG_DATUM(0));
	if (!asked->all)
	{
		PeriodWindow periods = {
			billing_first_unpaid(billing, asked->as_of),
			period_of_day(billing, asked->as_of)
		};

		/*
		 * What comes before both is passed over once. A period of another
		 * basis may begin later in its month.
		 */
		period_skip(&reader, Min(asked->window.first, periods.first - 1));
		unpaid = reader;
		unpaid.basis = billing;
		if (!read_total(&unpaid, periods, &position->outstanding))
			check_reader(&unpaid);
	}
	position->window = read_window(&reader, asked->window);
	check_reader(&reader);
}

/* What an importer whose history is short expects to owe counts as owed. */
static void
apply_projection(Position *position, Amount projected)
{
	WindowPeaks *window = &position->window;

	if (window->months < position->asked.months && projected > window->peak.amount)
	{
		position->estimated = true;
		window->peak.amount = projected;
	}
	/* the period after this one may make the history long enough */
	if (window->months + 1 < position->asked.months)
		window->next_peak = Max(window->next_peak, projected);
}

/* The peak that was notified takes the place of the history's. */
static void
set_held_peak(FunctionCallInfo fcinfo, int n, Position *position)
{
	position->held_peak = position->window.peak.amount;
	position->next_peak = position->window.next_peak;
	if (!PG_ARGISNULL(n))
		position->held_peak = position->next_peak =
			positive_argument(fcinfo, n, "notified_peak",
							  gettext_noop("Give the peak that the CBSA notified, in dollars, or NULL for that of the history."));
}

static const char *
position_status(const Position *position)
{
	if (position->held_peak == 0)
		return "none required";
	if (position->shortfall.bond == 0)
		return "covered";
	if (position->posted.bond == 0 && position->posted.deposit == 0)
		return "none posted";
	return "short";
}

/* The columns about the history's peak and what it requires. */
static void
fill_required(const Position *position, const SecurityTerms *terms,
			  TypeCacheEntry *daterange, Datum *values, bool *nulls)
{
	const Peak *peak = &position->window.peak;

	values[POSITION_PEAK] = amount_get_datum(peak->amount);
	nulls[POSITION_PEAK_PERIOD] = position->estimated || peak->amount == 0;
	if (!nulls[POSITION_PEAK_PERIOD])
		values[POSITION_PEAK_PERIOD] = period_get_datum(daterange,
														position->asked.basis,
														peak->period);
	values[POSITION_REQUIRED_BOND] =
		amount_get_datum(required_by_terms(terms, FORM_SURETY_BOND,
										   peak->amount));
	values[POSITION_REQUIRED_DEPOSIT] =
		amount_get_datum(required_by_terms(terms, FORM_CASH_DEPOSIT,
										   peak->amount));
	values[POSITION_MONTHS_OF_HISTORY] = Int32GetDatum(position->window.months);
	values[POSITION_ESTIMATED] = BoolGetDatum(position->estimated);
}

/* The columns about what is posted. */
static void
fill_posted(const Position *position, Datum *values, bool *nulls)
{
	values[POSITION_POSTED_BOND] = amount_get_datum(position->posted.bond);
	values[POSITION_POSTED_DEPOSIT] =
		amount_get_datum(position->posted.deposit);
	values[POSITION_SHORTFALL_BOND] =
		amount_get_datum(position->shortfall.bond);
	values[POSITION_SHORTFALL_DEPOSIT] =
		amount_get_datum(position->shortfall.deposit);
	values[POSITION_STATUS] = CStringGetTextDatum(position_status(position));
	nulls[POSITION_COVERED_PEAK] = position->covered == COVERS_ANY_PEAK;
	if (!nulls[POSITION_COVERED_PEAK])
		values[POSITION_COVERED_PEAK] =
			amount_get_datum(position->covered - position->covered % AMOUNT_CENT);
}

/* The columns about the period that the as-of date is in, and what is unpaid. */
static void
fill_current(const Position *position, TypeCacheEntry *daterange,
			 Datum *values, bool *nulls)
{
	Amount		more;

	if (position->asked.all)
	{
		nulls[POSITION_CURRENT_PERIOD] = true;
		nulls[POSITION_CURRENT_DUTIES] = true;
		nulls[POSITION_OUTSTANDING] = true;
		nulls[POSITION_HEADROOM] = true;
		return;
	}
	values[POSITION_CURRENT_PERIOD] =
		period_get_datum(daterange, position->asked.basis,
						 (int64) position->asked.window.last + 1);
	values[POSITION_CURRENT_DUTIES] = amount_get_datum(position->window.current);
	values[POSITION_OUTSTANDING] = amount_get_datum(position->outstanding);
	switch (headroom(position->covered, position->window.current,
					 position->next_peak, &more))
	{
		case HEADROOM_AMOUNT:
			values[POSITION_HEADROOM] = amount_get_datum(more);
			break;
		case HEADROOM_NO_LIMIT:
			nulls[POSITION_HEADROOM] = true;
			break;
		case HEADROOM_TOO_LARGE:
			history_report_overflow();
	}
}

/*
 * security_position(history, bond, deposit, as_of, basis, months,
 * projected_monthly, notified_peak, terms)
 */
Datum
security_position(PG_FUNCTION_ARGS)
{
	PositionCache *cache;
	Position	position = {{0}};
	TermsArgument given;
	const SecurityTerms *terms;
	Datum		values[POSITION_COLUMNS];
	bool		nulls[POSITION_COLUMNS] = {false};

	if (!window_arguments(fcinfo, 3, &position.asked))
		PG_RETURN_NULL();
	cache = position_cache(fcinfo);
	position.posted.bond = posted_argument(fcinfo, 1, "bond");
	position.posted.deposit = posted_argument(fcinfo, 2, "deposit");
	terms_argument(fcinfo, 8, &given);
	terms = terms_of_day(&given, position.asked.as_of);
	read_position(fcinfo, &position);
	if (!PG_ARGISNULL(6))
		apply_projection(&position, projected_argument(fcinfo, 6));
	set_held_peak(fcinfo, 7, &position);
	position.covered = highest_covered_peak(terms, position.posted);
	if (!shortfall_for_peak(terms, position.posted, position.covered,
							position.held_peak, &position.shortfall))
		report_required_overflow();

	fill_required(&position, terms, cache->daterange, values, nulls);
	fill_posted(&position, values, nulls);
	fill_current(&position, cache->daterange, values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(cache->tupdesc, values,
													  nulls)));
}
