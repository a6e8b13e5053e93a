/*-------------------------------------------------------------------------
 *
 * requirement.c
 *	  libFuzzer target: any history, and what is required of it since any day.
 *
 * The oracle keeps the amounts of slices in a table and adds up each window
 * anew, month by month; it knows the calendar by year, month and day.
 *
 *-------------------------------------------------------------------------
 */
#include "days.h"
#include "fuzz.h"
#include "requirement.h"

#define FIRST_YEAR	2020
#define YEARS		16
#define MONTHS		(12 * YEARS)

/* Amounts by month from January of the first year, and by slice of the month. */
static int64_t table[MONTHS][4];

static const int first_slice_of[] = {0, 1, 3, 2};
static const int first_day_of[] = {1, 18, 25, 20};

/* The first day of a period, by the month of the table that it starts in. */
static int32_t
first_day(MonthBasis basis, int month)
{
	return day_of(FIRST_YEAR, month + 1, first_day_of[basis]);
}

/* The last period that ended by a day, by its month in the table. */
static int
ended_by(MonthBasis basis, int32_t day)
{
	int			month = -1;

	while (first_day(basis, month + 2) - 1 <= day)
		month++;
	return month;
}

/* What a period owed. */
static int64_t
owed_in(MonthBasis basis, int month)
{
	int64_t		owed = 0;

	for (int i = 0; i < 4; i++)
	{
		int			slice = first_slice_of[basis] + i;
		int			m = month + slice / 4;

		if (m >= 0 && m < MONTHS)
			owed += table[m][slice % 4];
	}
	return owed;
}

/* The peak of twelve periods; its month, or INT32_MIN. */
static int64_t
peak_of(MonthBasis basis, int last, int *month)
{
	int64_t		peak = 0;

	*month = INT32_MIN;
	for (int m = last - 11; m <= last; m++)
	{
		int64_t		owed = owed_in(basis, m);

		if (owed > 0 && owed >= peak)
		{
			peak = owed;
			*month = m;
		}
	}
	return peak;
}

/* The first and last slice with an amount, counted from the table's first. */
static bool
ends(int *first, int *last)
{
	*first = -1;
	for (int i = 0; i < 4 * MONTHS; i++)
	{
		if (table[i / 4][i % 4] == 0)
			continue;
		if (*first < 0)
			*first = i;
		*last = i;
	}
	return *first >= 0;
}

/* Writes the table as a history; its length. */
static size_t
write_history(uint8_t *bytes)
{
	HistoryWriter writer;
	int			scale = 0;
	int32_t		slice = (FIRST_YEAR - 2000) * 12 * 4;

	for (int i = 0; i < 4 * MONTHS; i++)
	{
		if (table[i / 4][i % 4] != 0)
			scale = history_scale(scale, table[i / 4][i % 4]);
	}
	history_begin(&writer, bytes, scale);
	for (int i = 0; i < 4 * MONTHS; i++)
		history_write(&writer, slice + i, table[i / 4][i % 4]);
	return history_end(&writer);
}

/* What a row's window holds, but for whether it is a forecast. */
static void
check_found(const Requirement *row, const RequirementBasis *basis, int last)
{
	int			epoch = (FIRST_YEAR - 2000) * 12;
	int			month;
	int			first;
	int			last_slice;
	int64_t		found = peak_of(basis->basis, last, &month);
	int			months = 0;

	if (ends(&first, &last_slice))
	{
		int			start = (first - first_slice_of[basis->basis] + 4) / 4 - 1;

		months = last - (start > last - 11 ? start : last - 11) + 1;
	}
	CHECK(row->reviewed.last == epoch + last && row->reviewed.first == epoch + last - 11);
	if (months < 12 && basis->projected > found)
	{
		CHECK(row->estimated && row->found.amount == basis->projected);
		return;
	}
	CHECK(!row->estimated && row->found.amount == found);
	CHECK(found == 0 || row->found.period == epoch + month);
}

static void
check_rows(const RequirementBasis *basis, const uint8_t *bytes, size_t length, int rows)
{
	RequirementReader reader;
	Requirement row;
	int			year = 2025;
	int			first;
	int			last_slice = 0;
	bool		known = ends(&first, &last_slice);
	Amount		before = 0;

	while (day_of(year, 10, 19) < basis->since)
		year++;
	requirement_open(&reader, basis, bytes, length);
	for (int i = 0; i < rows; i++)
	{
		CHECK(requirement_next(&reader, &row));
		if (i == 0)
		{
			CHECK(row.first == basis->since && !row.forecast);
			check_found(&row, basis, ended_by(basis->basis, basis->since - 1));
			CHECK(row.peak == (basis->notified ? basis->notified_peak : row.found.amount));
		}
		else
		{
			int32_t		close = day_of(year, 10, 19);
			int			last = ended_by(basis->basis, close);
			int			month;
			/* the day after the history's last slice */
			int32_t		end = last_slice % 4 == 3 ? day_of(FIRST_YEAR, last_slice / 4 + 2, 1) :
				day_of(FIRST_YEAR, last_slice / 4 + 1, last_slice % 4 == 0 ? 18 : last_slice % 4 == 1 ? 20 : 25);

			CHECK(row.first == day_of(year + 1, 1, 15));
			check_found(&row, basis, last);
			CHECK(row.forecast == (!known || end <= close));
			CHECK(row.nothing_left == (peak_of(basis->basis, last, &month) == 0 &&
									   (!known || last_slice < 4 * (last + 1) + first_slice_of[basis->basis])));
			CHECK(row.peak == (basis->lowered || row.found.amount > before ? row.found.amount : before));
			year++;
		}
		CHECK(row.end == day_of(year + 1, 1, 15));
		before = row.peak;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Input		input = {data, data + size};
	uint64_t	way = take_bytes(&input, 2);
	RequirementBasis basis = {0};
	uint8_t		bytes[HISTORY_HEADER_MAX + 4 * MONTHS * HISTORY_SLICE_MAX];
	int			close = day_of(2025 + (int) (way >> 4 & 3), way & 4 ? 10 : 13, way & 4 ? 19 : 15);

	basis.basis = (MonthBasis) (way & 3);
	basis.since = way & 8 ? close - 2 + (int) (way >> 6 & 7) % 5 :
		day_of(2021, 1, 1) + (int) (take_bytes(&input, 2) % 3000);
	basis.lowered = way >> 9 & 1;
	basis.notified = way >> 10 & 1;
	basis.notified_peak = basis.notified ? (Amount) take_bytes(&input, 3) : 0;
	basis.projected = way >> 11 & 1 ? (Amount) take_bytes(&input, 3) : 0;
	memset(table, 0, sizeof(table));
	while (input.next < input.end)
	{
		uint64_t	place = take_bytes(&input, 2) % (4 * (MONTHS - 24));
		int64_t		amount = (int64_t) take_bytes(&input, 3);

		table[place / 4][place % 4] += place & 1 && amount & 1 ? -amount : amount;
	}
	check_rows(&basis, bytes, write_history(bytes), 8);

	for (int32_t day = basis.since - 1; day <= basis.since + 1; day++)
	{
		PeriodWindow window;
		int			year = 2035;

		while (year >= 2025 && day_of(year, 10, 19) > day)
			year--;
		CHECK(requirement_last_review(basis.basis, day, &window) == (year >= 2025));
		if (year >= 2025)
			CHECK(window.last == (FIRST_YEAR - 2000) * 12 + ended_by(basis.basis, day_of(year, 10, 19)) &&
				  window.first == window.last - 11);
	}
	return 0;
}
