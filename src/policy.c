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
 * Both factors are split into dollars and the rest, as their product may need
 * more than 128 bits. What a product of the rests has below an amount's last
 * decimal can't change the rounding, as half a cent is a whole amount.
 */
bool
policy_apply(const SecurityPolicy *policy, Amount peak, Amount *required)
{
	Amount		dollars = peak / AMOUNT_DOLLAR;
	Amount		rest = peak % AMOUNT_DOLLAR;
	Amount		rate_dollars = policy->rate / AMOUNT_DOLLAR;
	Amount		rate_rest = policy->rate % AMOUNT_DOLLAR;
	Amount		amount;
	Amount		below_cent;
	bool		held;

	if (peak <= 0)
	{
		*required = 0;
		return true;
	}

	held = !__builtin_mul_overflow(dollars, policy->rate, &amount) &&
		amount_add(amount, rest * rate_dollars, &amount) &&
		amount_add(amount, rest * rate_rest / AMOUNT_DOLLAR, &amount);
	if (held)
	{
		below_cent = amount % AMOUNT_CENT;
		amount -= below_cent;
		if (below_cent >= AMOUNT_CENT / 2)
			held = amount_add(amount, AMOUNT_CENT, &amount);
	}
	if (!held && policy->maximum == POLICY_NO_MAXIMUM)
		return false;

	if (!held || amount > policy->maximum)
		amount = policy->maximum;
	if (amount < policy->minimum)
		amount = policy->minimum;
	*required = amount;
	return true;
}
