/*-------------------------------------------------------------------------
 *
 * bn9.c
 *	  The type bn9, a valid business number.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "number_face.h"

PG_FUNCTION_INFO_V1(bn9_in);
PG_FUNCTION_INFO_V1(bn9_out);
PG_FUNCTION_INFO_V1(bn9_recv);
PG_FUNCTION_INFO_V1(bn9_send);
PG_FUNCTION_INFO_V1(bn9_from_text);
PG_FUNCTION_INFO_V1(bn9_from_int4);
PG_FUNCTION_INFO_V1(bn9_from_int8);
PG_FUNCTION_INFO_V1(bn9_to_text);
PG_FUNCTION_INFO_V1(bn9_to_int8);
PG_FUNCTION_INFO_V1(bn9_error);
PG_FUNCTION_INFO_V1(is_bn9);

Datum
bn9_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return number_input(NUMBER_BN9, s, strlen(s), -1, CARM_ESCONTEXT(fcinfo));
}

Datum
bn9_out(PG_FUNCTION_ARGS)
{
	char	   *out = palloc(NUMBER_BUFFER);

	number_format(NUMBER_BN9, PG_GETARG_NUMBER(0), out);
	PG_RETURN_CSTRING(out);
}

/* Receives the text form; it is checked as input is. */
Datum
bn9_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *s = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	return number_input(NUMBER_BN9, s, len, -1, NULL);
}

Datum
bn9_send(PG_FUNCTION_ARGS)
{
	char		out[NUMBER_BUFFER];
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbytes(&buf, out,
				 number_format(NUMBER_BN9, PG_GETARG_NUMBER(0), out));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
bn9_from_text(PG_FUNCTION_ARGS)
{
	text	   *t = PG_GETARG_TEXT_PP(0);

	return number_input(NUMBER_BN9, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), -1,
						CARM_ESCONTEXT(fcinfo));
}

/*
 * An integer column has lost the leading zeros, so they are put back first.
 *
 * The number goes through its text, so that a wrong one is told the same way.
 */
static Datum
bn9_from_integer(int64 n, struct Node *escontext)
{
	char		s[MAXINT8LEN + 1];
	int			len;

	if (n < 0 || n > NUMBER_MAX_BN9)
		len = snprintf(s, sizeof(s), INT64_FORMAT, n);
	else
		len = snprintf(s, sizeof(s), "%09d", (int) n);
	return number_input(NUMBER_BN9, s, len, -1, escontext);
}

Datum
bn9_from_int4(PG_FUNCTION_ARGS)
{
	return bn9_from_integer(PG_GETARG_INT32(0), CARM_ESCONTEXT(fcinfo));
}

Datum
bn9_from_int8(PG_FUNCTION_ARGS)
{
	return bn9_from_integer(PG_GETARG_INT64(0), CARM_ESCONTEXT(fcinfo));
}

Datum
bn9_to_text(PG_FUNCTION_ARGS)
{
	char		out[NUMBER_BUFFER];
	size_t		len = number_format(NUMBER_BN9, PG_GETARG_NUMBER(0), out);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, len));
}

Datum
bn9_to_int8(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_NUMBER(0));
}

Datum
bn9_error(PG_FUNCTION_ARGS)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	NumberParse parse;
	text	   *cause;

	number_parse(NUMBER_BN9, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
				 number_spaces(), &parse);
	cause = number_cause(NUMBER_BN9, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
						 &parse);
	if (cause == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cause);
}

Datum
is_bn9(PG_FUNCTION_ARGS)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	NumberParse parse;

	PG_RETURN_BOOL(number_parse(NUMBER_BN9, VARDATA_ANY(t),
								VARSIZE_ANY_EXHDR(t), number_spaces(),
								&parse) == NUMBER_OK);
}
