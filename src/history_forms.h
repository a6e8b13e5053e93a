/*-------------------------------------------------------------------------
 *
 * history_forms.h
 *	  From the stored form of a history to its working form, and back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_FORMS_H
#define CARM_HISTORY_FORMS_H

#include "history_state.h"

extern HistoryState *history_state_from(struct varlena *value, SlotSpan span);
extern HistoryState *history_state_merge(HistoryState *state,
										 const HistoryState *other, int sign);
extern HistoryState *history_state_add_stored(HistoryState *state,
											  const void *bytes,
											  Size length, int sign);
extern bool history_is_working_form(const struct varlena *value);
extern bytea *history_state_to_stored(const HistoryState *state);
extern void history_state_check_shape(const HistoryState *state);
extern void history_state_check(const HistoryState *state);
extern Amount history_state_peak_month(const HistoryState *state);
extern bytea *history_stored(Datum value);

#endif							/* CARM_HISTORY_FORMS_H */
