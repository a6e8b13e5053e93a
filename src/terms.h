/*-------------------------------------------------------------------------
 *
 * terms.h
 *	  Security terms, built in or given, and what they require.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_TERMS_H
#define CARM_TERMS_H

#include "compat.h"
#include "core/policy.h"
#include "fmgr.h"

/* The argument terms: NULL stands for what is built in for the day. */
typedef struct TermsArgument
{
	bool		given;
	SecurityTerms terms;
} TermsArgument;

extern void terms_argument(FunctionCallInfo fcinfo, int n,
						   TermsArgument *argument);

static inline const SecurityTerms *
terms_of_day(const TermsArgument *argument, int32 day)
{
	return argument->given ? &argument->terms : &policy_built_in(day)->terms;
}

extern Amount required_by_terms(const SecurityTerms *terms, SecurityForm form,
								Amount peak);
pg_noreturn extern void report_required_overflow(void);

#endif							/* CARM_TERMS_H */
