/*-------------------------------------------------------------------------
 *
 * history_agg.c
 *	  Aggregates over dated amounts and over histories.
 *
 * All have a duty_history in its working form as their state.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "aggregate_call.h"
#include "compat.h"
#include "history_error.h"
#include "history_forms.h"
#include "history_sum.h"
#include "messages.h"
#include "terms.h"
#include "utils/builtins.h"
#include "utils/date.h"

#define WINDOW_MONTHS	12

/* The window an as-of date means, remembered from row to row. */
typedef struct AsOfWindow
{
	bool		known;
	DateADT		as_of;
	bool		changed;		/* there was another as-of date, or NULL */
	int32		first_month;
	DateADT		month_first_day[WINDOW_MONTHS + 1];
} AsOfWindow;

/* How many histories in stored form a rollup has met. */
typedef struct StoredStates
{
	int64		groups;			/* begun */
	int64		added;			/* to them, while they were */
} StoredStates;

/* For each group. */
#define STORED_ADDED_MAX	4

/* What a transition function remembers from call to call. */
typedef struct AggregateCall
{
	bool		shows_state;	/* users may see it: it must be in stored form */
	SlotRange	range;
	AsOfWindow	window;
	StoredStates stored;
} AggregateCall;

PG_FUNCTION_INFO_V1(duty_history_transfn);
PG_FUNCTION_INFO_V1(duty_history_invfn);
PG_FUNCTION_INFO_V1(duty_history_combinefn);
PG_FUNCTION_INFO_V1(duty_history_finalfn);
PG_FUNCTION_INFO_V1(rollup_invfn);
PG_FUNCTION_INFO_V1(monthly_duty_transfn);
PG_FUNCTION_INFO_V1(monthly_duty_invfn);
PG_FUNCTION_INFO_V1(monthly_duty_combinefn);
PG_FUNCTION_INFO_V1(window_duty_transfn);
PG_FUNCTION_INFO_V1(window_duty_invfn);
PG_FUNCTION_INFO_V1(peak_monthly_duty_finalfn);
PG_FUNCTION_INFO_V1(required_bond_finalfn);
PG_FUNCTION_INFO_V1(required_deposit_finalfn);

/* What AggCheckCallContext says, without a call. */
static inline bool
in_plain_aggregate(FunctionCallInfo fcinfo)
{
	return likely(fcinfo->context != NULL && IsA(fcinfo->context, AggState));
}

static inline void
check_aggregate_context(FunctionCallInfo fcinfo)
{
	if (!in_plain_aggregate(fcinfo) && !AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("aggregate support function called in non-aggregate context")));
}

/*
 * The state a transition function is to change: NULL at first. It is in stored
 * form where it is the first of a rollup, and in another working form only
 * where somebody built an aggregate of their own; in a moving one, what the
 * other of the two functions gave may be anything.
 */
static inline HistoryState *
state_argument(FunctionCallInfo fcinfo, SlotSpan span)
{
	struct varlena *value;

	check_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		return NULL;
	value = (struct varlena *) PG_GETARG_POINTER(0);
	if (likely(VARATT_IS_4B_U(value) &&
			   VARSIZE(value) >= offsetof(HistoryState, slots) &&
			   ((HistoryState *) value)->form == HISTORY_WORKING_FORM &&
			   ((HistoryState *) value)->span == span))
	{
		if (!in_plain_aggregate(fcinfo))
			history_state_check_shape((HistoryState *) value);
		return (HistoryState *) value;
	}
	return history_state_from(value, span);
}

static pg_noinline AggregateCall *
begin_call(FunctionCallInfo fcinfo)
{
	AggregateCall *call = (AggregateCall *)
		MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(AggregateCall));

	call->range.last = -1;
	call->shows_state = aggregate_shows_state(fcinfo);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

static inline AggregateCall *
this_call(FunctionCallInfo fcinfo)
{
	AggregateCall *call = (AggregateCall *) fcinfo->flinfo->fn_extra;

	return likely(call != NULL) ? call : begin_call(fcinfo);
}

/* The state as it is, or as users may see it. */
static inline Datum
give_state(FunctionCallInfo fcinfo, Datum state)
{
	if (unlikely(this_call(fcinfo)->shows_state) && !fcinfo->isnull)
		return PointerGetDatum(history_stored(state));
	return state;
}

static pg_noinline void
compute_window(AsOfWindow *window, DateADT as_of)
{
	if (DATE_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("as-of date must be finite, not %s",
						DATE_IS_NOBEGIN(as_of) ? "-infinity" : "infinity"),
				 errhint("Give a day, or NULL for all months.")));
	window->known = true;
	window->as_of = as_of;
	window->first_month = period_ended_by(BASIS_CALENDAR, as_of) -
		(WINDOW_MONTHS - 1);
	for (int i = 0; i <= WINDOW_MONTHS; i++)
		window->month_first_day[i] =
			calendar_month_first_day(window->first_month + i);
}

static inline AsOfWindow *
as_of_window(FunctionCallInfo fcinfo, DateADT as_of)
{
	AsOfWindow *window = &this_call(fcinfo)->window;

	if (unlikely(!window->known))
		compute_window(window, as_of);
	else if (unlikely(window->as_of != as_of))
	{
		compute_window(window, as_of);
		window->changed = true;
	}
	return window;
}

/*
 * A state has one window. It takes that of the next row where it has none, as
 * it travelled as text or began as an INITCOND, and where no row is left in a
 * moving frame.
 */
static inline void
check_same_window(HistoryState *state, int32 window)
{
	if (likely(state->window == window))
		return;
	if (state->window != WINDOW_NONE && state->rows != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as-of date differs between the rows of one group"),
				 errhint("Give every row of a group the same date, or add the date to GROUP BY.")));
	state->window = window;
}

/*
 * What a transition function gives where no row counts yet: NULL, which spares
 * a group its state; but the state of a moving aggregate must not be NULL.
 */
static pg_noinline Datum
state_of_no_rows(FunctionCallInfo fcinfo, SlotSpan span)
{
	if (AggCheckCallContext(fcinfo, NULL) != AGG_CONTEXT_WINDOW)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(history_state_new(span, 0, 0));
}

/* Adds one row, a date and an amount, to a state, or takes it out. */
static pg_attribute_always_inline Datum
count_row(FunctionCallInfo fcinfo, SlotSpan span, int32 window,
		  SlotRange *range, int sign)
{
	HistoryState *state;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		DateADT		day = PG_GETARG_DATEADT(1);
		int32		slot;

		(void) history_finite_day(day);
		slot = span == SLOT_IS_MONTH ? calendar_month(day) :
			calendar_slice(day);
		if (range != NULL && !PG_ARGISNULL(0))
			history_state_prefetch(PG_GETARG_POINTER(0), slot, range->first);
		state = state_argument(fcinfo, span);
		if (state == NULL)
		{
			state = history_state_new(span, slot, 8);
			state->window = window;
		}
		else if (range != NULL && unlikely(!history_state_has_slot(state, slot)))
			state = history_state_extend(state, slot, range);
		check_same_window(state, window);
		state = history_state_add_numeric(state, slot, PG_GETARG_DATUM(2), sign);
		state->rows += sign;
		PG_RETURN_POINTER(state);
	}
	state = state_argument(fcinfo, span);
	if (state == NULL)
		return state_of_no_rows(fcinfo, span);
	PG_RETURN_POINTER(state);
}

static inline bool
in_window(const AsOfWindow *window, DateADT day)
{
	return day >= window->month_first_day[0] &&
		day < window->month_first_day[WINDOW_MONTHS];
}

/*
 * The same, for rows of the 12 calendar months before the third argument; NULL
 * is no limit.
 */
static pg_attribute_always_inline Datum
count_row_in_window(FunctionCallInfo fcinfo, int sign)
{
	AsOfWindow *window;
	HistoryState *state;

	if (PG_ARGISNULL(3))
	{
		/* any date will do: what counts is that rows differ */
		as_of_window(fcinfo, 0)->changed = true;
		return count_row(fcinfo, SLOT_IS_MONTH, WINDOW_ALL, NULL, sign);
	}
	window = as_of_window(fcinfo, PG_GETARG_DATEADT(3));

	/*
	 * Most rows lie outside of the window. Then the state isn't looked at,
	 * which costs more than all else: it has counted a row already, and was
	 * made for the same window if all were.
	 */
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) &&
		!in_window(window, PG_GETARG_DATEADT(1)) &&
		!DATE_NOT_FINITE(PG_GETARG_DATEADT(1)) && !window->changed &&
		in_plain_aggregate(fcinfo))
		return PG_GETARG_DATUM(0);

	state = state_argument(fcinfo, SLOT_IS_MONTH);
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		DateADT		day = history_finite_day(PG_GETARG_DATEADT(1));

		if (unlikely(state == NULL))
		{
			state = history_state_new(SLOT_IS_MONTH, window->first_month,
									  WINDOW_MONTHS);
			state->window = window->first_month;
		}
		check_same_window(state, window->first_month);
		if (in_window(window, day))
		{
			/* 32 days a month fall short of the month by one at most */
			int32		n = (day - window->month_first_day[0]) >> 5;

			n += day >= window->month_first_day[n + 1];
			state = history_state_add_numeric(state, window->first_month + n,
											  PG_GETARG_DATUM(2), sign);
		}
		state->rows += sign;
	}
	if (state == NULL)
		return state_of_no_rows(fcinfo, SLOT_IS_MONTH);
	PG_RETURN_POINTER(state);
}

Datum
duty_history_transfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row(fcinfo, SLOT_IS_SLICE, WINDOW_NONE,
										 &this_call(fcinfo)->range, 1));
}

Datum
duty_history_invfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row(fcinfo, SLOT_IS_SLICE, WINDOW_NONE,
										 &this_call(fcinfo)->range, -1));
}

Datum
monthly_duty_transfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row(fcinfo, SLOT_IS_MONTH, WINDOW_NONE,
										 &this_call(fcinfo)->range, 1));
}

Datum
monthly_duty_invfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row(fcinfo, SLOT_IS_MONTH, WINDOW_NONE,
										 &this_call(fcinfo)->range, -1));
}

Datum
window_duty_transfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row_in_window(fcinfo, 1));
}

Datum
window_duty_invfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, count_row_in_window(fcinfo, -1));
}

/*
 * Should a state that began as a stored history stay one?
 *
 * That is best if a group has a few histories, as accounts of live histories
 * have. If it has many, the working form is better. How many the groups before
 * had decides.
 */
static bool
stays_stored(FunctionCallInfo fcinfo, bool begins)
{
	StoredStates *states = &this_call(fcinfo)->stored;

	if (begins)
		states->groups++;
	else
		states->added++;
	return states->added <= STORED_ADDED_MAX * states->groups;
}

/*
 * Merges the second argument into the state. What is returned where the state
 * was NULL is a value that the executor copies into the aggregate's context: in
 * stored form if it came so, as it may be the only one, or a short one more.
 */
static Datum
merge_argument(FunctionCallInfo fcinfo, SlotSpan span, int sign)
{
	HistoryState *state;
	HistoryState *other;
	struct varlena *value = NULL;
	bool		stored = false;

	if (!PG_ARGISNULL(1))
	{
		value = pg_detoast_datum_packed((struct varlena *) PG_GETARG_POINTER(1));
		stored = span == SLOT_IS_SLICE && !history_is_working_form(value);
	}
	if (stored && sign > 0 && in_plain_aggregate(fcinfo))
	{
		struct varlena *sum = PG_ARGISNULL(0) ? NULL :
			(struct varlena *) PG_GETARG_POINTER(0);

		if (sum == NULL)
			(void) stays_stored(fcinfo, true);
		else if (!VARATT_IS_EXTERNAL(sum) && !VARATT_IS_COMPRESSED(sum) &&
				 !history_is_working_form(sum) && stays_stored(fcinfo, false))
			PG_RETURN_POINTER(history_sum_add(sum, VARDATA_ANY(value),
											  VARSIZE_ANY_EXHDR(value)));
	}

	state = state_argument(fcinfo, span);
	if (value == NULL)
	{
		if (state == NULL)
			return state_of_no_rows(fcinfo, span);
		PG_RETURN_POINTER(state);
	}
	if (stored)
	{
		if (state == NULL)
			PG_RETURN_POINTER(value);
		state->rows += sign;
		PG_RETURN_POINTER(history_state_add_stored(state, VARDATA_ANY(value),
												   VARSIZE_ANY_EXHDR(value),
												   sign));
	}
	other = history_state_from(value, span);
	if (state == NULL)
		PG_RETURN_POINTER(other);

	if (other->window != WINDOW_NONE)
		check_same_window(state, other->window);
	PG_RETURN_POINTER(history_state_merge(state, other, sign));
}

Datum
duty_history_combinefn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, merge_argument(fcinfo, SLOT_IS_SLICE, 1));
}

Datum
monthly_duty_combinefn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, merge_argument(fcinfo, SLOT_IS_MONTH, 1));
}

Datum
rollup_invfn(PG_FUNCTION_ARGS)
{
	return give_state(fcinfo, merge_argument(fcinfo, SLOT_IS_SLICE, -1));
}

/* The state a final function reads; NULL where no row counts. */
static HistoryState *
final_state(FunctionCallInfo fcinfo, SlotSpan span)
{
	HistoryState *state = state_argument(fcinfo, span);

	if (state == NULL || state->rows == 0)
		return NULL;
	/* whose transition function made it isn't known here */
	history_state_check(state);
	return state;
}

Datum
duty_history_finalfn(PG_FUNCTION_ARGS)
{
	HistoryState *state;

	check_aggregate_context(fcinfo);
	if (!PG_ARGISNULL(0))
	{
		struct varlena *value = (struct varlena *) PG_GETARG_POINTER(0);

		/* the only one of a rollup */
		if (!VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value) &&
			!history_is_working_form(value))
			PG_RETURN_POINTER(value);
	}
	state = final_state(fcinfo, SLOT_IS_SLICE);
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(history_state_to_stored(state));
}

Datum
peak_monthly_duty_finalfn(PG_FUNCTION_ARGS)
{
	HistoryState *state = final_state(fcinfo, SLOT_IS_MONTH);

	if (state == NULL)
		PG_RETURN_NULL();
	return amount_get_datum(history_state_peak_month(state));
}

static Datum
required_finalfn(FunctionCallInfo fcinfo, SecurityForm form)
{
	HistoryState *state = final_state(fcinfo, SLOT_IS_MONTH);

	if (state == NULL)
		PG_RETURN_NULL();
	return amount_get_datum(required_by_terms(&policy_built_in(POLICY_NEWEST)->terms, form,
											   history_state_peak_month(state)));
}

Datum
required_bond_finalfn(PG_FUNCTION_ARGS)
{
	return required_finalfn(fcinfo, FORM_SURETY_BOND);
}

Datum
required_deposit_finalfn(PG_FUNCTION_ARGS)
{
	return required_finalfn(fcinfo, FORM_CASH_DEPOSIT);
}
