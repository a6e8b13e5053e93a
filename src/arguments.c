/*-------------------------------------------------------------------------
 *
 * arguments.c
 *	  The arguments of SQL functions, checked.
 *
 * An error names the argument and its value, and says what to give instead.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "arguments.h"
#include "messages.h"
#include "values.h"

/* A count of months, at least 1. */
int32
months_argument(FunctionCallInfo fcinfo, int n)
{
	int32		months = PG_GETARG_INT32(n);

	if (months < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("months must be at least 1, not %d", months),
				 errhint("Give how many whole periods are looked at: 12 are a year.")));
	return months;
}

/* A date that must not be infinite. */
DateADT
finite_date_argument(FunctionCallInfo fcinfo, int n, const char *name,
					 const char *hint)
{
	DateADT		date = PG_GETARG_DATEADT(n);

	if (DATE_NOT_FINITE(date))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("%s must be finite, not %s", name,
						DATE_IS_NOBEGIN(date) ? "-infinity" : "infinity"),
				 errhint("%s", translated(hint))));
	return date;
}

/* An amount that must not be negative. */
Amount
positive_amount(Datum numeric, const char *name, const char *hint)
{
	Amount		amount = named_amount_from_datum(numeric, name, hint);

	if (amount < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be negative, but is %s", name,
						amount_text(amount)),
				 errhint("%s", translated(hint))));
	return amount;
}

/* An error where an amount has fractions of a cent. */
void
require_whole_cents(Amount amount, const char *name)
{
	if (amount % AMOUNT_CENT != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be in whole cents, but is %s", name,
						amount_text(amount)),
				 errhint("Round it first, for example with round(%s, 2).", name)));
}

/* An argument that must not be negative. */
Amount
positive_argument(FunctionCallInfo fcinfo, int n, const char *name,
				  const char *hint)
{
	return positive_amount(PG_GETARG_DATUM(n), name, hint);
}

/* projected_monthly: what an importer without a history expects to owe. */
Amount
projected_argument(FunctionCallInfo fcinfo, int n)
{
	return positive_argument(fcinfo, n, "projected_monthly",
							 gettext_noop("Give what the importer expects to owe in a month, in dollars, or NULL for no projection."));
}

/* Posted security is money or a bond: whole cents. NULL is none. */
Amount
posted_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	Amount		amount;

	if (PG_ARGISNULL(n))
		return 0;
	amount = positive_argument(fcinfo, n, name,
							   gettext_noop("Give what is posted, in dollars; NULL or 0 is none."));
	require_whole_cents(amount, name);
	return amount;
}
