/*-------------------------------------------------------------------------
 *
 * portal_date.c
 *	  libFuzzer target: any text as a date of the portal, and any day in each
 *	  of its forms.
 *
 * A day written in one of the forms must be read as that day. What is read of
 * any text must be a day of the calendar whose parts the text has.
 *
 *-------------------------------------------------------------------------
 */
#include "days.h"
#include "fuzz.h"
#include "calendar.h"
#include "portal_date.h"

#define TEXT_MAX	256

static const char *const english[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
static const char *const english_short[] = {"jan.", "FEB", "Mar", "apr", "May.", "Jun", "Jul", "Aug.", "Sept.", "Oct", "nov", "DEC."};
static const char *const french[] = {"janvier", "f\303\251vrier", "mars", "avril", "mai", "juin", "juillet", "ao\303\273t", "septembre", "octobre", "novembre", "d\303\251cembre"};
static const char *const french_short[] = {"janv.", "F\303\211VR.", "Mars", "avr.", "mai", "juin", "juil.", "AO\303\233T", "sept.", "oct.", "nov.", "de\314\201c."};

static PortalStatus
read_text(const char *text, size_t length, PortalOrder order, PortalDate *date)
{
	char	   *copy = malloc(length + 1);
	PortalStatus status;

	memcpy(copy, text, length);
	status = portal_date_read(copy, length, order, date);
	free(copy);
	CHECK(status == date->status);
	CHECK(date->token.offset <= length && date->token.length <= length - date->token.offset);
	return status;
}

static void
must_be(const char *text, PortalOrder order, int32_t day)
{
	PortalDate	date;

	CHECK(read_text(text, strlen(text), order, &date) == PORTAL_OK && date.day == day);
}

static void
must_not_be(const char *text, PortalOrder order, PortalStatus status)
{
	PortalDate	date;

	CHECK(read_text(text, strlen(text), order, &date) == status);
}

/* The numbers of a text in order, of up to eight digits. */
static int
numbers_of(const char *text, size_t length, int number[3])
{
	int			n = 0;
	int			digits = 0;

	for (size_t i = 0; i <= length; i++)
	{
		if (i < length && text[i] >= '0' && text[i] <= '9')
		{
			if (digits++ == 0 && n < 3)
				number[n] = 0;
			if (n < 3 && digits <= 8)
				number[n] = number[n] * 10 + text[i] - '0';
		}
		else if (digits > 0)
		{
			n++;
			digits = 0;
		}
	}
	return n;
}

static bool
has(const int *number, int n, int value)
{
	for (int i = 0; i < n; i++)
	{
		if (number[i] == value)
			return true;
	}
	return false;
}

static void
check_any(const char *text, size_t length)
{
	PortalDate	date[3];

	for (int order = PORTAL_ORDER_UNKNOWN; order <= PORTAL_MONTH_FIRST; order++)
	{
		PortalDate *d = &date[order];
		int			number[3];
		int			n;

		if (read_text(text, length, (PortalOrder) order, d) != PORTAL_OK)
			continue;
		CHECK(d->year >= 1 && d->year <= 9999 && d->month >= 1 && d->month <= 12);
		CHECK(d->day_of_month >= 1 && d->day_of_month <= days_of_month(d->year, d->month));
		CHECK(d->day == day_of(d->year, d->month, d->day_of_month));
		n = numbers_of(text, length, number);
		if (n == 1)
			CHECK(number[0] == d->year * 10000 + d->month * 100 + d->day_of_month);
		else
			CHECK((n == 3 && has(number, n, d->month) && has(number, n, d->year) && has(number, n, d->day_of_month)) ||
				  (n == 2 && has(number, n, d->year) && has(number, n, d->day_of_month)));
	}
	/* not knowing the order is no more than what both orders say */
	if (date[PORTAL_ORDER_UNKNOWN].status == PORTAL_OK)
	{
		for (int order = PORTAL_DAY_FIRST; order <= PORTAL_MONTH_FIRST; order++)
			CHECK(date[order].status != PORTAL_OK || date[order].day == date[0].day);
	}
	else
		CHECK(date[0].status == PORTAL_TWO_DATES ?
			  date[1].status == PORTAL_OK && date[2].status == PORTAL_OK && date[1].day != date[2].day &&
			  date[0].day == date[1].day && date[0].other_day == date[2].day :
			  date[1].status != PORTAL_OK && date[2].status != PORTAL_OK);
}

static void
check_forms(int year, int month, int day)
{
	int32_t		number = (int32_t) day_of(year, month, day);
	char		text[100];
	const char *const *const names[] = {english, english_short, french, french_short};

	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	must_be(text, PORTAL_ORDER_UNKNOWN, number);
	snprintf(text, sizeof(text), "%04d%02d%02d", year, month, day);
	must_be(text, PORTAL_MONTH_FIRST, number);
	snprintf(text, sizeof(text), "%d/%02d/%04d", day, month, year);
	must_be(text, PORTAL_DAY_FIRST, number);
	if (day > 12 || day == month)
		must_be(text, PORTAL_ORDER_UNKNOWN, number);
	else
		must_not_be(text, PORTAL_ORDER_UNKNOWN, PORTAL_TWO_DATES);
	snprintf(text, sizeof(text), "%02d.%d.%04d", month, day, year);
	must_be(text, PORTAL_MONTH_FIRST, number);
	if (day > 12)
		must_not_be(text, PORTAL_DAY_FIRST, PORTAL_MONTH);
	for (int i = 0; i < 4; i++)
	{
		snprintf(text, sizeof(text), " %d\302\240%s %04d", day, names[i][month - 1], year);
		must_be(text, PORTAL_ORDER_UNKNOWN, number);
		snprintf(text, sizeof(text), "%s %02d, %04d\n", names[i][month - 1], day, year);
		must_be(text, PORTAL_ORDER_UNKNOWN, number);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	uint64_t	bits = take_bytes(&input, 5);
	int			year = (int) (bits & 0x3fff) % 9999 + 1;
	int			month = (int) (bits >> 14 & 0xf) % 12 + 1;
	int			day = (int) (bits >> 18 & 0x1f) + 1;

	if (size > TEXT_MAX)
		return 0;
	if (day <= days_of_month(year, month))
		check_forms(year, month, day);
	else
	{
		char		text[20];

		snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
		must_not_be(text, PORTAL_DAY_FIRST, PORTAL_DAY);
	}
	check_any((const char *) data, size);
	return 0;
}
