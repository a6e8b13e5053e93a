/*-------------------------------------------------------------------------
 *
 * policy.c
 *	  The security that a peak month requires, and whether what is posted is
 *	  enough.
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
 * A rate's share of a peak, to the cent, half away from zero. False where it
 * can't be held.
 *
 * Both factors are split into dollars and the rest, as their product may need
 * more than 128 bits. What a product of the rests has below an amount's last
 * decimal can't change the rounding, as half a cent is a whole amount.
 */
static bool
round_share(Amount peak, Amount rate, Amount *share)
{
	Amount		dollars = peak / AMOUNT_DOLLAR;
	Amount		rest = peak % AMOUNT_DOLLAR;
	Amount		rate_dollars = rate / AMOUNT_DOLLAR;
	Amount		rate_rest = rate % AMOUNT_DOLLAR;
	Amount		amount;
	Amount		below_cent;

	if (__builtin_mul_overflow(dollars, rate, &amount) ||
		!amount_add(amount, rest * rate_dollars, &amount) ||
		!amount_add(amount, rest * rate_rest / AMOUNT_DOLLAR, &amount))
		return false;
	below_cent = amount % AMOUNT_CENT;
	*share = amount - below_cent;
	return below_cent < AMOUNT_CENT / 2 ||
		amount_add(*share, AMOUNT_CENT, share);
}

/* The same in 64 bits, for a rate of at most 1 and half of what they hold. */
static int64_t
round_share_quickly(int64_t peak, int64_t rate)
{
	int64_t		dollar = (int64_t) AMOUNT_DOLLAR;
	int64_t		cent = (int64_t) AMOUNT_CENT;
	int64_t		amount = peak / dollar * rate + peak % dollar * rate / dollar;

	return (amount + cent / 2) / cent * cent;
}

/*
 * The amount required for a peak; nothing where nothing was owed. False where
 * it can't be held.
 */
bool
policy_apply(const SecurityPolicy *policy, Amount peak, Amount *required)
{
	Amount		amount;
	bool		held = true;

	if (peak <= 0)
	{
		*required = 0;
		return true;
	}
	if (peak <= INT64_MAX / 2 && policy->rate <= AMOUNT_DOLLAR)
		amount = round_share_quickly((int64_t) peak, (int64_t) policy->rate);
	else
		held = round_share(peak, policy->rate, &amount);
	if (!held && policy->maximum == POLICY_NO_MAXIMUM)
		return false;

	if (!held || amount > policy->maximum)
		amount = policy->maximum;
	if (amount < policy->minimum)
		amount = policy->minimum;
	*required = amount;
	return true;
}

/*
 * The highest peak for which a policy requires no more than is posted: the
 * inverse of policy_apply, exact to the last decimal of an amount.
 */
static Amount
highest_peak_for(const SecurityPolicy *policy, Amount posted)
{
	Amount		too_much;
	Amount		peak;
	Amount		part;

	if (posted >= policy->maximum)
		return COVERS_ANY_PEAK;
	if (posted < policy->minimum)
		return 0;

	/* amounts are rounded half away from zero: half a cent more is too much */
	if (!amount_add(posted - posted % AMOUNT_CENT, AMOUNT_CENT / 2, &too_much))
		return COVERS_ANY_PEAK;
	/* ... and what requires just less is too_much / rate, less the least */
	part = too_much % policy->rate * AMOUNT_DOLLAR;
	part = (part + policy->rate - 1) / policy->rate - 1;
	if (__builtin_mul_overflow(too_much / policy->rate, AMOUNT_DOLLAR, &peak) ||
		!amount_add(peak, part, &peak))
		return COVERS_ANY_PEAK;
	return peak;
}

/* The highest peak that posted security covers, or COVERS_ANY_PEAK. */
Amount
highest_covered_peak(PostedSecurity posted)
{
	Amount		by_bond = highest_peak_for(policy_of_the_day(FORM_SURETY_BOND),
										   posted.bond);
	Amount		by_deposit = highest_peak_for(policy_of_the_day(FORM_CASH_DEPOSIT),
											  posted.deposit);
	Amount		by_both;

	if (by_bond == 0)
		return by_deposit;
	if (by_bond == COVERS_ANY_PEAK ||
		!amount_add(by_bond, posted.deposit, &by_both))
		return COVERS_ANY_PEAK;
	return by_both;
}

/* What is missing for a peak; false where an amount can't be held. */
bool
shortfall_for_peak(PostedSecurity posted, Amount peak, Shortfall *shortfall)
{
	Amount		covered = highest_covered_peak(posted);
	Amount		required;
	Amount		missing;

	shortfall->bond = 0;
	shortfall->deposit = 0;
	if (peak <= covered || peak <= 0)
		return true;

	if (!policy_apply(policy_of_the_day(FORM_SURETY_BOND),
					  peak - posted.deposit, &required))
		return false;
	shortfall->bond = required - posted.bond;

	/* a deposit adds to what is covered, cent by cent */
	if (!policy_apply(policy_of_the_day(FORM_CASH_DEPOSIT), peak, &required))
		return false;
	shortfall->deposit = required - posted.deposit;
	missing = peak - covered;
	missing += (AMOUNT_CENT - missing % AMOUNT_CENT) % AMOUNT_CENT;
	if (missing < shortfall->deposit)
		shortfall->deposit = missing;
	return true;
}

/*
 * What may still be owed in the current period, in whole cents, so that the
 * window which ends with it is covered: current is what it owed so far, and
 * next_peak the peak of that window's other periods.
 */
Headroom
headroom(PostedSecurity posted, Amount current, Amount next_peak, Amount *more)
{
	Amount		covered = highest_covered_peak(posted);

	if (covered == COVERS_ANY_PEAK)
		return HEADROOM_NO_LIMIT;
	*more = 0;
	if (next_peak <= covered && current < covered)
	{
		if (!amount_add(covered, -current, more))
			return HEADROOM_TOO_LARGE;
		*more -= *more % AMOUNT_CENT;
	}
	return HEADROOM_AMOUNT;
}
