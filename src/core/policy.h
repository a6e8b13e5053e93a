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

typedef struct SecurityPolicy
{
	Amount		rate;			/* of the peak; 1 is AMOUNT_DOLLAR */
	Amount		minimum;
	Amount		maximum;
	const char *in_force_since;
	const char *source;
	const char *certainty;
} SecurityPolicy;

extern const SecurityPolicy *policy_of_the_day(SecurityForm form);
extern bool policy_apply(const SecurityPolicy *policy, Amount peak,
						 Amount *required);

/*
 * What is posted against a peak.
 *
 * The rule for a bond and a deposit on one account is our own, as none is
 * published: the deposit covers as much of the peak as it amounts to, and a
 * bond that is as large as the rest of the peak requires covers that rest.
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

/* The highest peak covered, where there is one. */
#define COVERS_ANY_PEAK		AMOUNT_MAX

extern Amount highest_covered_peak(PostedSecurity posted);
extern bool shortfall_for_peak(PostedSecurity posted, Amount peak,
							   Shortfall *shortfall);

typedef enum Headroom
{
	HEADROOM_AMOUNT,
	HEADROOM_NO_LIMIT,
	HEADROOM_TOO_LARGE			/* for an amount */
} Headroom;

extern Headroom headroom(PostedSecurity posted, Amount current,
						 Amount next_peak, Amount *more);

#endif							/* CARM_POLICY_H */
