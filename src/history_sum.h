/*-------------------------------------------------------------------------
 *
 * history_sum.h
 *	  The sum of stored histories.
 *
 * In stored form as long as what is added changes a few bytes of it, then in
 * working form.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_SUM_H
#define CARM_HISTORY_SUM_H

#include "history_state.h"

extern struct varlena *history_sum_begin(struct varlena *value);
extern struct varlena *history_sum_add(struct varlena *sum, const void *bytes,
									   Size length);
extern bytea *history_sum_to_stored(struct varlena *sum);

#endif							/* CARM_HISTORY_SUM_H */
