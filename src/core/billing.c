/*-------------------------------------------------------------------------
 *
 * billing.c
 *	  When an entry is on a statement, paid, accounted for and reviewed.
 *
 * Accounting and payment follow the Accounting for Imported Goods and Payment
 * of Duties Regulations (SOR/86-1062 as amended by SOR/2024-41). Periods and
 * statements follow the CBSA's page "Managing commercial import accounts". The
 * annual review and its due day follow CBSA memorandum D17-5-2 s. 7.8 and CARM
 * bulletin 5404. All are applied to any date, also to those before they came
 * into force.
 *
 *-------------------------------------------------------------------------
 */
#include "billing.h"
#include "poll.h"

#define OCTOBER		9			/* months count from 0 */

/* A day of a month; the first is 1. */
static int64_t
day_of_month(int32_t month, int day)
{
	return (int64_t) calendar_month_first_day(month) + day - 1;
}

/* The month in which the review year that a day belongs to starts, an October. */
static int32_t
review_first_month(int32_t day)
{
	int32_t		month = period_of_day(BASIS_REVIEW, day);
	int32_t		since_october = (month - OCTOBER) % 12;

	return month - since_october - (since_october < 0 ? 12 : 0);
}

/* Monday is 0; day 0 is a Saturday. */
static int
weekday(int64_t day)
{
	return (int) ((day % 7 + 7 + 5) % 7);
}

/*
 * The count-th day from Monday to Friday after a day. Holidays are days like
 * others here: that is what the regulation's "weekday" means.
 */
int64_t
billing_weekday_after(int64_t day, int count)
{
	int			from = weekday(day);
	int			rest = count % 5;

	/* nothing is counted between a Friday and the weekend after it */
	if (from > 4)
	{
		day -= from - 4;
		from = 4;
	}
	return day + (int64_t) (count / 5) * 7 + rest + (from + rest > 4 ? 2 : 0);
}

/* From the 18th to the 17th, or calendar months. */
MonthBasis
billing_basis(BillingStream stream)
{
	return stream == STREAM_COMMERCIAL || stream == STREAM_CSA_OPTION_2 ?
		BASIS_BILLING : BASIS_CALENDAR;
}

/* The 25th of the month after the one that a billing period starts in. */
int64_t
billing_statement_date(int32_t period)
{
	return day_of_month(period + 1, 25);
}

/* The tenth weekday after the 17th of that month. */
int64_t
billing_payment_due(int32_t period)
{
	return billing_weekday_after(day_of_month(period + 1, 17),
								 PAYMENT_WEEKDAYS);
}

/* The first billing period of which payment is due after a day. */
int32_t
billing_first_unpaid(MonthBasis basis, int32_t day)
{
	int32_t		period = period_of_day(basis, day);

	while (billing_payment_due(period - 1) > day)
		period--;
	return period;
}

/* 24th of the month after the release: a courier's low-value shipment. */
int64_t
billing_low_value_accounting_due(int32_t release)
{
	return day_of_month(calendar_month(release) + 1, 24);
}

/*
 * How many days after a release can matter if so many holidays are given: the
 * weekdays wanted, one more for each holiday, and the weekends among them.
 */
size_t
billing_accounting_reach(size_t holiday_count)
{
	return ((holiday_count + ACCOUNTING_BUSINESS_DAYS) / 5 + 2) * 7;
}

/* The fifth day after the release that is neither a weekend day nor a holiday. */
int64_t
billing_accounting_due(int32_t release, const uint8_t *holidays, size_t reach)
{
	int64_t		day = release;
	int			wanted = ACCOUNTING_BUSINESS_DAYS;

	/* past the last day there is an error to report, however long the holidays */
	for (uint32_t tried = 1; wanted > 0 && day <= CALENDAR_LAST_DAY; tried++)
	{
		size_t		bit;

		poll_at(tried);
		day = billing_weekday_after(day, 1);
		bit = (size_t) (day - release - 1);
		if (bit >= reach || (holidays[bit / 8] & (1 << (bit % 8))) == 0)
			wanted--;
	}
	return day;
}

/* 20 October to 19 October around a day; the end is the day after the last. */
void
billing_review_period(int32_t day, int64_t *first, int64_t *end)
{
	int32_t		month = review_first_month(day);

	*first = period_first_day(BASIS_REVIEW, month);
	*end = period_first_day(BASIS_REVIEW, month + 12);
}

/*
 * 15 January after the end of the review period of a day.
 *
 * That is the 15th of the 15th month after the October in which it begins.
 */
int64_t
billing_review_due(int32_t day)
{
	return day_of_month(review_first_month(day) + 15, 15);
}
