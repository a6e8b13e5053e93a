/*-------------------------------------------------------------------------
 *
 * live_choose.h
 *	  Which parts of an account are merged.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_CHOOSE_H
#define CARM_LIVE_CHOOSE_H

#include "live_parts.h"
#include "storage/itemptr.h"

/* One part, as found. */
typedef struct LivePart
{
	ItemPointerData tid;
	int64		entries;
	Datum		account;		/* in the form it is stored in */
	struct varlena *history;	/* the same */
	Size		size;			/* of the history */
} LivePart;

extern bool live_toast_is_free(LiveParts *parts);
extern LivePart *live_parts_choose(LiveParts *parts, Datum account, int kept,
								   int *count, bool *others);

#endif							/* CARM_LIVE_CHOOSE_H */
