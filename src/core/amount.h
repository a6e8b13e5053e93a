/*-------------------------------------------------------------------------
 *
 * amount.h
 *	  Exact amounts: signed 128-bit integers of 10^-8 dollars.
 *
 * The server's numeric is read and written in its stored form (the bytes behind
 * the varlena header), which is the same on all servers since 9.1 and can't
 * change without breaking pg_upgrade.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_AMOUNT_H
#define CARM_AMOUNT_H

#if !defined(__SIZEOF_INT128__)
#error "carm needs a 64-bit platform and a compiler with __int128"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Aligned to 8 bytes, as the server's memory is, not to 16 as by default. */
__extension__ typedef __int128 Amount __attribute__((aligned(8)));
__extension__ typedef unsigned __int128 UnsignedAmount __attribute__((aligned(8)));

/* Symmetric, so that a negated amount is one as well. */
#define AMOUNT_MAX	((Amount) (~(UnsignedAmount) 0 >> 1))
#define AMOUNT_MIN	(-AMOUNT_MAX)

/* AMOUNT_MAX as text, for error messages. */
#define AMOUNT_MAX_TEXT	"1701411834604692317316873037158.84105727"

#define AMOUNT_DECIMALS		8
#define AMOUNT_DOLLAR		((Amount) 100000000)
#define AMOUNT_CENT			((Amount) 1000000)

/* Room for the longest text (sign, 39 digits, point, NUL) and numeric body. */
#define AMOUNT_TEXT_SIZE	48
#define AMOUNT_NUMERIC_SIZE	24

typedef enum AmountStatus
{
	AMOUNT_OK,
	AMOUNT_NOT_A_NUMBER,
	AMOUNT_INFINITE,
	AMOUNT_TOO_FINE,			/* more than eight decimals */
	AMOUNT_TOO_LARGE,
	AMOUNT_SYNTAX
} AmountStatus;

extern AmountStatus amount_from_numeric(const void *body, size_t length,
										Amount *amount);
extern size_t amount_to_numeric(Amount amount, void *body);
extern AmountStatus amount_from_text(const char *text, size_t length,
									 Amount *amount);
extern size_t amount_to_text(Amount amount, char *text);

/*
 * The server's numeric: digits of base 10000, most significant first, behind a
 * header whose highest two bits say which form it has. In the short form the
 * header holds all but the digits; in the long one the weight follows it.
 */
#define NUMERIC_BASE				10000
#define NUMERIC_DIGITS_OF_DOLLAR	2	/* 10^8 is 10000^2 */
#define NUMERIC_FORM				0xC000
#define NUMERIC_SHORT				0x8000
#define NUMERIC_SPECIAL				0xC000
#define NUMERIC_NEGATIVE			0x4000
#define NUMERIC_NAN					0xC000
#define NUMERIC_SHORT_NEGATIVE		0x2000
#define NUMERIC_SHORT_SCALE_SHIFT	7
#define NUMERIC_SHORT_WEIGHT_SIGN	0x0040
#define NUMERIC_SHORT_WEIGHT_MASK	0x003F

/* Adds two amounts; false if an amount can't hold the sum. */
static inline bool
amount_add(Amount a, Amount b, Amount *sum)
{
	return !__builtin_add_overflow(a, b, sum) && *sum >= AMOUNT_MIN;
}

/*
 * Reads the most common numerics: up to 99,999,999.99999999 dollars in the
 * short form, up to four digits of base 10000. False for all others, which
 * amount_from_numeric reads.
 */
static inline bool
amount_from_short_numeric(const void *body, size_t length, int64_t *amount)
{
	static const int64_t power[] = {1, 10000, 100000000,
	INT64_C(1000000000000), INT64_C(10000000000000000)};
	const unsigned char *bytes = (const unsigned char *) body;
	uint16_t	header;
	uint16_t	digit[4];
	int			ndigits;
	int			weight;
	int			exponent;
	int64_t		value;

	if (length < sizeof(header) || length > sizeof(header) + sizeof(digit))
		return false;
	memcpy(&header, bytes, sizeof(header));
	if ((header & NUMERIC_FORM) != NUMERIC_SHORT)
		return false;

	ndigits = (int) ((length - sizeof(header)) / sizeof(uint16_t));
	weight = (int) (header & NUMERIC_SHORT_WEIGHT_MASK) -
		(int) (header & NUMERIC_SHORT_WEIGHT_SIGN);
	exponent = weight - ndigits + 3;
	if (weight > 1 || exponent < 0 || exponent > 4)
		return false;

	bytes += sizeof(header);
	switch (ndigits)
	{
		case 0:
			*amount = 0;
			return true;
		case 1:
			memcpy(digit, bytes, 2);
			value = digit[0];
			break;
		case 2:
			memcpy(digit, bytes, 4);
			value = digit[0] * NUMERIC_BASE + digit[1];
			break;
		case 3:
			memcpy(digit, bytes, 6);
			value = (int64_t) (digit[0] * NUMERIC_BASE + digit[1]) * NUMERIC_BASE + digit[2];
			break;
		default:
			memcpy(digit, bytes, 8);
			value = (int64_t) (digit[0] * NUMERIC_BASE + digit[1]) * 100000000 +
				(digit[2] * NUMERIC_BASE + digit[3]);
			break;
	}
	value *= power[exponent];
	*amount = (header & NUMERIC_SHORT_NEGATIVE) ? -value : value;
	return true;
}

#endif							/* CARM_AMOUNT_H */
