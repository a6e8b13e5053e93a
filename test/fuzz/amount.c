/*-------------------------------------------------------------------------
 *
 * amount.c
 *	  libFuzzer target: any bytes as a numeric, any text as an amount, and back.
 *
 * The oracle works on digits of text: it spells a numeric out, digit of base
 * 10000 by digit, as the server's numeric.c describes its stored form, and
 * compares with the amount spelled out.
 *
 *-------------------------------------------------------------------------
 */
#include "amount.h"
#include "fuzz.h"

#define SIZE_MAX_READ	256
#define SPELLED_SIZE	(SIZE_MAX_READ * 4 + 2 * DECIMAL_SIZE)

/* A number as digits of 10^-8, cut off where its exponent is hopeless. */
typedef struct Spelled
{
	bool		negative;
	bool		too_fine;
	bool		too_large;
	char		decimal[SPELLED_SIZE];
} Spelled;

/* Sets an empty number's digits of base 10000, the first worth 10000^weight. */
static void
spell(Spelled *number, const uint16_t *digits, size_t count, long weight)
{
	char	   *out = number->decimal;

	number->too_fine = number->too_large = false;
	for (size_t i = 0; i < count; i++)
	{
		/* this one is worth 10000^(weight - i) dollars */
		long		places = weight - (long) i + 2;

		if (digits[i] != 0 && places < 0)
			number->too_fine = true;
		/* 10000^10 of 10^-8 is past the highest */
		if (digits[i] != 0 && places >= 10)
			number->too_large = true;
		if (places >= 0 && places < 10)
			out += sprintf(out, "%04d", digits[i]);
	}
	for (long places = weight - (long) count + 2; places >= 0; places--)
	{
		if (places < 10)
			out += sprintf(out, "0000");
	}
	*out = '\0';
	if (decimal_compare(number->decimal, HIGHEST_DECIMAL) > 0)
		number->too_large = true;
}

static void
check_same(Amount amount, const Spelled *number)
{
	char		decimal[DECIMAL_SIZE];

	(void) decimal_of(amount < 0 ? -(Wide) amount : (Wide) amount, decimal);
	CHECK(decimal_compare(decimal, number->decimal) == 0);
	CHECK(amount == 0 || (amount < 0) == number->negative);
	CHECK(amount >= AMOUNT_MIN);
}

/* A numeric's stored form: digits and weight behind one or two header words. */
static AmountStatus
read_numeric(const uint8_t *bytes, size_t size, Spelled *number)
{
	uint16_t	words[SIZE_MAX_READ / 2];
	size_t		count = size / 2;
	size_t		header = 1;
	long		weight;

	memcpy(words, bytes, count * 2);
	if (count == 0)
		return AMOUNT_SYNTAX;
	switch (words[0] >> 14)
	{
		case 3:
			return words[0] == 0xC000 ? AMOUNT_NOT_A_NUMBER : AMOUNT_INFINITE;
		case 2:					/* short: sign, seven bits of weight */
			number->negative = words[0] >> 13 & 1;
			weight = words[0] % 128;
			if (weight >= 64)
				weight -= 128;
			break;
		default:				/* long: sign, then a word of weight */
			if (count < 2)
				return AMOUNT_SYNTAX;
			header = 2;
			number->negative = words[0] >> 14;
			weight = words[1] >= 0x8000 ? (long) words[1] - 0x10000 : words[1];
	}
	for (size_t i = header; i < count; i++)
	{
		if (words[i] > 9999)
			return AMOUNT_SYNTAX;
	}
	spell(number, words + header, count - header, weight);
	return number->too_fine ? AMOUNT_TOO_FINE : number->too_large ? AMOUNT_TOO_LARGE : AMOUNT_OK;
}

static void
check_numeric(const uint8_t *bytes, size_t size)
{
	static Spelled number;
	Amount		amount;
	int64_t		narrow;
	AmountStatus wanted = read_numeric(bytes, size, &number);
	AmountStatus status = amount_from_numeric(bytes, size, &amount);

	CHECK((status == AMOUNT_OK) == (wanted == AMOUNT_OK));
	/* of several faults any may be told */
	if (wanted == AMOUNT_TOO_FINE && !number.too_large)
		CHECK(status == AMOUNT_TOO_FINE);
	if (wanted == AMOUNT_TOO_LARGE || wanted == AMOUNT_NOT_A_NUMBER || wanted == AMOUNT_INFINITE)
		CHECK(status == wanted);
	if (status == AMOUNT_OK)
		check_same(amount, &number);
	if (size % 2 == 0 && amount_from_short_numeric(bytes, size, &narrow) && wanted != AMOUNT_SYNTAX)
		CHECK(status == AMOUNT_OK && narrow == amount);
}

/* An amount as a numeric, read back: of as few digits as the server would keep. */
static void
check_to_numeric(Amount amount)
{
	static Spelled number;
	uint8_t		bytes[AMOUNT_NUMERIC_SIZE];
	uint16_t	words[AMOUNT_NUMERIC_SIZE / 2];
	size_t		size = amount_to_numeric(amount, bytes);
	Amount		again;
	int			scale;

	CHECK(size >= 2 && size <= AMOUNT_NUMERIC_SIZE && size % 2 == 0);
	CHECK(read_numeric(bytes, size, &number) == AMOUNT_OK);
	check_same(amount, &number);
	CHECK(amount_from_numeric(bytes, size, &again) == AMOUNT_OK && again == amount);

	memcpy(words, bytes, size);
	CHECK(words[0] >> 14 == 2);
	scale = words[0] >> 7 & 63;
	CHECK(scale >= 2 && scale <= AMOUNT_DECIMALS);
	if (scale > 2)
		CHECK(number.decimal[strlen(number.decimal) - 1 - (size_t) (AMOUNT_DECIMALS - scale)] != '0');
	for (int i = 0; i < AMOUNT_DECIMALS - scale && amount != 0; i++)
		CHECK(number.decimal[strlen(number.decimal) - 1 - (size_t) i] == '0');
	if (amount == 0)
		CHECK(size == 2 && words[0] == (0x8000 | 2 << 7));
	else
		CHECK(words[1] != 0 && words[size / 2 - 1] != 0);
}

/* A decimal number: [+-]?digits[.digits], one digit at least. */
static AmountStatus
read_text(const char *text, size_t size, Spelled *number)
{
	size_t		fraction = 0;
	bool		point = false;
	char	   *out = number->decimal;
	size_t		i = 0;

	number->too_fine = false;
	number->negative = size > 0 && text[0] == '-';
	if (size > 0 && (text[0] == '-' || text[0] == '+'))
		i++;
	for (; i < size; i++)
	{
		if (text[i] == '.' && !point)
			point = true;
		else if (text[i] < '0' || text[i] > '9')
			return AMOUNT_SYNTAX;
		else if (!point || fraction++ < AMOUNT_DECIMALS)
			*out++ = text[i];
		else if (text[i] != '0')
			number->too_fine = true;
	}
	for (; fraction < AMOUNT_DECIMALS; fraction++)
		*out++ = '0';
	*out = '\0';
	number->too_large = decimal_compare(number->decimal, HIGHEST_DECIMAL) > 0;
	return number->too_fine ? AMOUNT_TOO_FINE : number->too_large ? AMOUNT_TOO_LARGE : AMOUNT_OK;
}

static bool
has_digit(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
			return true;
	}
	return false;
}

static void
check_text(const char *text, size_t size)
{
	static Spelled number;
	Amount		amount;
	AmountStatus wanted = has_digit(text, size) ? read_text(text, size, &number) : AMOUNT_SYNTAX;
	AmountStatus status = amount_from_text(text, size, &amount);

	CHECK((status == AMOUNT_OK) == (wanted == AMOUNT_OK));
	/* of several faults any may be told */
	if (wanted == AMOUNT_TOO_FINE && !number.too_large)
		CHECK(status == AMOUNT_TOO_FINE);
	if (wanted == AMOUNT_TOO_LARGE)
		CHECK(status == AMOUNT_TOO_LARGE);
	if (status == AMOUNT_OK)
		check_same(amount, &number);
}

static void
check_to_text(Amount amount)
{
	static Spelled number;
	char		text[AMOUNT_TEXT_SIZE];
	size_t		length = amount_to_text(amount, text);
	const char *point = strchr(text, '.');
	Amount		again;

	CHECK(length < AMOUNT_TEXT_SIZE && length == strlen(text) && point != NULL);
	CHECK(read_text(text, length, &number) == AMOUNT_OK);
	check_same(amount, &number);
	CHECK(amount_from_text(text, length, &again) == AMOUNT_OK && again == amount);
	/* two decimals, or as many as are needed; no zero in front but one */
	CHECK(strlen(point) == 3 || (strlen(point) > 3 && text[length - 1] != '0'));
	CHECK(text[0] == '-' ? amount < 0 : amount >= 0);
	CHECK(text[amount < 0] != '0' || text[(amount < 0) + 1] == '.');
}

/* The sum, where the magnitudes' sum is no more than the highest. */
static void
check_add(Amount a, Amount b)
{
	char		decimal[DECIMAL_SIZE];
	Wide		magnitude = (Wide) (a < 0 ? -a : a) + (Wide) (b < 0 ? -b : b);
	bool		fits = (a < 0) != (b < 0) ||
		decimal_compare(decimal_of(magnitude, decimal), HIGHEST_DECIMAL) <= 0;
	Amount		sum;

	CHECK(amount_add(a, b, &sum) == fits);
	if (fits)
		CHECK(sum - b == a && sum - a == b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	Amount		a;
	Amount		b;
	int			way;

	if (size > SIZE_MAX_READ)
		return 0;
	check_numeric(data, size);
	check_text((const char *) data, size);

	a = (Amount) (take_wide(&input) >> 1);
	b = (Amount) (take_wide(&input) >> 1);
	way = (int) take_bytes(&input, 1);
	/* amounts of few decimals, and from the top down */
	for (int i = way >> 3 & 15; i > 0 && a < AMOUNT_MAX / 10; i--)
		a *= 10;
	if (way & 4)
		b = AMOUNT_MAX - b;
	if (way & 1)
		a = -a;
	if (way & 2)
		b = -b;
	check_to_numeric(a);
	check_to_numeric(b);
	check_to_text(a);
	check_to_text(b);
	check_add(a, b);
	return 0;
}
