/*-------------------------------------------------------------------------
 *
 * aggregate_call.h
 *	  Which aggregate calls a transition function, and what becomes of a state.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_AGGREGATE_CALL_H
#define CARM_AGGREGATE_CALL_H

#include "fmgr.h"

extern bool aggregate_shows_state(FunctionCallInfo fcinfo);

#endif							/* CARM_AGGREGATE_CALL_H */
