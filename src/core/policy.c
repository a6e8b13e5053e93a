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
 * What is built in, the newest last: CBSA policy, not regulation. A later
 * release adds rows, and never changes what an earlier day required.
 *
 * The first row holds for the days before it as well: until then importers
 * did not have to post security of their own.
 */
static const BuiltInTerms built_in[] = {
	{
		9060,					/* 2024-10-21 */
		{{
			[FORM_SURETY_BOND] = {
				AMOUNT_DOLLAR / 2, 5000 * AMOUNT_DOLLAR,
				10000000 * AMOUNT_DOLLAR, POLICY_NO_STEP
			},
			[FORM_CASH_DEPOSIT] = {
				AMOUNT_DOLLAR, POLICY_NO_MINIMUM, POLICY_NO_MAXIMUM,
				POLICY_NO_STEP
			}
		}},
		{"CBSA memorandum D17-5-2", "Mémorandum D17-5-2 de l'ASFC"},
		{
			[FORM_SURETY_BOND] = {
				"several independent trade sources",
				"plusieurs sources indépendantes du milieu"
			},
			[FORM_CASH_DEPOSIT] = {
				"several independent trade sources; whether a maximum applies is disputed",
				"plusieurs sources indépendantes du milieu; l'existence d'un maximum est contestée"
			}
		}
	}
};

#define BUILT_IN_COUNT	(sizeof(built_in) / sizeof(built_in[0]))

/* The terms built in for a day. */
const BuiltInTerms *
policy_built_in(int32_t day)
{
	size_t		i = BUILT_IN_COUNT - 1;

	while (i > 0 && day < built_in[i].since)
		i--;
	return &built_in[i];
}

/*
 * A rate's share of a peak, without what is below an amount's last decimal.
 * Says whether that is all of it.
 *
 * The peak is split into dollars and the rest, as its product with the rate may
 * need more than 128 bits.
 */
static Amount
exact_share(Amount peak, Amount rate, bool *exact)
{
	Amount		rest = peak % AMOUNT_DOLLAR * rate;

	*exact = rest % AMOUNT_DOLLAR == 0;
	return peak / AMOUNT_DOLLAR * rate + rest / AMOUNT_DOLLAR;
}

/* The least multiple of a unit that isn't below an amount; false: too high. */
static bool
round_up(Amount amount, bool exact, Amount unit, Amount *rounded)
{
	Amount		count = amount / unit;

	if (amount % unit != 0 || !exact)
		count++;
	return !__builtin_mul_overflow(count, unit, rounded) &&
		*rounded <= AMOUNT_MAX;
}

/*
 * A rate's share of a peak, rounded as the step says. False where it can't be
 * held.
 *
 * What is below an amount's last decimal can't change the rounding to the
 * cent, as half a cent is a whole amount.
 */
static bool
round_share(Amount peak, const SecurityRule *rule, Amount *share)
{
	bool		exact;
	Amount		amount = exact_share(peak, rule->rate, &exact);
	Amount		below_cent;

	if (rule->step != POLICY_NO_STEP)
		return round_up(amount, exact, rule->step, share);
	below_cent = amount % AMOUNT_CENT;
	*share = amount - below_cent;
	if (below_cent >= AMOUNT_CENT / 2)
		*share += AMOUNT_CENT;	/* held, as AMOUNT_MAX is rounded down */
	return true;
}

/*
 * A share of a peak in 64 bits, rounded to the cent, for a peak of at most half
 * of what they hold.
 */
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
policy_apply(const SecurityRule *rule, Amount peak, Amount *required)
{
	Amount		amount;
	bool		held = true;

	if (peak <= 0)
	{
		*required = 0;
		return true;
	}
	if (peak <= INT64_MAX / 2 && rule->step == POLICY_NO_STEP)
		amount = round_share_quickly((int64_t) peak, (int64_t) rule->rate);
	else
		held = round_share(peak, rule, &amount);
	if (!held && rule->maximum == POLICY_NO_MAXIMUM)
		return false;

	if (!held || amount > rule->maximum)
		amount = rule->maximum;
	if (amount < rule->minimum)
		amount = rule->minimum;
	*required = amount;
	return true;
}

/*
 * Dollars for each dollar of a rate: amount / rate, rounded down or up. Gives
 * COVERS_ANY_PEAK where that can't be held.
 */
static Amount
divide_by_rate(Amount amount, Amount rate, bool up)
{
	Amount		rest = amount % rate * AMOUNT_DOLLAR;
	Amount		whole;
	Amount		result;

	if (__builtin_mul_overflow(amount / rate, AMOUNT_DOLLAR, &whole) ||
		!amount_add(whole, rest / rate + (up && rest % rate != 0), &result))
		return COVERS_ANY_PEAK;
	return result;
}

/*
 * The highest peak for which a rule requires no more than is posted: the
 * inverse of policy_apply, exact to the last decimal of an amount.
 */
static Amount
highest_peak_for(const SecurityRule *rule, Amount posted)
{
	Amount		too_much;
	Amount		peak;

	if (posted >= rule->maximum)
		return COVERS_ANY_PEAK;
	if (posted < rule->minimum)
		return 0;
	if (rule->rate == 0)
		return COVERS_ANY_PEAK;
	if (rule->step != POLICY_NO_STEP)
		return divide_by_rate(posted - posted % rule->step, rule->rate, false);

	/* amounts are rounded half away from zero: half a cent more is too much */
	if (!amount_add(posted - posted % AMOUNT_CENT, AMOUNT_CENT / 2, &too_much))
		return COVERS_ANY_PEAK;
	/* ... and what requires just less is too_much / rate, less the least */
	peak = divide_by_rate(too_much, rule->rate, true);
	return peak == COVERS_ANY_PEAK ? peak : peak - 1;
}

/* What of a peak a deposit covers, where a bond covers the rest. */
static Amount
share_of_deposit(const SecurityRule *rule, Amount deposit)
{
	if (deposit < rule->minimum)
		return 0;
	if (deposit >= rule->maximum || rule->rate == 0)
		return COVERS_ANY_PEAK;
	return rule->rate == AMOUNT_DOLLAR ? deposit :
		divide_by_rate(deposit, rule->rate, false);
}

/* The highest peak that posted security covers, or COVERS_ANY_PEAK. */
Amount
highest_covered_peak(const SecurityTerms *terms, PostedSecurity posted)
{
	const SecurityRule *deposit = &terms->rule[FORM_CASH_DEPOSIT];
	Amount		by_deposit = highest_peak_for(deposit, posted.deposit);
	Amount		by_bond = highest_peak_for(&terms->rule[FORM_SURETY_BOND],
										   posted.bond);
	Amount		by_both;

	if (by_bond == COVERS_ANY_PEAK ||
		!amount_add(by_bond, share_of_deposit(deposit, posted.deposit),
					&by_both))
		return COVERS_ANY_PEAK;
	return by_both > by_deposit ? by_both : by_deposit;
}

/*
 * The least deposit that covers so much of a peak where a bond covers the
 * rest. False where it can't be held.
 */
static bool
deposit_for_share(const SecurityRule *rule, Amount share, Amount *deposit)
{
	bool		exact;
	Amount		worth = exact_share(share, rule->rate, &exact);
	bool		held = round_up(worth, exact, AMOUNT_CENT, deposit);

	if (!held && rule->maximum == POLICY_NO_MAXIMUM)
		return false;
	if (!held || *deposit > rule->maximum)
		*deposit = rule->maximum;
	if (*deposit < rule->minimum)
		*deposit = rule->minimum;
	return true;
}

/*
 * What is missing for a peak, where the highest that is covered is known; false
 * where an amount can't be held.
 */
bool
shortfall_for_peak(const SecurityTerms *terms, PostedSecurity posted,
				   Amount covered, Amount peak, Shortfall *shortfall)
{
	const SecurityRule *bond = &terms->rule[FORM_SURETY_BOND];
	const SecurityRule *deposit = &terms->rule[FORM_CASH_DEPOSIT];
	Amount		required;
	Amount		by_deposit;

	shortfall->bond = 0;
	shortfall->deposit = 0;
	if (peak <= 0 || peak <= covered)
		return true;

	if (!policy_apply(bond, peak - share_of_deposit(deposit, posted.deposit),
					  &required) ||
		!policy_apply(deposit, peak, &by_deposit))
		return false;
	shortfall->bond = required - posted.bond;

	/* all of the peak by a deposit, or what the bond leaves of it */
	shortfall->deposit = by_deposit - posted.deposit;
	if (deposit_for_share(deposit, peak - highest_peak_for(bond, posted.bond),
						  &required) &&
		required - posted.deposit < shortfall->deposit)
		shortfall->deposit = required - posted.deposit;
	return true;
}

/*
 * What may still be owed in the current period, in whole cents, so that the
 * window which ends with it is covered: covered is the highest peak that is,
 * current what the period owed so far, and next_peak the peak of that window's
 * other periods, or what stands in its place.
 */
Headroom
headroom(Amount covered, Amount current, Amount next_peak, Amount *more)
{
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
