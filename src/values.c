/*-------------------------------------------------------------------------
 *
 * values.c
 *	  Values of core as the server's, and back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/inval.h"
#include "utils/numeric.h"
#include "utils/rangetypes.h"
#include "utils/syscache.h"

#include "compat.h"
#include "messages.h"
#include "values.h"

/*
 * Amounts
 */

#define NUMBER_SHOWN	64		/* characters of a number in an error */

/* A number as an error shows it: only how a very long one begins. */
const char *
numeric_shown(Datum numeric)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));

	if (strlen(text) > NUMBER_SHOWN)
		strcpy(text + NUMBER_SHOWN, "...");
	return text;
}

/* The error for an amount with more decimals than are kept. */
static void
report_too_fine(const char *text, const char *name, const char *month)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 name != NULL ?
			 errmsg("%s %s has more than eight decimals", name, text) :
			 month != NULL ?
			 errmsg("amount %s of %s has more than eight decimals", text, month) :
			 errmsg("amount %s has more than eight decimals", text),
			 errhint("Amounts are kept exactly. Round it first, for example with round(%s, 2).",
					 name != NULL ? name : "amount")));
}

/* The error for an amount that is too large. */
static void
report_too_large(const char *text, const char *name, const char *month)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 name != NULL ?
			 errmsg("%s %s is out of range", name, text) :
			 month != NULL ?
			 errmsg("amount %s of %s is out of range", text, month) :
			 errmsg("amount %s is out of range", text),
			 errdetail("Amounts go from -%s to %s.",
					   AMOUNT_MAX_TEXT, AMOUNT_MAX_TEXT)));
}

/* The error for an amount that is no number, or infinite. */
static void
report_not_finite(const char *text, const char *name, const char *hint,
				  const char *month)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 name != NULL ?
			 errmsg("%s must be finite, not %s", name, text) :
			 month != NULL ?
			 errmsg("amount of %s must be finite, not %s", month, text) :
			 errmsg("amount must be finite, not %s", text),
			 hint != NULL ? errhint("%s", translated(hint)) :
			 errhint("Correct the amount, or leave such rows out.")));
}

/*
 * The error for a numeric that is no amount.
 *
 * It shows the value, and the name of the argument or the month, where these
 * aren't NULL. The hint says what may be given instead.
 */
static void
report_amount(Datum numeric, AmountStatus status, const char *name,
			  const char *hint, const char *month)
{
	const char *text = "";

	if (status != AMOUNT_SYNTAX)
		text = numeric_shown(numeric);
	switch (status)
	{
		case AMOUNT_OK:
			break;
		case AMOUNT_TOO_FINE:
			report_too_fine(text, name, month);
			break;
		case AMOUNT_TOO_LARGE:
			report_too_large(text, name, month);
			break;
		case AMOUNT_NOT_A_NUMBER:
		case AMOUNT_INFINITE:
			report_not_finite(text, name, hint, month);
			break;
		case AMOUNT_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("invalid stored value of type %s", "numeric")));
			break;
	}
}

static AmountStatus
read_numeric(Datum numeric, Amount *amount)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);

	return amount_from_numeric(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
							   amount);
}

/*
 * The amount of an argument; an error names it and its value, and says what
 * may be given instead: a message that is looked up here.
 */
Amount
named_amount_from_datum(Datum numeric, const char *name, const char *hint)
{
	Amount		amount = 0;
	AmountStatus status = read_numeric(numeric, &amount);

	if (unlikely(status != AMOUNT_OK))
		report_amount(numeric, status, name, hint, NULL);
	return amount;
}

/* The same of an amount without a name. */
Amount
amount_from_datum(Datum numeric)
{
	return named_amount_from_datum(numeric, NULL, NULL);
}

/* The same of an amount of a month, which an error names. */
Amount
monthly_amount_from_datum(Datum numeric, int32 month)
{
	Amount		amount = 0;
	AmountStatus status = read_numeric(numeric, &amount);
	int			year;
	int			month_of_year;
	int			day;

	if (likely(status == AMOUNT_OK))
		return amount;
	calendar_civil(calendar_month_first_day(month), &year, &month_of_year, &day);
	report_amount(numeric, status, NULL, NULL,
				  psprintf("%04d-%02d%s", year > 0 ? year : 1 - year,
						   month_of_year, year > 0 ? "" : " BC"));
	return amount;				/* keep compiler quiet */
}

/* A numeric of exactly the amount, with two decimals at least. */
Datum
amount_get_datum(Amount amount)
{
	struct varlena *value = (struct varlena *) palloc(VARHDRSZ +
													  AMOUNT_NUMERIC_SIZE);

	SET_VARSIZE(value, VARHDRSZ + amount_to_numeric(amount, VARDATA(value)));
	return PointerGetDatum(value);
}

/* An amount as text, for a message. */
const char *
amount_text(Amount amount)
{
	char	   *text = (char *) palloc(AMOUNT_TEXT_SIZE);

	(void) amount_to_text(amount, text);
	return text;
}

/*
 * Days
 */

/* A day as a date; an error where type date can't hold it. */
DateADT
day_to_date(int64 day)
{
	if (day < CALENDAR_FIRST_DAY || day > CALENDAR_LAST_DAY)
	{
		struct pg_tm tm = {0};
		char		text[MAXDATELEN + 1];

		calendar_civil((int32) day, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, text);
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range: \"%s\"", text),
				 errdetail("Dates run from 4714-11-24 BC to 5874897-12-31.")));
	}
	return (DateADT) day;
}

/*
 * The span from the first day to the day before end, as a daterange; an error
 * where type date can't hold a bound. The type cache entry is that of
 * daterange, with TYPECACHE_RANGE_INFO.
 */
Datum
days_to_daterange(TypeCacheEntry *typcache, int64 first, int64 end)
{
	RangeBound	lower = {0};
	RangeBound	upper = {0};

	lower.val = DateADTGetDatum(day_to_date(first));
	lower.inclusive = true;
	lower.lower = true;
	upper.val = DateADTGetDatum(day_to_date(end));
	return RangeTypePGetDatum(carm_range_serialize(typcache, &lower, &upper));
}

/* The days of some periods; an error where type date can't hold them. */
Datum
window_get_datum(TypeCacheEntry *daterange, MonthBasis basis, int64 first,
				 int64 last)
{
	int32		least = calendar_month(CALENDAR_FIRST_DAY) - 1;
	int32		most = calendar_month(CALENDAR_LAST_DAY);

	return days_to_daterange(daterange,
							 period_first_day(basis, (int32) Max(least, Min(first, most))),
							 period_first_day(basis, (int32) Max(least, Min(last, most)) + 1));
}

/* A period's days; an error where type date can't hold them. */
Datum
period_get_datum(TypeCacheEntry *daterange, MonthBasis basis, int64 period)
{
	return window_get_datum(daterange, basis, period, period);
}

/*
 * Enums
 */

static const char *const basis_labels[MONTH_BASIS_COUNT] = {
	[BASIS_CALENDAR] = "calendar",
	[BASIS_BILLING] = "billing",
	[BASIS_STATEMENT] = "statement",
	[BASIS_REVIEW] = "review"
};

static const char *const form_labels[SECURITY_FORM_COUNT] = {
	[FORM_SURETY_BOND] = "surety_bond",
	[FORM_CASH_DEPOSIT] = "cash_deposit"
};

static const char *const stream_labels[BILLING_STREAM_COUNT] = {
	[STREAM_COMMERCIAL] = "commercial",
	[STREAM_COURIER_LOW_VALUE] = "courier_low_value",
	[STREAM_CSA_OPTION_1] = "csa_option_1",
	[STREAM_CSA_OPTION_2] = "csa_option_2",
	[STREAM_CONTINUOUS_TRANSMISSION] = "continuous_transmission"
};

/*
 * Finds which of the labels an enum value has.
 *
 * An enum value is the OID of its pg_enum row, and that OID belongs to this
 * database and this CREATE EXTENSION: nothing is known of it but through the
 * system cache, which learns of changes.
 */
static int
find_label(Oid value, const char *const *labels, int count)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	NameData	label;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", value)));
	label = ((Form_pg_enum) GETSTRUCT(tuple))->enumlabel;
	ReleaseSysCache(tuple);

	for (int i = 0; i < count; i++)
	{
		if (strcmp(NameStr(label), labels[i]) == 0)
			return i;
	}

	/* somebody has added to the enum, or renamed one of its values */
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value \"%s\" was added to an enum of extension %s, which does not know it",
					NameStr(label), "carm")));
	return 0;					/* keep compiler quiet */
}

/* The last one that was found, until something about enums changes. */
typedef struct KnownLabel
{
	Oid			value;
	int			label;
} KnownLabel;

static KnownLabel known_basis;
static KnownLabel known_form;
static KnownLabel known_stream;

static void
forget_labels(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	known_basis.value = InvalidOid;
	known_form.value = InvalidOid;
	known_stream.value = InvalidOid;
}

static int
label_of_value(Oid value, KnownLabel *known, const char *const *labels,
			   int count)
{
	static bool registered = false;

	if (likely(value == known->value && OidIsValid(value)))
		return known->label;
	if (!registered)
		CacheRegisterSyscacheCallback(ENUMOID, forget_labels, (Datum) 0);
	registered = true;
	known->value = InvalidOid;
	known->label = find_label(value, labels, count);
	known->value = value;
	return known->label;
}

/* What a value of month_basis stands for. */
MonthBasis
month_basis_lookup(Oid value)
{
	return (MonthBasis) label_of_value(value, &known_basis, basis_labels,
									   MONTH_BASIS_COUNT);
}

/* What a value of security_form stands for. */
SecurityForm
security_form_lookup(Oid value)
{
	return (SecurityForm) label_of_value(value, &known_form, form_labels,
										 SECURITY_FORM_COUNT);
}

/* The label of month_basis that stands for a basis. */
const char *
month_basis_label(MonthBasis basis)
{
	return basis_labels[basis];
}

/* The value of an enum that has a label; the error where somebody renamed it. */
Datum
enum_get_datum(Oid type, const char *label)
{
	HeapTuple	tuple = SearchSysCache2(ENUMTYPOIDNAME, ObjectIdGetDatum(type),
										CStringGetDatum(label));
	Oid			value;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("type %s has no value \"%s\"", format_type_be(type),
						label)));
	value = ((Form_pg_enum) GETSTRUCT(tuple))->oid;
	ReleaseSysCache(tuple);
	return ObjectIdGetDatum(value);
}

/* What a value of billing_stream stands for. */
BillingStream
billing_stream_lookup(Oid value)
{
	return (BillingStream) label_of_value(value, &known_stream, stream_labels,
										  BILLING_STREAM_COUNT);
}

/* The label of billing_stream that stands for a stream. */
const char *
billing_stream_label(BillingStream stream)
{
	return stream_labels[stream];
}

/* The label of security_form that stands for a form. */
const char *
security_form_label(SecurityForm form)
{
	return form_labels[form];
}

/*
 * Rows
 */

/* The row type that a function returns, to form rows of. */
TupleDesc
result_row_type(FunctionCallInfo fcinfo)
{
	TupleDesc	tupdesc;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return BlessTupleDesc(tupdesc);
}

/*
 * Begins a function that returns rows, at its first call: switches to memory
 * that lasts as long as the rows, and makes its state there, all zeros.
 */
void *
begin_result_rows(FunctionCallInfo fcinfo, Size size, MemoryContext *old)
{
	FuncCallContext *context = SRF_FIRSTCALL_INIT();

	*old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
	context->tuple_desc = result_row_type(fcinfo);
	context->user_fctx = palloc0(size);
	return context->user_fctx;
}
