/*-------------------------------------------------------------------------
 *
 * history_text.h
 *	  The text form of a history: {2025-02-01:1250.00,2025-02-18:-90.50}
 *
 * A slice is written as its first day, in ISO 8601 whatever DateStyle says;
 * years before 1 end in " BC", as the server's do.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_TEXT_H
#define CARM_HISTORY_TEXT_H

#include "history.h"

/* "2025-02-01:", a year of seven digits, " BC" and a comma */
#define HISTORY_TEXT_SLICE_MAX	(AMOUNT_TEXT_SIZE + 20)

typedef enum HistoryTextStatus
{
	HISTORY_TEXT_SLICE,			/* a slice was read */
	HISTORY_TEXT_END,			/* the closing brace was read */
	HISTORY_TEXT_SYNTAX,
	HISTORY_TEXT_TRAILING,		/* something follows the closing brace */
	HISTORY_TEXT_DATE,			/* no such date */
	HISTORY_TEXT_COMMA,			/* digits: the comma was part of an amount */
	HISTORY_TEXT_CUT,			/* a date that begins no slice */
	HISTORY_TEXT_ORDER,			/* not after the slice before */
	HISTORY_TEXT_AMOUNT			/* see amount_status */
} HistoryTextStatus;

typedef struct HistoryTextReader
{
	const char *next;
	const char *end;
	int64_t		last_slice;
	bool		started;
	bool		after_slice;
	AmountStatus amount_status;
	const char *token;			/* the date or amount read last */
	size_t		token_length;
} HistoryTextReader;

extern void history_text_open(HistoryTextReader *reader, const char *text,
							  size_t length);
extern HistoryTextStatus history_text_next(HistoryTextReader *reader,
										   int32_t *slice, Amount *amount);
extern size_t history_text_write(int32_t slice, Amount amount, char *text);

#endif							/* CARM_HISTORY_TEXT_H */
