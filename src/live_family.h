/*-------------------------------------------------------------------------
 *
 * live_family.h
 *	  Which tables are partitions or children of which, without locks.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_FAMILY_H
#define CARM_LIVE_FAMILY_H

#include "nodes/pg_list.h"
#include "utils/rel.h"

/* A table that has come to a family, or left it, or come and left. */
typedef struct LiveFamilyChange
{
	Oid			relid;
	TransactionId came;
	TransactionId went;			/* invalid if it hasn't */
} LiveFamilyChange;

extern List *live_parents(Oid relid);
extern List *live_ancestors(Oid relid);
extern List *live_family(Oid relid);
extern List *live_family_changes(List *family, TransactionId horizon);
extern Oid	live_parent_outside(Oid relid, Oid source);
extern void live_require_no_temporary_child(Relation rel);

#endif							/* CARM_LIVE_FAMILY_H */
