/*-------------------------------------------------------------------------
 *
 * number_input.h
 *	  Values of bn9 and program_account, and how they come from text.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_NUMBER_INPUT_H
#define CARM_NUMBER_INPUT_H

#include "mb/pg_wchar.h"

#include "compat.h"
#include "core/number_text.h"

/*
 * Both types are by value, and no value is negative: the Datum is the value,
 * whichever of the two it is.
 */
#define NumberGetDatum(v)	Int64GetDatum((int64) (v))
#define DatumGetNumber(d)	((uint64) DatumGetInt64(d))
#define PG_GETARG_NUMBER(n) DatumGetNumber(PG_GETARG_DATUM(n))
#define PG_RETURN_NUMBER(v) return NumberGetDatum(v)

struct Node;

extern text *number_cause(NumberKind kind, const char *s, size_t len,
						  const NumberParse *parse);
extern Datum number_input(NumberKind kind, const char *s, size_t len,
						  int32 typmod, struct Node *escontext);

/*
 * Which bytes are no-break spaces in this database.
 *
 * The multibyte encodings other than UTF-8, and those single-byte ones where A0
 * is something else, know only the ASCII separators.
 */
static inline NumberSpaces
number_spaces(void)
{
	switch (GetDatabaseEncoding())
	{
		case PG_UTF8:
			return NUMBER_SPACES_UTF8;
		case PG_LATIN1:
		case PG_LATIN2:
		case PG_LATIN3:
		case PG_LATIN4:
		case PG_LATIN5:
		case PG_LATIN6:
		case PG_LATIN7:
		case PG_LATIN8:
		case PG_LATIN9:
		case PG_LATIN10:
		case PG_ISO_8859_5:
		case PG_ISO_8859_6:
		case PG_ISO_8859_7:
		case PG_ISO_8859_8:
		case PG_WIN874:
		case PG_WIN1250:
		case PG_WIN1251:
		case PG_WIN1252:
		case PG_WIN1253:
		case PG_WIN1254:
		case PG_WIN1255:
		case PG_WIN1256:
		case PG_WIN1257:
		case PG_WIN1258:
			return NUMBER_SPACES_LATIN;
		default:
			return NUMBER_SPACES_ASCII;
	}
}

#endif							/* CARM_NUMBER_INPUT_H */
