/*-------------------------------------------------------------------------
 *
 * history.c
 *	  What was owed, by slice of month: the stored form.
 *
 *-------------------------------------------------------------------------
 */
#include "history.h"

#define AMOUNT_BITS		128

static const int64_t scale_unit[AMOUNT_DECIMALS + 1] = {
	100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1
};

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

/* Opens a history for reading; false where the bytes can't be one. */
bool
history_open(HistoryReader *reader, const void *bytes, size_t length)
{
	const uint8_t *p = (const uint8_t *) bytes;
	UnsignedAmount code;

	reader->start = p;
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
		if (length > HISTORY_EMPTY_SIZE + 1 && p[1] >= VARINT_MORE &&
			p[2] < VARINT_MORE && p[2] != 0)
		{
			/* from December 1829 to January 2170 */
			reader->slice = (int32_t) varint_unzigzag((p[1] & 0x7F) | p[2] << 7);
			reader->next += 2;
		}
		else
		{
			if (!read_long_varint(&reader->next, reader->end, &code) ||
				code > (UnsignedAmount) UINT32_MAX * 2 ||
				!calendar_has_slice(varint_unzigzag((uint64_t) code)))
				return false;
			reader->slice = (int32_t) varint_unzigzag((uint64_t) code);
		}
	}
	reader->corrupt = false;
	return true;
}

/* Reads a token's varint, also where the quick way can't. */
static bool
read_varint(HistoryReader *reader, UnsignedAmount *code)
{
	if (read_long_varint(&reader->next, reader->end, code) && *code != 0)
		return true;
	reader->corrupt = true;
	return false;
}

/* Reads over slices that owed nothing; false where there are none. */
bool
history_pass_gap(HistoryReader *reader)
{
	UnsignedAmount slices;

	if (reader->next >= reader->end || *reader->next != 0)
		return false;
	reader->next++;
	if (reader->end - reader->next > 1 &&
		(uint8_t) (*reader->next - 1) < VARINT_MORE - 1)
	{
		reader->slice += *reader->next++;
		return true;
	}
	if (!read_varint(reader, &slices))
		return false;
	if (slices > INT32_MAX || reader->next >= reader->end ||
		!calendar_has_slice((int64_t) reader->slice + (int64_t) slices))
	{
		reader->corrupt = true;
		return false;
	}
	reader->slice += (int32_t) slices;
	return true;
}

/* The long way of history_next, for any token that there may be. */
bool
history_next_slowly(HistoryReader *reader, int32_t *slice, Amount *amount)
{
	UnsignedAmount code;

	if (reader->next >= reader->end)
		return false;
	if ((*reader->next == 0 && !history_pass_gap(reader)) ||
		!read_varint(reader, &code))
		return false;
	if (!calendar_has_slice(reader->slice) ||
		__builtin_mul_overflow(unzigzag(code), (Amount) reader->unit, amount) ||
		*amount < AMOUNT_MIN)
	{
		reader->corrupt = true;
		return false;
	}
	*slice = reader->slice++;
	return true;
}

/* Most of what is skipped has no gaps: then so many words are read at once. */
#define SKIP_WORDS		4
#define SKIP_BYTES		(SKIP_WORDS * VARINT_WORD_SIZE)

/*
 * Whether each of these words has ends of amounts and no gap; what they are is
 * added up in the bytes of count, and last has those of the last word.
 */
static inline bool
count_ends(const uint8_t *p, uint64_t *count, uint64_t *last)
{
	uint64_t	filled = VARINT_WORD_MORE;
	bool		ended = true;

	*count = 0;
	for (int i = 0; i < SKIP_WORDS; i++)
	{
		uint64_t	word = varint_load(p + i * VARINT_WORD_SIZE);

		filled &= ~varint_zeros(word);
		*last = varint_ends(word);
		ended &= *last != 0;
		*count += *last >> 7;
	}
	return filled == VARINT_WORD_MORE && ended;
}

/*
 * Passes over whole words of tokens that stand for fewer slices than these.
 *
 * Each byte's share of the slices is 1 where an amount ends; that of a gap is
 * the byte after its 0, which may be in the next word. Gaps are frequent and
 * irregular: a branch on them would cost more than all the rest.
 */
static void
skip_words(HistoryReader *reader, int64_t slices)
{
	const uint8_t *p = reader->next;
	uint64_t	boundaries = 0;	/* of tokens, in the last word */
	uint64_t	begun = 0;		/* a gap, by that word's last byte */
	uint64_t	ends_in_bytes;
	uint64_t	last;

	while (reader->end - p >= SKIP_BYTES && slices > SKIP_BYTES &&
		   count_ends(p, &ends_in_bytes, &last))
	{
		int32_t		from = reader->slice;
		int			count = varint_sum_bytes(ends_in_bytes);

		slices -= count;
		reader->slice += count;
		poll_between(from, reader->slice);
		boundaries = last;
		p += SKIP_BYTES;
	}
	for (; reader->end - p >= VARINT_WORD_SIZE; p += VARINT_WORD_SIZE)
	{
		int32_t		from = reader->slice;
		uint64_t	word = varint_load(p);
		uint64_t	zeros = varint_zeros(word);
		uint64_t	lengths = zeros << 8 | begun;
		uint64_t	ends = varint_ends(word) & ~zeros;
		uint64_t	of_gaps = word & (lengths >> 7) * 0xFF;
		int			count = varint_sum_bytes(((ends & ~lengths) >> 7) + of_gaps);

		if ((of_gaps & VARINT_WORD_LONG) != 0 || count >= slices || ends == 0)
			break;
		slices -= count;
		reader->slice += count;
		poll_between(from, reader->slice);
		boundaries = ends;
		begun = zeros >> 56;
	}
	if (boundaries != 0)
		reader->next = p - __builtin_clzll(boundaries) / 8;
}

/*
 * Reads on, without a look at the amounts, so that the next slice that
 * history_next gives is not before this one.
 */
void
history_skip(HistoryReader *reader, int32_t slice)
{
	while (reader->next < reader->end && reader->slice < slice)
	{
		uint64_t	ends = 0;
		UnsignedAmount code;
		int64_t		behind;
		int			count;

		skip_words(reader, (int64_t) slice - reader->slice);
		if (reader->next == reader->end)
			return;
		if (*reader->next == 0)
		{
			if (!history_pass_gap(reader))
				return;
			continue;
		}
		if (reader->end - reader->next >= VARINT_WORD_SIZE)
		{
			uint64_t	word = varint_load(reader->next);
			uint64_t	zeros = varint_zeros(word);

			/* up to the first gap */
			ends = varint_ends(word) & (zeros ^ (zeros - 1)) & ~zeros;
		}
		if (ends == 0)
		{
			if (!read_varint(reader, &code))
				return;
			reader->slice++;
			continue;
		}
		behind = (int64_t) slice - reader->slice;
		count = varint_sum_bytes(ends >> 7);
		if (count <= behind)
		{
			reader->slice += count;
			reader->next += (64 - __builtin_clzll(ends)) / 8;
			continue;
		}
		while (--behind > 0)
			ends &= ends - 1;
		reader->slice = slice;
		reader->next += varint_first_length(ends);
	}
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

/* The first slice, or how many owed nothing before this one. */
void
history_write_gap(HistoryWriter *writer, int32_t slice)
{
	if (writer->next == writer->start + 1)
	{
		writer->next = write_varint(writer->next, zigzag(slice));
		return;
	}
	*writer->next++ = 0;
	writer->next = write_varint(writer->next,
								(UnsignedAmount) (slice - writer->slice));
}

/* A token of more than a word. */
void
history_write_long(HistoryWriter *writer, UnsignedAmount code)
{
	writer->next = write_varint(writer->next, code);
}

void
history_write(HistoryWriter *writer, int32_t slice, Amount amount)
{
	if (amount == 0)
		return;
	if (amount == (int64_t) amount)
	{
		history_write_value(writer, slice, (int64_t) amount / writer->unit);
		return;
	}
	if (slice != writer->slice || writer->next == writer->start + 1)
		history_write_gap(writer, slice);
	history_write_long(writer, zigzag(amount / writer->unit));
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

/* Eight bytes stirred into a hash, as MurmurHash64A does. */
static inline uint64_t
stir(uint64_t hash, uint64_t word)
{
	word *= UINT64_C(0xC6A4A7935BD1E995);
	word ^= word >> 47;
	word *= UINT64_C(0xC6A4A7935BD1E995);
	return (hash ^ word) * UINT64_C(0xC6A4A7935BD1E995);
}

/*
 * The hash of a stored form, the same on machines of either byte order.
 *
 * Frozen: hash partitions and hash indexes on disk depend on it. The low half
 * with seed 0 is the plain hash.
 */
uint64_t
history_hash(const void *bytes, size_t length, uint64_t seed)
{
	const uint8_t *next = bytes;
	uint64_t	hash = seed + (uint64_t) length;
	uint64_t	rest = 0;

	for (; length >= sizeof(uint64_t); length -= sizeof(uint64_t))
	{
		hash = stir(hash, varint_load(next));
		next += sizeof(uint64_t);
	}
	while (length > 0)
		rest = rest << 8 | next[--length];
	hash = stir(hash, rest);
	hash ^= hash >> 47;
	hash *= UINT64_C(0xC6A4A7935BD1E995);
	return hash ^ hash >> 47;
}
