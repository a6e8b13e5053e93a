/*-------------------------------------------------------------------------
 *
 * basis.h
 *	  From a value of the enum month_basis to MonthBasis.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_BASIS_H
#define CARM_BASIS_H

#include "calendar.h"

/* The basis that a value of the enum month_basis, given by its OID, stands for. */
extern MonthBasis month_basis_lookup(Oid value);

#endif							/* CARM_BASIS_H */
