/*-------------------------------------------------------------------------
 *
 * number.c
 *	  Business numbers and program accounts, as integers and as text.
 *
 *-------------------------------------------------------------------------
 */
#include "number.h"

#include <string.h>

#include "ascii.h"
#include "poll.h"

#define EACH_BYTE(b)	(UINT64_C(0x0101010101010101) * (b))
#define EACH_PAIR(w)	(UINT64_C(0x0001000100010001) * (w))

/* A text without what surrounds it, read letter by letter and digit by digit. */
typedef struct NumberCursor
{
	const unsigned char *first;
	const unsigned char *next;
	const unsigned char *end;
	size_t		skipped;		/* what didn't count, so far */
	NumberSpaces spaces;
} NumberCursor;

/* Eight bytes as an integer whose lowest byte is the first. */
static inline uint64_t
load_eight(const char *s)
{
	const unsigned char *p = (const unsigned char *) s;

	return (uint64_t) p[0] | (uint64_t) p[1] << 8 | (uint64_t) p[2] << 16 |
		(uint64_t) p[3] << 24 | (uint64_t) p[4] << 32 | (uint64_t) p[5] << 40 |
		(uint64_t) p[6] << 48 | (uint64_t) p[7] << 56;
}

static inline void
store_eight(char *s, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		s[i] = (char) (v >> (8 * i));
}

static inline bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_letter(int c)
{
	return c >= 'A' && c <= 'Z';
}

/* Eight digits, one a byte, first digit lowest, as the number they write. */
static inline uint32_t
digits_to_number(uint64_t digits)
{
	digits = digits * 10 + (digits >> 8);
	return (uint32_t) (((digits & UINT64_C(0x000000FF000000FF)) *
						UINT64_C(0x000F424000000064) +
						(digits >> 16 & UINT64_C(0x000000FF000000FF)) *
						UINT64_C(0x0000271000000001)) >> 32);
}

/* The reverse, for a number below 100,000,000. */
static inline uint64_t
number_to_digits(uint32_t number)
{
	uint64_t	fours = number / 10000 | (uint64_t) (number % 10000) << 32;
	uint64_t	twos;
	uint64_t	tens;

	/* 10486 / 2^20 divides by 100, and 103 / 2^10 by 10, exactly here */
	twos = fours * 10486 >> 20 & UINT64_C(0x0000007F0000007F);
	twos |= (fours - 100 * twos) << 16;
	tens = twos * 103 >> 10 & EACH_PAIR(0x000F);
	return tens | (twos - 10 * tens) << 8;
}

/* The Luhn check digit that the first eight digits, as above, require. */
static inline int
check_digit(uint64_t digits)
{
	uint64_t	plain = digits & EACH_PAIR(0x00FF);
	uint64_t	doubled = digits >> 8 & EACH_PAIR(0x00FF);
	uint64_t	carries = (doubled + EACH_PAIR(0x007B)) >> 7 & EACH_PAIR(1);
	uint64_t	sum;

	/* twice a digit above 4 has two digits, which add up to 9 less */
	sum = plain + 2 * doubled - 9 * carries;
	sum = sum * EACH_PAIR(1) >> 48;
	return (int) ((80 - sum) % 10);
}

/* The digits of eight bytes, if they are eight digits. */
static inline bool
read_eight(const char *s, uint64_t *digits)
{
	uint64_t	v = load_eight(s);

	*digits = v & EACH_BYTE(0x0F);
	return (v & EACH_BYTE(0xF0)) == EACH_BYTE(0x30) &&
		((v + EACH_BYTE(0x06)) & EACH_BYTE(0xF0)) == EACH_BYTE(0x30);
}

/* The part of an account after the number, in upper case: XX9999. */
static inline bool
read_suffix(const char *s, int *program, int *reference)
{
	if (!is_letter(s[0]) || !is_letter(s[1]) || !is_digit(s[2]) ||
		!is_digit(s[3]) || !is_digit(s[4]) || !is_digit(s[5]))
		return false;
	*program = (s[0] - 'A') * 26 + s[1] - 'A';
	*reference = (s[2] - '0') * 1000 + (s[3] - '0') * 100 +
		(s[4] - '0') * 10 + s[5] - '0';
	return true;
}

/*
 * Reads the canonical text of a valid value, and refuses everything else.
 *
 * Data that has been through this type once takes only this short way.
 */
bool
number_read(NumberKind kind, const char *s, size_t len, uint64_t *value)
{
	uint64_t	digits;
	uint32_t	number;
	int			program;
	int			reference;

	if (len != (kind == NUMBER_BN9 ? NUMBER_BN9_LENGTH : NUMBER_ACCOUNT_LENGTH))
		return false;
	if (!read_eight(s, &digits) || s[8] != '0' + check_digit(digits) ||
		digits == 0)
		return false;
	number = digits_to_number(digits) * 10 + (uint32_t) (s[8] - '0');
	if (kind == NUMBER_BN9)
	{
		*value = number;
		return true;
	}
	if (!read_suffix(s + NUMBER_BN9_LENGTH, &program, &reference) ||
		reference == 0)
		return false;
	*value = number_account(number, program, reference);
	return true;
}

/* Writes the canonical text with a final zero byte; gives its length. */
size_t
number_format(NumberKind kind, uint64_t value, char buffer[NUMBER_BUFFER])
{
	uint32_t	number = (uint32_t) value;
	uint32_t	reference;

	if (kind == NUMBER_ACCOUNT)
		number = number_of_account(value);
	store_eight(buffer, number_to_digits(number / 10) + EACH_BYTE('0'));
	buffer[8] = (char) ('0' + number % 10);
	if (kind == NUMBER_BN9)
	{
		buffer[NUMBER_BN9_LENGTH] = '\0';
		return NUMBER_BN9_LENGTH;
	}
	number_format_program(number_program_of_account(value), buffer + 9);
	reference = (uint32_t) number_reference_of_account(value);
	buffer[11] = (char) ('0' + reference / 1000);
	buffer[12] = (char) ('0' + reference / 100 % 10);
	buffer[13] = (char) ('0' + reference / 10 % 10);
	buffer[14] = (char) ('0' + reference % 10);
	buffer[NUMBER_ACCOUNT_LENGTH] = '\0';
	return NUMBER_ACCOUNT_LENGTH;
}

/* Writes the two letters of a program, with a final zero byte. */
void
number_format_program(int program, char letters[3])
{
	letters[0] = (char) ('A' + program / 26);
	letters[1] = (char) ('A' + program % 26);
	letters[2] = '\0';
}

static inline int
upper(int c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* The program that two letters name, in either case; -1 for anything else. */
int
number_read_program(const char *s, size_t len)
{
	int			first;
	int			second;

	if (len != 2)
		return -1;
	first = upper((unsigned char) s[0]);
	second = upper((unsigned char) s[1]);
	if (!is_letter(first) || !is_letter(second))
		return -1;
	return (first - 'A') * 26 + second - 'A';
}

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
			return upper(*p);
		}
		cursor->next += n;
		poll_at(++cursor->skipped);
	}
	return -1;
}

/* Whether letters and digits alternate as in a value of the kind. */
static bool
has_shape(NumberKind kind, const char *compact, size_t length)
{
	uint64_t	digits;
	int			program;
	int			reference;

	if (length != (kind == NUMBER_BN9 ? NUMBER_BN9_LENGTH :
				   NUMBER_ACCOUNT_LENGTH))
		return false;
	return read_eight(compact, &digits) && is_digit(compact[8]) &&
		(kind == NUMBER_BN9 ||
		 read_suffix(compact + NUMBER_BN9_LENGTH, &program, &reference));
}

/* Whether a text that is one character short lacks only a leading zero. */
static bool
zero_is_lost(NumberKind kind, const NumberParse *result)
{
	size_t		length = kind == NUMBER_BN9 ? NUMBER_BN9_LENGTH :
		NUMBER_ACCOUNT_LENGTH;
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
	uint64_t	digits;

	(void) read_eight(result->compact, &digits);
	result->found = result->compact[8] - '0';
	result->required = check_digit(digits);
	if (digits == 0 && result->found == 0)
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
	size_t		length = kind == NUMBER_BN9 ? NUMBER_BN9_LENGTH :
		NUMBER_ACCOUNT_LENGTH;
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

		if (!is_digit(c) && !is_letter(c))
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
	if (has_shape(other, result->compact, result->length))
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
		if (is_program ? is_letter(c) : is_digit(c))
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

/* The only valid number with these first eight digits; none are 00000000. */
static inline uint32_t
complete_number(uint32_t first_eight)
{
	return first_eight * 10 +
		(uint32_t) check_digit(number_to_digits(first_eight));
}

uint64_t
number_lowest(NumberKind kind)
{
	uint32_t	number = complete_number(1);

	return kind == NUMBER_BN9 ? number : number_lowest_account(number);
}

uint64_t
number_highest(NumberKind kind)
{
	uint32_t	number = complete_number(NUMBER_MAX_BN9 / 10);

	return kind == NUMBER_BN9 ? number : number_highest_account(number);
}

/* Turns a value into the next valid one; false if it is the highest. */
bool
number_next(NumberKind kind, uint64_t *value)
{
	uint32_t	number = (uint32_t) *value;

	if (*value == number_highest(kind))
		return false;
	if (kind == NUMBER_ACCOUNT)
	{
		int			program = number_program_of_account(*value);
		int			reference = number_reference_of_account(*value);

		number = number_of_account(*value);
		if (reference < NUMBER_MAX_REFERENCE)
			*value = number_account(number, program, reference + 1);
		else if (program < NUMBER_MAX_PROGRAM)
			*value = number_account(number, program + 1, 1);
		else
			*value = number_lowest_account(complete_number(number / 10 + 1));
		return true;
	}
	*value = complete_number(number / 10 + 1);
	return true;
}

/* Turns a value into the valid one before it; false if it is the lowest. */
bool
number_previous(NumberKind kind, uint64_t *value)
{
	uint32_t	number = (uint32_t) *value;

	if (*value == number_lowest(kind))
		return false;
	if (kind == NUMBER_ACCOUNT)
	{
		int			program = number_program_of_account(*value);
		int			reference = number_reference_of_account(*value);

		number = number_of_account(*value);
		if (reference > 1)
			*value = number_account(number, program, reference - 1);
		else if (program > 0)
			*value = number_account(number, program - 1, NUMBER_MAX_REFERENCE);
		else
			*value = number_highest_account(complete_number(number / 10 - 1));
		return true;
	}
	*value = complete_number(number / 10 - 1);
	return true;
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
 * The hash of a value, or of what else stands for one.
 *
 * Frozen: hash partitions and hash indexes on disk depend on it. The low half
 * with seed 0 is the plain hash. (The mixing is that of MurmurHash3.)
 */
uint64_t
number_hash(uint64_t value, uint64_t seed)
{
	uint64_t	h = value + seed * UINT64_C(0x9E3779B97F4A7C15);

	h ^= h >> 33;
	h *= UINT64_C(0xFF51AFD7ED558CCD);
	h ^= h >> 33;
	h *= UINT64_C(0xC4CEB9FE1A85EC53);
	h ^= h >> 33;
	return h;
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
