/*-------------------------------------------------------------------------
 *
 * portal_date.c
 *	  Dates as the portal's files and spreadsheets write them, in English and
 *	  French.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "calendar.h"
#include "portal_date.h"

#define PARTS			3
#define WORD_MAX		12

/* Letters with accents of months' names, and marks that may stand for them. */
#define CAPITAL_E_ACUTE			0x00c9
#define SMALL_E_ACUTE			0x00e9
#define CAPITAL_U_CIRCUMFLEX	0x00db
#define SMALL_U_CIRCUMFLEX		0x00fb
#define COMBINING_ACUTE			0x0301
#define COMBINING_CIRCUMFLEX	0x0302

/* Names of months in both languages, without accents, and what shortens them. */
static const char *const month_names[12][6] = {
	{"january", "jan", "janvier", "janv"},
	{"february", "feb", "fevrier", "fevr", "fev"},
	{"march", "mar", "mars"},
	{"april", "apr", "avril", "avr"},
	{"may", "mai"},
	{"june", "jun", "juin"},
	{"july", "jul", "juillet", "juill", "juil"},
	{"august", "aug", "aout"},
	{"september", "sept", "sep", "septembre"},
	{"october", "oct", "octobre"},
	{"november", "nov", "novembre"},
	{"december", "dec", "decembre"}
};

/* A number or a month's name, and the mark before it. */
typedef struct Part
{
	PortalToken token;
	char		mark;			/* 0: none, or white space alone */
	bool		spaced;			/* white space before it */
	int			month;			/* of a name; 0: this is a number */
	size_t		digits;
	int			value;			/* of a number of up to eight digits */
	bool		ordinal;		/* 1er, 3rd */
} Part;

typedef struct Reader
{
	const char *text;
	size_t		length;
	size_t		at;
	PortalDate *date;
} Reader;

static PortalStatus
fail(Reader *reader, PortalStatus status, PortalToken token)
{
	reader->date->status = status;
	reader->date->token = token;
	return status;
}

static PortalStatus
fail_at(Reader *reader, PortalStatus status, size_t offset, size_t length)
{
	PortalToken token = {offset, length};

	return fail(reader, status, token);
}

static uint32_t
peek(const Reader *reader, size_t *size)
{
	return portal_character(reader->text, reader->length, reader->at, size);
}

/* The small letter without its accent; 0 if this is no letter of a name. */
static char
plain_letter(uint32_t c)
{
	if (c >= 'a' && c <= 'z')
		return (char) c;
	if (c >= 'A' && c <= 'Z')
		return (char) (c + ('a' - 'A'));
	if (c == SMALL_E_ACUTE || c == CAPITAL_E_ACUTE)
		return 'e';
	if (c == SMALL_U_CIRCUMFLEX || c == CAPITAL_U_CIRCUMFLEX)
		return 'u';
	return 0;
}

/* Reads a word into plain letters; one that is too long is cut off. */
static void
read_word(Reader *reader, char *word)
{
	size_t		count = 0;
	size_t		size;
	uint32_t	c;

	while (c = peek(reader, &size), plain_letter(c) != 0 ||
		   (count > 0 && (c == COMBINING_ACUTE || c == COMBINING_CIRCUMFLEX)))
	{
		if (plain_letter(c) != 0 && count < WORD_MAX)
			word[count++] = plain_letter(c);
		reader->at += size;
	}
	word[count] = '\0';
}

/* The month of a name, or 0. */
static int
month_of_name(const char *name)
{
	for (int month = 0; month < 12; month++)
	{
		for (int i = 0; i < 6 && month_names[month][i] != NULL; i++)
		{
			if (strcmp(month_names[month][i], name) == 0)
				return month + 1;
		}
	}
	return 0;
}

/* Is this what makes a number an ordinal: 1er, 1st, 2nd, 3rd, 4th? */
static bool
is_ordinal_of(const char *word, int number)
{
	const char *english = "th";

	if (number / 10 != 1 && number % 10 >= 1 && number % 10 <= 3)
		english = number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : "rd";
	return strcmp(word, english) == 0 ||
		(number == 1 && strcmp(word, "er") == 0);
}

/* Reads white space with at most one mark in it. */
static void
read_mark(Reader *reader, Part *part)
{
	size_t		size;
	uint32_t	c;

	part->mark = 0;
	part->spaced = false;
	while (c = peek(reader, &size), portal_is_space(c) ||
		   (part->mark == 0 &&
			(c == ',' || c == '.' || c == '-' || c == '/')))
	{
		if (portal_is_space(c))
			part->spaced = true;
		else
			part->mark = (char) c;
		reader->at += size;
	}
}

/* Reads a number, with what makes it an ordinal. */
static void
read_number(Reader *reader, Part *part)
{
	size_t		size;
	uint32_t	c;
	size_t		end;
	char		word[WORD_MAX + 1];

	while (c = peek(reader, &size), portal_is_digit(c))
	{
		part->digits++;
		if (part->digits <= 8)
			part->value = part->value * 10 + (int) (c - '0');
		reader->at += size;
	}
	end = reader->at;
	read_word(reader, word);
	part->ordinal = part->digits <= 2 && is_ordinal_of(word, part->value);
	if (!part->ordinal)
		reader->at = end;
}

/* Reads the next number or name, and the mark before it. */
static PortalStatus
read_part(Reader *reader, Part *part, bool first)
{
	char		word[WORD_MAX + 1];
	size_t		size;
	uint32_t	c;

	memset(part, 0, sizeof(*part));
	if (!first)
		read_mark(reader, part);
	c = peek(reader, &size);
	part->token.offset = reader->at;
	if (portal_is_digit(c))
		read_number(reader, part);
	else if (plain_letter(c) != 0)
	{
		read_word(reader, word);
		if (first && strcmp(word, "le") == 0)
		{
			while (portal_is_space(peek(reader, &size)))
				reader->at += size;
			if (portal_is_digit(peek(reader, &size)))
				return read_part(reader, part, true);
		}
		part->month = month_of_name(word);
		if (part->month != 0 && peek(reader, &size) == '.')
			reader->at++;
	}
	else
		return fail_at(reader, c == PORTAL_END ? PORTAL_FORM : PORTAL_CHARACTER,
					   reader->at, size);
	part->token.length = reader->at - part->token.offset;
	if (part->digits == 0 && part->month == 0)
		return fail(reader, PORTAL_WORD, part->token);
	return PORTAL_OK;
}

/* Checks a date's parts and computes its day. */
static PortalStatus
find_day(PortalDate *date, int32_t *day)
{
	int32_t		month;

	if (date->month < 1 || date->month > 12)
		return PORTAL_MONTH;
	month = (date->year - 2000) * 12 + date->month - 1;
	*day = calendar_month_first_day(month) + date->day_of_month - 1;
	if (date->day_of_month < 1 ||
		*day >= calendar_month_first_day(month + 1))
		return PORTAL_DAY;
	return PORTAL_OK;
}

/* The date of a year, month and day; the token is for what is wrong. */
static PortalStatus
finish(Reader *reader, const Part *year, int month, int day_of_month,
	   PortalToken whole)
{
	PortalDate *date = reader->date;
	PortalStatus status;

	if (year->digits != 4 || year->value == 0)
		return fail(reader, PORTAL_YEAR, year->token);
	date->year = year->value;
	date->month = month;
	date->day_of_month = day_of_month;
	status = find_day(date, &date->day);
	return status == PORTAL_OK ? status : fail(reader, status, whole);
}

/* Year, month and day without marks. */
static PortalStatus
finish_eight_digits(Reader *reader, const Part *part)
{
	Part		year = {.token = part->token,.digits = 4};

	if (part->digits != 8)
		return fail(reader, PORTAL_NUMBER, part->token);
	year.value = part->value / 10000;
	return finish(reader, &year, part->value / 100 % 100, part->value % 100,
				  part->token);
}

/* Two numbers and a year, in an order that only the caller may know. */
static PortalStatus
finish_short_parts(Reader *reader, const Part *part, PortalOrder order,
				   PortalToken whole)
{
	PortalDate	day_first = *reader->date;
	PortalDate	month_first = *reader->date;
	bool		is_day_first;
	bool		is_month_first;

	day_first.year = month_first.year = part[2].value;
	day_first.day_of_month = month_first.month = part[0].value;
	day_first.month = month_first.day_of_month = part[1].value;
	is_day_first = part[2].value > 0 &&
		find_day(&day_first, &day_first.day) == PORTAL_OK;
	is_month_first = part[2].value > 0 &&
		find_day(&month_first, &month_first.day) == PORTAL_OK;

	reader->date->order_matters = order == PORTAL_ORDER_UNKNOWN ?
		is_day_first && is_month_first && day_first.day != month_first.day :
		order == PORTAL_DAY_FIRST ? !is_day_first && is_month_first :
		!is_month_first && is_day_first;
	reader->date->other_day = order == PORTAL_MONTH_FIRST ? day_first.day :
		month_first.day;
	if (order == PORTAL_ORDER_UNKNOWN && reader->date->order_matters)
	{
		reader->date->day = day_first.day;
		return fail(reader, PORTAL_TWO_DATES, whole);
	}
	if (order == PORTAL_MONTH_FIRST ||
		(order == PORTAL_ORDER_UNKNOWN && !is_day_first &&
		 (is_month_first || part[1].value > 12)))
		return finish(reader, &part[2], part[0].value, part[1].value, whole);
	return finish(reader, &part[2], part[1].value, part[0].value, whole);
}

/* Three numbers with one kind of mark between them. */
static PortalStatus
finish_numbers(Reader *reader, const Part *part, PortalOrder order,
			   PortalToken whole)
{
	if (part[1].mark != part[2].mark || part[1].mark == ',' ||
		part[1].mark == 0 || part[1].spaced || part[2].spaced ||
		part[0].ordinal || part[1].ordinal || part[2].ordinal)
		return fail(reader, PORTAL_FORM, whole);
	if (part[0].digits > 2)
	{
		if (part[1].digits > 2 || part[2].digits > 2)
			return fail(reader, PORTAL_FORM, whole);
		return finish(reader, &part[0], part[1].value, part[2].value, whole);
	}
	if (part[1].digits > 2)
		return fail(reader, PORTAL_FORM, whole);
	if (part[2].digits != 4)
		return fail(reader, PORTAL_YEAR, part[2].token);
	return finish_short_parts(reader, part, order, whole);
}

/* A day, a month's name and a year; or the name first. */
static PortalStatus
finish_named(Reader *reader, const Part *part, PortalToken whole)
{
	const Part *name = part[0].month != 0 ? &part[0] : &part[1];
	const Part *day = part[0].month != 0 ? &part[1] : &part[0];

	if (name->month == 0 || day->month != 0 || part[2].month != 0 ||
		day->digits > 2 || part[2].ordinal)
		return fail(reader, PORTAL_FORM, whole);
	return finish(reader, &part[2], name->month, day->value, whole);
}

/* Reads a date; the order is for two short numbers and a year. */
PortalStatus
portal_date_read(const char *text, size_t length, PortalOrder order,
				 PortalDate *date)
{
	Reader		reader = {text, length, 0, date};
	Part		part[PARTS];
	PortalToken whole;
	size_t		size;
	int			parts = 0;

	memset(date, 0, sizeof(*date));
	if (length > PORTAL_DATE_MAX_LENGTH)
		return fail_at(&reader, PORTAL_TOO_LONG, 0, 0);
	while (portal_is_space(peek(&reader, &size)))
		reader.at += size;
	if (reader.at == length)
		return fail_at(&reader, PORTAL_EMPTY, 0, 0);
	whole.offset = reader.at;
	while (parts < PARTS)
	{
		if (read_part(&reader, &part[parts], parts == 0) != PORTAL_OK)
			return date->status;
		parts++;
		whole.length = reader.at - whole.offset;
		while (portal_is_space(peek(&reader, &size)))
			reader.at += size;
		if (reader.at == length)
			break;
		reader.at = whole.offset + whole.length;
	}
	if (reader.at != length)
		return fail_at(&reader, PORTAL_FORM, reader.at, length - reader.at);

	if (parts == 1 && part[0].month == 0)
		return finish_eight_digits(&reader, &part[0]);
	if (parts != PARTS)
		return fail(&reader, PORTAL_FORM, whole);
	if (part[0].month == 0 && part[1].month == 0 && part[2].month == 0)
		return finish_numbers(&reader, part, order, whole);
	return finish_named(&reader, part, whole);
}
