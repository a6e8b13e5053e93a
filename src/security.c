/*-------------------------------------------------------------------------
 *
 * security.c
 *	  Required security, and how posted security compares with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "history_error.h"
#include "history_read.h"
#include "values.h"

PG_FUNCTION_INFO_V1(required_security);
PG_FUNCTION_INFO_V1(security_policy);
PG_FUNCTION_INFO_V1(security_position);

/* required_security(peak, form, rate, minimum, maximum) */
Datum
required_security(PG_FUNCTION_ARGS)
{
	SecurityPolicy policy;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	policy = *policy_of_the_day(security_form_lookup(PG_GETARG_OID(1)));
	if (!PG_ARGISNULL(2))
		policy.rate = positive_argument(fcinfo, 2, "rate");
	if (!PG_ARGISNULL(3))
		policy.minimum = positive_argument(fcinfo, 3, "minimum");
	if (!PG_ARGISNULL(4))
		policy.maximum = positive_argument(fcinfo, 4, "maximum");
	if (policy.minimum > policy.maximum)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("minimum must not be greater than maximum"),
				 errhint("Where only one of them is given, the other is that of security_policy().")));
	return amount_get_datum(required_by_policy(&policy,
											   amount_from_datum(PG_GETARG_DATUM(0))));
}

/* security_policy(): the policy of the day, one row a form */
Datum
security_policy(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttInMetadata *input;

	InitMaterializedSRF(fcinfo, 0);
	input = TupleDescGetAttInMetadata(result->setDesc);
	for (int form = 0; form < SECURITY_FORM_COUNT; form++)
	{
		const SecurityPolicy *policy = policy_of_the_day((SecurityForm) form);
		char		rate[AMOUNT_TEXT_SIZE];
		char		minimum[AMOUNT_TEXT_SIZE];
		char		maximum[AMOUNT_TEXT_SIZE];
		char	   *values[7];

		amount_to_text(policy->rate, rate);
		amount_to_text(policy->minimum, minimum);
		amount_to_text(policy->maximum, maximum);
		values[0] = unconstify(char *, security_form_label((SecurityForm) form));
		values[1] = rate;
		values[2] = policy->minimum == POLICY_NO_MINIMUM ? NULL : minimum;
		values[3] = policy->maximum == POLICY_NO_MAXIMUM ? NULL : maximum;
		values[4] = unconstify(char *, policy->in_force_since);
		values[5] = unconstify(char *, policy->source);
		values[6] = unconstify(char *, policy->certainty);
		tuplestore_puttuple(result->setResult,
							BuildTupleFromCStrings(input, values));
	}
	return (Datum) 0;
}

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
	ReadingSpan span;
	WindowReading window;
	PostedSecurity posted;
	Shortfall	shortfall;
	bool		estimated;		/* the peak is what the importer expects */
} Position;

/* Reads the history, if one was given. */
static WindowReading
read_history_window(FunctionCallInfo fcinfo, const ReadingSpan *span)
{
	WindowReading window = {{0, 0}, 0, 0, 0};
	PeriodReader reader;

	if (PG_ARGISNULL(0))
		return window;
	open_history(&reader, span->basis, PG_GETARG_DATUM(0));
	window = read_window(&reader, span->window);
	check_reader(&reader);
	return window;
}

/* What an importer whose history is short expects to owe counts as owed. */
static void
apply_projection(Position *position, Amount projected)
{
	WindowReading *window = &position->window;

	if (window->months < position->span.months && projected > window->peak.amount)
	{
		position->estimated = true;
		window->peak.amount = projected;
	}
	/* the period after this one may make the history long enough */
	if (window->months + 1 < position->span.months)
		window->next_peak = Max(window->next_peak, projected);
}

static const char *
position_status(const Position *position)
{
	if (position->window.peak.amount == 0)
		return "none required";
	if (position->shortfall.bond == 0)
		return "covered";
	if (position->posted.bond == 0 && position->posted.deposit == 0)
		return "none posted";
	return "short";
}

/* The columns about the period that the as-of date is in. */
static void
fill_current(const Position *position, TypeCacheEntry *daterange,
			 Datum *values, bool *nulls)
{
	Amount		more;

	if (position->span.all)
	{
		nulls[POSITION_CURRENT_PERIOD] = true;
		nulls[POSITION_CURRENT_DUTIES] = true;
		nulls[POSITION_HEADROOM] = true;
		return;
	}
	values[POSITION_CURRENT_PERIOD] =
		period_get_datum(daterange, position->span.basis,
						 (int64) position->span.window.last + 1);
	values[POSITION_CURRENT_DUTIES] = amount_get_datum(position->window.current);
	switch (headroom(position->posted, position->window.current,
					 position->window.next_peak, &more))
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
 * projected_monthly)
 */
Datum
security_position(PG_FUNCTION_ARGS)
{
	PositionCache *cache;
	Position	position = {{0}};
	const Peak *peak = &position.window.peak;
	Datum		values[POSITION_COLUMNS];
	bool		nulls[POSITION_COLUMNS] = {false};

	if (!reading_span_arguments(fcinfo, 3, &position.span))
		PG_RETURN_NULL();
	cache = position_cache(fcinfo);
	position.posted.bond = posted_argument(fcinfo, 1, "posted bond");
	position.posted.deposit = posted_argument(fcinfo, 2, "posted deposit");
	position.window = read_history_window(fcinfo, &position.span);
	if (!PG_ARGISNULL(6))
		apply_projection(&position, projected_argument(fcinfo, 6));
	if (!shortfall_for_peak(position.posted, peak->amount, &position.shortfall))
		report_required_overflow();

	values[POSITION_PEAK] = amount_get_datum(peak->amount);
	nulls[POSITION_PEAK_PERIOD] = position.estimated || peak->amount == 0;
	if (!nulls[POSITION_PEAK_PERIOD])
		values[POSITION_PEAK_PERIOD] = period_get_datum(cache->daterange,
														position.span.basis,
														peak->period);
	values[POSITION_REQUIRED_BOND] =
		amount_get_datum(required_by_policy(policy_of_the_day(FORM_SURETY_BOND),
											peak->amount));
	values[POSITION_REQUIRED_DEPOSIT] =
		amount_get_datum(required_by_policy(policy_of_the_day(FORM_CASH_DEPOSIT),
											peak->amount));
	values[POSITION_POSTED_BOND] = amount_get_datum(position.posted.bond);
	values[POSITION_POSTED_DEPOSIT] = amount_get_datum(position.posted.deposit);
	values[POSITION_SHORTFALL_BOND] = amount_get_datum(position.shortfall.bond);
	values[POSITION_SHORTFALL_DEPOSIT] =
		amount_get_datum(position.shortfall.deposit);
	values[POSITION_STATUS] = CStringGetTextDatum(position_status(&position));
	values[POSITION_MONTHS_OF_HISTORY] = Int32GetDatum(position.window.months);
	values[POSITION_ESTIMATED] = BoolGetDatum(position.estimated);
	fill_current(&position, cache->daterange, values, nulls);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(cache->tupdesc, values,
													  nulls)));
}
