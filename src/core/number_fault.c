/*-------------------------------------------------------------------------
 *
 * number_fault.c
 *	  Reads a text that is not in canonical form, and finds what is wrong
 *	  with it.
 *
 *-------------------------------------------------------------------------
 */
#include "number_fault.h"

#include <string.h>

/* A label before a number, with the number, is at most so long. */
#define LABELLED_MAX	96

/* Leading zeros that a spreadsheet or an integer may have lost. */
#define LOST_ZEROS_MAX	4

static inline NumberKind
other_kind(NumberKind kind)
{
	return kind == NUMBER_BN9 ? NUMBER_ACCOUNT : NUMBER_BN9;
}

/* The two letters of an account's program. */
static inline bool
is_program_place(size_t place)
{
	return place == NUMBER_BN9_LENGTH || place == NUMBER_BN9_LENGTH + 1;
}

static inline bool
fits_place(size_t place, char c)
{
	return is_program_place(place) ? ascii_is_letter(c) : ascii_is_digit(c);
}

/* Whether letters and digits alternate as where an account begins. */
static bool
has_places(const char *compact, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (!fits_place(i, compact[i]))
			return false;
	}
	return true;
}

/* Whether an account ends after one, two or three digits of its reference. */
static bool
has_short_reference(const NumberParse *result)
{
	return result->length > NUMBER_BN9_LENGTH + 2 &&
		result->length < NUMBER_ACCOUNT_LENGTH &&
		has_places(result->compact, result->length);
}

/*
 * Puts zeros in at a place, as many as are missing, if that makes a value of
 * the kind: the hint then shows it.
 */
static void
put_zeros_back(NumberKind kind, size_t place, NumberParse *result)
{
	size_t		missing = number_length(kind) - result->length;
	char		longer[NUMBER_BUFFER] = {0};
	uint64_t	value;

	memcpy(longer, result->compact, place);
	memset(longer + place, '0', missing);
	memcpy(longer + place + missing, result->compact + place,
		   result->length - place);
	if (!number_read(kind, longer, number_length(kind), &value))
		return;
	memcpy(result->compact, longer, sizeof(longer));
	result->hint = NUMBER_HINT_ZERO;
	result->found = (int) missing;
}

/* What is wrong with a text of another length, and of no value's shape. */
static NumberStatus
judge_length(NumberKind kind, NumberParse *result)
{
	if (has_short_reference(result))
	{
		if (kind == NUMBER_BN9)
			return NUMBER_OTHER_KIND;
		put_zeros_back(kind, NUMBER_BN9_LENGTH + 2, result);
		return NUMBER_SHORT_REFERENCE;
	}
	if (result->length < number_length(kind) &&
		result->length >= number_length(kind) - LOST_ZEROS_MAX)
		put_zeros_back(kind, 0, result);
	return NUMBER_LENGTH;
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

/* A text of the other kind's shape, and what may help. */
static NumberStatus
judge_other_kind(NumberKind kind, NumberParse *result)
{
	uint64_t	value;

	if (number_read(other_kind(kind), result->compact, result->length, &value))
		result->hint = kind == NUMBER_BN9 ? NUMBER_HINT_CAST :
			NUMBER_HINT_CONSTRUCT;
	else if (memcmp(result->compact, "123456789", NUMBER_BN9_LENGTH) == 0)
		result->hint = NUMBER_HINT_GUIDES;
	return NUMBER_OTHER_KIND;
}

/* The first character that doesn't stand where it may. */
static NumberStatus
judge_place(const char *s, size_t place, NumberParse *result)
{
	char		c = result->compact[place];

	if (is_program_place(place))
		return NUMBER_NOT_LETTER;
	if (c == 'O')
		result->hint = NUMBER_HINT_LETTER_O;
	else if (c == 'I' || s[result->offset] == 'l')
		result->hint = NUMBER_HINT_LETTER_I;
	return NUMBER_NOT_DIGIT;
}

/* Reads a text as if nothing stood before the number. */
static NumberStatus
parse_unlabelled(NumberKind kind, const char *s, NumberCursor *cursor,
				 NumberParse *result)
{
	size_t		offsets[NUMBER_ACCOUNT_LENGTH] = {0};
	int			c;

	while ((c = cursor_next(cursor)) != -1)
	{
		size_t		offset = (size_t) (cursor->next - 1 -
									   (const unsigned char *) s);

		if (!ascii_is_digit(c) && !ascii_is_letter(c))
		{
			result->offset = offset;
			if (c == '.' && cursor->end - cursor->next == 1 &&
				*cursor->next == '0')
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
	if (number_has_shape(other_kind(kind), result->compact, result->length))
		return judge_other_kind(kind, result);
	if (result->length != number_length(kind))
		return judge_length(kind, result);
	for (size_t i = 0; i < result->length; i++)
	{
		if (!fits_place(i, result->compact[i]))
		{
			result->offset = offsets[i];
			return judge_place(s, i, result);
		}
	}
	if (number_read(kind, result->compact, result->length, &result->value))
		return NUMBER_OK;
	return judge_number(result);
}

/* Whether a text says what the number after it is: "BN", "GST/HST #". */
static bool
is_label(const unsigned char *first, const unsigned char *end)
{
	for (; first < end; first++)
	{
		if (*first == '#' || ascii_is_letter(ascii_upper(*first)))
			return true;
	}
	return false;
}

/*
 * Finds a label before what has the shape of a number or an account.
 *
 * False leaves the result as it was.
 */
static bool
find_label(NumberKind kind, const char *s, const NumberCursor *whole,
		   NumberParse *result)
{
	if (whole->end - whole->first > LABELLED_MAX)
		return false;
	for (const unsigned char *p = whole->first + 1; p < whole->end; p++)
	{
		NumberParse rest = {0};
		NumberCursor cursor;
		NumberStatus status;

		if (!ascii_is_digit(*p) || ascii_is_digit(p[-1]) ||
			!is_label(whole->first, p))
			continue;
		cursor_start(&cursor, (const char *) p, (size_t) (whole->end - p),
					 whole->spaces);
		status = parse_unlabelled(kind, s, &cursor, &rest);
		if (status == NUMBER_CHARACTER ||
			(!number_has_shape(NUMBER_BN9, rest.compact, rest.length) &&
			 !number_has_shape(NUMBER_ACCOUNT, rest.compact, rest.length)))
			continue;
		if (status == NUMBER_OK)
			rest.hint = NUMBER_HINT_ALONE;
		else if (status != NUMBER_OTHER_KIND)
			rest.hint = NUMBER_NO_HINT;
		cursor_start(&cursor, (const char *) whole->first,
					 (size_t) (p - whole->first), whole->spaces);
		rest.offset = (size_t) (cursor.first - (const unsigned char *) s);
		rest.length = (size_t) (cursor.end - cursor.first);
		*result = rest;
		return true;
	}
	return false;
}

/* The long way of number_parse: all separators, all causes. */
NumberStatus
number_parse_slowly(NumberKind kind, const char *s, size_t len,
					NumberSpaces spaces, NumberParse *result)
{
	NumberCursor whole;
	NumberCursor cursor;
	NumberStatus status;

	memset(result, 0, sizeof(*result));
	cursor_start(&whole, s, len, spaces);
	if (whole.next == whole.end)
		return NUMBER_EMPTY;
	cursor = whole;
	status = parse_unlabelled(kind, s, &cursor, result);
	if ((status == NUMBER_CHARACTER || status == NUMBER_LENGTH ||
		 status == NUMBER_NOT_DIGIT) && find_label(kind, s, &whole, result))
		return NUMBER_LABEL;
	return status;
}

/*
 * One word for what is wrong, to group by; NULL for nothing.
 *
 * Words are promised: later versions may add some, and keep these.
 */
const char *
number_fault(const NumberParse *parse)
{
	switch (parse->status)
	{
		case NUMBER_OK:
			return NULL;
		case NUMBER_EMPTY:
			return "empty";
		case NUMBER_LABEL:
			return "label";
		case NUMBER_CHARACTER:
			return parse->hint == NUMBER_HINT_DECIMAL ? "decimal" : "character";
		case NUMBER_OTHER_KIND:
			return "other_type";
		case NUMBER_LENGTH:
			return parse->hint == NUMBER_HINT_ZERO ? "lost_zeros" : "length";
		case NUMBER_NOT_DIGIT:
			return "not_digit";
		case NUMBER_NOT_LETTER:
			return "not_letter";
		case NUMBER_PLACEHOLDER:
			return "placeholder";
		case NUMBER_CHECK_DIGIT:
			return parse->hint == NUMBER_HINT_GUIDES ? "placeholder" :
				"check_digit";
		case NUMBER_SHORT_REFERENCE:
			return "short_reference";
		case NUMBER_REFERENCE:
			return "reference";
		case NUMBER_PROGRAM:
			return "program";
	}
	return NULL;
}
