/*-------------------------------------------------------------------------
 *
 * history_text.c
 *	  libFuzzer target: any text as a history.
 *
 * The oracle splits a text at its commas and colons, looks dates up in a table
 * of month lengths, and compares amounts digit by digit, as text. What is read
 * is written again, by printf on one side, and must read as the same.
 *
 *-------------------------------------------------------------------------
 */
#include "days.h"
#include "fuzz.h"
#include "history_text.h"

#define TEXT_MAX	2048

/* What a part of a text says: a slice, and an amount as digits of 10^-8 dollars. */
typedef struct Part
{
	long		slice;
	bool		negative;
	char		decimal[TEXT_MAX + 16];
} Part;

static const char *
skip(const char *s, const char *end)
{
	while (s < end && *s != '\0' && strchr(" \t\n\v\f\r", *s) != NULL)
		s++;
	return s;
}

static bool
ends_word(const char *s, const char *end)
{
	return s == end || (*s != '\0' && strchr(":,{} \t\n\v\f\r", *s) != NULL);
}

static size_t
digits_at(const char *s, const char *end)
{
	size_t		n = 0;

	while (s + n < end && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

/* Reads YYYY-MM-DD, with BC after it or not, as a slice; NULL if it is none. */
static const char *
read_date(const char *s, const char *end, long *slice)
{
	size_t		n = digits_at(s, end);
	long		year;
	long		month;
	long		day;
	char		copy[16] = {0};

	if (n < 4 || n > 7 || end - s < (ptrdiff_t) n + 6)
		return NULL;
	memcpy(copy, s, n + 6);
	if (copy[n] != '-' || digits_at(copy + n + 1, copy + 15) != 2 || copy[n + 3] != '-' ||
		digits_at(copy + n + 4, copy + 15) != 2)
		return NULL;
	year = strtol(copy, NULL, 10);
	month = strtol(copy + n + 1, NULL, 10);
	day = strtol(copy + n + 4, NULL, 10);
	s += n + 6;
	if (year == 0)
		return NULL;
	if (end - s >= 3 && memcmp(s, " BC", 3) == 0)
	{
		year = 1 - year;
		s += 3;
	}
	else if (!ends_word(s, end))
		return NULL;
	if (month < 1 || month > 12 || day < 1 || day > days_of_month(year, (int) month))
		return NULL;
	if (day != 1 && day != 18 && day != 20 && day != 25)
		return NULL;
	*slice = ((year - 2000) * 12 + month - 1) * 4 + (day >= 18) + (day >= 20) + (day >= 25);
	/* from the slice of 4714-11-24 BC on */
	if (*slice < ((-4713L - 2000) * 12 + 10) * 4 + 2 || year > 5874897)
		return NULL;
	return s;
}

/* Reads an amount as digits; NULL if it is none. */
static const char *
read_amount(const char *s, const char *end, Part *part)
{
	size_t		whole;
	size_t		fraction = 0;
	size_t		length = 0;

	part->negative = s < end && *s == '-';
	if (s < end && (*s == '-' || *s == '+'))
		s++;
	whole = digits_at(s, end);
	memcpy(part->decimal, s, whole);
	length = whole;
	s += whole;
	if (s < end && *s == '.')
	{
		fraction = digits_at(++s, end);
		for (size_t i = 0; i < fraction; i++)
		{
			if (i < AMOUNT_DECIMALS)
				part->decimal[length++] = s[i];
			else if (s[i] != '0')
				return NULL;
		}
		s += fraction;
	}
	if (whole + fraction == 0 || !ends_word(s, end))
		return NULL;
	for (; fraction < AMOUNT_DECIMALS; fraction++)
		part->decimal[length++] = '0';
	part->decimal[length] = '\0';
	if (decimal_compare(part->decimal, HIGHEST_DECIMAL) > 0)
		return NULL;
	return s;
}

/* Reads the next part; NULL where it is none. */
static const char *
read_part(const char *s, const char *end, Part *part)
{
	if ((s = read_date(skip(s, end), end, &part->slice)) == NULL)
		return NULL;
	s = skip(s, end);
	if (s == end || *s++ != ':' || (s = read_amount(skip(s, end), end, part)) == NULL)
		return NULL;
	return skip(s, end);
}

static void
check_amount(Amount amount, const Part *part)
{
	char		decimal[DECIMAL_SIZE];
	Wide		magnitude = amount < 0 ? -(Wide) amount : (Wide) amount;

	CHECK(decimal_compare(decimal_of(magnitude, decimal), part->decimal) == 0);
	CHECK(amount == 0 || (amount < 0) == part->negative);
}

/* The slice as printf writes it. */
static void
check_written(int32_t slice, Amount amount)
{
	static const int days[] = {1, 18, 20, 25};
	long		month = slice >= 0 ? slice / 4 : -((3L - slice) / 4);
	long		year = month >= 0 ? 2000 + month / 12 : 2000 - (11 - month) / 12;
	char		text[HISTORY_TEXT_SLICE_MAX];
	char		wanted[DECIMAL_SIZE + 32];
	char		decimal[DECIMAL_SIZE];
	char		padded[2 * DECIMAL_SIZE];
	size_t		length = history_text_write(slice, amount, text);
	int			point;
	Part		part;
	long		read_slice;
	const char *s;

	(void) decimal_of(amount < 0 ? -(Wide) amount : (Wide) amount, decimal);
	/* nine digits at least, that there is one before the point */
	snprintf(padded, sizeof(padded), "%.*s%s", strlen(decimal) < 9 ? 9 - (int) strlen(decimal) : 0,
			 "000000000", decimal);
	point = (int) strlen(padded) - AMOUNT_DECIMALS;
	snprintf(wanted, sizeof(wanted), "%04ld-%02ld-%02d%s:%s%.*s.%s", year > 0 ? year : 1 - year,
			 month - (year - 2000) * 12 + 1, days[slice - month * 4], year > 0 ? "" : " BC",
			 amount < 0 ? "-" : "", point, padded, padded + point);
	for (int i = 0; i < AMOUNT_DECIMALS - 2 && wanted[strlen(wanted) - 1] == '0'; i++)
		wanted[strlen(wanted) - 1] = '\0';
	CHECK(length < HISTORY_TEXT_SLICE_MAX && length == strlen(wanted) && memcmp(text, wanted, length) == 0);

	s = read_date(text, text + length, &read_slice);
	CHECK(s != NULL && read_slice == slice && *s == ':');
	CHECK(read_amount(s + 1, text + length, &part) == text + length);
	check_amount(amount, &part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *) data;
	const char *end = s + size;
	HistoryTextReader reader;
	HistoryTextStatus status;
	int32_t		slice;
	Amount		amount;
	long		last = -1000000000L;
	static Part part;
	Input		input = {data, data + size};

	if (size > TEXT_MAX)
		return 0;
	/* the same bytes as a slice and an amount */
	slice = (int32_t) (take_bytes(&input, 4) % (CALENDAR_LAST_SLICE - CALENDAR_FIRST_SLICE + 1)) +
		CALENDAR_FIRST_SLICE;
	amount = (Amount) (take_wide(&input) >> 1);
	check_written(slice, take_bytes(&input, 1) & 1 ? -amount : amount);

	history_text_open(&reader, (const char *) data, size);
	s = skip(s, end);
	if (s == end || *s++ != '{')
	{
		CHECK(history_text_next(&reader, &slice, &amount) == HISTORY_TEXT_SYNTAX);
		return 0;
	}
	s = skip(s, end);
	while (last == -1000000000L ? s == end || *s != '}' : s < end && *s == ',')
	{
		if (last != -1000000000L)
			s++;
		s = read_part(s, end, &part);
		status = history_text_next(&reader, &slice, &amount);
		CHECK(reader.token >= (const char *) data && reader.token + reader.token_length <= end);
		if (s == NULL || part.slice <= last)
		{
			CHECK(status != HISTORY_TEXT_SLICE && status != HISTORY_TEXT_END);
			return 0;
		}
		CHECK(status == HISTORY_TEXT_SLICE && slice == part.slice);
		check_amount(amount, &part);
		check_written(slice, amount);
		last = part.slice;
	}
	status = history_text_next(&reader, &slice, &amount);
	if (s < end && *s == '}')
		CHECK(status == (skip(s + 1, end) == end ? HISTORY_TEXT_END : HISTORY_TEXT_TRAILING));
	else
		CHECK(status == HISTORY_TEXT_SYNTAX);
	return 0;
}
