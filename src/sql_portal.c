/*-------------------------------------------------------------------------
 *
 * sql_portal.c
 *	  SQL functions that read amounts and dates of the portal's files.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

#include "compat.h"
#include "core/calendar.h"
#include "core/portal_amount.h"
#include "core/portal_date.h"
#include "encoding.h"
#include "messages.h"

PG_FUNCTION_INFO_V1(portal_amount);
PG_FUNCTION_INFO_V1(portal_amount_error);
PG_FUNCTION_INFO_V1(portal_date);
PG_FUNCTION_INFO_V1(portal_date_error);

/* What an error shows of a text, in bytes. */
#define SHOWN_LENGTH	200

/* A text in UTF-8, and what is wrong with it. */
typedef struct Cause
{
	const char *utf8;
	size_t		length;
	StringInfoData detail;
	StringInfoData hint;
} Cause;

/*
 * A text in UTF-8. One that is longer than any value is left as it is: it is
 * refused unread.
 */
static Cause
open_text(text *value, size_t max_length)
{
	Cause		cause;

	cause.utf8 = VARDATA_ANY(value);
	cause.length = VARSIZE_ANY_EXHDR(value);
	if (cause.length <= max_length)
		cause.utf8 = encoding_to_utf8(VARDATA_ANY(value),
									  VARSIZE_ANY_EXHDR(value),
									  &cause.length);
	return cause;
}

/* A part of the text in the server's encoding; cut where it is long. */
static const char *
token_text(const Cause *cause, PortalToken token)
{
	size_t		length = pg_encoding_mbcliplen(PG_UTF8, cause->utf8 + token.offset,
											   (int) token.length, SHOWN_LENGTH);
	text	   *shown = encoding_text_of(pnstrdup(cause->utf8 + token.offset, length));

	return psprintf("%s%s", text_to_cstring(shown),
					length < token.length ? "..." : "");
}

/*
 * The character that doesn't belong, and where it stands, counted from 1: the
 * subject of a sentence.
 */
static const char *
character_at(const Cause *cause, PortalToken token)
{
	size_t		size;
	uint32_t	c;
	int			position = 1;

	for (size_t at = 0; at < token.offset; at += size)
	{
		(void) portal_character(cause->utf8, cause->length, at, &size);
		position++;
	}
	c = portal_character(cause->utf8, cause->length, token.offset, &size);
	if (c == PORTAL_NOT_UTF8)
		/* translator: begins a sentence such as "%s does not belong in a date." */
		return psprintf(translated("The byte %02X at position %d"),
						(unsigned char) cause->utf8[token.offset], position);
	if (c < 0x20 || c == 0x7F)
		return psprintf(translated("The control character %02X at position %d"),
						(unsigned int) c, position);
	if (c >= 0x80)
		return psprintf(translated("The character \"%s\" (U+%04X) at position %d"),
						token_text(cause, token), (unsigned int) c, position);
	return psprintf(translated("The character \"%s\" at position %d"),
					token_text(cause, token), position);
}

/* What keeps a text from being an amount or a date, in words; both have these. */
static bool
append_common(Cause *cause, PortalStatus status, PortalToken token,
			  bool is_date)
{
	initStringInfo(&cause->detail);
	initStringInfo(&cause->hint);
	switch (status)
	{
		case PORTAL_EMPTY:
			appendStringInfoString(&cause->detail,
								   translated("The value is empty."));
			appendStringInfoString(&cause->hint,
								   translated("Give NULL for an empty cell, for example by NULLIF(btrim(cell), '')."));
			return true;
		case PORTAL_TOO_LONG:
			appendStringInfoString(&cause->detail, is_date ?
								   translated("It is too long for a date.") :
								   translated("It is too long for an amount."));
			return true;
		case PORTAL_CHARACTER:
			appendStringInfo(&cause->detail, is_date ?
							 translated("%s does not belong in a date.") :
							 translated("%s does not belong in an amount."),
							 character_at(cause, token));
			return true;
		default:
			return false;
	}
}

/* What keeps a text from being an amount, in words. */
static void
explain_amount(Cause *cause, const PortalAmount *amount)
{
	StringInfo	detail = &cause->detail;

	if (append_common(cause, amount->status, amount->token, false))
		return;
	switch (amount->status)
	{
		case PORTAL_WORD:
			appendStringInfo(detail,
							 translated("\"%s\" does not belong there; $, CA$ and CAD may stand beside an amount, CR and DR behind it."),
							 token_text(cause, amount->token));
			break;
		case PORTAL_NO_DIGITS:
			appendStringInfoString(detail, translated("It has no digits."));
			break;
		case PORTAL_GROUPS:
			appendStringInfo(detail,
							 translated("\"%s\" is not grouped by threes with one mark, as 1,234,567.89 and 1 234 567,89 are."),
							 token_text(cause, amount->token));
			break;
		case PORTAL_COMMA:
			appendStringInfo(detail,
							 translated("A comma before three digits groups thousands, and before one or two it is the decimal comma; here it stands before %zu."),
							 amount->digits);
			break;
		case PORTAL_NO_DECIMALS:
			appendStringInfo(detail,
							 translated("\"%s\" has no digits behind its last mark."),
							 token_text(cause, amount->token));
			break;
		case PORTAL_SIGNS:
			appendStringInfoString(detail,
								   translated("It has more than one of: a sign, parentheses, CR, DR."));
			break;
		case PORTAL_PARENTHESIS:
			appendStringInfoString(detail,
								   translated("Parentheses must enclose the amount."));
			break;
		default:
			break;
	}
}

/* A day as 2026-08-03. */
static const char *
iso_date(int32_t day)
{
	int			year;
	int			month;
	int			day_of_month;

	calendar_civil(day, &year, &month, &day_of_month);
	return psprintf("%04d-%02d-%02d", year, month, day_of_month);
}

/* What keeps a text from being a date, in words. */
static void
append_date_cause(Cause *cause, const PortalDate *date)
{
	StringInfo	detail = &cause->detail;
	StringInfo	hint = &cause->hint;

	switch (date->status)
	{
		case PORTAL_WORD:
			appendStringInfo(detail,
							 translated("\"%s\" is not the name of a month in English or French."),
							 token_text(cause, date->token));
			break;
		case PORTAL_FORM:
			appendStringInfoString(detail,
								   translated("It is not written as 2026-08-03, 20260803, 03/08/2026, August 3, 2026 or 3 mars 2026 are."));
			break;
		case PORTAL_NUMBER:
			appendStringInfo(detail,
							 translated("\"%s\" is a number: digits alone are a date if they are eight, as 20260803."),
							 token_text(cause, date->token));
			if (date->token.length == 5)
				appendStringInfo(hint,
								 translated("If it is a day's number of a spreadsheet, write date '1899-12-30' + %.5s."),
								 cause->utf8 + date->token.offset);
			break;
		case PORTAL_YEAR:
			appendStringInfo(detail,
							 translated("\"%s\" is not a year of four digits."),
							 token_text(cause, date->token));
			break;
		case PORTAL_MONTH:
			appendStringInfo(detail, translated("There is no month %d."),
							 date->month);
			break;
		case PORTAL_DAY:
			appendStringInfo(detail, translated("%04d-%02d has no day %d."),
							 date->year, date->month, date->day_of_month);
			break;
		case PORTAL_TWO_DATES:
			appendStringInfo(detail,
							 translated("It is %s if the day comes first, and %s if the month does."),
							 iso_date(date->day), iso_date(date->other_day));
			appendStringInfoString(hint,
								   translated("Say which: day_first => true or day_first => false."));
			break;
		default:
			break;
	}
}

/* Why a text is no date; and the date that the other order would have given. */
static void
explain_date(Cause *cause, PortalOrder order, const PortalDate *date)
{
	if (append_common(cause, date->status, date->token, true))
		return;
	append_date_cause(cause, date);
	if (date->order_matters && order != PORTAL_ORDER_UNKNOWN)
		appendStringInfo(&cause->hint,
						 translated("With day_first => %s it is %s."),
						 order == PORTAL_DAY_FIRST ? "false" : "true",
						 iso_date(date->other_day));
}

/* The error for a text that is none of the type's. */
static void
report(int sqlstate, const char *type, text *value, const Cause *cause)
{
	const char *shown = VARDATA_ANY(value);
	int			length = VARSIZE_ANY_EXHDR(value);
	int			clipped = pg_mbcliplen(shown, length, SHOWN_LENGTH);

	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("invalid input syntax for type %s: \"%s\"", type,
					psprintf("%s%s", pnstrdup(shown, clipped),
							 clipped < length ? "..." : "")),
			 errdetail_internal("%s", cause->detail.data),
			 cause->hint.len > 0 ? errhint("%s", cause->hint.data) : 0));
}

/* A cause and what helps, as text. */
static Datum
cause_get_datum(const Cause *cause)
{
	StringInfoData all;

	initStringInfo(&all);
	appendStringInfoString(&all, cause->detail.data);
	if (cause->hint.len > 0)
		appendStringInfo(&all, " %s", cause->hint.data);
	return PointerGetDatum(cstring_to_text_with_len(all.data, all.len));
}

/* portal_amount(text): the amount that a file or spreadsheet writes so */
Datum
portal_amount(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Cause		cause = open_text(value, PORTAL_AMOUNT_MAX_LENGTH);
	PortalAmount amount;
	char	   *decimal = palloc(PORTAL_DECIMAL_SIZE(Min(cause.length, PORTAL_AMOUNT_MAX_LENGTH)));

	if (portal_amount_read(cause.utf8, cause.length, decimal, &amount) != PORTAL_OK)
	{
		explain_amount(&cause, &amount);
		report(ERRCODE_INVALID_TEXT_REPRESENTATION, "numeric", value, &cause);
	}
	decimal[amount.length] = '\0';
	PG_RETURN_DATUM(DirectFunctionCall3(numeric_in, CStringGetDatum(decimal),
										ObjectIdGetDatum(InvalidOid),
										Int32GetDatum(-1)));
}

/* portal_amount_error(text): why portal_amount refuses it; NULL if it doesn't */
Datum
portal_amount_error(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	Cause		cause = open_text(value, PORTAL_AMOUNT_MAX_LENGTH);
	PortalAmount amount;
	char	   *decimal = palloc(PORTAL_DECIMAL_SIZE(Min(cause.length, PORTAL_AMOUNT_MAX_LENGTH)));

	if (portal_amount_read(cause.utf8, cause.length, decimal, &amount) == PORTAL_OK)
		PG_RETURN_NULL();
	explain_amount(&cause, &amount);
	PG_RETURN_DATUM(cause_get_datum(&cause));
}

/* The argument day_first. */
static PortalOrder
order_argument(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		return PORTAL_ORDER_UNKNOWN;
	return PG_GETARG_BOOL(n) ? PORTAL_DAY_FIRST : PORTAL_MONTH_FIRST;
}

/* portal_date(text, day_first): the date that a file or spreadsheet writes so */
Datum
portal_date(PG_FUNCTION_ARGS)
{
	PortalOrder order = order_argument(fcinfo, 1);
	text	   *value;
	Cause		cause;
	PortalDate	date;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	value = PG_GETARG_TEXT_PP(0);
	cause = open_text(value, PORTAL_DATE_MAX_LENGTH);
	if (portal_date_read(cause.utf8, cause.length, order, &date) != PORTAL_OK)
	{
		explain_date(&cause, order, &date);
		report(ERRCODE_INVALID_DATETIME_FORMAT, "date", value, &cause);
	}
	PG_RETURN_DATEADT(date.day);
}

/* portal_date_error(text, day_first): why portal_date refuses it, or NULL */
Datum
portal_date_error(PG_FUNCTION_ARGS)
{
	PortalOrder order = order_argument(fcinfo, 1);
	Cause		cause;
	PortalDate	date;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	cause = open_text(PG_GETARG_TEXT_PP(0), PORTAL_DATE_MAX_LENGTH);
	if (portal_date_read(cause.utf8, cause.length, order, &date) == PORTAL_OK)
		PG_RETURN_NULL();
	explain_date(&cause, order, &date);
	PG_RETURN_DATUM(cause_get_datum(&cause));
}
