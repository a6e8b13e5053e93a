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

/* The number of this session's transaction moved into its process's vxid with 17. */
#if PG_VERSION_NUM < 170000
#define CARM_LOCAL_TRANSACTION (MyProc->lxid)
#else
#define CARM_LOCAL_TRANSACTION (MyProc->vxid.lxid)
#endif

/* Says of a function that it doesn't return: before it, as from 18 on. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* Soft errors came with 16: before, every error is thrown. */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return dummy_value; \
	} while (0)
#define CARM_ESCONTEXT(fcinfo) NULL
#else
#include "nodes/miscnodes.h"
#define CARM_ESCONTEXT(fcinfo) ((fcinfo)->context)
#endif

/* With soft errors, range_serialize took a place to report them to. */
#if PG_VERSION_NUM < 160000
#define carm_range_serialize(typcache, lower, upper) \
	range_serialize(typcache, lower, upper, false)
#else
#define carm_range_serialize(typcache, lower, upper) \
	range_serialize(typcache, lower, upper, false, NULL)
#endif

/* Skip support for btree came with 18. */
#if PG_VERSION_NUM >= 180000
#include "utils/skipsupport.h"
#define CARM_HAVE_SKIP_SUPPORT
#endif

/*
 * Changing tables without a plan. Nobody is waited for: what another
 * transaction is changing gives TM_BeingModified.
 */
#if PG_VERSION_NUM < 160000
#define CarmUpdateIndexes bool
#define carm_no_indexes(update_indexes) (!(update_indexes))
#define carm_insert_index_tuples(rri, slot, estate) \
	ExecInsertIndexTuples(rri, slot, estate, false, false, NULL, NIL)
#define carm_update_index_tuples(rri, slot, estate, update_indexes) \
	ExecInsertIndexTuples(rri, slot, estate, true, false, NULL, NIL)
#else
#define CarmUpdateIndexes TU_UpdateIndexes
#define carm_no_indexes(update_indexes) ((update_indexes) == TU_None)
#if PG_VERSION_NUM < 190000
#define carm_insert_index_tuples(rri, slot, estate) \
	ExecInsertIndexTuples(rri, slot, estate, false, false, NULL, NIL, false)
#define carm_update_index_tuples(rri, slot, estate, update_indexes) \
	ExecInsertIndexTuples(rri, slot, estate, true, false, NULL, NIL, \
						  (update_indexes) == TU_Summarizing)
#else
#define carm_insert_index_tuples(rri, slot, estate) \
	ExecInsertIndexTuples(rri, estate, 0, slot, NIL, NULL)
#define carm_update_index_tuples(rri, slot, estate, update_indexes) \
	ExecInsertIndexTuples(rri, estate, \
						  EIIT_IS_UPDATE | \
						  ((update_indexes) == TU_Summarizing ? EIIT_ONLY_SUMMARIZING : 0), \
						  slot, NIL, NULL)
#endif
#endif

#if PG_VERSION_NUM < 190000
#define carm_tuple_delete(rel, tid, cid, tmfd) \
	table_tuple_delete(rel, tid, cid, SnapshotSelf, InvalidSnapshot, false, \
					   tmfd, false)
#define carm_tuple_update(rel, tid, slot, cid, tmfd, lockmode, update_indexes) \
	table_tuple_update(rel, tid, slot, cid, SnapshotSelf, InvalidSnapshot, \
					   true, tmfd, lockmode, update_indexes)
#define carm_beginscan(rel, snapshot) table_beginscan(rel, snapshot, 0, NULL)
#else
#define carm_tuple_delete(rel, tid, cid, tmfd) \
	table_tuple_delete(rel, tid, cid, 0, SnapshotSelf, InvalidSnapshot, \
					   false, tmfd)
#define carm_tuple_update(rel, tid, slot, cid, tmfd, lockmode, update_indexes) \
	table_tuple_update(rel, tid, slot, cid, 0, SnapshotSelf, InvalidSnapshot, \
					   true, tmfd, lockmode, update_indexes)
#define carm_beginscan(rel, snapshot) table_beginscan(rel, snapshot, 0, NULL, 0)
#endif

#if PG_VERSION_NUM < 180000
#define carm_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, nkeys, 0)
#elif PG_VERSION_NUM < 190000
#define carm_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0)
#else
#define carm_index_beginscan(rel, index, snapshot, nkeys) \
	index_beginscan(rel, index, snapshot, NULL, nkeys, 0, 0)
#endif

/* Callbacks of the system caches name the cache by its enum from 19 on. */
#if PG_VERSION_NUM < 190000
#define CARM_SYSCACHE_ID int
#else
#define CARM_SYSCACHE_ID SysCacheIdentifier
#endif

/* Up to 16 a setting lets old snapshots expire, by which toast is read. */
#if PG_VERSION_NUM < 170000
#define carm_snapshots_expire() OldSnapshotThresholdActive()
#else
#define carm_snapshots_expire() false
#endif

/* A lock without waiting, and without an error where there is no room for one. */
#if PG_VERSION_NUM < 180000
#define carm_lock_at_once(tag, mode, lock) \
	LockAcquireExtended(tag, mode, false, true, false, lock)
#else
#define carm_lock_at_once(tag, mode, lock) \
	LockAcquireExtended(tag, mode, false, true, false, lock, false)
#endif

/* The check of ownership became the same for all kinds of objects. */
#if PG_VERSION_NUM < 160000
#define carm_owns_relation(relid, role) pg_class_ownercheck(relid, role)
#define carm_owns_schema(schema, role) pg_namespace_ownercheck(schema, role)
#else
#define carm_owns_relation(relid, role) \
	object_ownercheck(RelationRelationId, relid, role)
#define carm_owns_schema(schema, role) \
	object_ownercheck(NamespaceRelationId, schema, role)
#endif

/* A membership may come without SET ROLE from 16 on. */
#if PG_VERSION_NUM < 160000
#define carm_may_become(member, role) is_member_of_role(member, role)
#else
#define carm_may_become(member, role) member_can_set_role(member, role)
#endif

/*
 * The walkers of 15 are declared with no parameters for their callbacks, which
 * means none at all since C23, a new compiler's default.
 */
#if PG_VERSION_NUM < 160000
#define carm_walker(walker) ((bool (*) ()) (walker))
#else
#define carm_walker(walker) (walker)
#endif

/* The columns a query selects from a relation moved to a node of their own. */
#if PG_VERSION_NUM < 160000
#define carm_add_selected_columns(query, rtindex, columns) \
	do { \
		RangeTblEntry *rte_ = rt_fetch(rtindex, (query)->rtable); \
		rte_->selectedCols = bms_add_members(rte_->selectedCols, columns); \
	} while (0)
#else
#define carm_add_selected_columns(query, rtindex, columns) \
	do { \
		RTEPermissionInfo *info_ = getRTEPermissionInfo((query)->rteperminfos, \
														rt_fetch(rtindex, (query)->rtable)); \
		info_->selectedCols = bms_add_members(info_->selectedCols, columns); \
	} while (0)
#endif

/* Virtual generated columns came with 18. */
#if PG_VERSION_NUM < 180000
#define carm_expand_generated(node, rel) (node)
#else
#define carm_expand_generated(node, rel) \
	expand_generated_columns_in_expr(node, rel, 1)
#endif

#endif							/* CARM_COMPAT_H */
