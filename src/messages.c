/*-------------------------------------------------------------------------
 *
 * messages.c
 *	  The catalogue of this extension's messages in other languages, src/po.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "messages.h"
#include "miscadmin.h"

/*
 * The name of the catalogue, which is opened when it is first asked for.
 *
 * That is in the session, and not when the library is loaded: the server's
 * first process may load it, which knows of no database, and so not the
 * encoding that messages are to be given in.
 */
const char *
messages_domain(void)
{
	static bool opened = false;

	if (unlikely(!opened))
		pg_bindtextdomain(PG_TEXTDOMAIN("carm"));
	opened = true;
	return PG_TEXTDOMAIN("carm");
}
