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
#include "messages.h"
#include "number_input.h"

static const char *
type_name(NumberKind kind)
{
	return kind == NUMBER_BN9 ? "bn9" : "program_account";
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
 * Names the character at an offset, and where it stands, counted from 1: the
 * subject of a sentence.
 *
 * Some that look like a digit, a hyphen or a space are none, so the code point
 * is told too.
 */
static const char *
character_at(const char *s, size_t len, size_t offset)
{
	char		letter[MAX_MULTIBYTE_CHAR_LEN + 1] = {0};
	size_t		rest = len - offset;
	int			position = count_characters(s, offset) + 1;

	memcpy(letter, s + offset, Min(rest, MAX_MULTIBYTE_CHAR_LEN));
	letter[Min((size_t) pg_mblen(letter), rest)] = '\0';
	if ((unsigned char) letter[0] < 0x20 || letter[0] == 0x7F)
		/* translator: this and the next two begin sentences such as "%s is not a digit." */
		return psprintf(translated("The control character %02X at position %d"),
						(unsigned char) letter[0], position);
	if (IS_HIGHBIT_SET(letter[0]) && GetDatabaseEncoding() == PG_UTF8)
		return psprintf(translated("The character \"%s\" (U+%04X) at position %d"),
						letter,
						(unsigned int) utf8_to_unicode((unsigned char *) letter),
						position);
	return psprintf(translated("The character \"%s\" at position %d"),
					letter, position);
}

/* The cause of a text that has the length of no value. */
static void
append_length(StringInfo out, NumberKind kind, const NumberParse *parse)
{
	if (parse->status == NUMBER_SHORT_REFERENCE)
	{
		static const char *const digits[] = {
			/* translator: how many of its four digits a reference number has */
			gettext_noop("one digit"),
			gettext_noop("two digits"),
			gettext_noop("three digits")
		};

		appendStringInfo(out,
						 translated("The length is %zu without spaces and hyphens: the reference number has %s, and four are needed."),
						 parse->length,
						 translated(digits[parse->length - NUMBER_BN9_LENGTH - 3]));
	}
	else if (kind == NUMBER_BN9)
		appendStringInfo(out,
						 translated("The length is %zu without spaces and hyphens, and a business number has nine digits."),
						 parse->length);
	else
		appendStringInfo(out,
						 translated("The length is %zu without spaces and hyphens, and a program account has nine digits, two letters and four digits, 15 in all."),
						 parse->length);
}

/* The cause, as a sentence. */
static void
append_cause(StringInfo out, NumberKind kind, const char *s, size_t len,
			 const NumberParse *parse)
{
	char		found[3];
	char		required[3];

	switch (parse->status)
	{
		case NUMBER_OK:
			break;
		case NUMBER_EMPTY:
			appendStringInfoString(out, translated("The value is empty."));
			break;
		case NUMBER_LABEL:
			appendStringInfo(out,
							 translated("The label \"%.*s\" stands before the number."),
							 (int) parse->length, s + parse->offset);
			break;
		case NUMBER_CHARACTER:
			appendStringInfo(out, kind == NUMBER_BN9 ?
							 translated("%s does not belong in a business number.") :
							 translated("%s does not belong in a program account."),
							 character_at(s, len, parse->offset));
			break;
		case NUMBER_OTHER_KIND:
			appendStringInfoString(out, kind == NUMBER_BN9 ?
								   translated("This is a program account given where a business number is needed.") :
								   translated("This is a business number given where a program account is needed."));
			break;
		case NUMBER_LENGTH:
		case NUMBER_SHORT_REFERENCE:
			append_length(out, kind, parse);
			break;
		case NUMBER_NOT_DIGIT:
			appendStringInfo(out, translated("%s is not a digit."),
							 character_at(s, len, parse->offset));
			break;
		case NUMBER_NOT_LETTER:
			appendStringInfo(out, translated("%s is not a letter."),
							 character_at(s, len, parse->offset));
			break;
		case NUMBER_PLACEHOLDER:
			appendStringInfoString(out,
								   translated("000000000 is a placeholder, not a business number."));
			break;
		case NUMBER_CHECK_DIGIT:
			appendStringInfo(out,
							 translated("The check digit (the ninth digit) found is %d, and %d is required."),
							 parse->found, parse->required);
			break;
		case NUMBER_REFERENCE:
			appendStringInfoString(out,
								   translated("The reference number is 0000, and the first one is 0001."));
			break;
		case NUMBER_PROGRAM:
			number_format_program(parse->found, found);
			number_format_program(parse->required, required);
			appendStringInfo(out,
							 translated("The program is %s, and only %s is allowed."),
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
							 translated("To take the business number of a program account, cast twice: '%s'::program_account::bn9."),
							 parse->compact);
			break;
		case NUMBER_HINT_CONSTRUCT:
			appendStringInfo(out,
							 translated("To make a program account of a business number, add the program and the reference number: program_account('%s'::bn9, 'RM', 1)."),
							 parse->compact);
			break;
		case NUMBER_HINT_GUIDES:
			appendStringInfoString(out,
								   translated("123456789 is the usual placeholder of guides and forms; its valid neighbour is 123456782."));
			break;
		case NUMBER_HINT_ZERO:
			if (parse->found == 1)
				appendStringInfo(out,
								 translated("A leading zero may have been lost: %s is valid."),
								 parse->compact);
			else
				/* translator: %d is 2, 3 or 4 */
				appendStringInfo(out,
								 translated("%d leading zeros may have been lost: %s is valid."),
								 parse->found, parse->compact);
			break;
		case NUMBER_HINT_ALONE:
			/* translator: without the label before the number */
			appendStringInfo(out, translated("Without it, %s is valid."),
							 parse->compact);
			break;
		case NUMBER_HINT_DECIMAL:
			appendStringInfoString(out,
								   translated("A spreadsheet may have stored it as a decimal number: export the column as text."));
			break;
		case NUMBER_HINT_LETTER_O:
			appendStringInfoString(out, translated("It may stand for the digit 0."));
			break;
		case NUMBER_HINT_LETTER_I:
			appendStringInfoString(out, translated("It may stand for the digit 1."));
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

/* What is wrong with a text and what helps, as text; NULL for good input. */
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
