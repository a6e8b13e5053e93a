/*-------------------------------------------------------------------------
 *
 * position.c
 *	  Whether posted security covers a peak, and what is missing.
 *
 *-------------------------------------------------------------------------
 */
#include "position.h"

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
