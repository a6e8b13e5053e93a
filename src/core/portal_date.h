/*-------------------------------------------------------------------------
 *
 * portal_date.h
 *	  Dates as the portal's files and spreadsheets write them, in English
 *	  and French.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_PORTAL_DATE_H
#define CARM_PORTAL_DATE_H

#include "portal.h"

/* Longer texts are refused unread. */
#define PORTAL_DATE_MAX_LENGTH		((size_t) 256)

/* Which of a date's parts comes first where all are numbers. */
typedef enum PortalOrder
{
	PORTAL_ORDER_UNKNOWN,
	PORTAL_DAY_FIRST,
	PORTAL_MONTH_FIRST
} PortalOrder;

typedef struct PortalDate
{
	PortalStatus status;
	PortalToken token;			/* what is wrong */
	int			year;
	int			month;
	int			day_of_month;
	bool		order_matters;	/* the other order is a date as well */
	int32_t		day;			/* as calendar.h counts */
	int32_t		other_day;		/* in the other order */
} PortalDate;

extern PortalStatus portal_date_read(const char *text, size_t length,
									 PortalOrder order, PortalDate *date);

#endif							/* CARM_PORTAL_DATE_H */
