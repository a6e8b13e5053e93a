/*-------------------------------------------------------------------------
 *
 * policy.c
 *	  libFuzzer target: any peak, terms and posted security.
 *
 * The oracle multiplies in full, in limbs of 32 bits, and rounds once. What is
 * covered and what is missing follow from the rule alone: a deposit covers as
 * much of the peak as it is worth by its rate, and a bond covers the rest if the
 * rule asks no more for it. So the highest covered peak is covered and the next is
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

/* a / divisor, rounded down or up; bit by bit. */
static Big
big_divide(Big a, Big divisor, bool up)
{
	Big			quotient = {{0}};
	Big			rest = {{0}};
	int			bit = 32 * LIMBS - 1;

	while (bit > 0 && a.limb[bit / 32] == 0)
		bit -= bit % 32 + 1;
	for (; bit >= 0; bit--)
	{
		rest = big_sum(rest, rest);
		rest.limb[0] |= a.limb[bit / 32] >> (bit % 32) & 1;
		if (big_compare(rest, divisor) >= 0)
		{
			uint64_t	borrow = 0;

			for (int i = 0; i < LIMBS; i++)
			{
				uint64_t	limb = (uint64_t) rest.limb[i] - divisor.limb[i] - borrow;

				rest.limb[i] = (uint32_t) limb;
				borrow = limb >> 63;
			}
			quotient.limb[bit / 32] |= UINT32_C(1) << (bit % 32);
		}
	}
	return !up || big_compare(rest, big_of(0)) == 0 ? quotient : big_sum(quotient, big_of(1));
}

/*
 * What a rule asks, in 10^-8: rate times peak, rounded half up to the cent or up
 * to a multiple of the step; no more than the maximum, no less than the minimum.
 */
static Big
required_units(const SecurityRule *rule, Amount peak)
{
	const uint32_t ten_to_7 = 10000000;
	Big			units = big_of(0);

	if (peak <= 0)
		return units;
	/* 10^-16 of a dollar, and half a cent is 5 * 10^13 of them */
	units = big_product(big_of((Wide) peak), big_of((Wide) rule->rate));
	if (rule->step != POLICY_NO_STEP)
	{
		units = big_divide(units, big_product(big_of((Wide) rule->step), big_of((Wide) AMOUNT_DOLLAR)), true);
		units = big_product(units, big_of((Wide) rule->step));
	}
	else
	{
		units = big_sum(units, big_of((Wide) 5000000 * ten_to_7));
		units = big_quotient(big_quotient(units, ten_to_7), ten_to_7);
		units = big_product(units, big_of((Wide) AMOUNT_CENT));
	}
	if (rule->maximum != POLICY_NO_MAXIMUM &&
		big_compare(units, big_of((Wide) rule->maximum)) > 0)
		units = big_of((Wide) rule->maximum);
	if (big_compare(units, big_of((Wide) rule->minimum)) < 0)
		units = big_of((Wide) rule->minimum);
	return units;
}

static bool
asks_no_more(const SecurityRule *rule, Amount peak, Amount posted)
{
	return big_compare(required_units(rule, peak), big_of((Wide) posted)) <= 0;
}

/* What of a peak a deposit is worth beside a bond; no more than the peak. */
static Amount
worth_of_deposit(const SecurityRule *rule, Amount deposit, Amount peak)
{
	Big			worth;
	Wide		low = 0;

	if (peak <= 0 || deposit < rule->minimum)
		return 0;
	if (deposit >= rule->maximum || rule->rate == 0)
		return peak;
	worth = big_divide(big_product(big_of((Wide) deposit), big_of((Wide) AMOUNT_DOLLAR)), big_of((Wide) rule->rate), false);
	if (big_compare(worth, big_of((Wide) peak)) >= 0)
		return peak;
	for (int i = 3; i >= 0; i--)
		low = low << 32 | worth.limb[i];
	return (Amount) low;
}

static bool
covers(const SecurityTerms *terms, PostedSecurity posted, Amount peak)
{
	const SecurityRule *deposit = &terms->rule[FORM_CASH_DEPOSIT];

	return asks_no_more(deposit, peak, posted.deposit) ||
		asks_no_more(&terms->rule[FORM_SURETY_BOND],
					 peak - worth_of_deposit(deposit, posted.deposit, peak), posted.bond);
}

static void
check_rule(const SecurityRule *rule, Amount peak)
{
	Big			units = required_units(rule, peak);
	Amount		required;

	if (policy_apply(rule, peak, &required))
		CHECK(required >= 0 && big_compare(big_of((Wide) required), units) == 0);
	else
	{
		/* only what rounds up or down near the highest amount may be given up */
		CHECK(rule->maximum == POLICY_NO_MAXIMUM);
		CHECK(big_compare(big_sum(units, big_of((Wide) AMOUNT_CENT)), big_of((Wide) AMOUNT_MAX)) > 0);
	}
}

static void
check_position(const SecurityTerms *terms, PostedSecurity posted, Amount peak)
{
	Amount		covered = highest_covered_peak(terms, posted);
	Shortfall	shortfall;
	PostedSecurity more = posted;

	CHECK(covered >= 0 && (covered == COVERS_ANY_PEAK || covers(terms, posted, covered)));
	if (covered != COVERS_ANY_PEAK)
		CHECK(!covers(terms, posted, covered + 1));
	if (!shortfall_for_peak(terms, posted, covered, peak, &shortfall))
	{
		/* the least that one form asks can't be held */
		CHECK(big_compare(required_units(&terms->rule[FORM_SURETY_BOND], peak), big_of((Wide) (AMOUNT_MAX - AMOUNT_CENT))) > 0 ||
			  big_compare(required_units(&terms->rule[FORM_CASH_DEPOSIT], peak), big_of((Wide) (AMOUNT_MAX - AMOUNT_CENT))) > 0);
		return;
	}
	if (peak <= covered)
	{
		CHECK(shortfall.bond == 0 && shortfall.deposit == 0);
		return;
	}
	CHECK(shortfall.bond > 0 && shortfall.deposit > 0);
	CHECK(shortfall.bond % AMOUNT_CENT == 0 && shortfall.deposit % AMOUNT_CENT == 0);
	more.bond += shortfall.bond;
	CHECK(covers(terms, more, peak));
	more.bond -= AMOUNT_CENT;
	CHECK(!covers(terms, more, peak));
	more.bond = posted.bond;
	more.deposit += shortfall.deposit;
	CHECK(covers(terms, more, peak));
	more.deposit -= AMOUNT_CENT;
	CHECK(!covers(terms, more, peak));
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

static Amount
whole_cents(Amount amount)
{
	return amount - amount % AMOUNT_CENT;
}

/* A rule as the server's side demands it. */
static SecurityRule
take_rule(Input *input, bool with_step)
{
	SecurityRule rule;
	int			way = (int) take_bytes(input, 1);
	Amount		a = whole_cents(take_amount(input));
	Amount		b = whole_cents(take_amount(input));

	rule.rate = way & 4 ? AMOUNT_DOLLAR : (Amount) (take_bytes(input, 4) % ((uint64_t) AMOUNT_DOLLAR + 1));
	rule.minimum = way & 2 ? POLICY_NO_MINIMUM : a < b ? a : b;
	rule.maximum = way & 1 ? POLICY_NO_MAXIMUM : a < b ? b : a;
	rule.step = with_step && way & 8 ? whole_cents(take_amount(input)) : POLICY_NO_STEP;
	return rule;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	Amount		peak = take_amount(&input);
	SecurityTerms terms[2];
	PostedSecurity posted;

	terms[0] = policy_built_in(POLICY_NEWEST)->terms;
	terms[1].rule[FORM_SURETY_BOND] = take_rule(&input, true);
	terms[1].rule[FORM_CASH_DEPOSIT] = take_rule(&input, false);
	for (int i = 0; i < 2 * SECURITY_FORM_COUNT; i++)
	{
		check_rule(&terms[i / 2].rule[i % 2], peak);
		check_rule(&terms[i / 2].rule[i % 2], -peak);
		check_rule(&terms[i / 2].rule[i % 2], 0);
	}

	posted.bond = whole_cents(take_amount(&input));
	posted.deposit = whole_cents(take_amount(&input));
	/* as the server's side demands: what more is asked for can be added */
	posted.bond /= 4;
	posted.deposit /= 4;
	posted.bond = whole_cents(posted.bond);
	posted.deposit = whole_cents(posted.deposit);
	for (int i = 0; i < 6; i++)
	{
		const SecurityTerms *of = &terms[i & 1];
		Amount		covered = highest_covered_peak(of, posted);
		Amount		near = (Amount) (take_wide(&input) % 100000000);

		check_position(of, posted, peak);
		if (covered < AMOUNT_MAX - near)
			check_position(of, posted, covered + near);
		if (i == 1)
			posted.deposit = 0;
		if (i == 3)
			posted.bond = 0;
	}
	return 0;
}
