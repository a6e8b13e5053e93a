/*-------------------------------------------------------------------------
 *
 * policy.h
 *	  The security that a peak month requires, and whether what is posted is
 *	  enough.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_POLICY_H
#define CARM_POLICY_H

#include "amount.h"

/* In the order of the enum's labels. */
typedef enum SecurityForm
{
	FORM_SURETY_BOND,
	FORM_CASH_DEPOSIT
} SecurityForm;

#define SECURITY_FORM_COUNT		2

/* No minimum, no maximum. */
#define POLICY_NO_MINIMUM	((Amount) 0)
#define POLICY_NO_MAXIMUM	AMOUNT_MAX

/* No step: rounded to the cent, half away from zero. */
#define POLICY_NO_STEP		((Amount) 0)

/*
 * What one form of security must amount to: rate times peak, at least the
 * minimum, at most the maximum. With a step, rate times peak is first rounded
 * up to a multiple of it.
 *
 * No figure is negative, the rate is at most 1, and the minimum is no more than
 * the maximum.
 * Minimum, maximum and step are in whole cents.
 */
typedef struct SecurityRule
{
	Amount		rate;			/* of the peak; 1 is AMOUNT_DOLLAR */
	Amount		minimum;
	Amount		maximum;
	Amount		step;
} SecurityRule;

typedef struct SecurityTerms
{
	SecurityRule rule[SECURITY_FORM_COUNT];
} SecurityTerms;

/* A text in both official languages, in UTF-8. */
typedef struct Bilingual
{
	const char *english;
	const char *french;
} Bilingual;

/* Terms that are built in. */
typedef struct BuiltInTerms
{
	int32_t		since;			/* the day they came into force */
	SecurityTerms terms;
	Bilingual	source;
	Bilingual	certainty[SECURITY_FORM_COUNT];
} BuiltInTerms;

/* Later than any day: asks for the newest terms. */
#define POLICY_NEWEST	INT32_MAX

extern const BuiltInTerms *policy_built_in(int32_t day);
extern bool policy_apply(const SecurityRule *rule, Amount peak,
						 Amount *required);

/*
 * What is posted against a peak, in whole cents.
 *
 * The rule for a bond and a deposit on one account is our own, as none is
 * published: the deposit covers as much of the peak as it is worth by its
 * rate, and a bond that is as large as the rest of the peak requires covers
 * that rest.
 */
typedef struct PostedSecurity
{
	Amount		bond;
	Amount		deposit;
} PostedSecurity;

typedef struct Shortfall
{
	Amount		bond;			/* what more is needed if it is a bond */
	Amount		deposit;		/* what more is needed if it is a deposit */
} Shortfall;

/* The highest peak covered, where there is none. */
#define COVERS_ANY_PEAK		AMOUNT_MAX

extern Amount highest_covered_peak(const SecurityTerms *terms,
								   PostedSecurity posted);
extern bool shortfall_for_peak(const SecurityTerms *terms,
							   PostedSecurity posted, Amount covered,
							   Amount peak, Shortfall *shortfall);

typedef enum Headroom
{
	HEADROOM_AMOUNT,
	HEADROOM_NO_LIMIT,
	HEADROOM_TOO_LARGE			/* for an amount */
} Headroom;

extern Headroom headroom(Amount covered, Amount current, Amount next_peak,
						 Amount *more);

#endif							/* CARM_POLICY_H */
