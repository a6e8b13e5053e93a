/*-------------------------------------------------------------------------
 *
 * lists.h
 *	  Histories as lists, read and written by the target's own means.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LISTS_H
#define CARM_LISTS_H

#include "fuzz.h"

#define SIZE_MAX_READ	2048
#define ROOM			(HISTORY_HEADER_MAX + SIZE_MAX_READ * HISTORY_SLICE_MAX)

typedef struct Entry
{
	int64_t		slice;
	Amount		amount;
} Entry;

typedef struct List
{
	size_t		count;
	Entry		entry[SIZE_MAX_READ];
} List;

/* A varint, padded or not; false where there is none or it has over 128 bits. */
static inline bool
get_varint(Input *input, Wide *value)
{
	*value = 0;
	for (int shift = 0; input->next < input->end; shift += 7)
	{
		Wide		group = *input->next & 0x7F;

		if (group != 0 && (shift >= 128 || (group << shift) >> shift != group))
			return false;
		if (shift < 128)
			*value |= group << shift;
		if (*input->next++ < 0x80)
			return true;
	}
	return false;
}

static inline void
put_varint(uint8_t **out, Wide value)
{
	do
	{
		*(*out)++ = (uint8_t) (value % 128 + (value < 128 ? 0 : 128));
		value /= 128;
	} while (value != 0);
}

/* The sign is the lowest bit: 0, -1, 1, -2, 2, … */
static inline Amount
from_zigzag(Wide code)
{
	return code % 2 == 0 ? (Amount) (code / 2) : -(Amount) (code / 2) - 1;
}

static inline Wide
to_zigzag(Amount value)
{
	return value >= 0 ? (Wide) value * 2 : (Wide) -(value + 1) * 2 + 1;
}

static inline Amount
scale_unit(int scale)
{
	Amount		unit = 1;

	for (int i = scale; i < AMOUNT_DECIMALS; i++)
		unit *= 10;
	return unit;
}

/* Reads what could be a history into a list; false where it can't be. */
static inline bool
read_list(const uint8_t *bytes, size_t size, List *list)
{
	Input		input = {bytes, bytes + size};
	uint8_t		head = (uint8_t) take_bytes(&input, 1);
	Wide		code;
	Amount		slice;

	list->count = 0;
	if (size == 0 || head / 16 != HISTORY_VERSION || head % 16 > AMOUNT_DECIMALS)
		return false;
	if (size == 1)
		return true;
	if (!get_varint(&input, &code))
		return false;
	slice = from_zigzag(code);
	if (slice < CALENDAR_FIRST_SLICE || slice > CALENDAR_LAST_SLICE)
		return false;
	while (input.next < input.end)
	{
		Entry	   *entry = &list->entry[list->count];

		if (*input.next == 0)
		{
			input.next++;
			if (!get_varint(&input, &code) || code > INT32_MAX)
				return false;
			slice += (Amount) code;
		}
		if (!get_varint(&input, &code) || code == 0)
			return false;
		if (__builtin_mul_overflow(from_zigzag(code), scale_unit(head % 16), &entry->amount) ||
			entry->amount < AMOUNT_MIN || slice > CALENDAR_LAST_SLICE)
			return false;
		entry->slice = (int64_t) slice++;
		list->count++;
	}
	return true;
}

/* The one way to write a list. */
static inline size_t
write_list(const List *list, uint8_t *bytes)
{
	uint8_t    *out = bytes + 1;
	int			scale = 0;

	for (size_t i = 0; i < list->count; i++)
	{
		while (list->entry[i].amount % scale_unit(scale) != 0)
			scale++;
	}
	bytes[0] = (uint8_t) (HISTORY_VERSION * 16 + scale);
	for (size_t i = 0; i < list->count; i++)
	{
		const Entry *entry = &list->entry[i];

		if (i == 0)
			put_varint(&out, to_zigzag(entry->slice));
		else if (entry->slice != entry[-1].slice + 1)
		{
			*out++ = 0;
			put_varint(&out, (Wide) (entry->slice - entry[-1].slice - 1));
		}
		put_varint(&out, to_zigzag(entry->amount / scale_unit(scale)));
	}
	return (size_t) (out - bytes);
}

static inline bool
is_canonical(const uint8_t *bytes, size_t size, List *list)
{
	static uint8_t again[ROOM];

	return read_list(bytes, size, list) && write_list(list, again) == size &&
		memcmp(again, bytes, size) == 0;
}

static inline int
compare_lists(const List *a, const List *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
	{
		const Entry *x = &a->entry[i];
		const Entry *y = &b->entry[i];

		if (x->slice != y->slice)
			return x->slice < y->slice ? -1 : 1;
		if (x->amount != y->amount)
			return x->amount < y->amount ? -1 : 1;
	}
	return (a->count > b->count) - (a->count < b->count);
}

#endif							/* CARM_LISTS_H */
