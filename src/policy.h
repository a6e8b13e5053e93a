/*-------------------------------------------------------------------------
 *
 * policy.h
 *	  The security that a peak month requires.
 *
 * A pure room: no palloc, no ereport, no Datum.
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

#endif							/* CARM_POLICY_H */
