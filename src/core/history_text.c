/*-------------------------------------------------------------------------
 *
 * history_text.c
 *	  The text form of a history: {2025-02-01:1250.00,2025-02-18:-90.50}
 *
 *-------------------------------------------------------------------------
 */
#include "ascii.h"
#include "history_text.h"

/* Moves on by a byte. */
static inline void
advance(HistoryTextReader *reader)
{
	poll_at((uintptr_t) ++reader->next);
}

static void
skip_space(HistoryTextReader *reader)
{
	while (reader->next < reader->end && ascii_is_space(*reader->next))
		advance(reader);
}

static bool
take(HistoryTextReader *reader, char c)
{
	skip_space(reader);
	if (reader->next >= reader->end || *reader->next != c)
		return false;
	reader->next++;
	return true;
}

/* The next token: all up to one of the characters with a meaning, or space. */
static void
take_token(HistoryTextReader *reader)
{
	skip_space(reader);
	reader->token = reader->next;
	while (reader->next < reader->end && *reader->next != ':' &&
		   *reader->next != ',' && *reader->next != '}' &&
		   *reader->next != '{' && !ascii_is_space(*reader->next))
		advance(reader);
	reader->token_length = (size_t) (reader->next - reader->token);
}

/* Reads digits up to a limit; -1 where the count isn't as it should be. */
static int
take_digits(const char **next, const char *end, int least, int most)
{
	int			value = 0;
	int			count = 0;

	while (*next < end && **next >= '0' && **next <= '9' && count < most)
	{
		value = value * 10 + (*(*next)++ - '0');
		count++;
	}
	return count < least ? -1 : value;
}

/* Reads the token as a date, " BC" included. */
static bool
token_date(HistoryTextReader *reader, int32_t *day)
{
	const char *p = reader->token;
	const char *end = p + reader->token_length;
	int			year = take_digits(&p, end, 4, 7);
	int			month;
	int			day_of_month;
	int			y;
	int			m;
	int			d;

	if (year < 1 || p >= end || *p++ != '-')
		return false;
	month = take_digits(&p, end, 2, 2);
	if (month < 1 || month > 12 || p >= end || *p++ != '-')
		return false;
	day_of_month = take_digits(&p, end, 2, 2);
	if (day_of_month < 1 || day_of_month > 31 || p != end)
		return false;

	if (reader->end - end >= 3 && memcmp(end, " BC", 3) == 0)
	{
		reader->next = end + 3;
		reader->token_length += 3;
		year = 1 - year;
	}

	/* the slice of the server's first day begins before it */
	if (year < -4713 || (year == -4713 && (month < 11 ||
										   (month == 11 && day_of_month < 20))) ||
		year > 5874897)
		return false;
	*day = calendar_day(year, month, day_of_month);
	calendar_civil(*day, &y, &m, &d);
	return y == year && m == month && d == day_of_month;
}

/* Is the token what follows a comma in an amount: up to three digits, a dot? */
static bool
token_ends_amount(const HistoryTextReader *reader)
{
	const char *p = reader->token;
	const char *end = p + reader->token_length;

	return take_digits(&p, end, 1, 3) >= 0 && (p == end || *p == '.');
}

void
history_text_open(HistoryTextReader *reader, const char *text, size_t length)
{
	reader->next = text;
	reader->end = text + length;
	reader->last_slice = INT64_MIN;
	reader->started = false;
	reader->after_slice = false;
	reader->amount_status = AMOUNT_OK;
	reader->token = text;
	reader->token_length = 0;
}

/* Reads the next slice and its amount, or says why there is none. */
HistoryTextStatus
history_text_next(HistoryTextReader *reader, int32_t *slice, Amount *amount)
{
	int32_t		day;

	if (!reader->started && !take(reader, '{'))
		return HISTORY_TEXT_SYNTAX;
	if (take(reader, '}') && (!reader->started || reader->after_slice))
	{
		skip_space(reader);
		return reader->next == reader->end ? HISTORY_TEXT_END :
			HISTORY_TEXT_TRAILING;
	}
	if (reader->started && !take(reader, ','))
		return HISTORY_TEXT_SYNTAX;
	reader->started = true;

	take_token(reader);
	if (reader->token_length == 0)
		return HISTORY_TEXT_SYNTAX;
	if (!token_date(reader, &day))
		return reader->after_slice && token_ends_amount(reader) ?
			HISTORY_TEXT_COMMA : HISTORY_TEXT_DATE;
	if (!calendar_day_is_cut(day))
		return HISTORY_TEXT_CUT;
	*slice = calendar_slice(day);
	if (*slice <= reader->last_slice)
		return HISTORY_TEXT_ORDER;
	reader->last_slice = *slice;

	if (!take(reader, ':'))
		return HISTORY_TEXT_SYNTAX;
	take_token(reader);
	if (reader->token_length == 0)
		return HISTORY_TEXT_SYNTAX;
	reader->amount_status = amount_from_text(reader->token,
											 reader->token_length, amount);
	if (reader->amount_status != AMOUNT_OK)
		return HISTORY_TEXT_AMOUNT;
	reader->after_slice = true;
	return HISTORY_TEXT_SLICE;
}

static char *
write_digits(char *out, int value, int least)
{
	char		reversed[12];
	int			count = 0;

	do
	{
		reversed[count++] = (char) ('0' + value % 10);
		value /= 10;
	} while (value != 0 || count < least);
	while (count > 0)
		*out++ = reversed[--count];
	return out;
}

/* Writes a slice and its amount, without a comma; returns the length. */
size_t
history_text_write(int32_t slice, Amount amount, char *text)
{
	char	   *out = text;
	int			year;
	int			month;
	int			day;

	calendar_civil(calendar_slice_first_day(slice), &year, &month, &day);
	out = write_digits(out, year > 0 ? year : 1 - year, 4);
	*out++ = '-';
	out = write_digits(out, month, 2);
	*out++ = '-';
	out = write_digits(out, day, 2);
	if (year <= 0)
	{
		memcpy(out, " BC", 3);
		out += 3;
	}
	*out++ = ':';
	return (size_t) (out - text) + amount_to_text(amount, out);
}
