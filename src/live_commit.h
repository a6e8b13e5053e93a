/*-------------------------------------------------------------------------
 *
 * live_commit.h
 *	  Merges the parts of the accounts a transaction has touched.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_COMMIT_H
#define CARM_LIVE_COMMIT_H

#include "live_parts.h"

extern void live_remember_account(LiveParts *parts, Datum account);

#endif							/* CARM_LIVE_COMMIT_H */
