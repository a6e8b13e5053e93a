/*-------------------------------------------------------------------------
 *
 * number.c
 *	  Business numbers and program accounts, as integers and as canonical text.
 *
 *-------------------------------------------------------------------------
 */
#include "number.h"

#include <string.h>

#include "ascii.h"

#define EACH_BYTE(b)	(UINT64_C(0x0101010101010101) * (b))
#define EACH_PAIR(w)	(UINT64_C(0x0001000100010001) * (w))

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
put_eight(char *s, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		s[i] = (char) (v >> (8 * i));
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

/* A number below 100,000,000 as eight digits, one a byte, first digit lowest. */
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

/* The check digit, by the Luhn rule, that eight digits, one a byte, require. */
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
	if (!ascii_is_letter(s[0]) || !ascii_is_letter(s[1]) || !ascii_is_digit(s[2]) ||
		!ascii_is_digit(s[3]) || !ascii_is_digit(s[4]) || !ascii_is_digit(s[5]))
		return false;
	*program = (s[0] - 'A') * 26 + s[1] - 'A';
	*reference = (s[2] - '0') * 1000 + (s[3] - '0') * 100 +
		(s[4] - '0') * 10 + s[5] - '0';
	return true;
}

/*
 * Reads the canonical text of a valid value, and refuses everything else.
 *
 * Text that a value was written as is read here alone: this is the quick way.
 */
bool
number_read(NumberKind kind, const char *s, size_t len, uint64_t *value)
{
	uint64_t	digits;
	uint32_t	number;
	int			program;
	int			reference;

	if (len != number_length(kind))
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

/* Whether letters and digits alternate as in the canonical text of a kind. */
bool
number_has_shape(NumberKind kind, const char *s, size_t len)
{
	uint64_t	digits;
	int			program;
	int			reference;

	if (len != number_length(kind))
		return false;
	return read_eight(s, &digits) && ascii_is_digit(s[8]) &&
		(kind == NUMBER_BN9 ||
		 read_suffix(s + NUMBER_BN9_LENGTH, &program, &reference));
}

/* The check digit that a text's first eight characters, all digits, require. */
int
number_check_digit(const char *s)
{
	return check_digit(load_eight(s) & EACH_BYTE(0x0F));
}

/* Writes the canonical text with a final zero byte; gives its length. */
size_t
number_format(NumberKind kind, uint64_t value, char buffer[NUMBER_BUFFER])
{
	uint32_t	number = (uint32_t) value;
	uint32_t	reference;

	if (kind == NUMBER_ACCOUNT)
		number = number_of_account(value);
	put_eight(buffer, number_to_digits(number / 10) + EACH_BYTE('0'));
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

/* The program that two letters name, in either case; -1 for anything else. */
int
number_read_program(const char *s, size_t len)
{
	int			first;
	int			second;

	if (len != 2)
		return -1;
	first = ascii_upper((unsigned char) s[0]);
	second = ascii_upper((unsigned char) s[1]);
	if (!ascii_is_letter(first) || !ascii_is_letter(second))
		return -1;
	return (first - 'A') * 26 + second - 'A';
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
 * The hash of a value; a text that is none has a number in its place.
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
