/*-------------------------------------------------------------------------
 *
 * history_change.h
 *	  A stored history's slices, each of them changed: a multiple, other
 *	  months, a span.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_CHANGE_H
#define CARM_HISTORY_CHANGE_H

#include "factor.h"
#include "history.h"

/* What is done to the slices of a history. */
typedef struct HistoryChange
{
	const Factor *factor;		/* their amounts are multiplied; NULL: not */
	int64_t		shift;			/* they move so many slices later */
	int32_t		first;			/* those before this one are left out */
	int32_t		end;			/* and those from this one on */
} HistoryChange;

/* What the next slice is. */
typedef enum ChangedSlice
{
	CHANGED_SLICE,				/* one with duties */
	CHANGED_NONE,				/* the history has no more, or is corrupt */
	CHANGED_OUT_OF_RANGE,		/* one that no date is in */
	CHANGED_TOO_FINE,			/* a product of more than eight decimals */
	CHANGED_TOO_LARGE			/* a product that is no amount */
} ChangedSlice;

extern bool history_change_open(HistoryReader *reader,
								const HistoryChange *change,
								const void *bytes, size_t length);
extern ChangedSlice history_change_next(HistoryReader *reader,
										const HistoryChange *change,
										int32_t *slice, Amount *amount);

#endif							/* CARM_HISTORY_CHANGE_H */
