/*-------------------------------------------------------------------------
 *
 * number_text.c
 *	  Business numbers and program accounts as people write them.
 *
 *-------------------------------------------------------------------------
 */
#include "number_text.h"

#include <string.h>

#include "ascii.h"
#include "poll.h"

/* A text without what surrounds it, read letter by letter and digit by digit. */
typedef struct NumberCursor
{
	const unsigned char *first;
	const unsigned char *next;
	const unsigned char *end;
	size_t		skipped;		/* what didn't count, so far */
	NumberSpaces spaces;
} NumberCursor;

/* How many bytes the no-break space that starts at p has; 0 for no such. */
static inline size_t
no_break_space(const unsigned char *p, const unsigned char *end,
			   NumberSpaces spaces)
{
	if (spaces == NUMBER_SPACES_UTF8)
	{
		if (end - p >= 2 && p[0] == 0xC2 && p[1] == 0xA0)
			return 2;
		if (end - p >= 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] == 0xAF)
			return 3;
	}
	else if (spaces == NUMBER_SPACES_LATIN && p < end && *p == 0xA0)
		return 1;
	return 0;
}

/* Sets the cursor on a text, past the white space on either side of it. */
static void
cursor_start(NumberCursor *cursor, const char *s, size_t len,
			 NumberSpaces spaces)
{
	const unsigned char *p = (const unsigned char *) s;
	const unsigned char *end = p + len;
	size_t		reads = 0;

	while (p < end)
	{
		size_t		n = ascii_is_space(*p) ? 1 : no_break_space(p, end, spaces);

		if (n == 0)
			break;
		p += n;
		poll_at(++reads);
	}
	while (end > p)
	{
		if (ascii_is_space(end[-1]) || no_break_space(end - 1, end, spaces))
			end--;
		else if (end - p >= 2 && no_break_space(end - 2, end, spaces) == 2)
			end -= 2;
		else if (end - p >= 3 && no_break_space(end - 3, end, spaces) == 3)
			end -= 3;
		else
			break;
		poll_at(++reads);
	}
	cursor->first = cursor->next = p;
	cursor->end = end;
	cursor->skipped = reads;
	cursor->spaces = spaces;
}

/*
 * The next byte that counts, in upper case, or -1 at the end.
 *
 * Spaces and hyphens between others don't count. This is the only place that
 * says which: a text is equal to a value if and only if it is good input for it.
 */
static inline int
cursor_next(NumberCursor *cursor)
{
	while (cursor->next < cursor->end)
	{
		const unsigned char *p = cursor->next;
		size_t		n = 0;

		if (*p == ' ')
			n = 1;
		else if (*p == '-')
			n = p > cursor->first && p + 1 < cursor->end ? 1 : 0;
		else if (*p >= 0x80)
			n = no_break_space(p, cursor->end, cursor->spaces);
		if (n == 0)
		{
			cursor->next++;
			return ascii_upper(*p);
		}
		cursor->next += n;
		poll_at(++cursor->skipped);
	}
	return -1;
}

/* Whether a text that is one character short lacks only a leading zero. */
static bool
zero_is_lost(NumberKind kind, const NumberParse *result)
{
	size_t		length = number_length(kind);
	char		longer[NUMBER_BUFFER];
	uint64_t	value;

	if (result->length != length - 1)
		return false;
	longer[0] = '0';
	memcpy(longer + 1, result->compact, length - 1);
	return number_read(kind, longer, length, &value);
}

/* What is wrong with a text of the right shape that number_read refuses. */
static NumberStatus
judge_number(NumberParse *result)
{
	result->found = result->compact[8] - '0';
	result->required = number_check_digit(result->compact);
	if (memcmp(result->compact, "000000000", NUMBER_BN9_LENGTH) == 0)
		return NUMBER_PLACEHOLDER;
	if (result->found != result->required)
	{
		if (memcmp(result->compact, "123456789", NUMBER_BN9_LENGTH) == 0)
			result->hint = NUMBER_HINT_GUIDES;
		return NUMBER_CHECK_DIGIT;
	}
	return NUMBER_REFERENCE;
}

/* The long way of number_parse: all separators, all causes. */
static NumberStatus
parse_slowly(NumberKind kind, const char *s, size_t len, NumberSpaces spaces,
			 NumberParse *result)
{
	size_t		length = number_length(kind);
	NumberKind	other = kind == NUMBER_BN9 ? NUMBER_ACCOUNT : NUMBER_BN9;
	size_t		offsets[NUMBER_ACCOUNT_LENGTH] = {0};
	NumberCursor cursor;
	uint64_t	other_value;
	int			c;

	cursor_start(&cursor, s, len, spaces);
	if (cursor.next == cursor.end)
		return NUMBER_EMPTY;
	while ((c = cursor_next(&cursor)) != -1)
	{
		size_t		offset = (size_t) (cursor.next - 1 -
									   (const unsigned char *) s);

		if (!ascii_is_digit(c) && !ascii_is_letter(c))
		{
			result->offset = offset;
			if (c == '.' && cursor.end - cursor.next == 1 &&
				*cursor.next == '0')
				result->hint = NUMBER_HINT_DECIMAL;
			return NUMBER_CHARACTER;
		}
		if (result->length < NUMBER_ACCOUNT_LENGTH)
		{
			result->compact[result->length] = (char) c;
			offsets[result->length] = offset;
		}
		poll_at(++result->length);
	}
	if (number_has_shape(other, result->compact, result->length))
	{
		if (number_read(other, result->compact, result->length, &other_value))
			result->hint = kind == NUMBER_BN9 ? NUMBER_HINT_CAST :
				NUMBER_HINT_CONSTRUCT;
		else if (memcmp(result->compact, "123456789", NUMBER_BN9_LENGTH) == 0)
			result->hint = NUMBER_HINT_GUIDES;
		return NUMBER_OTHER_KIND;
	}
	if (result->length != length)
	{
		if (zero_is_lost(kind, result))
			result->hint = NUMBER_HINT_ZERO;
		return NUMBER_LENGTH;
	}
	for (size_t i = 0; i < length; i++)
	{
		bool		is_program = i == 9 || i == 10;

		c = result->compact[i];
		if (is_program ? ascii_is_letter(c) : ascii_is_digit(c))
			continue;
		result->offset = offsets[i];
		if (is_program)
			return NUMBER_NOT_LETTER;
		if (c == 'O')
			result->hint = NUMBER_HINT_LETTER_O;
		else if (c == 'I' || s[offsets[i]] == 'l')
			result->hint = NUMBER_HINT_LETTER_I;
		return NUMBER_NOT_DIGIT;
	}
	if (number_read(kind, result->compact, length, &result->value))
		return NUMBER_OK;
	return judge_number(result);
}

/*
 * Reads a text as a person may have written it: the only way in for text.
 */
NumberStatus
number_parse(NumberKind kind, const char *s, size_t len, NumberSpaces spaces,
			 NumberParse *result)
{
	if (number_read(kind, s, len, &result->value))
		return result->status = NUMBER_OK;
	memset(result, 0, sizeof(*result));
	return result->status = parse_slowly(kind, s, len, spaces, result);
}

/*
 * Compares two texts by their letters and digits, byte by byte.
 *
 * This order holds over values and texts alike: a value stands where its
 * canonical text does. It never fails, reads each text once and copies nothing.
 */
int
number_compare_texts(const char *a, size_t a_len, const char *b, size_t b_len,
					 NumberSpaces spaces)
{
	NumberCursor a_cursor;
	NumberCursor b_cursor;
	size_t		reads = 0;

	cursor_start(&a_cursor, a, a_len, spaces);
	cursor_start(&b_cursor, b, b_len, spaces);
	for (;;)
	{
		int			a_next = cursor_next(&a_cursor);
		int			b_next = cursor_next(&b_cursor);

		if (a_next != b_next)
			return a_next < b_next ? -1 : 1;
		if (a_next == -1)
			return 0;
		poll_at(++reads);
	}
}

/* Compares a value with a text, in the same order. */
int
number_compare_text(NumberKind kind, uint64_t value, const char *s, size_t len,
					NumberSpaces spaces)
{
	char		canonical[NUMBER_BUFFER];
	uint64_t	other;

	if (number_read(kind, s, len, &other))
		return value < other ? -1 : value > other;
	return number_compare_texts(canonical,
								number_format(kind, value, canonical),
								s, len, spaces);
}

/*
 * The hash of a text: that of the value it is equal to, if it is, else of its
 * letters and digits (FNV-1a). Frozen like the above.
 */
uint64_t
number_hash_text(const char *s, size_t len, NumberSpaces spaces, uint64_t seed)
{
	NumberParse parse;
	NumberCursor cursor;
	uint64_t	h = UINT64_C(0xCBF29CE484222325);
	size_t		reads = 0;
	int			c;

	if (number_parse(NUMBER_BN9, s, len, spaces, &parse) == NUMBER_OK ||
		number_parse(NUMBER_ACCOUNT, s, len, spaces, &parse) == NUMBER_OK)
		return number_hash(parse.value, seed);
	cursor_start(&cursor, s, len, spaces);
	while ((c = cursor_next(&cursor)) != -1)
	{
		h = (h ^ (uint64_t) c) * UINT64_C(0x100000001B3);
		poll_at(++reads);
	}
	return number_hash(h, seed);
}
