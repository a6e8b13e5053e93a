/*-------------------------------------------------------------------------
 *
 * history.h
 *	  What was owed, by slice of month: the stored form.
 *
 * The stored form (behind the varlena header; also the binary form sent to
 * clients) is, in version 1:
 *
 *	byte 0		version in the high four bits, scale in the low four: every
 *				amount is a whole number of 10^-scale dollars
 *	first slice a zigzag varint (see calendar.h), absent in an empty history
 *	tokens		one per slice in a row: the zigzag varint of the amount, or a
 *				zero byte and the varint of how many slices owed nothing
 *
 * Varints are base 128, least significant group first, with no padding group.
 * The form is canonical, so that equal histories are equal bytes: the scale is
 * the least that holds every amount; the first and the last token are amounts,
 * and no two zero tokens follow each other. Everything else is refused.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_H
#define CARM_HISTORY_H

#include "amount.h"
#include "calendar.h"
#include "poll.h"
#include "varint.h"

#define HISTORY_VERSION		1
#define HISTORY_EMPTY_SIZE	1

/* The most that one more slice can add: a zero run and a 128-bit amount. */
#define HISTORY_SLICE_MAX	(1 + 5 + 19)
#define HISTORY_HEADER_MAX	(1 + 5)

typedef struct HistoryReader
{
	const uint8_t *start;
	const uint8_t *next;
	const uint8_t *end;
	int64_t		unit;
	int32_t		slice;			/* of the next token */
	bool		corrupt;		/* the bytes are no history */
} HistoryReader;

extern bool history_open(HistoryReader *reader, const void *bytes,
						 size_t length);
extern bool history_next_slowly(HistoryReader *reader, int32_t *slice,
								Amount *amount);
extern bool history_pass_gap(HistoryReader *reader);
extern void history_skip(HistoryReader *reader, int32_t slice);
extern uint64_t history_hash(const void *bytes, size_t length, uint64_t seed);

/*
 * The quick way over a history: gives the next slice's amount in units, or how
 * the loop is to go on where that is something else.
 */
typedef enum HistoryToken
{
	TOKEN_AMOUNT,
	TOKEN_END,
	TOKEN_OTHER					/* history_next knows more */
} HistoryToken;

static inline HistoryToken
history_next_quickly(HistoryReader *reader, int32_t *slice, int64_t *value)
{
	ptrdiff_t	rest = reader->end - reader->next;
	uint64_t	word;
	uint64_t	ends;
	bool		is_gap;
	int			gap;
	int			length;

	if (rest >= VARINT_WORD_SIZE)
		word = varint_load(reader->next);
	else if (rest <= 0)
		return TOKEN_END;
	else if (reader->end - reader->start >= VARINT_WORD_SIZE)
		word = varint_load(reader->end - VARINT_WORD_SIZE) >>
			8 * (VARINT_WORD_SIZE - rest);
	else
		return TOKEN_OTHER;

	/* over a gap of one byte, without a branch: it comes when it likes */
	is_gap = (word & 0xFF) == 0;
	gap = is_gap ? (int) (word >> 8 & 0xFF) : 0;
	word >>= is_gap ? 16 : 0;

	ends = varint_ends(word);
	length = varint_first_length(ends | UINT64_C(1) << 63);
	/* a long gap or amount; what is cut off, padded or empty */
	if (ends == 0 || (word >> 8 * (length - 1) & 0xFF) == 0 ||
		gap >= VARINT_MORE || (is_gap && gap == 0))
		return TOKEN_OTHER;
	*value = varint_unzigzag(varint_gather(word, length));
	reader->slice += gap;
	reader->next += is_gap ? 2 : 0;
	*slice = reader->slice++;
	reader->next += length;
	return TOKEN_AMOUNT;
}

/*
 * Gives the next slice that owed anything. False at the end, and where the
 * bytes are no history: then reader->corrupt is set.
 */
static inline bool
history_next(HistoryReader *reader, int32_t *slice, Amount *amount)
{
	int64_t		value;

	switch (history_next_quickly(reader, slice, &value))
	{
		case TOKEN_AMOUNT:
			/* 56 bits and 27: the product can't be too long */
			*amount = (Amount) value * reader->unit;
			poll_between(*slice, reader->slice);
			if (calendar_has_slice(*slice))
				return true;
			reader->corrupt = true;
			return false;
		case TOKEN_END:
			return false;
		case TOKEN_OTHER:
			break;
	}
	return history_next_slowly(reader, slice, amount);
}

extern bool history_is_canonical(const void *bytes, size_t length);
extern int	history_compare(const void *a, size_t a_length,
							const void *b, size_t b_length);

typedef struct HistoryWriter
{
	uint8_t    *start;
	uint8_t    *next;
	int64_t		unit;
	int32_t		slice;			/* of the next token */
} HistoryWriter;

/* Slices are written in ascending order, amounts of 0 left out. */
extern int	history_scale(int scale, Amount amount);
extern void history_begin(HistoryWriter *writer, void *bytes, int scale);
extern void history_write(HistoryWriter *writer, int32_t slice, Amount amount);
extern void history_write_gap(HistoryWriter *writer, int32_t slice);
extern void history_write_long(HistoryWriter *writer, UnsignedAmount code);
extern void history_move(HistoryWriter *writer, void *bytes);
extern size_t history_end(const HistoryWriter *writer);

/* An amount in units, which isn't 0. */
static inline void
history_write_value(HistoryWriter *writer, int32_t slice, int64_t value)
{
	uint64_t	code = varint_zigzag(value);

	if (slice != writer->slice || writer->next == writer->start + 1)
		history_write_gap(writer, slice);
	if (code >> VARINT_WORD_BITS == 0)
		writer->next += varint_write_word(writer->next, code);
	else
		history_write_long(writer, code);
	writer->slice = slice + 1;
}

#endif							/* CARM_HISTORY_H */
