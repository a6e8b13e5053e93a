/*-------------------------------------------------------------------------
 *
 * factor.c
 *	  libFuzzer target: any numeric times any amount.
 *
 * The oracle writes both numbers down in decimal digits and multiplies as one
 * does on paper; a product is exact where the digits past the eighth decimal
 * are zeros.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "factor.h"

#define DIGITS		2000
#define NUMERIC_MAX	40

/* Digits, lowest first; the digit of 1 stands at some place. */
typedef struct Paper
{
	int			digit[DIGITS];
} Paper;

/* A numeric in the stored form, and its value: the digit of 1 is at 1000. */
static size_t
take_numeric(Input *input, uint8_t *body, Paper *paper, bool *negative, int *used)
{
	uint64_t	way = take_bytes(input, 2);
	int			count = (int) (way & 15) % NUMERIC_MAX;
	int			weight = (int) (way >> 4 & 127) - 64;
	bool		is_short = weight < 64 && weight >= -64 && (way >> 11 & 1);
	uint16_t	header;
	size_t		length = 0;

	memset(paper, 0, sizeof(*paper));
	*negative = way >> 12 & 1;
	if (is_short)
	{
		header = (uint16_t) (NUMERIC_SHORT | (*negative ? NUMERIC_SHORT_NEGATIVE : 0) | (weight & 0x7F));
		memcpy(body, &header, 2);
		length = 2;
	}
	else
	{
		int16_t		w = (int16_t) weight;

		header = *negative ? NUMERIC_NEGATIVE : 0;
		memcpy(body, &header, 2);
		memcpy(body + 2, &w, 2);
		length = 4;
	}
	*used = 0;
	for (int i = 0; i < count; i++)
	{
		uint16_t	digit = (uint16_t) (take_bytes(input, 2) % 10000);
		int			place = 1000 + 4 * (weight - i);

		/* the stored form has no zeros at its ends */
		if (digit == 0 && (i == 0 || i == count - 1))
			digit = 5000;
		memcpy(body + length, &digit, 2);
		length += 2;
		for (int j = 0; j < 4; j++, digit /= 10)
			paper->digit[place + j] = digit % 10;
		*used += 4;
	}
	return length;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	uint8_t		body[4 + 2 * NUMERIC_MAX];
	uint8_t    *copy;
	Paper		paper;
	Paper		product = {{0}};
	bool		negative;
	int			used;
	size_t		length = take_numeric(&input, body, &paper, &negative, &used);
	UnsignedAmount magnitude = (UnsignedAmount) (take_wide(&input) >> 1);
	Amount		amount = (Amount) magnitude;
	char		decimal[DECIMAL_SIZE];
	Factor		factor;
	AmountStatus status;
	Amount		result;
	bool		exact = true;
	bool		fits = true;
	UnsignedAmount wanted = 0;

	if (take_bytes(&input, 1) & 1)
		amount = -amount;
	copy = malloc(length);
	memcpy(copy, body, length);
	status = factor_from_numeric(copy, length, &factor);
	free(copy);
	if (status != AMOUNT_OK)
	{
		/* only what has too many digits is refused */
		CHECK(status == AMOUNT_TOO_LARGE && used > 35);
		return 0;
	}

	decimal_of(magnitude, decimal);
	for (int i = (int) strlen(decimal) - 1, place = 0; i >= 0; i--, place++)
	{
		for (int j = 0; j < DIGITS - 60; j++)
			product.digit[j + place] += (decimal[i] - '0') * paper.digit[j];
	}
	for (int i = 0; i < DIGITS - 1; i++)
	{
		product.digit[i + 1] += product.digit[i] / 10;
		product.digit[i] %= 10;
	}
	for (int i = 0; i < 1000; i++)
		exact &= product.digit[i] == 0;
	for (int i = DIGITS - 1; i >= 1000; i--)
	{
		if (wanted > ((UnsignedAmount) AMOUNT_MAX - (unsigned) product.digit[i]) / 10)
			fits = false;
		wanted = wanted * 10 + (unsigned) product.digit[i];
	}

	status = factor_multiply(&factor, amount, &result);
	if (!exact)
		CHECK(status == AMOUNT_TOO_FINE);
	else if (!fits)
		CHECK(status == AMOUNT_TOO_LARGE);
	else
	{
		CHECK(status == AMOUNT_OK);
		CHECK(result == (negative != (amount < 0) ? -(Amount) wanted : (Amount) wanted));
	}
	return 0;
}
