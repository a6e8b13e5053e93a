/*-------------------------------------------------------------------------
 *
 * sql_legal_name.c
 *	  A function of SQL: the comparison of legal names.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "encoding.h"
#include "core/legal_name.h"

/* A name in UTF-8; a copy only where the server's encoding is another. */
static LegalText
legal_text_of(const text *name)
{
	LegalText	result = {0};

	result.bytes = (const uint8_t *) encoding_to_utf8(VARDATA_ANY(name),
													  VARSIZE_ANY_EXHDR(name),
													  &result.size);
	return result;
}

/* Adds a cause, given in UTF-8. */
static void
add_cause(ArrayBuildState **causes, const char *cause)
{
	*causes = accumArrayResult(*causes, PointerGetDatum(encoding_text_of(cause)),
							   false, TEXTOID, CurrentMemoryContext);
}

/* legal_name_differences(text, text): why they are not the same, as text[]. */
PG_FUNCTION_INFO_V1(legal_name_differences);
Datum
legal_name_differences(PG_FUNCTION_ARGS)
{
	text	   *entered = PG_GETARG_TEXT_PP(0);
	text	   *registered = PG_GETARG_TEXT_PP(1);
	LegalText	entered_text = legal_text_of(entered);
	LegalText	registered_text = legal_text_of(registered);
	LegalNameDifferences found;
	ArrayBuildState *causes = NULL;

	legal_name_compare(&entered_text, &registered_text, &found);

	if (found.letter_case)
		add_cause(&causes, "letter case");
	if (found.white_space)
		add_cause(&causes, "white space");
	if (found.punctuation)
		add_cause(&causes, "punctuation");
	if (found.accents)
		add_cause(&causes, "accents");
	for (int i = 0; i < LEGAL_FORM_COUNT; i++)
	{
		for (int j = i + 1; found.forms[i] != 0 && j < LEGAL_FORM_COUNT; j++)
		{
			if (found.forms[i] & (UINT64CONST(1) << j))
				add_cause(&causes, psprintf("legal form: %s / %s",
											legal_forms[i].name, legal_forms[j].name));
		}
	}
	if (found.different_name)
		add_cause(&causes, "different name");

	PG_FREE_IF_COPY(entered, 0);
	PG_FREE_IF_COPY(registered, 1);
	if (causes == NULL)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(TEXTOID));
	PG_RETURN_DATUM(makeArrayResult(causes, CurrentMemoryContext));
}
