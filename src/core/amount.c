/*-------------------------------------------------------------------------
 *
 * amount.c
 *	  Exact amounts: signed 128-bit integers of 10^-8 dollars.
 *
 *-------------------------------------------------------------------------
 */
#include "amount.h"

/* Appends a digit to a magnitude; false where it can't be held. */
static bool
append_digit(UnsignedAmount *magnitude, unsigned base, unsigned digit)
{
	if (*magnitude > ((UnsignedAmount) AMOUNT_MAX - digit) / base)
		return false;
	*magnitude = *magnitude * base + digit;
	return true;
}

/* Reads the stored form of a numeric, without its varlena header. */
AmountStatus
amount_from_numeric(const void *body, size_t length, Amount *amount)
{
	const unsigned char *bytes = (const unsigned char *) body;
	const unsigned char *end = bytes + length;
	UnsignedAmount magnitude = 0;
	uint16_t	header;
	bool		negative;
	int			power;

	if (length < sizeof(header))
		return AMOUNT_SYNTAX;
	memcpy(&header, bytes, sizeof(header));
	bytes += sizeof(header);

	if ((header & NUMERIC_FORM) == NUMERIC_SPECIAL)
		return header == NUMERIC_NAN ? AMOUNT_NOT_A_NUMBER :
			AMOUNT_INFINITE;
	if ((header & NUMERIC_FORM) == NUMERIC_SHORT)
	{
		negative = (header & NUMERIC_SHORT_NEGATIVE) != 0;
		power = header & NUMERIC_SHORT_WEIGHT_MASK;
		if (header & NUMERIC_SHORT_WEIGHT_SIGN)
			power -= NUMERIC_SHORT_WEIGHT_MASK + 1;
	}
	else
	{
		int16_t		weight;

		if (end - bytes < (ptrdiff_t) sizeof(weight))
			return AMOUNT_SYNTAX;
		memcpy(&weight, bytes, sizeof(weight));
		bytes += sizeof(weight);
		negative = (header & NUMERIC_FORM) == NUMERIC_NEGATIVE;
		power = weight;
	}
	power += NUMERIC_DIGITS_OF_DOLLAR;

	for (; end - bytes >= (ptrdiff_t) sizeof(uint16_t); power--)
	{
		uint16_t	digit;

		memcpy(&digit, bytes, sizeof(digit));
		bytes += sizeof(digit);
		if (digit >= NUMERIC_BASE)
			return AMOUNT_SYNTAX;
		if (power < 0)
		{
			if (digit != 0)
				return AMOUNT_TOO_FINE;
		}
		else if (!append_digit(&magnitude, NUMERIC_BASE, digit))
			return AMOUNT_TOO_LARGE;
	}
	for (; power >= 0 && magnitude != 0; power--)
	{
		if (!append_digit(&magnitude, NUMERIC_BASE, 0))
			return AMOUNT_TOO_LARGE;
	}

	*amount = negative ? -(Amount) magnitude : (Amount) magnitude;
	return AMOUNT_OK;
}

/* The decimals that show a magnitude exactly, two at least. */
static int
shown_decimals(UnsignedAmount magnitude)
{
	uint32_t	fraction = magnitude <= UINT64_MAX ?
		(uint32_t) ((uint64_t) magnitude % (uint64_t) AMOUNT_DOLLAR) :
		(uint32_t) (magnitude % (UnsignedAmount) AMOUNT_DOLLAR);
	int			decimals = AMOUNT_DECIMALS;

	if (fraction % (uint32_t) AMOUNT_CENT == 0)
		return 2;
	while (decimals > 2 && fraction % 10 == 0)
	{
		fraction /= 10;
		decimals--;
	}
	return decimals;
}

/*
 * Writes the stored form of a numeric, without its varlena header, and
 * returns its length: at most AMOUNT_NUMERIC_SIZE.
 */
size_t
amount_to_numeric(Amount amount, void *body)
{
	UnsignedAmount magnitude = amount < 0 ? -(UnsignedAmount) amount :
		(UnsignedAmount) amount;
	uint16_t	digits[(AMOUNT_NUMERIC_SIZE - 2) / 2];
	uint16_t	header = NUMERIC_SHORT;
	int			count = 0;
	int			weight;
	int			last = 0;
	unsigned char *out = (unsigned char *) body;

	header |= shown_decimals(magnitude) << NUMERIC_SHORT_SCALE_SHIFT;

	/* least significant first; 64-bit division wherever it will do */
	while (magnitude > UINT64_MAX)
	{
		digits[count++] = (uint16_t) (magnitude % NUMERIC_BASE);
		magnitude /= NUMERIC_BASE;
	}
	for (uint64_t rest = (uint64_t) magnitude; rest != 0; rest /= NUMERIC_BASE)
		digits[count++] = (uint16_t) (rest % NUMERIC_BASE);

	weight = count - 1 - NUMERIC_DIGITS_OF_DOLLAR;
	if (count == 0)
		weight = 0;
	else if (amount < 0)
		header |= NUMERIC_SHORT_NEGATIVE;
	if (weight < 0)
		header |= NUMERIC_SHORT_WEIGHT_SIGN;
	header |= weight & NUMERIC_SHORT_WEIGHT_MASK;

	while (last < count && digits[last] == 0)
		last++;

	memcpy(out, &header, sizeof(header));
	out += sizeof(header);
	for (int i = count - 1; i >= last; i--)
	{
		memcpy(out, &digits[i], sizeof(uint16_t));
		out += sizeof(uint16_t);
	}
	return (size_t) (out - (unsigned char *) body);
}

/* Reads a plain decimal number: an optional sign, digits, a point, digits. */
AmountStatus
amount_from_text(const char *text, size_t length, Amount *amount)
{
	const char *p = text;
	const char *end = text + length;
	UnsignedAmount magnitude = 0;
	bool		negative = false;
	bool		digits = false;
	int			decimals = 0;

	if (p < end && (*p == '-' || *p == '+'))
		negative = *p++ == '-';
	for (; p < end && *p >= '0' && *p <= '9'; p++)
	{
		digits = true;
		if (!append_digit(&magnitude, 10, (unsigned) (*p - '0')))
			return AMOUNT_TOO_LARGE;
	}
	if (p < end && *p == '.')
	{
		for (p++; p < end && *p >= '0' && *p <= '9'; p++)
		{
			digits = true;
			if (decimals == AMOUNT_DECIMALS)
			{
				if (*p != '0')
					return AMOUNT_TOO_FINE;
				continue;
			}
			if (!append_digit(&magnitude, 10, (unsigned) (*p - '0')))
				return AMOUNT_TOO_LARGE;
			decimals++;
		}
	}
	if (!digits || p < end)
		return AMOUNT_SYNTAX;
	for (; decimals < AMOUNT_DECIMALS; decimals++)
	{
		if (!append_digit(&magnitude, 10, 0))
			return AMOUNT_TOO_LARGE;
	}

	*amount = negative ? -(Amount) magnitude : (Amount) magnitude;
	return AMOUNT_OK;
}

/* Writes an amount with two decimals at least; returns the length. */
size_t
amount_to_text(Amount amount, char *text)
{
	UnsignedAmount magnitude = amount < 0 ? -(UnsignedAmount) amount :
		(UnsignedAmount) amount;
	int			decimals = shown_decimals(magnitude);
	char		reversed[AMOUNT_TEXT_SIZE];
	int			count = 0;
	size_t		length = 0;

	for (int i = decimals; i < AMOUNT_DECIMALS; i++)
		magnitude /= 10;
	for (int i = 0; i < decimals; i++)
	{
		reversed[count++] = (char) ('0' + (int) (magnitude % 10));
		magnitude /= 10;
	}
	reversed[count++] = '.';
	do
	{
		reversed[count++] = (char) ('0' + (int) (magnitude % 10));
		magnitude /= 10;
	} while (magnitude != 0);

	if (amount < 0)
		text[length++] = '-';
	while (count > 0)
		text[length++] = reversed[--count];
	text[length] = '\0';
	return length;
}
