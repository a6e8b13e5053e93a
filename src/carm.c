/*-------------------------------------------------------------------------
 *
 * carm.c
 *	  Module header.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "carm");
#else
PG_MODULE_MAGIC;
#endif
