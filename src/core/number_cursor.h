/*-------------------------------------------------------------------------
 *
 * number_cursor.h
 *	  Reads a text letter by letter and digit by digit, without separators.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_NUMBER_CURSOR_H
#define CARM_NUMBER_CURSOR_H

#include <stddef.h>

#include "ascii.h"
#include "poll.h"

/* Which bytes are the no-break spaces U+00A0 and U+202F. */
typedef enum NumberSpaces
{
	NUMBER_SPACES_ASCII,		/* none are known */
	NUMBER_SPACES_UTF8,			/* C2 A0 and E2 80 AF */
	NUMBER_SPACES_LATIN			/* A0; the narrow one does not exist */
} NumberSpaces;

/* A text, without white space around it, read character by character. */
typedef struct NumberCursor
{
	const unsigned char *first;
	const unsigned char *next;
	const unsigned char *end;
	size_t		skipped;		/* separators so far */
	NumberSpaces spaces;
} NumberCursor;

/* The length of the no-break space that starts at p; 0 if none does. */
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
static inline void
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

#endif							/* CARM_NUMBER_CURSOR_H */
