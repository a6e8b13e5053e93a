/*-------------------------------------------------------------------------
 *
 * history.h
 *	  What was owed, by slice of month: the stored form.
 *
 * A pure room: no palloc, no ereport, no Datum.
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

#define HISTORY_VERSION		1
#define HISTORY_EMPTY_SIZE	1

/* The most that one more slice can add: a zero run and a 128-bit amount. */
#define HISTORY_SLICE_MAX	(1 + 5 + 19)
#define HISTORY_HEADER_MAX	(1 + 5)

typedef struct HistoryReader
{
	const uint8_t *next;
	const uint8_t *end;
	Amount		unit;
	int32_t		slice;			/* of the next token */
	bool		corrupt;		/* the bytes are no history */
} HistoryReader;

/*
 * Called now and then while a long history is read, where somebody has set it:
 * the server does, so that a query can be cancelled.
 */
extern void (*history_poll) (void);

extern bool history_open(HistoryReader *reader, const void *bytes,
						 size_t length);
extern bool history_next(HistoryReader *reader, int32_t *slice,
						 Amount *amount);
extern bool history_is_canonical(const void *bytes, size_t length);
extern int	history_compare(const void *a, size_t a_length,
							const void *b, size_t b_length);

typedef struct HistoryWriter
{
	uint8_t    *start;
	uint8_t    *next;
	Amount		unit;
	int32_t		slice;			/* of the next token */
} HistoryWriter;

/* Slices are written in ascending order, amounts of 0 left out. */
extern int	history_scale(int scale, Amount amount);
extern void history_begin(HistoryWriter *writer, void *bytes, int scale);
extern void history_write(HistoryWriter *writer, int32_t slice, Amount amount);
extern void history_move(HistoryWriter *writer, void *bytes);
extern size_t history_end(const HistoryWriter *writer);

#endif							/* CARM_HISTORY_H */
