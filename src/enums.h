/*-------------------------------------------------------------------------
 *
 * enums.h
 *	  From values of the enums month_basis and security_form to C.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_ENUMS_H
#define CARM_ENUMS_H

#include "core/calendar.h"
#include "core/policy.h"

/* What an enum value, given by its OID, stands for. */
extern MonthBasis month_basis_lookup(Oid value);
extern SecurityForm security_form_lookup(Oid value);

extern const char *security_form_label(SecurityForm form);

#endif							/* CARM_ENUMS_H */
