/*-------------------------------------------------------------------------
 *
 * terms.c
 *	  Security terms, built in or given, and what they require.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

#include "arguments.h"
#include "compat.h"
#include "encoding.h"
#include "messages.h"
#include "terms.h"
#include "values.h"

PG_FUNCTION_INFO_V1(required_security);
PG_FUNCTION_INFO_V1(security_policy);
PG_FUNCTION_INFO_V1(security_terms);

/* The attributes of type security_terms, and the arguments of its function. */
typedef enum TermsColumn
{
	TERMS_BOND_RATE,
	TERMS_BOND_MINIMUM,
	TERMS_BOND_MAXIMUM,
	TERMS_BOND_STEP,
	TERMS_DEPOSIT_RATE,
	TERMS_DEPOSIT_MINIMUM,
	TERMS_DEPOSIT_MAXIMUM,
	TERMS_COLUMNS
} TermsColumn;

static const char *const column_name[TERMS_COLUMNS] = {
	"bond_rate", "bond_minimum", "bond_maximum", "bond_step",
	"deposit_rate", "deposit_minimum", "deposit_maximum"
};

/* The figure that a column stands for. */
static Amount *
figure(SecurityTerms *terms, TermsColumn column)
{
	SecurityRule *bond = &terms->rule[FORM_SURETY_BOND];
	SecurityRule *deposit = &terms->rule[FORM_CASH_DEPOSIT];
	Amount	   *const figures[TERMS_COLUMNS] = {
		&bond->rate, &bond->minimum, &bond->maximum, &bond->step,
		&deposit->rate, &deposit->minimum, &deposit->maximum
	};

	return figures[column];
}

static bool
is_maximum(TermsColumn column)
{
	return column == TERMS_BOND_MAXIMUM || column == TERMS_DEPOSIT_MAXIMUM;
}

static bool
is_rate(TermsColumn column)
{
	return column == TERMS_BOND_RATE || column == TERMS_DEPOSIT_RATE;
}

/* Whether a numeric is Infinity, which as a maximum means none. */
static bool
is_infinite(Datum numeric)
{
	return numeric_is_inf(DatumGetNumeric(numeric)) &&
		DatumGetFloat8(DirectFunctionCall1(numeric_float8, numeric)) > 0;
}

static const char *const rate_hint =
	gettext_noop("Give the share of the peak, from 0 to 1, such as 0.60 for 60 %.");
static const char *const amount_hint =
	gettext_noop("Give an amount in dollars. What is left out is as built in, and an infinite maximum is none.");

/* Takes a figure, or the error that it can't be one. */
static void
set_figure(SecurityTerms *terms, TermsColumn column, Datum numeric)
{
	const char *name = column_name[column];
	const char *hint = is_rate(column) ? rate_hint : amount_hint;
	Amount		amount;

	if (is_maximum(column) && is_infinite(numeric))
	{
		*figure(terms, column) = POLICY_NO_MAXIMUM;
		return;
	}
	amount = positive_amount(numeric, name, hint);
	if (column == TERMS_BOND_STEP && amount == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be greater than 0", name),
				 errhint("To round to the cent, leave it out.")));
	if (is_rate(column) && amount > AMOUNT_DOLLAR)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be greater than 1, but is %s", name,
						amount_text(amount)),
				 errhint("%s", translated(rate_hint))));
	if (!is_rate(column))
		require_whole_cents(amount, name);
	*figure(terms, column) = amount;
}

/* The error for a minimum above the maximum. */
static void
check_bounds(SecurityTerms *terms, TermsColumn minimum, TermsColumn maximum)
{
	if (*figure(terms, minimum) > *figure(terms, maximum))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %s must not be greater than %s %s",
						column_name[minimum],
						amount_text(*figure(terms, minimum)),
						column_name[maximum],
						amount_text(*figure(terms, maximum))),
				 errhint("Where only one of them is given, the other is that of security_policy(). 'Infinity' is no maximum.")));
}

static void
check_terms(SecurityTerms *terms)
{
	check_bounds(terms, TERMS_BOND_MINIMUM, TERMS_BOND_MAXIMUM);
	check_bounds(terms, TERMS_DEPOSIT_MINIMUM, TERMS_DEPOSIT_MAXIMUM);
}

/* The error where somebody has altered the type. */
static void
check_type(TupleDesc desc)
{
	bool		as_made = desc->natts == TERMS_COLUMNS;

	for (int i = 0; as_made && i < TERMS_COLUMNS; i++)
		as_made = TupleDescAttr(desc, i)->atttypid == NUMERICOID;
	if (!as_made)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("type %s is not as extension %s made it",
						"security_terms", "carm")));
}

/*
 * Reads an argument of type security_terms. A row of nothing but NULL is no
 * terms, as an outer join gives it.
 */
void
terms_argument(FunctionCallInfo fcinfo, int n, TermsArgument *argument)
{
	HeapTupleHeader row;
	HeapTupleData tuple;
	TupleDesc	tupdesc;
	Datum		values[TERMS_COLUMNS];
	bool		nulls[TERMS_COLUMNS];

	argument->given = !PG_ARGISNULL(n);
	if (!argument->given)
		return;
	row = PG_GETARG_HEAPTUPLEHEADER(n);
	tupdesc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
									 HeapTupleHeaderGetTypMod(row));
	tuple.t_len = HeapTupleHeaderGetDatumLength(row);
	tuple.t_data = row;
	check_type(tupdesc);
	heap_deform_tuple(&tuple, tupdesc, values, nulls);
	ReleaseTupleDesc(tupdesc);
	argument->given = false;
	for (int i = 0; i < TERMS_COLUMNS; i++)
		argument->given |= !nulls[i];
	if (!argument->given)
		return;

	memset(&argument->terms, 0, sizeof(SecurityTerms));
	for (int i = 0; i < TERMS_COLUMNS; i++)
	{
		if (!nulls[i])
			set_figure(&argument->terms, (TermsColumn) i, values[i]);
		else if (i != TERMS_BOND_STEP)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of terms must not be null", column_name[i]),
					 errhint("security_terms(...) makes terms in which what isn't given is as built in.")));
	}
	check_terms(&argument->terms);
}

/* The error for a requirement that can't be held. */
void
report_required_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("required security is out of range"),
			 errdetail("Amounts go from -%s to %s.",
					   AMOUNT_MAX_TEXT, AMOUNT_MAX_TEXT)));
}

/* What terms require for a peak, or the error that it can't be held. */
Amount
required_by_terms(const SecurityTerms *terms, SecurityForm form, Amount peak)
{
	Amount		required;

	if (!policy_apply(&terms->rule[form], peak, &required))
		report_required_overflow();
	return required;
}

/* required_security(peak, form, terms) */
Datum
required_security(PG_FUNCTION_ARGS)
{
	TermsArgument terms;
	SecurityForm form;
	Amount		peak;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	peak = named_amount_from_datum(PG_GETARG_DATUM(0), "peak",
								   gettext_noop("Give what the highest month owed, in dollars."));
	form = security_form_lookup(PG_GETARG_OID(1));
	terms_argument(fcinfo, 2, &terms);
	return amount_get_datum(required_by_terms(terms_of_day(&terms, POLICY_NEWEST),
											  form, peak));
}

/* What is built in for the day of an argument; NULL is the newest. */
static const BuiltInTerms *
built_in_argument(FunctionCallInfo fcinfo, int n)
{
	return policy_built_in(PG_ARGISNULL(n) ? POLICY_NEWEST :
						   finite_date_argument(fcinfo, n, "on_date",
												gettext_noop("Give a day, or NULL for the newest policy.")));
}

/*
 * security_terms(bond_rate, bond_minimum, bond_maximum, bond_step,
 * deposit_rate, deposit_minimum, deposit_maximum, on_date)
 */
Datum
security_terms(PG_FUNCTION_ARGS)
{
	SecurityTerms terms = built_in_argument(fcinfo, TERMS_COLUMNS)->terms;
	TupleDesc	tupdesc = result_row_type(fcinfo);
	Datum		values[TERMS_COLUMNS];
	bool		nulls[TERMS_COLUMNS] = {false};

	check_type(tupdesc);
	for (int i = 0; i < TERMS_COLUMNS; i++)
	{
		if (!PG_ARGISNULL(i))
			set_figure(&terms, (TermsColumn) i, PG_GETARG_DATUM(i));
	}
	check_terms(&terms);
	for (int i = 0; i < TERMS_COLUMNS; i++)
	{
		Amount		amount = *figure(&terms, (TermsColumn) i);

		nulls[i] = i == TERMS_BOND_STEP && amount == POLICY_NO_STEP;
		if (is_maximum((TermsColumn) i) && amount == POLICY_NO_MAXIMUM)
			values[i] = DirectFunctionCall3(numeric_in,
											CStringGetDatum("Infinity"),
											ObjectIdGetDatum(InvalidOid),
											Int32GetDatum(-1));
		else
			values[i] = amount_get_datum(amount);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls)));
}

static const char *const french_forms[SECURITY_FORM_COUNT] = {
	[FORM_SURETY_BOND] = "cautionnement",
	[FORM_CASH_DEPOSIT] = "dépôt en espèces"
};

/* A text in UTF-8 in the database's encoding. */
static char *
french_text(const char *utf8)
{
	return text_to_cstring(encoding_text_of(utf8));
}

/* security_policy(on_date): what is built in, one row a form */
Datum
security_policy(PG_FUNCTION_ARGS)
{
	const BuiltInTerms *built_in = built_in_argument(fcinfo, 0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	AttInMetadata *input;
	int			year;
	int			month;
	int			day;
	char	   *since;

	calendar_civil(built_in->since, &year, &month, &day);
	since = psprintf("%04d-%02d-%02d", year, month, day);
	InitMaterializedSRF(fcinfo, 0);
	input = TupleDescGetAttInMetadata(result->setDesc);
	for (int form = 0; form < SECURITY_FORM_COUNT; form++)
	{
		const SecurityRule *rule = &built_in->terms.rule[form];
		Bilingual	certainty = built_in->certainty[form];
		char	   *values[11] = {
			unconstify(char *, security_form_label((SecurityForm) form)),
			unconstify(char *, amount_text(rule->rate)),
			rule->minimum == POLICY_NO_MINIMUM ? NULL :
			unconstify(char *, amount_text(rule->minimum)),
			rule->maximum == POLICY_NO_MAXIMUM ? NULL :
			unconstify(char *, amount_text(rule->maximum)),
			rule->step == POLICY_NO_STEP ? NULL :
			unconstify(char *, amount_text(rule->step)),
			since,
			unconstify(char *, built_in->source.english),
			unconstify(char *, certainty.english),
			french_text(french_forms[form]),
			french_text(built_in->source.french),
			french_text(certainty.french)
		};

		tuplestore_puttuple(result->setResult,
							BuildTupleFromCStrings(input, values));
	}
	return (Datum) 0;
}
