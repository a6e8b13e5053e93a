/*-------------------------------------------------------------------------
 *
 * number_text.c
 *	  Business numbers and program accounts as people write them.
 *
 *-------------------------------------------------------------------------
 */
#include "number_text.h"

#include <string.h>

/* Reads a text as a person may have written it; or says what is wrong with it. */
NumberStatus
number_parse(NumberKind kind, const char *s, size_t len, NumberSpaces spaces,
			 NumberParse *result)
{
	if (number_read(kind, s, len, &result->value))
		return result->status = NUMBER_OK;
	return result->status = number_parse_slowly(kind, s, len, spaces, result);
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
 * The hash of a text: that of the value it is equal to, or, if it is equal to
 * none, of its letters and digits (FNV-1a). Frozen like number_hash.
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
