/*-------------------------------------------------------------------------
 *
 * portal_amount.c
 *	  libFuzzer target: any text as an amount of the portal.
 *
 * The oracle writes a text's number down as a pattern of digits and marks and
 * tries every way in which a number may be written, one after the other; what
 * stands beside it is taken off word by word, from both ends.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "portal_amount.h"

#define TEXT_MAX	256

/* A text of one byte a character: spaces that group as '_', others as ' '. */
typedef struct Plain
{
	char		c[TEXT_MAX + 1];
	int			from;
	int			to;
	int			signs;
	int			negative;
} Plain;

static int
plain_of(const uint8_t *s, size_t size, char *plain)
{
	int			n = 0;

	for (size_t i = 0; i < size; i++)
	{
		if (size - i >= 2 && memcmp(s + i, "\302\240", 2) == 0)
			plain[n++] = '_', i += 1;
		else if (size - i >= 3 && (memcmp(s + i, "\342\200\257", 3) == 0 ||
								   memcmp(s + i, "\342\200\211", 3) == 0))
			plain[n++] = '_', i += 2;
		else if (size - i >= 3 && memcmp(s + i, "\342\210\222", 3) == 0)
			plain[n++] = '-', i += 2;
		else if (s[i] == ' ')
			plain[n++] = '_';
		else if (s[i] == '_' || s[i] == 0 || s[i] >= 0x80)
			plain[n++] = '?';
		else if (strchr("\t\n\v\f\r", s[i]) != NULL)
			plain[n++] = ' ';
		else
			plain[n++] = (char) s[i];
	}
	plain[n] = '\0';
	return n;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
count_digits(const char *s, int from, int to)
{
	int			n = 0;

	while (from + n < to && digit(s[from + n]))
		n++;
	return n;
}

/* Is it digits in groups of three with this mark, at least one mark? */
static bool
grouped(const char *s, int from, int to, char mark)
{
	int			n = count_digits(s, from, to);

	if (n < 1 || n > 3 || s[from] == '0' || from + n == to)
		return false;
	for (from += n; from < to; from += 4)
	{
		if (s[from] != mark || count_digits(s, from + 1, to) < 3 ||
			(from + 4 < to && digit(s[from + 4])))
			return false;
	}
	return from == to;
}

/* The place of the decimal mark (or the end) if it is a number; else -1. */
static int
decimal_place(const char *s, int from, int to)
{
	static const char marks[] = "_,.";

	if (from < to && count_digits(s, from, to) == to - from)
		return to;
	for (int i = 0; i < 3; i++)
	{
		/* one point alone is the decimal point */
		if (grouped(s, from, to, marks[i]) && (marks[i] != '.' || to - from > 7))
			return to;
	}
	for (int at = from; at < to; at++)
	{
		int			behind = to - at - 1;
		bool		plain = count_digits(s, from, at) == at - from;

		if ((s[at] != '.' && s[at] != ',') || behind < 1 ||
			count_digits(s, at + 1, to) != behind)
			continue;
		if (plain && (s[at] == '.' || behind <= 2))
			return at;
		for (int i = 0; i < 3; i++)
		{
			if (marks[i] != s[at] && grouped(s, from, at, marks[i]))
				return at;
		}
	}
	return -1;
}

static bool
same(const char *s, int n, const char *word)
{
	if ((int) strlen(word) != n)
		return false;
	for (int i = 0; i < n; i++)
	{
		if ((s[i] | 0x20) != (word[i] | 0x20))
			return false;
	}
	return true;
}

static bool
letter(char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/* Are these the words of one side? Counts signs and parentheses. */
static bool
side(Plain *plain, int from, int to, bool behind, int *parentheses)
{
	int			dollars = 0;
	int			cad = 0;
	int			ca = 0;

	for (int at = from; at < to; at++)
	{
		char		c = plain->c[at];
		int			n = 0;

		while (at + n < to && letter(plain->c[at + n]))
			n++;
		if (n > 0)
		{
			if (same(plain->c + at, n, "cad"))
				cad++;
			else if (same(plain->c + at, n, "ca") || same(plain->c + at, n, "c"))
				ca++;
			else if (behind && same(plain->c + at, n, "cr"))
				plain->signs++, plain->negative++;
			else if (behind && same(plain->c + at, n, "dr"))
				plain->signs++;
			else
				return false;
			at += n - 1;
			continue;
		}
		if (c == '$')
			dollars++;
		else if (c == '-')
			plain->signs++, plain->negative++;
		else if (c == '+')
			plain->signs++;
		else if (c == (behind ? ')' : '('))
			(*parentheses)++;
		else if (c != ' ' && c != '_')
			return false;
	}
	return dollars <= 1 && cad + ca <= 1 && (ca == 0 || dollars == 1);
}

/* Writes the number as core should; NULL where it is none. */
static const char *
expected(const uint8_t *data, size_t size, char *out)
{
	Plain		plain = {.from = 0};
	int			length = plain_of(data, size, plain.c);
	int			open = 0;
	int			close = 0;
	int			place;
	char	   *p = out + 1;
	bool		negative;

	while (plain.from < length && !digit(plain.c[plain.from]) &&
		   plain.c[plain.from] != '.' && plain.c[plain.from] != ',')
		plain.from++;
	for (plain.to = length; plain.to > plain.from && !digit(plain.c[plain.to - 1]);)
		plain.to--;
	place = decimal_place(plain.c, plain.from, plain.to);
	if (place < 0 || !side(&plain, 0, plain.from, false, &open) ||
		!side(&plain, plain.to, length, true, &close) || open != close ||
		open + plain.signs > 1)
		return NULL;
	negative = open + plain.negative > 0;
	for (int i = plain.from; i < plain.to; i++)
	{
		if (i == place)
			*p++ = '.';
		else if (digit(plain.c[i]))
			*p++ = plain.c[i];
	}
	*p = '\0';
	out[0] = '-';
	return negative ? out : out + 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		wanted[TEXT_MAX + 3];
	char	   *copy;
	char	   *decimal;
	const char *right;
	PortalAmount amount;
	PortalStatus status;

	if (size > TEXT_MAX)
		return 0;
	/* of its own size, so that reading or writing past it is seen */
	copy = malloc(size + 1);
	decimal = malloc(PORTAL_DECIMAL_SIZE(size));
	memcpy(copy, data, size);
	right = expected(data, size, wanted);
	status = portal_amount_read(copy, size, decimal, &amount);
	CHECK(status == amount.status && (status == PORTAL_OK) == (right != NULL));
	if (status == PORTAL_OK)
		CHECK(amount.length == strlen(right) && memcmp(decimal, right, amount.length) == 0);
	else
		CHECK(amount.token.offset <= size && amount.token.length <= size - amount.token.offset);
	free(decimal);
	free(copy);
	return 0;
}
