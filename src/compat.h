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

/*
 * Modules are built with hidden symbols from 16 on, and we do so on 15 as
 * well: names such as history_end are those of libedit, which comes with the
 * server's JIT.
 */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(funcname) \
extern PGDLLEXPORT Datum funcname(PG_FUNCTION_ARGS); \
extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_, funcname) (void); \
const Pg_finfo_record * \
CppConcat(pg_finfo_, funcname) (void) \
{ \
	static const Pg_finfo_record my_finfo = {1}; \
	return &my_finfo; \
} \
extern int	no_such_variable
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

/* Skip support for btree came with 18. */
#if PG_VERSION_NUM >= 180000
#include "utils/skipsupport.h"
#define CARM_HAVE_SKIP_SUPPORT
#endif

#endif							/* CARM_COMPAT_H */
