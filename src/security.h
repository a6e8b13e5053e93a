/*-------------------------------------------------------------------------
 *
 * security.h
 *	  Required security, with the server's errors.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_SECURITY_H
#define CARM_SECURITY_H

#include "fmgr.h"

#include "core/policy.h"

extern Amount required_by_policy(const SecurityPolicy *policy, Amount peak);
extern Amount projected_argument(FunctionCallInfo fcinfo, int n);

#endif							/* CARM_SECURITY_H */
