/*-------------------------------------------------------------------------
 *
 * portal_amount.c
 *	  Amounts as the portal's files and spreadsheets write them.
 *
 * A comma before three digits groups thousands, before one or two it is the
 * decimal comma. A point alone is the decimal point. Where two kinds of mark
 * stand in a number, the last one is the decimal mark.
 *
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "portal_amount.h"

#define MINUS_SIGN	0x2212

typedef enum Mark
{
	MARK_NONE,
	MARK_SPACE,
	MARK_COMMA,
	MARK_POINT
} Mark;

/* A number's digits and the marks between them, as far as they were read. */
typedef struct Digits
{
	char	   *out;			/* the digits, without marks */
	size_t		count;
	size_t		marks;
	Mark		first;			/* kind of the first mark */
	Mark		last;			/* kind of the last mark */
	size_t		before_first;	/* digits before the first mark */
	size_t		before_last;	/* digits before the last mark */
	bool		regular;		/* all marks but the last group by threes */
} Digits;

/* What stands beside a number, on one side of it. */
typedef struct Side
{
	bool		dollar;
	bool		currency;		/* CA, C or CAD */
	bool		needs_dollar;	/* CA or C, which mean nothing alone */
	PortalToken word;			/* that one */
} Side;

typedef struct Reader
{
	const char *text;
	size_t		length;
	size_t		at;
	size_t		number;			/* where the digits begin */
	int			signs;			/* signs, pairs of parentheses, CR and DR */
	bool		negative;
	bool		open;			/* a parenthesis */
	PortalAmount *amount;
} Reader;

static uint32_t
peek(const Reader *reader, size_t *size)
{
	return portal_character(reader->text, reader->length, reader->at, size);
}

static bool
is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static PortalStatus
fail(Reader *reader, PortalStatus status, size_t offset, size_t length)
{
	reader->amount->status = status;
	reader->amount->token.offset = offset;
	reader->amount->token.length = length;
	return status;
}

/* Is it this word, in capitals or not? */
static bool
word_is(const char *word, size_t length, const char *capitals)
{
	if (strlen(capitals) != length)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if ((word[i] & ~0x20) != capitals[i])
			return false;
	}
	return true;
}

/* A word beside the number: a currency, or behind the number CR or DR. */
static PortalStatus
read_word(Reader *reader, Side *side, bool behind)
{
	const char *word = reader->text + reader->at;
	size_t		start = reader->at;
	size_t		length = 0;

	while (reader->at + length < reader->length &&
		   is_letter((uint8_t) word[length]))
		length++;
	reader->at += length;

	if (behind && (word_is(word, length, "CR") || word_is(word, length, "DR")))
	{
		reader->signs++;
		reader->negative = (word[0] & ~0x20) == 'C';
		return PORTAL_OK;
	}
	if (side->currency || !(word_is(word, length, "CAD") ||
							word_is(word, length, "CA") ||
							word_is(word, length, "C")))
		return fail(reader, PORTAL_WORD, start, length);
	side->currency = true;
	side->needs_dollar = length < 3;
	side->word.offset = start;
	side->word.length = length;
	return PORTAL_OK;
}

/* What stands before or behind the number: spaces, signs, currency. */
static PortalStatus
read_side(Reader *reader, bool behind)
{
	Side		side = {false, false, false, {0, 0}};

	for (;;)
	{
		size_t		size;
		uint32_t	c = peek(reader, &size);

		if (portal_is_space(c))
			;
		else if (c == '-' || c == '+' || c == MINUS_SIGN)
		{
			reader->signs++;
			reader->negative = c != '+';
		}
		else if (c == '(' && !behind && !reader->open)
		{
			reader->open = true;
			reader->signs++;
			reader->negative = true;
		}
		else if (c == ')' && behind && reader->open)
			reader->open = false;
		else if (c == '(' || c == ')')
			return fail(reader, PORTAL_PARENTHESIS, reader->at, size);
		else if (c == '$' && !side.dollar)
			side.dollar = true;
		else if (is_letter(c))
		{
			if (read_word(reader, &side, behind) != PORTAL_OK)
				return reader->amount->status;
			continue;
		}
		else if (c == PORTAL_END || (!behind &&
									 (portal_is_digit(c) || c == '.' || c == ',')))
			break;
		else if (portal_is_digit(c))
			return fail(reader, PORTAL_GROUPS, reader->number,
						reader->length - reader->number);
		else
			return fail(reader, PORTAL_CHARACTER, reader->at, size);
		reader->at += size;
	}
	if (side.needs_dollar && !side.dollar)
		return fail(reader, PORTAL_WORD, side.word.offset, side.word.length);
	return PORTAL_OK;
}

/* Counts a mark; those before it must group digits by threes. */
static void
add_mark(Digits *digits, Mark mark)
{
	if (digits->marks == 0)
	{
		digits->first = mark;
		digits->before_first = digits->count;
	}
	else if (digits->last != digits->first ||
			 digits->count - digits->before_last != 3)
		digits->regular = false;
	digits->marks++;
	digits->last = mark;
	digits->before_last = digits->count;
}

/* Reads digits and the marks between them. */
static void
read_digits(Reader *reader, Digits *digits)
{
	for (;;)
	{
		size_t		size;
		uint32_t	c = peek(reader, &size);

		if (portal_is_digit(c))
			digits->out[digits->count++] = (char) c;
		else if (c == '.')
			add_mark(digits, MARK_POINT);
		else if (c == ',')
			add_mark(digits, MARK_COMMA);
		else if (portal_groups_digits(c) && reader->at + size < reader->length &&
				 portal_is_digit((uint8_t) reader->text[reader->at + size]))
			add_mark(digits, MARK_SPACE);
		else
			return;
		reader->at += size;
	}
}

/*
 * Says whether the last mark is the decimal mark, and whether the others and
 * the digits between them are as they should be.
 */
static PortalStatus
check_marks(const Digits *digits, bool *decimal)
{
	size_t		behind = digits->count - digits->before_last;
	size_t		groups = digits->marks;

	*decimal = false;
	if (digits->count == 0)
		return PORTAL_NO_DIGITS;
	if (digits->marks == 0)
		return PORTAL_OK;
	if (digits->marks == 1)
		*decimal = digits->last == MARK_POINT ||
			(digits->last == MARK_COMMA && behind != 3);
	else
		*decimal = digits->last != digits->first &&
			digits->last != MARK_SPACE;

	if (*decimal && behind == 0)
		return PORTAL_NO_DECIMALS;
	if (*decimal && digits->marks == 1 && digits->last == MARK_COMMA &&
		behind > 2)
		return PORTAL_COMMA;
	if (*decimal)
		groups--;
	else if (behind != 3 || digits->last != digits->first)
		return PORTAL_GROUPS;
	if (groups == 0)
		return PORTAL_OK;
	return digits->regular && digits->before_first >= 1 &&
		digits->before_first <= 3 && digits->out[0] != '0' ?
		PORTAL_OK : PORTAL_GROUPS;
}

/* Whether type numeric can hold so many digits. */
static bool
fits_numeric(const Digits *digits, bool decimal)
{
	size_t		whole = decimal ? digits->before_last : digits->count;
	size_t		zeros = 0;

	while (zeros < whole && digits->out[zeros] == '0')
		zeros++;
	return whole - zeros <= PORTAL_MAX_DIGITS &&
		digits->count - whole <= PORTAL_MAX_DECIMALS;
}

/* Is there nothing but white space? */
static bool
is_blank(const char *text, size_t length)
{
	size_t		size;

	for (size_t at = 0; at < length; at += size)
	{
		if (!portal_is_space(portal_character(text, length, at, &size)))
			return false;
	}
	return true;
}

/*
 * Reads an amount and writes it as a decimal number, without a final zero
 * byte: a minus sign, digits, a point, digits. The decimals are those written.
 */
PortalStatus
portal_amount_read(const char *text, size_t length, char *decimal,
				   PortalAmount *amount)
{
	Reader		reader = {text, length, 0, 0, 0, false, false, amount};
	Digits		digits = {decimal + 1, 0, 0, MARK_NONE, MARK_NONE, 0, 0, true};
	PortalStatus status;
	bool		has_decimals;
	size_t		decimals;

	memset(amount, 0, sizeof(*amount));
	if (length > PORTAL_AMOUNT_MAX_LENGTH)
		return fail(&reader, PORTAL_TOO_LONG, 0, 0);
	if (read_side(&reader, false) != PORTAL_OK)
		return amount->status;
	if (is_blank(text, length))
		return fail(&reader, PORTAL_EMPTY, 0, 0);

	reader.number = reader.at;
	read_digits(&reader, &digits);
	status = check_marks(&digits, &has_decimals);
	if (status != PORTAL_OK)
	{
		amount->digits = digits.count - digits.before_last;
		return fail(&reader, status, reader.number,
					reader.at - reader.number);
	}
	if (read_side(&reader, true) != PORTAL_OK)
		return amount->status;
	if (reader.open)
		return fail(&reader, PORTAL_PARENTHESIS, 0, 0);
	if (reader.signs > 1)
		return fail(&reader, PORTAL_SIGNS, 0, 0);
	if (!fits_numeric(&digits, has_decimals))
		return fail(&reader, PORTAL_TOO_LONG, 0, 0);

	/* the sign has its place before the digits, and the point among them */
	if (has_decimals)
	{
		decimals = digits.count - digits.before_last;
		memmove(digits.out + digits.before_last + 1,
				digits.out + digits.before_last, decimals);
		digits.out[digits.before_last] = '.';
		digits.count++;
	}
	if (reader.negative)
		decimal[0] = '-';
	else
		memmove(decimal, decimal + 1, digits.count);
	amount->length = digits.count + (reader.negative ? 1 : 0);
	return PORTAL_OK;
}
