/*-------------------------------------------------------------------------
 *
 * live_sums.h
 *	  Sums by account, in bounded memory.
 *
 * Rows come in any order. As long as there is room, each account has one
 * working form in a hash table. When the table outgrows its memory, all its
 * sums go to a sort, on disk if need be, and the table begins anew. At the
 * end the sort gives an account's sums one after another, so that they add up
 * to one: nobody ever sees half a sum.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_SUMS_H
#define CARM_LIVE_SUMS_H

#include "history_forms.h"
#include "live_parts.h"

typedef struct LiveSums LiveSums;

/* What was counted of one account; state->rows are its entries. */
typedef struct AccountSum
{
	Datum		account;
	uint32		hash;
	char		status;
	HistoryState *state;		/* NULL: new */
} AccountSum;

/* Called once for each account, in their order. */
typedef void (*LiveSumTaker) (void *arg, Datum account, int64 entries,
							  bytea *history);

extern LiveSums *live_sums_begin(LiveParts *parts, Size memory);
extern MemoryContext live_sums_memory(LiveSums *sums);
extern AccountSum *live_sums_find(LiveSums *sums, Datum account);
extern void live_sums_spill_if_full(LiveSums *sums);
extern void live_sums_end(LiveSums *sums, LiveSumTaker take, void *arg);

#endif							/* CARM_LIVE_SUMS_H */
