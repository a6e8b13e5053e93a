/*-------------------------------------------------------------------------
 *
 * history.c
 *	  What was owed, by slice of month: the stored form.
 *
 *-------------------------------------------------------------------------
 */
#include "history.h"

#define VARINT_MORE		0x80
#define VARINT_BITS		7
#define AMOUNT_BITS		128

/* Slices between two calls of history_poll: 2 to the power of this. */
#define POLL_SHIFT		16

void		(*history_poll) (void) = NULL;

static const int64_t scale_unit[AMOUNT_DECIMALS + 1] = {
	100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1
};

static inline bool
slice_in_range(int64_t slice)
{
	return slice >= CALENDAR_FIRST_SLICE && slice <= CALENDAR_LAST_SLICE;
}

static inline UnsignedAmount
zigzag(Amount value)
{
	return ((UnsignedAmount) value << 1) ^ (UnsignedAmount) (value >> 127);
}

static inline Amount
unzigzag(UnsignedAmount code)
{
	return (Amount) (code >> 1) ^ -(Amount) (code & 1);
}

/* Reads a varint of up to 128 bits; false where there is none. */
static bool
read_long_varint(const uint8_t **next, const uint8_t *end,
				 UnsignedAmount *value)
{
	const uint8_t *p = *next;
	UnsignedAmount result = 0;

	for (int shift = 0; p < end && shift < AMOUNT_BITS; shift += VARINT_BITS)
	{
		uint8_t		byte = *p++;
		UnsignedAmount group = byte & (VARINT_MORE - 1);

		if (shift + VARINT_BITS > AMOUNT_BITS &&
			(group >> (AMOUNT_BITS - shift)) != 0)
			return false;
		result |= group << shift;
		if ((byte & VARINT_MORE) == 0)
		{
			if (byte == 0 && shift > 0)
				return false;	/* a padding group */
			*next = p;
			*value = result;
			return true;
		}
	}
	return false;
}

/*
 * The same, without a loop for the usual amount of one to four groups. The
 * bounds are checked once: the last few bytes take the long way.
 */
static inline bool
read_varint(const uint8_t **next, const uint8_t *end, UnsignedAmount *value)
{
	const uint8_t *p = *next;

	if (p < end && p[0] < VARINT_MORE)
	{
		*value = p[0];
		*next = p + 1;
		return true;
	}
	if (end - p >= 4)
	{
		uint32_t	low = (p[0] & 0x7F) | (uint32_t) (p[1] & 0x7F) << 7;

		if (p[1] < VARINT_MORE)
		{
			if (p[1] == 0)
				return false;
			*value = low;
			*next = p + 2;
			return true;
		}
		low |= (uint32_t) (p[2] & 0x7F) << 14;
		if (p[2] < VARINT_MORE)
		{
			if (p[2] == 0)
				return false;
			*value = low;
			*next = p + 3;
			return true;
		}
		low |= (uint32_t) (p[3] & 0x7F) << 21;
		if (p[3] < VARINT_MORE)
		{
			if (p[3] == 0)
				return false;
			*value = low;
			*next = p + 4;
			return true;
		}
	}
	return read_long_varint(next, end, value);
}

/* Opens a history for reading; false where the bytes can't be one. */
bool
history_open(HistoryReader *reader, const void *bytes, size_t length)
{
	const uint8_t *p = (const uint8_t *) bytes;
	UnsignedAmount code;
	Amount		slice;

	reader->next = p;
	reader->end = p;
	reader->unit = 1;
	reader->slice = 0;
	reader->corrupt = true;

	if (length < HISTORY_EMPTY_SIZE || p[0] >> 4 != HISTORY_VERSION ||
		(p[0] & 0x0F) > AMOUNT_DECIMALS)
		return false;
	reader->unit = scale_unit[p[0] & 0x0F];
	reader->next = p + 1;
	reader->end = p + length;
	if (length > HISTORY_EMPTY_SIZE)
	{
		if (!read_long_varint(&reader->next, reader->end, &code))
			return false;
		slice = unzigzag(code);
		if (slice < INT32_MIN || slice > INT32_MAX || !slice_in_range((int64_t) slice))
			return false;
		reader->slice = (int32_t) slice;
	}
	reader->corrupt = false;
	return true;
}

/*
 * Gives the next slice that owed anything. False at the end, and where the
 * bytes are no history: then reader->corrupt is set.
 */
bool
history_next(HistoryReader *reader, int32_t *slice, Amount *amount)
{
	UnsignedAmount code;
	Amount		value;
	int32_t		from = reader->slice;

	if (reader->next >= reader->end)
		return false;
	if (*reader->next == 0)
	{
		reader->next++;
		if (!read_varint(&reader->next, reader->end, &code) || code == 0 ||
			code > INT32_MAX ||
			!slice_in_range((int64_t) reader->slice + (int64_t) code))
		{
			reader->corrupt = true;
			return false;
		}
		reader->slice += (int32_t) code;
	}
	if (!read_varint(&reader->next, reader->end, &code) || code == 0)
	{
		reader->corrupt = true;
		return false;
	}
	value = unzigzag(code);
	if (code >> 32 == 0)
		*amount = (Amount) ((int64_t) value * (int64_t) reader->unit);
	else if (__builtin_mul_overflow(value, reader->unit, amount) ||
			 *amount < AMOUNT_MIN)
	{
		reader->corrupt = true;
		return false;
	}
	*slice = reader->slice;
	if (!slice_in_range(reader->slice))
	{
		reader->corrupt = true;
		return false;
	}
	reader->slice++;
	if (from >> POLL_SHIFT != reader->slice >> POLL_SHIFT && history_poll)
		history_poll();
	return true;
}

/* Whether the bytes are exactly what history_end would have left. */
bool
history_is_canonical(const void *bytes, size_t length)
{
	HistoryReader reader;
	int32_t		slice;
	Amount		amount;
	int			scale = 0;

	if (!history_open(&reader, bytes, length))
		return false;
	if (length > HISTORY_EMPTY_SIZE && reader.next >= reader.end)
		return false;
	if (reader.next < reader.end && *reader.next == 0)
		return false;
	while (history_next(&reader, &slice, &amount))
		scale = history_scale(scale, amount);
	return !reader.corrupt && scale == (((const uint8_t *) bytes)[0] & 0x0F);
}

/*
 * A total order: by the first slice that differs, the earlier first, then the
 * lower amount; a history that ends first is less. 0 only for equal histories.
 */
int
history_compare(const void *a, size_t a_length, const void *b, size_t b_length)
{
	HistoryReader a_reader;
	HistoryReader b_reader;

	(void) history_open(&a_reader, a, a_length);
	(void) history_open(&b_reader, b, b_length);
	for (;;)
	{
		int32_t		a_slice;
		int32_t		b_slice;
		Amount		a_amount;
		Amount		b_amount;
		bool		a_more = history_next(&a_reader, &a_slice, &a_amount);
		bool		b_more = history_next(&b_reader, &b_slice, &b_amount);

		if (!a_more || !b_more)
			return (int) a_more - (int) b_more;
		if (a_slice != b_slice)
			return a_slice < b_slice ? -1 : 1;
		if (a_amount != b_amount)
			return a_amount < b_amount ? -1 : 1;
	}
}

/* The scale that holds an amount as well as what the given scale holds. */
int
history_scale(int scale, Amount amount)
{
	while (scale < AMOUNT_DECIMALS)
	{
		if (amount == (int64_t) amount ?
			(int64_t) amount % scale_unit[scale] == 0 :
			amount % scale_unit[scale] == 0)
			break;
		scale++;
	}
	return scale;
}

static uint8_t *
write_varint(uint8_t *out, UnsignedAmount value)
{
	while (value >= VARINT_MORE)
	{
		*out++ = (uint8_t) value | VARINT_MORE;
		value >>= VARINT_BITS;
	}
	*out++ = (uint8_t) value;
	return out;
}

/* Begins a history; bytes has room for the header and every slice. */
void
history_begin(HistoryWriter *writer, void *bytes, int scale)
{
	writer->start = (uint8_t *) bytes;
	writer->start[0] = (uint8_t) (HISTORY_VERSION << 4 | scale);
	writer->next = writer->start + 1;
	writer->unit = scale_unit[scale];
	writer->slice = 0;
}

void
history_write(HistoryWriter *writer, int32_t slice, Amount amount)
{
	Amount		value;

	if (amount == 0)
		return;
	if (writer->next == writer->start + 1)
		writer->next = write_varint(writer->next, zigzag(slice));
	else if (slice > writer->slice)
	{
		*writer->next++ = 0;
		writer->next = write_varint(writer->next,
									(UnsignedAmount) (slice - writer->slice));
	}
	value = amount == (int64_t) amount ?
		(int64_t) amount / (int64_t) writer->unit : amount / writer->unit;
	writer->next = write_varint(writer->next, zigzag(value));
	writer->slice = slice + 1;
}

/* Goes on in another place, to which the bytes written so far were copied. */
void
history_move(HistoryWriter *writer, void *bytes)
{
	size_t		length = history_end(writer);

	writer->start = (uint8_t *) bytes;
	writer->next = writer->start + length;
}

/* The length of what was written. */
size_t
history_end(const HistoryWriter *writer)
{
	return (size_t) (writer->next - writer->start);
}
