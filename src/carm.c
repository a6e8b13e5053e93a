/*-------------------------------------------------------------------------
 *
 * carm.c
 *	  Module header.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "billing.h"
#include "compat.h"
#include "history.h"
#include "miscadmin.h"
#include "number.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "carm");
#else
PG_MODULE_MAGIC;
#endif

PGDLLEXPORT void _PG_init(void);

static void
poll_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Lets a query be cancelled within the rooms that know no server. */
void
_PG_init(void)
{
	billing_poll = poll_interrupts;
	history_poll = poll_interrupts;
	number_poll = poll_interrupts;
}
