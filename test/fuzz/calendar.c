/*-------------------------------------------------------------------------
 *
 * calendar.c
 *	  libFuzzer target: any day in months, slices, periods and due dates.
 *
 * The oracle counts as days.h does, and days one after the other from a Saturday.
 *
 *-------------------------------------------------------------------------
 */
#include "billing.h"
#include "days.h"
#include "fuzz.h"

#define HOLIDAYS_MAX	64

typedef struct Civil
{
	long		year;
	int			month;			/* from 1 */
	int			day;
} Civil;

static Civil
civil_of(int64_t day)
{
	int64_t		cycles = day >= 0 ? day / CYCLE_DAYS : -((CYCLE_DAYS - 1 - day) / CYCLE_DAYS);
	long		rest = (long) (day - cycles * CYCLE_DAYS);
	int			low = 0;
	int			high = CYCLE_YEARS;
	Civil		civil;

	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (first_days()[middle] <= rest)
			low = middle;
		else
			high = middle;
	}
	civil.year = 2000 + cycles * CYCLE_YEARS + low;
	rest -= first_days()[low];
	for (civil.month = 1; rest >= days_of_month(civil.year, civil.month); civil.month++)
		rest -= days_of_month(civil.year, civil.month);
	civil.day = (int) rest + 1;
	return civil;
}

/* 2000-01-01 was a Saturday. */
static bool
is_weekend(int64_t day)
{
	int64_t		rest = ((day % 7) + 7) % 7;

	return rest == 0 || rest == 1;
}

static int64_t
tenth_weekday_after(int64_t day)
{
	for (int wanted = 10; wanted > 0;)
		wanted -= is_weekend(++day) ? 0 : 1;
	return day;
}

static void
check_day(int32_t day)
{
	Civil		civil = civil_of(day);
	int32_t		month = (int32_t) ((civil.year - 2000) * 12 + civil.month - 1);
	int32_t		slice = month * 4 + (civil.day >= 18) + (civil.day >= 20) + (civil.day >= 25);
	int			cut = civil.day >= 25 ? 25 : civil.day >= 20 ? 20 : civil.day >= 18 ? 18 : 1;
	int			y;
	int			m;
	int			d;

	calendar_civil(day, &y, &m, &d);
	CHECK(y == civil.year && m == civil.month && d == civil.day);
	CHECK(calendar_day(y, m, d) == day);
	CHECK(calendar_month(day) == month && calendar_slice(day) == slice);
	CHECK(calendar_month_first_day(month) == day - civil.day + 1);
	CHECK(calendar_slice_first_day(slice) == day - civil.day + cut);
	CHECK(calendar_day_is_cut(day) == (civil.day == cut));
}

static void
check_period(MonthBasis basis, int32_t day)
{
	static const int first_days_of[] = {1, 18, 25, 20};
	Civil		civil = civil_of(day);
	int			first = first_days_of[basis];
	/* the month in which the period starts */
	int			month = civil.day >= first ? civil.month : civil.month - 1;
	int64_t		start = day_of(civil.year, month, first);
	int64_t		end = day_of(civil.year, month + 1, first);
	int32_t		period = period_of_day(basis, day);

	CHECK(period == (civil.year - 2000) * 12 + month - 1);
	CHECK(period_of_slice(basis, calendar_slice(day)) == period);
	CHECK(period_first_day(basis, period) == start);
	if (end <= CALENDAR_LAST_DAY)
		CHECK(period_first_day(basis, period + 1) == end);
	CHECK(period_first_slice(basis, period) == calendar_slice((int32_t) start));
	CHECK(period_ended_by(basis, day) == (end == (int64_t) day + 1 ? period : period - 1));
}

static void
check_billing(int32_t release, const uint8_t *holidays, size_t count)
{
	Civil		civil = civil_of(release);
	int			ends = civil.day >= 18 ? civil.month + 1 : civil.month;
	long		october = civil.month > 10 || (civil.month == 10 && civil.day >= 20) ?
		civil.year : civil.year - 1;
	uint8_t		bits[64] = {0};
	size_t		reach = billing_accounting_reach(count);
	int64_t		first;
	int64_t		end;
	int64_t		day = release;

	for (int stream = 0; stream < BILLING_STREAM_COUNT; stream++)
	{
		bool		calendar = stream == STREAM_COURIER_LOW_VALUE || stream == STREAM_CSA_OPTION_1 ||
			stream == STREAM_CONTINUOUS_TRANSMISSION;
		MonthBasis	basis = billing_basis((BillingStream) stream);
		int32_t		period = period_of_day(basis, release);
		int			after = calendar ? civil.month + 1 : ends;
		int32_t		unpaid = billing_first_unpaid(basis, release);

		CHECK(basis == (calendar ? BASIS_CALENDAR : BASIS_BILLING));
		CHECK(billing_statement_date(period) == day_of(civil.year, after, 25));
		CHECK(billing_payment_due(period) == tenth_weekday_after(day_of(civil.year, after, 17)));
		/* a period is unpaid, and the one before it is not */
		CHECK(unpaid <= period && unpaid >= period - 2);
		after -= period - unpaid;
		CHECK(tenth_weekday_after(day_of(civil.year, after, 17)) > release &&
			  tenth_weekday_after(day_of(civil.year, after - 1, 17)) <= release);
	}
	CHECK(billing_low_value_accounting_due(release) == day_of(civil.year, civil.month + 1, 24));
	billing_review_period(release, &first, &end);
	CHECK(first == day_of(october, 10, 20) && end == day_of(october + 1, 10, 20));
	CHECK(first <= release && release < end);
	CHECK(billing_review_due(release) == day_of(october + 2, 1, 15));

	/* holidays are so many days after the release, as the face sets them */
	CHECK(reach / 8 < sizeof(bits));
	for (size_t i = 0; i < count; i++)
	{
		if (holidays[i] < reach)
			bits[holidays[i] / 8] |= (uint8_t) (1 << (holidays[i] % 8));
	}
	for (int wanted = 5; wanted > 0 && day <= CALENDAR_LAST_DAY;)
	{
		day++;
		if (!is_weekend(day) && (day - release - 1 > UINT8_MAX ||
								 memchr(holidays, (int) (day - release - 1), count) == NULL))
			wanted--;
	}
	/* past the last day only that it is past it counts */
	CHECK(day > CALENDAR_LAST_DAY ? billing_accounting_due(release, bits, reach) > CALENDAR_LAST_DAY :
		  billing_accounting_due(release, bits, reach) == day);
	if (count == 0)
		CHECK(billing_weekday_after(day, 10) == tenth_weekday_after(day));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	int64_t		day = (int64_t) take_bytes(&input, 4);
	int			way = (int) take_bytes(&input, 1);
	size_t		count;

	/* the ends of the server's calendar, ours, or any day */
	if (way & 0x10)
		day = CALENDAR_LAST_DAY - day % 1000;
	else if (way & 0x20)
		day = CALENDAR_FIRST_DAY + day % 1000;
	else if (way & 0x40)
		day = day % 100000 - 50000;
	else
		day = CALENDAR_FIRST_DAY + day % ((int64_t) CALENDAR_LAST_DAY - CALENDAR_FIRST_DAY + 1);

	count = (size_t) (input.end - input.next);
	if (count > HOLIDAYS_MAX)
		count = HOLIDAYS_MAX;
	check_day((int32_t) day);
	check_period((MonthBasis) (way % MONTH_BASIS_COUNT), (int32_t) day);
	check_billing((int32_t) day, input.next, count);
	return 0;
}
