/*-------------------------------------------------------------------------
 *
 * factor.h
 *	  Exact products of amounts and decimal numbers.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_FACTOR_H
#define CARM_FACTOR_H

#include "amount.h"

/* A decimal number: digits * 10^-decimals. */
typedef struct Factor
{
	Amount		digits;			/* as a whole number */
	int			decimals;		/* none is 0 where digits aren't */
} Factor;

extern AmountStatus factor_from_numeric(const void *body, size_t length,
										Factor *factor);
extern AmountStatus factor_multiply(const Factor *factor, Amount amount,
									Amount *product);

#endif							/* CARM_FACTOR_H */
