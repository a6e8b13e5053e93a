/*-------------------------------------------------------------------------
 *
 * position.h
 *	  Whether posted security covers a peak, and what is missing.
 *
 * A pure room: no palloc, no ereport, no Datum.
 *
 * The rule for a bond and a deposit on one account is our own, as none is
 * published: the deposit covers as much of the peak as it amounts to, and a
 * bond that is as large as the rest of the peak requires covers that rest.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_POSITION_H
#define CARM_POSITION_H

#include "policy.h"

typedef struct PostedSecurity
{
	Amount		bond;
	Amount		deposit;
} PostedSecurity;

typedef struct Shortfall
{
	Amount		bond;			/* what more is needed if it is a bond */
	Amount		deposit;		/* what more is needed if it is a deposit */
} Shortfall;

/* The highest peak covered, where there is one. */
#define COVERS_ANY_PEAK		AMOUNT_MAX

extern Amount highest_covered_peak(PostedSecurity posted);
extern bool shortfall_for_peak(PostedSecurity posted, Amount peak,
							   Shortfall *shortfall);

#endif							/* CARM_POSITION_H */
