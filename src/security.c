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
#include "utils/date.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "enums.h"
#include "history_read.h"
#include "history_state.h"
#include "money.h"
#include "security.h"

PG_FUNCTION_INFO_V1(required_security);
PG_FUNCTION_INFO_V1(security_policy);
PG_FUNCTION_INFO_V1(security_position);

static void
report_required_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("required security is out of range")));
}

/* What a policy requires for a peak, or the error that it can't be held. */
Amount
required_by_policy(const SecurityPolicy *policy, Amount peak)
{
	Amount		required;

	if (!policy_apply(policy, peak, &required))
		report_required_overflow();
	return required;
}

/* An amount that must not be negative; the name is for the message. */
static Amount
positive_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	Amount		amount = amount_from_datum(PG_GETARG_DATUM(n));

	if (amount < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative", name)));
	return amount;
}

/* projected_monthly: what an importer without a history expects to owe. */
Amount
projected_argument(FunctionCallInfo fcinfo, int n)
{
	return positive_argument(fcinfo, n, "projected_monthly");
}

/* Posted security is money or a bond: whole cents. NULL is none. */
static Amount
posted_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	Amount		amount;

	if (PG_ARGISNULL(n))
		return 0;
	amount = positive_argument(fcinfo, n, name);
	if (amount % AMOUNT_CENT != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be in whole cents", name)));
	return amount;
}

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

/* What a position is computed from. */
typedef struct PositionFacts
{
	Peak		peak;			/* of the window */
	int32		months;			/* of history in the window */
	Amount		current;		/* owed in the period after the window */
	Amount		next_peak;		/* of the window's periods but its first */
} PositionFacts;

/* Reads a history once for each fact; no history knows nothing. */
static PositionFacts
position_facts(FunctionCallInfo fcinfo, const ReadingSpan *span)
{
	PositionFacts facts = {{0, 0}, 0, 0, 0};
	PeriodReader reader;
	int32		period;
	Amount		owed;

	if (PG_ARGISNULL(0))
		return facts;

	open_history(&reader, span->basis, PG_GETARG_DATUM(0));
	facts.months = months_of_history(&reader, span);
	check_reader(&reader);

	/* the window, and the period after it */
	open_history(&reader, span->basis, PG_GETARG_DATUM(0));
	period_skip(&reader, span->window.first);
	while (period_next(&reader, &period, &owed) &&
		   (span->all || period <= span->window.last + 1))
	{
		bool		in_window = period >= span->window.first &&
			period <= span->window.last;

		if (in_window && owed > 0 && owed >= facts.peak.amount)
		{
			facts.peak.amount = owed;
			facts.peak.period = period;
		}
		if (in_window && period > span->window.first)
			facts.next_peak = Max(facts.next_peak, owed);
		if (!span->all && period == span->window.last + 1)
			facts.current = owed;
	}
	check_reader(&reader);
	return facts;
}

/*
 * What may still be owed in the current period, in whole cents, so that the
 * window which ends with it is covered. False where there is no limit.
 */
static bool
headroom(const PositionFacts *facts, PostedSecurity posted, Amount *room)
{
	Amount		covered = highest_covered_peak(posted);

	if (covered == COVERS_ANY_PEAK)
		return false;
	*room = 0;
	if (facts->next_peak <= covered && facts->current < covered)
	{
		*room = history_sum(covered, -facts->current);
		*room -= *room % AMOUNT_CENT;
	}
	return true;
}

static PositionCache *
position_cache(FunctionCallInfo fcinfo)
{
	PositionCache *cache = (PositionCache *) fcinfo->flinfo->fn_extra;
	MemoryContext old;

	if (cache != NULL)
		return cache;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	cache = (PositionCache *) palloc(sizeof(PositionCache));
	if (get_call_result_type(fcinfo, NULL, &cache->tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	cache->tupdesc = BlessTupleDesc(cache->tupdesc);
	cache->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
	fcinfo->flinfo->fn_extra = cache;
	MemoryContextSwitchTo(old);
	return cache;
}

/*
 * security_position(history, bond, deposit, as_of, basis, months,
 * projected_monthly)
 */
Datum
security_position(PG_FUNCTION_ARGS)
{
	PositionCache *cache;
	ReadingSpan span;
	PositionFacts facts;
	PostedSecurity posted;
	Shortfall	shortfall;
	Amount		room;
	bool		estimated = false;
	const char *status;
	Datum		values[POSITION_COLUMNS];
	bool		nulls[POSITION_COLUMNS] = {false};

	if (!reading_span_arguments(fcinfo, 3, &span))
		PG_RETURN_NULL();
	cache = position_cache(fcinfo);
	posted.bond = posted_argument(fcinfo, 1, "posted bond");
	posted.deposit = posted_argument(fcinfo, 2, "posted deposit");
	facts = position_facts(fcinfo, &span);
	if (!PG_ARGISNULL(6))
	{
		Amount		projected = projected_argument(fcinfo, 6);

		if (facts.months < span.months && projected > facts.peak.amount)
		{
			estimated = true;
			facts.peak.amount = projected;
		}
		/* the period after this one may make the history long enough */
		if (facts.months + 1 < span.months)
			facts.next_peak = Max(facts.next_peak, projected);
	}

	if (!shortfall_for_peak(posted, facts.peak.amount, &shortfall))
		report_required_overflow();
	if (facts.peak.amount == 0)
		status = "none required";
	else if (shortfall.bond == 0)
		status = "covered";
	else if (posted.bond == 0 && posted.deposit == 0)
		status = "none posted";
	else
		status = "short";

	values[POSITION_PEAK] = amount_get_datum(facts.peak.amount);
	nulls[POSITION_PEAK_PERIOD] = estimated || facts.peak.amount == 0;
	if (!nulls[POSITION_PEAK_PERIOD])
		values[POSITION_PEAK_PERIOD] = period_get_datum(cache->daterange,
														span.basis, facts.peak.period);
	values[POSITION_REQUIRED_BOND] =
		amount_get_datum(required_by_policy(policy_of_the_day(FORM_SURETY_BOND),
											facts.peak.amount));
	values[POSITION_REQUIRED_DEPOSIT] =
		amount_get_datum(required_by_policy(policy_of_the_day(FORM_CASH_DEPOSIT),
											facts.peak.amount));
	values[POSITION_POSTED_BOND] = amount_get_datum(posted.bond);
	values[POSITION_POSTED_DEPOSIT] = amount_get_datum(posted.deposit);
	values[POSITION_SHORTFALL_BOND] = amount_get_datum(shortfall.bond);
	values[POSITION_SHORTFALL_DEPOSIT] = amount_get_datum(shortfall.deposit);
	values[POSITION_STATUS] = CStringGetTextDatum(status);
	values[POSITION_MONTHS_OF_HISTORY] = Int32GetDatum(facts.months);
	values[POSITION_ESTIMATED] = BoolGetDatum(estimated);
	if (span.all)
	{
		nulls[POSITION_CURRENT_PERIOD] = true;
		nulls[POSITION_CURRENT_DUTIES] = true;
		nulls[POSITION_HEADROOM] = true;
	}
	else
	{
		values[POSITION_CURRENT_PERIOD] = period_get_datum(cache->daterange,
														   span.basis,
														   (int64) span.window.last + 1);
		values[POSITION_CURRENT_DUTIES] = amount_get_datum(facts.current);
		nulls[POSITION_HEADROOM] = !headroom(&facts, posted, &room);
		if (!nulls[POSITION_HEADROOM])
			values[POSITION_HEADROOM] = amount_get_datum(room);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(cache->tupdesc, values,
													  nulls)));
}
