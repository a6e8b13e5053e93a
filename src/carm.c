/*-------------------------------------------------------------------------
 *
 * carm.c
 *	  Module header.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "core/poll.h"
#include "live_moves.h"
#include "miscadmin.h"

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

/* Lets a query be cancelled within the loops of core/, and watches MERGE. */
void
_PG_init(void)
{
	poll_hook = poll_interrupts;
	live_moves_watch();
}
