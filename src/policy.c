/*-------------------------------------------------------------------------
 *
 * policy.c
 *	  The security that a peak month requires.
 *
 *-------------------------------------------------------------------------
 */
#include "policy.h"

/*
 * CBSA policy, not regulation: the figures have changed before, so that every
 * one of them is a parameter as well.
 */
static const SecurityPolicy policies[SECURITY_FORM_COUNT] = {
	[FORM_SURETY_BOND] = {
		AMOUNT_DOLLAR / 2, 5000 * AMOUNT_DOLLAR, 10000000 * AMOUNT_DOLLAR,
		"2024-10-21", "CBSA memorandum D17-5-2",
		"several independent trade sources"
	},
	[FORM_CASH_DEPOSIT] = {
		AMOUNT_DOLLAR, POLICY_NO_MINIMUM, POLICY_NO_MAXIMUM,
		"2024-10-21", "CBSA memorandum D17-5-2",
		"several independent trade sources; whether a maximum applies is disputed"
	}
};

const SecurityPolicy *
policy_of_the_day(SecurityForm form)
{
	return &policies[form];
}

/*
 * The amount required for a peak, to the cent, half away from zero; nothing
 * where nothing was owed. False where it can't be held.
 *
 * Peak and rate are split, as their product may need more than 128 bits: with
 * peak = dollars + rest, cents are counted from dollars * rate first, and what
 * is left over (below a cent) joins rest * rate for rounding.
 */
bool
policy_apply(const SecurityPolicy *policy, Amount peak, Amount *required)
{
	Amount		dollars = peak / AMOUNT_DOLLAR;
	Amount		rest = peak % AMOUNT_DOLLAR;
	Amount		from_dollars;
	Amount		from_rest;
	Amount		cents;
	Amount		part;
	Amount		amount;

	if (peak <= 0)
	{
		*required = 0;
		return true;
	}

	if (__builtin_mul_overflow(dollars, policy->rate, &from_dollars) ||
		__builtin_mul_overflow(rest, policy->rate, &from_rest) ||
		__builtin_add_overflow(from_dollars % AMOUNT_CENT * AMOUNT_DOLLAR,
							   from_rest, &part))
		return false;
	cents = from_dollars / AMOUNT_CENT +
		(part + AMOUNT_CENT * AMOUNT_DOLLAR / 2) / (AMOUNT_CENT * AMOUNT_DOLLAR);
	if (__builtin_mul_overflow(cents, AMOUNT_CENT, &amount))
		return false;

	if (amount < policy->minimum)
		amount = policy->minimum;
	if (amount > policy->maximum)
		amount = policy->maximum;
	*required = amount;
	return true;
}
