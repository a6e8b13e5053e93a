/*-------------------------------------------------------------------------
 *
 * money.h
 *	  Amounts as the server's numeric values, and the errors on the way.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_MONEY_H
#define CARM_MONEY_H

#include "core/amount.h"

extern Amount amount_from_datum(Datum numeric);
extern Datum amount_get_datum(Amount amount);

#endif							/* CARM_MONEY_H */
