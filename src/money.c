/*-------------------------------------------------------------------------
 *
 * money.c
 *	  Amounts as the server's numeric values, and the errors on the way.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "money.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

/* The amount of a numeric; an error names a value that is none. */
Amount
amount_from_datum(Datum numeric)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);
	Amount		amount = 0;
	char	   *text;

	switch (amount_from_numeric(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
								&amount))
	{
		case AMOUNT_OK:
			return amount;
		case AMOUNT_TOO_FINE:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amount %s has more than eight decimals", text),
					 errhint("Amounts are kept exactly. Round it first, for example with round(amount, 2).")));
			break;
		case AMOUNT_TOO_LARGE:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amount %s is out of range", text),
					 errdetail("Amounts go from -%s to %s.",
							   AMOUNT_MAX_TEXT, AMOUNT_MAX_TEXT)));
			break;
		case AMOUNT_NOT_A_NUMBER:
		case AMOUNT_INFINITE:
			text = DatumGetCString(DirectFunctionCall1(numeric_out, numeric));
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amount must be finite, not %s", text)));
			break;
		case AMOUNT_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED),
					 errmsg("invalid stored value of type %s", "numeric")));
			break;
	}
	return amount;
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
