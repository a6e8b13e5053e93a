/*-------------------------------------------------------------------------
 *
 * history.c
 *	  libFuzzer target: any bytes as a history in stored form, and the readings.
 *
 * The oracle reads the form as history.h describes it into a list, writes the
 * list anew, and takes the bytes for canonical if and only if they come out the
 * same. The same list says how two histories compare, and what each period of
 * each basis owed. Any list of slices and amounts is written and read back, too;
 * and what is spliced into a history is what the list with it is written as. So
 * are its multiples, those moved to other months and its parts, byte for byte.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"
#include "history_change.h"
#include "history_splice.h"
#include "lists.h"
#include "period.h"

/* Whatever the bytes are: slices ascend, amounts are amounts, the end is the end. */
static void
check_any_bytes(const uint8_t *bytes, size_t size, const List *list, bool canonical)
{
	HistoryReader reader;
	int32_t		slice;
	Amount		amount;
	int64_t		last = INT64_MIN;
	size_t		count = 0;

	CHECK(history_is_canonical(bytes, size) == canonical);
	(void) history_open(&reader, bytes, size);
	while (history_next(&reader, &slice, &amount))
	{
		CHECK(slice > last && slice >= CALENDAR_FIRST_SLICE && slice <= CALENDAR_LAST_SLICE);
		CHECK(amount != 0 && amount >= AMOUNT_MIN);
		if (canonical)
			CHECK(count < list->count && slice == list->entry[count].slice &&
				  amount == list->entry[count].amount);
		last = slice;
		count++;
	}
	CHECK(reader.next <= reader.end);
	if (canonical)
		CHECK(!reader.corrupt && count == list->count);
}

static bool
sum_fits(Amount a, Amount b, Amount *sum)
{
	char		decimal[DECIMAL_SIZE];
	Wide		magnitude = (Wide) (a < 0 ? -a : a) + (Wide) (b < 0 ? -b : b);

	if ((a < 0) == (b < 0) &&
		decimal_compare(decimal_of(magnitude, decimal), HIGHEST_DECIMAL) > 0)
		return false;
	*sum = a + b;
	return true;
}

/* The period of a slice: the month in which it starts. */
static int64_t
period_of(MonthBasis basis, int64_t slice)
{
	static const int first_day[] = {1, 18, 25, 20};
	static const int slice_day[] = {1, 18, 20, 25};
	int64_t		part = ((slice % 4) + 4) % 4;
	int64_t		month = (slice - part) / 4;

	return slice_day[part] < first_day[basis] ? month - 1 : month;
}

/* Periods and peaks of a history, against sums over its list. */
static void
check_readings(const uint8_t *bytes, size_t size, const List *list, MonthBasis basis,
			   PeriodWindow window)
{
	PeriodReader reader;
	Peak		peak = {0, 0};
	Peak		found;
	size_t		i = 0;

	period_open(&reader, basis, bytes, size);
	while (i < list->count)
	{
		int64_t		period = period_of(basis, list->entry[i].slice);
		int32_t		found_period;
		Amount		owed;
		Amount		sum = 0;
		bool		fits = true;

		for (; i < list->count && period_of(basis, list->entry[i].slice) == period; i++)
			fits = fits && sum_fits(sum, list->entry[i].amount, &sum);
		if (!fits)
		{
			CHECK(!period_next(&reader, &found_period, &owed) && reader.overflow);
			return;
		}
		CHECK(period_next(&reader, &found_period, &owed) && found_period == period && owed == sum);
		if (period >= window.first && period <= window.last && sum > 0 && sum >= peak.amount)
		{
			peak.amount = sum;
			peak.period = (int32_t) period;
		}
	}
	CHECK(!reader.pending && !reader.overflow && !reader.slices.corrupt);
	period_open(&reader, basis, bytes, size);
	found = read_peak(&reader, window);
	CHECK(found.amount == peak.amount && found.period == peak.period);
}

/* A list made of any bytes, written by core and by the oracle. */
static void
check_writing(const uint8_t *data, size_t size)
{
	static List list;
	static List again;
	static uint8_t bytes[ROOM];
	static uint8_t wanted[ROOM];
	Input		input = {data, data + size};
	int64_t		slice = (int64_t) (take_bytes(&input, 4) % (CALENDAR_LAST_SLICE - CALENDAR_FIRST_SLICE + 1)) +
		CALENDAR_FIRST_SLICE;
	HistoryWriter writer;
	int			scale = 0;
	size_t		length;

	list.count = 0;
	while (input.next < input.end && slice <= CALENDAR_LAST_SLICE)
	{
		Wide		magnitude = take_wide(&input) >> 1;
		int			way = (int) take_bytes(&input, 1);
		Amount		amount = way & 1 ? -(Amount) magnitude : (Amount) magnitude;

		if (way & 2 && amount < AMOUNT_MAX / AMOUNT_DOLLAR && amount > AMOUNT_MIN / AMOUNT_DOLLAR)
			amount *= scale_unit(way >> 4 & 7);
		scale = history_scale(scale, amount);
		if (amount != 0)
		{
			list.entry[list.count].slice = slice;
			list.entry[list.count++].amount = amount;
		}
		slice += 1 + (way & 4 ? (int64_t) take_bytes(&input, 1 + (way >> 6)) : 0);
	}
	history_begin(&writer, bytes, scale);
	for (size_t i = 0; i < list.count; i++)
		history_write(&writer, (int32_t) list.entry[i].slice, list.entry[i].amount);
	length = history_end(&writer);
	CHECK(length <= HISTORY_HEADER_MAX + list.count * HISTORY_SLICE_MAX);
	CHECK(length == write_list(&list, wanted) && memcmp(bytes, wanted, length) == 0);
	CHECK(is_canonical(bytes, length, &again) && compare_lists(&list, &again) == 0);
	check_any_bytes(bytes, length, &list, true);
}

/* Adds an amount to a history, by splicing it in and by writing the list anew. */
static void
check_splice(const uint8_t *bytes, size_t size, const List *list, int64_t slice, Amount amount)
{
	static List sum;
	static uint8_t wanted[ROOM];
	static uint8_t spliced[ROOM];
	HistorySplice splice;
	size_t		i;
	size_t		rest;

	if (slice > INT32_MAX || !history_splice(bytes, size, (int32_t) slice, amount, &splice))
		return;
	sum.count = 0;
	for (i = 0; i < list->count && list->entry[i].slice < slice; i++)
		sum.entry[sum.count++] = list->entry[i];
	sum.entry[sum.count].slice = slice;
	sum.entry[sum.count].amount = amount;
	if (i < list->count && list->entry[i].slice == slice)
		sum.entry[sum.count].amount += list->entry[i++].amount;
	CHECK(sum.entry[sum.count].amount != 0);
	sum.count++;
	while (i < list->count)
		sum.entry[sum.count++] = list->entry[i++];

	CHECK(splice.at + splice.removed <= size && splice.added <= sizeof(splice.bytes));
	rest = size - splice.at - splice.removed;
	memcpy(spliced, bytes, splice.at);
	memcpy(spliced + splice.at, splice.bytes, splice.added);
	memcpy(spliced + splice.at + splice.added, bytes + size - rest, rest);
	CHECK(write_list(&sum, wanted) == size - splice.removed + splice.added);
	CHECK(memcmp(spliced, wanted, splice.at + splice.added + rest) == 0);
}

/* The same for slices within, at the end of, and behind a history. */
static void
check_splices(const uint8_t *bytes, size_t size, const List *list, const uint8_t *data, size_t data_size)
{
	Input		input = {data, data + data_size};
	int			way = (int) take_bytes(&input, 1);
	Amount		amount = (Amount) (take_wide(&input) >> (way & 1 ? 1 : 80));
	int64_t		last;

	if (list->count == 0 || list->count == SIZE_MAX_READ)
		return;
	if (way & 2 && amount < AMOUNT_MAX / AMOUNT_DOLLAR)
		amount *= scale_unit(way >> 4 & 7);
	if (way & 4)
		amount = -amount;
	last = list->entry[list->count - 1].slice;
	check_splice(bytes, size, list, list->entry[(size_t) way * 7 % list->count].slice, amount);
	check_splice(bytes, size, list, list->entry[list->count / 2].slice + 1, amount);
	check_splice(bytes, size, list, list->entry[0].slice - 1, amount);
	check_splice(bytes, size, list, last, amount);
	check_splice(bytes, size, list, last, -list->entry[list->count - 1].amount);
	check_splice(bytes, size, list, last + 1, amount);
	check_splice(bytes, size, list, last + 1 + (int64_t) take_bytes(&input, 1 + (way >> 6)), amount);
}

/* Changes a history as history_algebra.c does; gives how that ended. */
static ChangedSlice
change_history(const HistoryChange *change, const uint8_t *bytes, size_t size, uint8_t *changed, size_t *length)
{
	HistoryReader start;
	HistoryReader reader;
	HistoryWriter writer;
	ChangedSlice next;
	int32_t		slice;
	Amount		amount;
	int			scale = 0;

	CHECK(history_change_open(&start, change, bytes, size) || start.corrupt || size <= HISTORY_EMPTY_SIZE);
	reader = start;
	while ((next = history_change_next(&reader, change, &slice, &amount)) == CHANGED_SLICE)
		scale = history_scale(scale, amount);
	if (next != CHANGED_NONE)
		return next;
	CHECK(!reader.corrupt);
	history_begin(&writer, changed, scale);
	while (history_change_next(&start, change, &slice, &amount) == CHANGED_SLICE)
		history_write(&writer, slice, amount);
	*length = history_end(&writer);
	return CHANGED_NONE;
}

/* Does a change give the list, in canonical bytes? */
static bool
changes_to(const HistoryChange *change, const uint8_t *bytes, size_t size, const List *list)
{
	static uint8_t changed[ROOM];
	static uint8_t wanted[ROOM];
	size_t		length = 0;

	return change_history(change, bytes, size, changed, &length) == CHANGED_NONE &&
		length == write_list(list, wanted) && memcmp(changed, wanted, length) == 0;
}

/* A history twice is the sum of it and itself, and half of that is it. */
static void
check_multiples(const uint8_t *bytes, size_t size, const List *list)
{
	static List sum;
	static uint8_t twice[ROOM];
	Factor		two = {2, 0};
	Factor		half = {5, 1};
	Factor		nothing = {0, 0};
	HistoryChange change = {&two, 0, INT32_MIN, INT32_MAX};
	size_t		length = 0;
	bool		fits = true;

	sum = *list;
	for (size_t i = 0; i < sum.count; i++)
		fits = fits && sum_fits(sum.entry[i].amount, sum.entry[i].amount, &sum.entry[i].amount);
	if (!fits)
		CHECK(change_history(&change, bytes, size, twice, &length) == CHANGED_TOO_LARGE);
	else
	{
		CHECK(changes_to(&change, bytes, size, &sum));
		(void) change_history(&change, bytes, size, twice, &length);
		change.factor = &half;
		CHECK(changes_to(&change, twice, length, list));
	}
	change.factor = &nothing;
	sum.count = 0;
	CHECK(changes_to(&change, bytes, size, &sum));
}

/* What is moved to other months comes back, or a slice would have no date. */
static void
check_shift(const uint8_t *bytes, size_t size, const List *list, int64_t months)
{
	static List moved;
	static uint8_t shifted[ROOM];
	HistoryChange change = {NULL, months * 4, INT32_MIN, INT32_MAX};
	size_t		length = 0;
	bool		dated = true;

	moved = *list;
	for (size_t i = 0; i < moved.count; i++)
	{
		moved.entry[i].slice += months * 4;
		dated = dated && moved.entry[i].slice >= CALENDAR_FIRST_SLICE && moved.entry[i].slice <= CALENDAR_LAST_SLICE;
	}
	if (!dated)
	{
		CHECK(change_history(&change, bytes, size, shifted, &length) == CHANGED_OUT_OF_RANGE);
		return;
	}
	CHECK(changes_to(&change, bytes, size, &moved));
	(void) change_history(&change, bytes, size, shifted, &length);
	change.shift = -change.shift;
	CHECK(changes_to(&change, shifted, length, list));
}

/* Parts cut at any two slices are the list's, and add up to the whole. */
static void
check_parts(const uint8_t *bytes, size_t size, const List *list, int64_t first, int64_t end)
{
	static List part;
	int64_t		cuts[4] = {INT32_MIN, first, end, INT32_MAX};
	size_t		added = 0;

	for (int i = 0; i < 3; i++)
	{
		HistoryChange change = {NULL, 0, (int32_t) cuts[i], (int32_t) cuts[i + 1]};

		part.count = 0;
		while (added < list->count && list->entry[added].slice < cuts[i + 1])
			part.entry[part.count++] = list->entry[added++];
		CHECK(changes_to(&change, bytes, size, &part));
	}
	CHECK(added == list->count);
}

static void
check_algebra(const uint8_t *bytes, size_t size, const List *list, const uint8_t *data, size_t data_size)
{
	Input		input = {data, data + data_size};
	int			way = (int) take_bytes(&input, 1);
	int64_t		months = (int64_t) take_bytes(&input, 1 + (way & 3));
	int64_t		first = CALENDAR_FIRST_SLICE + (int64_t) take_bytes(&input, 4) % (CALENDAR_LAST_SLICE - CALENDAR_FIRST_SLICE);

	check_multiples(bytes, size, list);
	check_shift(bytes, size, list, way & 4 ? -months : months);
	if (way & 8 && list->count > 0)
		first = list->entry[(size_t) way * 7 % list->count].slice + (way >> 4 & 1);
	check_parts(bytes, size, list, first, first + (int64_t) take_bytes(&input, 1 + (way >> 7)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static List a;
	static List b;
	const uint8_t *other;
	size_t		half;
	MonthBasis	basis;
	bool		a_good;
	bool		b_good;
	PeriodWindow window;

	if (size < 2 || size > SIZE_MAX_READ)
		return 0;
	basis = (MonthBasis) (data[0] % MONTH_BASIS_COUNT);
	/* two histories, the first as long as the second byte says */
	half = data[1];
	data += 2;
	size -= 2;
	if (half > size)
		half = size;
	other = data + half;

	a_good = is_canonical(data, half, &a);
	b_good = is_canonical(other, size - half, &b);
	check_any_bytes(data, half, &a, a_good);
	check_any_bytes(other, size - half, &b, b_good);
	if (a_good)
	{
		check_readings(data, half, &a, basis, WHOLE_HISTORY);
		window = period_window(a.count == 0 ? 0 : (int32_t) period_of(basis, a.entry[a.count / 2].slice), 12);
		check_readings(data, half, &a, basis, window);
		window = period_window(INT32_MIN + 1, INT32_MAX);
		check_readings(data, half, &a, basis, window);
		check_splices(data, half, &a, other, size - half);
		check_algebra(data, half, &a, other, size - half);
	}
	if (a_good && b_good)
	{
		int			order = history_compare(data, half, other, size - half);

		CHECK(order == compare_lists(&a, &b));
		CHECK(order == -history_compare(other, size - half, data, half));
	}
	/* no reading of damaged bytes may go astray */
	(void) history_compare(data, half, other, size - half);
	{
		PeriodReader reader;

		period_open(&reader, basis, data, half);
		(void) read_peak(&reader, WHOLE_HISTORY);
	}
	if (!a_good)
	{
		HistorySplice splice;

		if (history_splice(data, half, b_good && b.count > 0 ? (int32_t) b.entry[0].slice : 24, AMOUNT_CENT, &splice))
			CHECK(splice.at + splice.removed <= half && splice.added <= SPLICE_MAX);
	}
	check_writing(data, size);
	return 0;
}
