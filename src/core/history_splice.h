/*-------------------------------------------------------------------------
 *
 * history_splice.h
 *	  How the bytes of a stored history change where an amount is added.
 *
 * Most of what is added to a history is an entry or two, most of them in its
 * last slices: to replace a few bytes is far less work than to read all slices
 * and write them again.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_SPLICE_H
#define CARM_HISTORY_SPLICE_H

#include "history.h"

/* A gap and an amount of a word, which is written whole. */
#define SPLICE_MAX	(1 + 5 + VARINT_WORD_SIZE)

/* So many bytes at a place are replaced by others. */
typedef struct HistorySplice
{
	size_t		at;
	size_t		removed;
	size_t		added;
	uint8_t		bytes[SPLICE_MAX];
} HistorySplice;

extern bool history_splice(const void *bytes, size_t length, int32_t slice,
						   Amount amount, HistorySplice *splice);

#endif							/* CARM_HISTORY_SPLICE_H */
