/*-------------------------------------------------------------------------
 *
 * number_input.c
 *	  The way in for every text that becomes a bn9 or a program_account; and
 *	  what is wrong with one that does not, in words.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/poll.h"
#include "number_input.h"

static const char *
type_name(NumberKind kind)
{
	return kind == NUMBER_BN9 ? "bn9" : "program_account";
}

static const char *
noun(NumberKind kind)
{
	return kind == NUMBER_BN9 ? "business number" : "program account";
}

/* How many characters stand before an offset, which may be far. */
static int
count_characters(const char *s, size_t offset)
{
	int			encoding = GetDatabaseEncoding();
	int			count = 0;

	for (size_t at = 0; at < offset; count++)
	{
		if (count % POLL_STEPS == 0)
			CHECK_FOR_INTERRUPTS();
		at += pg_encoding_mblen(encoding, s + at);
	}
	return count;
}

/*
 * Names the character at an offset, and where it stands, counted from 1.
 *
 * Some that look like a digit, a hyphen or a space are none, so the code point
 * is told too.
 */
static void
append_character(StringInfo out, const char *s, size_t len, size_t offset)
{
	char		letter[MAX_MULTIBYTE_CHAR_LEN + 1] = {0};
	size_t		rest = len - offset;
	int			position = count_characters(s, offset) + 1;

	memcpy(letter, s + offset, Min(rest, MAX_MULTIBYTE_CHAR_LEN));
	letter[Min((size_t) pg_mblen(letter), rest)] = '\0';
	if ((unsigned char) letter[0] < 0x20 || letter[0] == 0x7F)
		appendStringInfo(out, "The control character %02X at position %d",
						 (unsigned char) letter[0], position);
	else if (IS_HIGHBIT_SET(letter[0]) && GetDatabaseEncoding() == PG_UTF8)
		appendStringInfo(out, "The character \"%s\" (U+%04X) at position %d",
						 letter,
						 (unsigned int) utf8_to_unicode((unsigned char *) letter),
						 position);
	else
		appendStringInfo(out, "The character \"%s\" at position %d",
						 letter, position);
}

/* The cause, as a sentence. */
static void
append_cause(StringInfo out, NumberKind kind, const char *s, size_t len,
			 const NumberParse *parse)
{
	static const char *const digits[] = {"none", "one digit", "two digits", "three digits"};
	char		found[3];
	char		required[3];

	switch (parse->status)
	{
		case NUMBER_OK:
			break;
		case NUMBER_EMPTY:
			appendStringInfo(out, "The value is empty.");
			break;
		case NUMBER_LABEL:
			appendStringInfo(out, "The label \"%.*s\" stands before the number.",
							 (int) parse->length, s + parse->offset);
			break;
		case NUMBER_CHARACTER:
			append_character(out, s, len, parse->offset);
			appendStringInfo(out, " does not belong in a %s.", noun(kind));
			break;
		case NUMBER_OTHER_KIND:
			appendStringInfo(out,
							 "This is a %s given where a %s is needed.",
							 noun(kind == NUMBER_BN9 ? NUMBER_ACCOUNT :
								  NUMBER_BN9),
							 noun(kind));
			break;
		case NUMBER_LENGTH:
			appendStringInfo(out,
							 "The length is %zu without spaces and hyphens, and a %s has %s.",
							 parse->length, noun(kind),
							 kind == NUMBER_BN9 ? "nine digits" :
							 "nine digits, two letters and four digits, 15 in all");
			break;
		case NUMBER_NOT_DIGIT:
			append_character(out, s, len, parse->offset);
			appendStringInfo(out, " is not a digit.");
			break;
		case NUMBER_NOT_LETTER:
			append_character(out, s, len, parse->offset);
			appendStringInfo(out, " is not a letter.");
			break;
		case NUMBER_PLACEHOLDER:
			appendStringInfo(out,
							 "000000000 is a placeholder, not a business number.");
			break;
		case NUMBER_CHECK_DIGIT:
			appendStringInfo(out,
							 "The check digit (the ninth digit) found is %d, and %d is required.",
							 parse->found, parse->required);
			break;
		case NUMBER_SHORT_REFERENCE:
			appendStringInfo(out,
							 "The length is %zu without spaces and hyphens: the reference number has %s, and four are needed.",
							 parse->length, digits[parse->length - NUMBER_BN9_LENGTH - 2]);
			break;
		case NUMBER_REFERENCE:
			appendStringInfo(out,
							 "The reference number is 0000, and the first one is 0001.");
			break;
		case NUMBER_PROGRAM:
			number_format_program(parse->found, found);
			number_format_program(parse->required, required);
			appendStringInfo(out, "The program is %s, and only %s is allowed.",
							 found, required);
			break;
	}
}

/* What may help, as a sentence. */
static void
append_hint(StringInfo out, const NumberParse *parse)
{
	switch (parse->hint)
	{
		case NUMBER_NO_HINT:
			break;
		case NUMBER_HINT_CAST:
			appendStringInfo(out,
							 "To take the business number of a program account, cast twice: '%s'::program_account::bn9.",
							 parse->compact);
			break;
		case NUMBER_HINT_CONSTRUCT:
			appendStringInfo(out,
							 "To make a program account of a business number, add the program and the reference number: program_account('%s'::bn9, 'RM', 1).",
							 parse->compact);
			break;
		case NUMBER_HINT_GUIDES:
			appendStringInfo(out,
							 "123456789 is the usual placeholder of guides and forms; its valid neighbour is 123456782.");
			break;
		case NUMBER_HINT_ZERO:
			if (parse->found == 1)
				appendStringInfo(out,
								 "A leading zero may have been lost: %s is valid.",
								 parse->compact);
			else
				appendStringInfo(out,
								 "%d leading zeros may have been lost: %s is valid.",
								 parse->found, parse->compact);
			break;
		case NUMBER_HINT_ALONE:
			appendStringInfo(out, "Without it, %s is valid.", parse->compact);
			break;
		case NUMBER_HINT_DECIMAL:
			appendStringInfo(out,
							 "A spreadsheet may have stored it as a decimal number: export the column as text.");
			break;
		case NUMBER_HINT_LETTER_O:
			appendStringInfo(out, "It may stand for the digit 0.");
			break;
		case NUMBER_HINT_LETTER_I:
			appendStringInfo(out, "It may stand for the digit 1.");
			break;
	}
}

/*
 * Reports what number_parse found: an error, or a note in the caller's error
 * context where it gave one.
 */
static Datum
report_error(NumberKind kind, const char *s, size_t len,
			 const NumberParse *parse, struct Node *escontext)
{
	StringInfoData detail;
	StringInfoData hint;

	initStringInfo(&detail);
	initStringInfo(&hint);
	append_cause(&detail, kind, s, len, parse);
	append_hint(&hint, parse);
	ereturn(escontext, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"",
					type_name(kind), pnstrdup(s, len)),
			 errdetail_internal("%s", detail.data),
			 hint.len > 0 ? errhint("%s", hint.data) : 0));
}

/* The same cause and help as text, for staging tables; NULL for good input. */
text *
number_cause(NumberKind kind, const char *s, size_t len,
			 const NumberParse *parse)
{
	StringInfoData out;

	if (parse->status == NUMBER_OK)
		return NULL;
	initStringInfo(&out);
	append_cause(&out, kind, s, len, parse);
	if (parse->hint != NUMBER_NO_HINT)
	{
		appendStringInfoChar(&out, ' ');
		append_hint(&out, parse);
	}
	return cstring_to_text_with_len(out.data, out.len);
}

/*
 * Text to Datum, with or without a type modifier (-1): every text that becomes
 * a value comes this way.
 */
Datum
number_input(NumberKind kind, const char *s, size_t len, int32 typmod,
			 struct Node *escontext)
{
	NumberParse parse;

	/* from a column it is always right, from a direct call it may not be */
	if (typmod > NUMBER_MAX_PROGRAM)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid type modifier for type %s: %d",
						type_name(kind), typmod)));
	if (number_parse(kind, s, len, number_spaces(), &parse) == NUMBER_OK)
	{
		if (typmod < 0 || number_program_of_account(parse.value) == typmod)
			return NumberGetDatum(parse.value);
		parse.status = NUMBER_PROGRAM;
		parse.hint = NUMBER_NO_HINT;
		parse.found = number_program_of_account(parse.value);
		parse.required = typmod;
	}
	return report_error(kind, s, len, &parse, escontext);
}
