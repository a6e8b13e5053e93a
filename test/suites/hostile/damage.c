/*-------------------------------------------------------------------------
 *
 * damage.c
 *	  Test module: what a client may send, and what only a broken disk can.
 *
 * Built and loaded by test/suites/hostile/run.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/lsyscache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(receive);
PG_FUNCTION_INFO_V1(as_it_is);
PG_FUNCTION_INFO_V1(bytes_of);

/* Bytes received as a value of the result's type, as Bind does. */
Datum
receive(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buffer;
	Oid			function;
	Oid			ioparam;
	Datum		value;

	getTypeBinaryInputInfo(get_fn_expr_rettype(fcinfo->flinfo), &function, &ioparam);
	initStringInfo(&buffer);
	appendBinaryStringInfo(&buffer, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	value = OidReceiveFunctionCall(function, &buffer, ioparam, -1);
	if (buffer.cursor != buffer.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("bytes left over")));
	return value;
}

/* A value of another type with no question asked. */
Datum
as_it_is(PG_FUNCTION_ARGS)
{
	if (get_fn_expr_argtype(fcinfo->flinfo, 0) == BYTEAOID)
		return PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));
	return PG_GETARG_DATUM(0);
}

/* The bytes of a value, in whatever form it is. */
Datum
bytes_of(PG_FUNCTION_ARGS)
{
	return PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));
}
