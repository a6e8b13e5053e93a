/*-------------------------------------------------------------------------
 *
 * billing.h
 *	  When an entry is on a statement, paid, accounted for and reviewed.
 *
 * Days count as in calendar.h. Results are wider than a date:
 * the caller checks them against what the server's date can hold.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_BILLING_H
#define CARM_BILLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calendar.h"

/* Payment falls on this weekday after the 17th, accounting on this business day. */
#define PAYMENT_WEEKDAYS			10
#define ACCOUNTING_BUSINESS_DAYS	5

/* How goods are accounted for and billed; in the order of the enum's labels. */
typedef enum BillingStream
{
	STREAM_COMMERCIAL,
	STREAM_COURIER_LOW_VALUE,
	STREAM_CSA_OPTION_1,
	STREAM_CSA_OPTION_2,
	STREAM_CONTINUOUS_TRANSMISSION
} BillingStream;

#define BILLING_STREAM_COUNT	5

extern int64_t billing_weekday_after(int64_t day, int count);

/* A stream's periods are those of a basis, known by the month they start in. */
extern MonthBasis billing_basis(BillingStream stream);
extern int64_t billing_statement_date(int32_t period);
extern int64_t billing_payment_due(int32_t period);
extern int32_t billing_first_unpaid(MonthBasis basis, int32_t day);

/*
 * When a release is to be accounted for: bit n of holidays stands for the day
 * release + 1 + n, up to the reach that so many holidays need.
 */
extern size_t billing_accounting_reach(size_t holiday_count);
extern int64_t billing_accounting_due(int32_t release, const uint8_t *holidays,
									  size_t reach);
extern int64_t billing_low_value_accounting_due(int32_t release);

extern void billing_review_period(int32_t day, int64_t *first, int64_t *end);
extern int64_t billing_review_due(int32_t day);

#endif							/* CARM_BILLING_H */
