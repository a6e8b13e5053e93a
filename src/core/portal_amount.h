/*-------------------------------------------------------------------------
 *
 * portal_amount.h
 *	  Amounts as the portal's files and spreadsheets write them, in English
 *	  and French.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_PORTAL_AMOUNT_H
#define CARM_PORTAL_AMOUNT_H

#include "portal.h"

/*
 * Longer texts are refused unread. The longest numeric has 147,455 digits: with
 * a no-break space of three bytes between groups, that is far less.
 */
#define PORTAL_AMOUNT_MAX_LENGTH	((size_t) 1 << 20)

/* What the server's numeric can hold before and behind the decimal point. */
#define PORTAL_MAX_DIGITS			131072
#define PORTAL_MAX_DECIMALS			16383

typedef struct PortalAmount
{
	PortalStatus status;
	PortalToken token;			/* what is wrong */
	size_t		digits;			/* behind the comma of PORTAL_COMMA */
	size_t		length;			/* of the decimal number written */
} PortalAmount;

/* The bytes that a text's decimal number may need. */
#define PORTAL_DECIMAL_SIZE(length)		((length) + 2)

extern PortalStatus portal_amount_read(const char *text, size_t length,
									   char *decimal, PortalAmount *amount);

#endif							/* CARM_PORTAL_AMOUNT_H */
