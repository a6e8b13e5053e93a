/*-------------------------------------------------------------------------
 *
 * factor.c
 *	  Exact products of amounts and decimal numbers.
 *
 *-------------------------------------------------------------------------
 */
#include "factor.h"

#define DIGITS_PER_NBASE	4

/*
 * A product has as many factors of 2 and 5 as its two sides together, and each
 * side at most 127 of 2: more decimals than that leave a rest.
 */
#define DECIMALS_MAX		256

/* Where a numeric's first digit stands, in powers of its base. */
static AmountStatus
read_header(const unsigned char **bytes, const unsigned char *end,
			bool *negative, int *power)
{
	uint16_t	header;
	int16_t		weight;

	if (end - *bytes < (ptrdiff_t) sizeof(header))
		return AMOUNT_SYNTAX;
	memcpy(&header, *bytes, sizeof(header));
	*bytes += sizeof(header);
	if ((header & NUMERIC_FORM) == NUMERIC_SPECIAL)
		return header == NUMERIC_NAN ? AMOUNT_NOT_A_NUMBER : AMOUNT_INFINITE;
	if ((header & NUMERIC_FORM) == NUMERIC_SHORT)
	{
		*negative = (header & NUMERIC_SHORT_NEGATIVE) != 0;
		*power = header & NUMERIC_SHORT_WEIGHT_MASK;
		if (header & NUMERIC_SHORT_WEIGHT_SIGN)
			*power -= NUMERIC_SHORT_WEIGHT_MASK + 1;
		return AMOUNT_OK;
	}
	if (end - *bytes < (ptrdiff_t) sizeof(weight))
		return AMOUNT_SYNTAX;
	memcpy(&weight, *bytes, sizeof(weight));
	*bytes += sizeof(weight);
	*negative = (header & NUMERIC_FORM) == NUMERIC_NEGATIVE;
	*power = weight;
	return AMOUNT_OK;
}

/* Appends a digit of some base; false where the digits can't be held. */
static bool
append(UnsignedAmount *digits, unsigned base, unsigned digit)
{
	if (*digits > ((UnsignedAmount) AMOUNT_MAX - digit) / base)
		return false;
	*digits = *digits * base + digit;
	return true;
}

/*
 * Reads the stored form of a numeric, without its varlena header. What has more
 * than 35 digits may be too large.
 */
AmountStatus
factor_from_numeric(const void *body, size_t length, Factor *factor)
{
	const unsigned char *bytes = (const unsigned char *) body;
	const unsigned char *end = bytes + length;
	UnsignedAmount digits = 0;
	bool		negative = false;
	int			power = 0;		/* of the digit to come */
	AmountStatus status = read_header(&bytes, end, &negative, &power);

	if (status != AMOUNT_OK)
		return status;
	for (; end - bytes >= (ptrdiff_t) sizeof(uint16_t); power--)
	{
		uint16_t	digit;

		memcpy(&digit, bytes, sizeof(digit));
		bytes += sizeof(digit);
		if (digit >= NUMERIC_BASE)
			return AMOUNT_SYNTAX;
		if (!append(&digits, NUMERIC_BASE, digit))
			return AMOUNT_TOO_LARGE;
	}
	factor->decimals = -(power + 1) * DIGITS_PER_NBASE;
	for (; digits != 0 && digits % 10 == 0; digits /= 10)
		factor->decimals--;
	factor->digits = negative ? -(Amount) digits : (Amount) digits;
	return AMOUNT_OK;
}

/* Takes a divisor out of one of two numbers; false where neither has it. */
static bool
take_out(Amount *a, Amount *b, int divisor)
{
	Amount	   *from = *a % divisor == 0 ? a : b;

	if (*from % divisor != 0)
		return false;
	*from /= divisor;
	return true;
}

/* Multiplies; too fine is a product that has more than an amount's decimals. */
AmountStatus
factor_multiply(const Factor *factor, Amount amount, Amount *product)
{
	Amount		digits = factor->digits;

	*product = 0;
	if (amount == 0 || digits == 0)
		return AMOUNT_OK;
	if (factor->decimals > DECIMALS_MAX)
		return AMOUNT_TOO_FINE;
	for (int i = 0; i < factor->decimals; i++)
	{
		if (!take_out(&amount, &digits, 2) || !take_out(&amount, &digits, 5))
			return AMOUNT_TOO_FINE;
	}
	for (int i = 0; i > factor->decimals; i--)
	{
		if (__builtin_mul_overflow(amount, (Amount) 10, &amount))
			return AMOUNT_TOO_LARGE;
	}
	if (__builtin_mul_overflow(amount, digits, product) || *product < AMOUNT_MIN)
		return AMOUNT_TOO_LARGE;
	return AMOUNT_OK;
}
