/*-------------------------------------------------------------------------
 *
 * window.c
 *	  libFuzzer target: what any window of any history says, and the headroom.
 *
 * The oracle keeps a history as a plain array of slices and adds up each period
 * anew. A queue of peaks is compared, period by period, with a look at all
 * periods of its window. The headroom is checked by what it means: owed on top,
 * the next window is covered; a cent more, and it is not.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "period.h"
#include "policy.h"

#define SLICES			96
#define MONTHS			(SLICES / SLICES_PER_MONTH)
#define FIRST_MONTH		290		/* March 2024 */
#define FIRST_SLICE		(FIRST_MONTH * SLICES_PER_MONTH)

/* What was owed in each slice, in cents. */
static int32_t owed_in[SLICES];

/* What a period owed: of one that begins before the first slice, the rest. */
static Amount
owed_by(MonthBasis basis, int64_t period)
{
	Amount		sum = 0;

	for (int i = 0; i < SLICES_PER_MONTH; i++)
	{
		int64_t		slice = period * SLICES_PER_MONTH + basis_first_slice(basis) + i - FIRST_SLICE;

		if (slice >= 0 && slice < SLICES)
			sum += owed_in[slice] * AMOUNT_CENT;
	}
	return sum;
}

/* Has a period any slice that isn't 0? Such are read, even if they cancel out. */
static bool
is_known(MonthBasis basis, int64_t period)
{
	for (int i = 0; i < SLICES_PER_MONTH; i++)
	{
		int64_t		slice = period * SLICES_PER_MONTH + basis_first_slice(basis) + i - FIRST_SLICE;

		if (slice >= 0 && slice < SLICES && owed_in[slice] != 0)
			return true;
	}
	return false;
}

static Peak
peak_of(MonthBasis basis, int64_t first, int64_t last)
{
	Peak		peak = {0, 0};

	for (int64_t period = first; period <= last; period++)
	{
		Amount		owed = owed_by(basis, period);

		if (owed > peak.amount || (owed == peak.amount && owed > 0))
		{
			peak.amount = owed;
			peak.period = (int32_t) period;
		}
	}
	return peak;
}

static size_t
write_history(uint8_t *bytes)
{
	HistoryWriter writer;

	history_begin(&writer, bytes, 2);
	for (int i = 0; i < SLICES; i++)
		history_write(&writer, FIRST_SLICE + i, owed_in[i] * AMOUNT_CENT);
	return history_end(&writer);
}

static void
check_window(MonthBasis basis, const uint8_t *bytes, size_t length,
			 PeriodWindow window)
{
	/* beyond these no period owes anything */
	int64_t		low = FIRST_MONTH - 2;
	int64_t		high = FIRST_MONTH + MONTHS + 1;
	int64_t		first = window.first < low ? low : window.first;
	int64_t		last = window.last > high ? high : window.last;
	int64_t		first_known = high + 1;
	int64_t		last_known = low - 1;
	int64_t		months;
	Peak		peak = peak_of(basis, first, last);
	Peak		next_peak = peak_of(basis, window.first < low ? low : first + 1, last);
	PeriodReader reader;
	WindowPeaks reading;

	for (int64_t period = low; period <= high; period++)
	{
		if (!is_known(basis, period))
			continue;
		if (first_known > high)
			first_known = period;
		last_known = period;
	}
	if (window.last == WHOLE_HISTORY.last)
		months = last_known - first_known + 1;
	else
		months = window.last - (first_known < window.first ? window.first : first_known) + 1;
	if (first_known > high || months < 0)
		months = 0;

	period_open(&reader, basis, bytes, length);
	reading = read_window(&reader, window);
	CHECK(!reader.overflow && !reader.slices.corrupt);
	CHECK(reading.peak.amount == peak.amount && reading.peak.period == peak.period);
	CHECK(reading.months == months);
	CHECK(reading.next_peak == next_peak.amount);
	CHECK(reading.current == (window.last < high ? owed_by(basis, (int64_t) window.last + 1) : 0));

	period_open(&reader, basis, bytes, length);
	peak = read_peak(&reader, window);
	CHECK(peak.amount == reading.peak.amount && peak.period == reading.peak.period);
}

/* The peak of each window of so many periods, from the first to the last. */
static void
check_queue(MonthBasis basis, int32_t months)
{
	Peak		rings[2][64];
	int			ring = 0;
	PeakQueue	queue = {0};

	for (int32_t period = FIRST_MONTH - 1; period < FIRST_MONTH + MONTHS + 3; period++)
	{
		Amount		owed = owed_by(basis, period);
		int64_t		first = (int64_t) period - months + 1;
		Peak		peak = peak_of(basis, first < FIRST_MONTH - 2 ? FIRST_MONTH - 2 : first, period);
		Peak		found;

		if (owed > 0)
		{
			while (!peak_queue_add(&queue, period, owed))
			{
				ring = 1 - ring;
				CHECK(queue.size <= 32);
				peak_queue_move(&queue, rings[ring], queue.size == 0 ? 1 : queue.size * 2);
			}
		}
		found = peak_queue_highest(&queue, period, months);
		CHECK(found.amount == peak.amount && found.period == peak.period);
	}
}

static const SecurityTerms *terms;

static bool
is_covered(PostedSecurity posted, Amount peak)
{
	Shortfall	shortfall;

	CHECK(shortfall_for_peak(terms, posted, highest_covered_peak(terms, posted), peak, &shortfall));
	return shortfall.bond == 0;
}

static void
check_headroom(PostedSecurity posted, Amount current, Amount next_peak)
{
	Amount		more = -1;

	switch (headroom(highest_covered_peak(terms, posted), current, next_peak, &more))
	{
		case HEADROOM_NO_LIMIT:
			CHECK(is_covered(posted, AMOUNT_MAX / 2));
			break;
		case HEADROOM_AMOUNT:
			CHECK(more >= 0 && more % AMOUNT_CENT == 0);
			if (more > 0)
				CHECK(is_covered(posted, next_peak) && is_covered(posted, current + more));
			CHECK(!is_covered(posted, next_peak) || !is_covered(posted, current + more + AMOUNT_CENT));
			break;
		case HEADROOM_TOO_LARGE:
			CHECK(current < 0);
			CHECK(!amount_add(highest_covered_peak(terms, posted), -current, &more));
			break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	MonthBasis	basis = (MonthBasis) (take_bytes(&input, 1) % MONTH_BASIS_COUNT);
	int32_t		last = FIRST_MONTH - 3 + (int32_t) (take_bytes(&input, 1) % (MONTHS + 6));
	uint32_t	code = (uint32_t) take_bytes(&input, 1);
	int32_t		months = code == 255 ? INT32_MAX : 1 + (int32_t) (code % (MONTHS + 6));
	PostedSecurity posted;
	uint8_t		bytes[HISTORY_HEADER_MAX + SLICES * HISTORY_SLICE_MAX];
	size_t		length;
	PeriodReader reader;
	WindowPeaks reading;

	terms = &policy_built_in(POLICY_NEWEST)->terms;
	posted.bond = (Amount) (take_wide(&input) >> 40) / AMOUNT_CENT * AMOUNT_CENT;
	posted.deposit = (Amount) (take_wide(&input) >> 40) / AMOUNT_CENT * AMOUNT_CENT;

	memset(owed_in, 0, sizeof(owed_in));
	for (int slice = 0; input.next < input.end; slice++)
	{
		slice += (int) (take_bytes(&input, 1) % 7);
		if (slice >= SLICES)
			break;
		/* few values, that they may be equal and cancel each other out */
		owed_in[slice] = ((int32_t) take_bytes(&input, 1) - 100) * 100000;
	}
	length = write_history(bytes);

	check_window(basis, bytes, length, period_window(last, months));
	check_window(basis, bytes, length, WHOLE_HISTORY);
	check_queue(basis, months);

	period_open(&reader, basis, bytes, length);
	reading = read_window(&reader, period_window(last, months));
	check_headroom(posted, reading.current, reading.next_peak);
	/* amounts that no array of slices holds */
	check_headroom(posted, (Amount) (take_wide(&input) >> 2) * (code & 1 ? -1 : 1), reading.next_peak);
	return 0;
}
