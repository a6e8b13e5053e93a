/*-------------------------------------------------------------------------
 *
 * policy.c
 *	  libFuzzer target: any peak, policy and posted security.
 *
 * The oracle multiplies in full, in limbs of 32 bits, and rounds once. What is
 * covered and what is missing follow from the rule alone: a deposit covers as
 * much of the peak as it amounts to, and a bond covers the rest if the policy
 * asks no more for it. So the highest covered peak is covered and the next is
 * not; what is said to be missing suffices, and a cent less does not.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "policy.h"

#define LIMBS	10

/* A number of 320 bits, lowest limb first. */
typedef struct Big
{
	uint32_t	limb[LIMBS];
} Big;

static Big
big_of(Wide value)
{
	Big			big = {{0}};

	for (int i = 0; i < 4; i++)
		big.limb[i] = (uint32_t) (value >> (32 * i));
	return big;
}

static Big
big_product(Big a, Big b)
{
	Big			product = {{0}};

	for (int i = 0; i < LIMBS; i++)
	{
		uint64_t	carry = 0;

		for (int j = 0; i + j < LIMBS; j++)
		{
			carry += (uint64_t) a.limb[i] * b.limb[j] + product.limb[i + j];
			product.limb[i + j] = (uint32_t) carry;
			carry >>= 32;
		}
	}
	return product;
}

static Big
big_sum(Big a, Big b)
{
	uint64_t	carry = 0;

	for (int i = 0; i < LIMBS; i++)
	{
		carry += (uint64_t) a.limb[i] + b.limb[i];
		a.limb[i] = (uint32_t) carry;
		carry >>= 32;
	}
	return a;
}

static Big
big_quotient(Big a, uint32_t divisor)
{
	uint64_t	rest = 0;

	for (int i = LIMBS - 1; i >= 0; i--)
	{
		rest = rest << 32 | a.limb[i];
		a.limb[i] = (uint32_t) (rest / divisor);
		rest %= divisor;
	}
	return a;
}

static int
big_compare(Big a, Big b)
{
	for (int i = LIMBS - 1; i >= 0; i--)
	{
		if (a.limb[i] != b.limb[i])
			return a.limb[i] < b.limb[i] ? -1 : 1;
	}
	return 0;
}

/*
 * What a policy asks, in cents: rate times peak, rounded half up, no more than
 * the maximum and no less than the minimum, which are in 10^-8.
 */
static Big
required_units(const SecurityPolicy *policy, Amount peak)
{
	const uint32_t ten_to_7 = 10000000;
	Big			units = big_of(0);

	if (peak <= 0)
		return units;
	/* 10^-16 of a dollar, and half a cent is 5 * 10^13 of them */
	units = big_sum(big_product(big_of((Wide) peak), big_of((Wide) policy->rate)),
					big_of((Wide) 5000000 * ten_to_7));
	units = big_quotient(big_quotient(units, ten_to_7), ten_to_7);
	units = big_product(units, big_of((Wide) AMOUNT_CENT));
	if (policy->maximum != POLICY_NO_MAXIMUM &&
		big_compare(units, big_of((Wide) policy->maximum)) > 0)
		units = big_of((Wide) policy->maximum);
	if (big_compare(units, big_of((Wide) policy->minimum)) < 0)
		units = big_of((Wide) policy->minimum);
	return units;
}

static bool
asks_no_more(SecurityForm form, Amount peak, Amount posted)
{
	return big_compare(required_units(policy_of_the_day(form), peak), big_of((Wide) posted)) <= 0;
}

static bool
covers(PostedSecurity posted, Amount peak)
{
	return asks_no_more(FORM_CASH_DEPOSIT, peak, posted.deposit) ||
		peak <= posted.deposit ||
		(posted.bond > 0 && asks_no_more(FORM_SURETY_BOND, peak - posted.deposit, posted.bond));
}

static void
check_policy(const SecurityPolicy *policy, Amount peak)
{
	Big			units = required_units(policy, peak);
	Amount		required;

	if (policy_apply(policy, peak, &required))
		CHECK(required >= 0 && big_compare(big_of((Wide) required), units) == 0);
	else
	{
		/* only what rounds up or down near the highest amount may be given up */
		CHECK(policy->maximum == POLICY_NO_MAXIMUM);
		CHECK(big_compare(big_sum(units, big_of((Wide) AMOUNT_CENT)), big_of((Wide) AMOUNT_MAX)) > 0);
	}
}

static void
check_position(PostedSecurity posted, Amount peak)
{
	Amount		covered = highest_covered_peak(posted);
	Shortfall	shortfall;
	PostedSecurity more = posted;

	CHECK(covered >= 0 && covers(posted, covered));
	if (covered != COVERS_ANY_PEAK)
		CHECK(!covers(posted, covered + 1));
	if (!shortfall_for_peak(posted, peak, &shortfall))
	{
		CHECK(peak > AMOUNT_MAX - AMOUNT_CENT);
		return;
	}
	if (covers(posted, peak))
	{
		CHECK(shortfall.bond == 0 && shortfall.deposit == 0);
		return;
	}
	CHECK(shortfall.bond > 0 && shortfall.deposit > 0);
	CHECK(shortfall.bond % AMOUNT_CENT == 0 && shortfall.deposit % AMOUNT_CENT == 0);
	more.bond += shortfall.bond;
	CHECK(covers(more, peak));
	more.bond -= AMOUNT_CENT;
	CHECK(!covers(more, peak));
	more.bond = posted.bond;
	more.deposit += shortfall.deposit;
	CHECK(covers(more, peak));
	more.deposit -= AMOUNT_CENT;
	CHECK(!covers(more, peak));
}

/* An amount that isn't negative, often a round one. */
static Amount
take_amount(Input *input)
{
	Amount		amount = (Amount) (take_wide(input) >> 1);
	int			way = (int) take_bytes(input, 1);

	for (int i = way & 15; i > 0 && amount < AMOUNT_MAX / 10; i--)
		amount *= 10;
	return way & 16 ? AMOUNT_MAX - amount : amount;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	SecurityPolicy policy = {0};
	PostedSecurity posted;
	Amount		peak = take_amount(&input);
	int			way = (int) take_bytes(&input, 1);

	policy.rate = take_amount(&input);
	policy.minimum = take_amount(&input);
	policy.maximum = way & 1 ? POLICY_NO_MAXIMUM : take_amount(&input);
	/* as the face demands */
	if (policy.minimum <= policy.maximum)
		check_policy(&policy, peak);
	check_policy(&policy, 0);
	for (int form = 0; form < SECURITY_FORM_COUNT; form++)
	{
		check_policy(policy_of_the_day((SecurityForm) form), peak);
		check_policy(policy_of_the_day((SecurityForm) form), -peak);
	}

	/* posted security is in whole cents */
	posted.bond = policy.minimum - policy.minimum % AMOUNT_CENT;
	posted.deposit = policy.rate - policy.rate % AMOUNT_CENT;
	if (way & 2)
		posted.bond %= 2000000000000000;
	for (int i = 0; i < 3; i++)
	{
		Amount		covered = highest_covered_peak(posted);
		Amount		near = (Amount) (take_wide(&input) % 100000000);

		check_position(posted, peak);
		if (covered < AMOUNT_MAX - near)
			check_position(posted, covered + near);
		if (i == 0)
			posted.deposit = 0;
		else
			posted.bond = 0;
	}
	return 0;
}
