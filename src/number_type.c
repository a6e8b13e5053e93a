/*-------------------------------------------------------------------------
 *
 * number_type.c
 *	  The types bn9 (a valid business number) and program_account (a business
 *	  number, a program and a reference number).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/tuplestore.h"

#include "encoding.h"
#include "messages.h"
#include "number_input.h"

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
PG_FUNCTION_INFO_V1(bn9_error_code);
PG_FUNCTION_INFO_V1(is_bn9);
PG_FUNCTION_INFO_V1(program_account_in);
PG_FUNCTION_INFO_V1(program_account_out);
PG_FUNCTION_INFO_V1(program_account_recv);
PG_FUNCTION_INFO_V1(program_account_send);
PG_FUNCTION_INFO_V1(program_account_typmod_in);
PG_FUNCTION_INFO_V1(program_account_typmod_out);
PG_FUNCTION_INFO_V1(program_account_apply_typmod);
PG_FUNCTION_INFO_V1(program_account_from_text);
PG_FUNCTION_INFO_V1(program_account_to_text);
PG_FUNCTION_INFO_V1(program_account_to_bn9);
PG_FUNCTION_INFO_V1(program_account_make);
PG_FUNCTION_INFO_V1(program_account_error);
PG_FUNCTION_INFO_V1(program_account_error_code);
PG_FUNCTION_INFO_V1(is_program_account);
PG_FUNCTION_INFO_V1(program_identifier);
PG_FUNCTION_INFO_V1(reference_number);
PG_FUNCTION_INFO_V1(is_import_export);
PG_FUNCTION_INFO_V1(lowest_program_account);
PG_FUNCTION_INFO_V1(highest_program_account);
PG_FUNCTION_INFO_V1(program_identifiers);

/*
 * What both types do in the same way.
 */

static Datum
type_out(NumberKind kind, FunctionCallInfo fcinfo)
{
	char	   *out = palloc(NUMBER_BUFFER);

	number_format(kind, PG_GETARG_NUMBER(0), out);
	PG_RETURN_CSTRING(out);
}

/* Receives the text form; it is checked as input is. */
static Datum
type_recv(NumberKind kind, FunctionCallInfo fcinfo, int32 typmod)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			len;
	char	   *s = pq_getmsgtext(buf, buf->len - buf->cursor, &len);

	return number_input(kind, s, len, typmod, NULL);
}

static Datum
type_send(NumberKind kind, FunctionCallInfo fcinfo)
{
	char		out[NUMBER_BUFFER];
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbytes(&buf, out, number_format(kind, PG_GETARG_NUMBER(0), out));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

static Datum
type_from_text(NumberKind kind, FunctionCallInfo fcinfo)
{
	text	   *t = PG_GETARG_TEXT_PP(0);

	return number_input(kind, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), -1,
						CARM_ESCONTEXT(fcinfo));
}

static Datum
type_to_text(NumberKind kind, FunctionCallInfo fcinfo)
{
	char		out[NUMBER_BUFFER];
	size_t		len = number_format(kind, PG_GETARG_NUMBER(0), out);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(out, len));
}

/* What is wrong with a text, in words; NULL if nothing is. */
static Datum
type_error(NumberKind kind, FunctionCallInfo fcinfo)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	NumberParse parse;
	text	   *cause;

	number_parse(kind, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), number_spaces(),
				 &parse);
	cause = number_cause(kind, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), &parse);
	if (cause == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cause);
}

/* What is wrong with a text, in one word; NULL for good input. */
static Datum
type_error_code(NumberKind kind, FunctionCallInfo fcinfo)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	NumberParse parse;
	const char *word;

	number_parse(kind, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t), number_spaces(),
				 &parse);
	word = number_fault(&parse);
	if (word == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(word));
}

static Datum
type_is_valid(NumberKind kind, FunctionCallInfo fcinfo)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	NumberParse parse;

	PG_RETURN_BOOL(number_parse(kind, VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
								number_spaces(), &parse) == NUMBER_OK);
}

/*
 * bn9
 */

Datum
bn9_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return number_input(NUMBER_BN9, s, strlen(s), -1, CARM_ESCONTEXT(fcinfo));
}

Datum
bn9_out(PG_FUNCTION_ARGS)
{
	return type_out(NUMBER_BN9, fcinfo);
}

Datum
bn9_recv(PG_FUNCTION_ARGS)
{
	return type_recv(NUMBER_BN9, fcinfo, -1);
}

Datum
bn9_send(PG_FUNCTION_ARGS)
{
	return type_send(NUMBER_BN9, fcinfo);
}

Datum
bn9_from_text(PG_FUNCTION_ARGS)
{
	return type_from_text(NUMBER_BN9, fcinfo);
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
	return type_to_text(NUMBER_BN9, fcinfo);
}

Datum
bn9_to_int8(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64((int64) PG_GETARG_NUMBER(0));
}

Datum
bn9_error(PG_FUNCTION_ARGS)
{
	return type_error(NUMBER_BN9, fcinfo);
}

Datum
bn9_error_code(PG_FUNCTION_ARGS)
{
	return type_error_code(NUMBER_BN9, fcinfo);
}

Datum
is_bn9(PG_FUNCTION_ARGS)
{
	return type_is_valid(NUMBER_BN9, fcinfo);
}

/*
 * program_account
 */

Datum
program_account_in(PG_FUNCTION_ARGS)
{
	char	   *s = PG_GETARG_CSTRING(0);

	return number_input(NUMBER_ACCOUNT, s, strlen(s), PG_GETARG_INT32(2),
						CARM_ESCONTEXT(fcinfo));
}

Datum
program_account_out(PG_FUNCTION_ARGS)
{
	return type_out(NUMBER_ACCOUNT, fcinfo);
}

Datum
program_account_recv(PG_FUNCTION_ARGS)
{
	return type_recv(NUMBER_ACCOUNT, fcinfo, PG_GETARG_INT32(2));
}

Datum
program_account_send(PG_FUNCTION_ARGS)
{
	return type_send(NUMBER_ACCOUNT, fcinfo);
}

/* program_account(RM): the modifier is the program, as 26 * first + second. */
Datum
program_account_typmod_in(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *modifiers;
	int			n;
	int			program = -1;

	if (ARR_ELEMTYPE(array) == CSTRINGOID && ARR_NDIM(array) == 1 &&
		!array_contains_nulls(array))
	{
		deconstruct_array(array, CSTRINGOID, -2, false, TYPALIGN_CHAR,
						  &modifiers, NULL, &n);
		if (n == 1)
		{
			char	   *s = DatumGetCString(modifiers[0]);

			program = number_read_program(s, strlen(s));
		}
	}
	if (program < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier for type program_account"),
				 errdetail("The modifier is one program identifier, two letters."),
				 errhint("For import-export accounts only, write program_account(RM).")));
	PG_RETURN_INT32(program);
}

Datum
program_account_typmod_out(PG_FUNCTION_ARGS)
{
	int32		typmod = PG_GETARG_INT32(0);
	char		letters[3] = "";

	if (typmod >= 0 && typmod <= NUMBER_MAX_PROGRAM)
	{
		number_format_program(typmod, letters);
		PG_RETURN_CSTRING(psprintf("(%s)", letters));
	}
	PG_RETURN_CSTRING(pstrdup(""));
}

/* The cast that a modifier implies: nothing is changed, only refused. */
Datum
program_account_apply_typmod(PG_FUNCTION_ARGS)
{
	uint64		account = PG_GETARG_NUMBER(0);
	int32		typmod = PG_GETARG_INT32(1);
	char		s[NUMBER_BUFFER];

	if (typmod < 0 || number_program_of_account(account) == typmod)
		PG_RETURN_NUMBER(account);
	return number_input(NUMBER_ACCOUNT, s,
						number_format(NUMBER_ACCOUNT, account, s), typmod,
						CARM_ESCONTEXT(fcinfo));
}

Datum
program_account_from_text(PG_FUNCTION_ARGS)
{
	return type_from_text(NUMBER_ACCOUNT, fcinfo);
}

Datum
program_account_to_text(PG_FUNCTION_ARGS)
{
	return type_to_text(NUMBER_ACCOUNT, fcinfo);
}

Datum
program_account_to_bn9(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMBER(number_of_account(PG_GETARG_NUMBER(0)));
}

/* program_account(bn9, program, reference) */
Datum
program_account_make(PG_FUNCTION_ARGS)
{
	uint32		number = (uint32) PG_GETARG_NUMBER(0);
	text	   *letters = PG_GETARG_TEXT_PP(1);
	int32		reference = PG_GETARG_INT32(2);
	int			program = number_read_program(VARDATA_ANY(letters),
											  VARSIZE_ANY_EXHDR(letters));

	if (program < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid program identifier: \"%s\"",
						text_to_cstring(letters)),
				 errdetail("A program identifier is two letters, such as RM for import-export.")));
	if (reference < 1 || reference > NUMBER_MAX_REFERENCE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid reference number: %d", reference),
				 errdetail("A reference number is from 1 to %d.",
						   NUMBER_MAX_REFERENCE)));
	PG_RETURN_NUMBER(number_account(number, program, reference));
}

Datum
program_account_error(PG_FUNCTION_ARGS)
{
	return type_error(NUMBER_ACCOUNT, fcinfo);
}

Datum
program_account_error_code(PG_FUNCTION_ARGS)
{
	return type_error_code(NUMBER_ACCOUNT, fcinfo);
}

Datum
is_program_account(PG_FUNCTION_ARGS)
{
	return type_is_valid(NUMBER_ACCOUNT, fcinfo);
}

Datum
program_identifier(PG_FUNCTION_ARGS)
{
	char		letters[3];

	number_format_program(number_program_of_account(PG_GETARG_NUMBER(0)),
						  letters);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(letters, 2));
}

Datum
reference_number(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(number_reference_of_account(PG_GETARG_NUMBER(0)));
}

Datum
is_import_export(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(number_program_of_account(PG_GETARG_NUMBER(0)) ==
				   number_read_program("RM", 2));
}

Datum
lowest_program_account(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMBER(number_lowest_account((uint32) PG_GETARG_NUMBER(0)));
}

Datum
highest_program_account(PG_FUNCTION_ARGS)
{
	PG_RETURN_NUMBER(number_highest_account((uint32) PG_GETARG_NUMBER(0)));
}

/* A program as the Canada Revenue Agency lists it; the names are UTF-8. */
typedef struct ProgramName
{
	char		code[3];
	const char *english_name;
	const char *french_name;
	bool		is_of_cbsa;		/* or of the CRA */
	int			ended;			/* since when nothing more is owed, as
								 * yyyymmdd; 0 for in force */
} ProgramName;

static const ProgramName program_names[] = {
	{"CT", "Fuel charge", "Redevance sur les combustibles", false, 0},
	{"DT", "Digital services tax", "Taxe sur les services numériques", false,
	20260326},
	{"LT", "Luxury tax", "Taxe de luxe", false, 0},
	{"RC", "Corporation income tax", "Impôt sur le revenu des sociétés", false,
	0},
	{"RD", "Excise duty", "Droits d'accise", false, 0},
	{"RE", "Excise tax and special levies",
	"Taxe d'accise et prélèvements spéciaux", false, 0},
	{"RG", "Air travellers security charge",
	"Droit pour la sécurité des passagers du transport aérien", false, 0},
	{"RM", "Import-export", "Importations-exportations", true, 0},
	{"RN", "Insurance premium tax", "Taxe sur les primes d'assurance", false, 0},
	{"RP", "Payroll deductions", "Retenues sur la paie", false, 0},
	{"RR", "Registered charity", "Organisme de bienfaisance enregistré", false,
	0},
	{"RT", "GST/HST", "TPS/TVH", false, 0},
	{"RU", "Underused housing tax", "Taxe sur les logements sous-utilisés",
	false, 20250101},
	{"RZ", "Information returns", "Déclarations de renseignements", false, 0},
};

/*
 * The programs that the agencies list.
 *
 * In C rather than in the install script, so that the script is plain ASCII
 * and installs in a database of any encoding; where that lacks accents, the
 * names are without.
 */
Datum
program_identifiers(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < lengthof(program_names); i++)
	{
		const ProgramName *p = &program_names[i];
		Datum		values[] = {
			CStringGetTextDatum(p->code),
			CStringGetTextDatum(p->english_name),
			PointerGetDatum(encoding_text_of(p->french_name)),
			CStringGetTextDatum(p->is_of_cbsa ? "CBSA" : "CRA"),
			CStringGetTextDatum(p->is_of_cbsa ? "ASFC" : "ARC"),
			DateADTGetDatum(date2j(p->ended / 10000, p->ended / 100 % 100,
								   p->ended % 100) - POSTGRES_EPOCH_JDATE)
		};
		bool		nulls[] = {false, false, false, false, false, p->ended == 0};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
