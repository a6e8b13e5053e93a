/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  What differs between the servers this extension is built for.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_COMPAT_H
#define CARM_COMPAT_H

#include "fmgr.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM < 150000
#error "carm needs PostgreSQL 15 or later"
#endif

#if SIZEOF_DATUM < 8 || !defined(__SIZEOF_INT128__)
#error "carm needs a 64-bit platform and a compiler with __int128"
#endif

/* Soft errors came with 16: before, every error is thrown. */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy_value; \
	} while (0)
#define SOFT_ERROR_OCCURRED(context) false
#define CARM_ESCONTEXT(fcinfo) NULL
#else
#include "nodes/miscnodes.h"
#define CARM_ESCONTEXT(fcinfo) ((fcinfo)->context)
#endif

/* With soft errors, make_range took a place to report them to. */
#if PG_VERSION_NUM < 160000
#define carm_make_range(typcache, lower, upper, empty) \
	make_range(typcache, lower, upper, empty)
#else
#define carm_make_range(typcache, lower, upper, empty) \
	make_range(typcache, lower, upper, empty, NULL)
#endif

#endif							/* CARM_COMPAT_H */
