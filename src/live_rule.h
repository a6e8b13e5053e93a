/*-------------------------------------------------------------------------
 *
 * live_rule.h
 *	  Which rows of a tracked table count, as what: the definition, planned.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_RULE_H
#define CARM_LIVE_RULE_H

#include "live.h"

/* Which rows of a relation count, as what: the definition, planned. */
typedef struct LiveRule
{
	LiveLinks	links;
	Oid			relid;			/* whose rows the expressions read */
	Oid			source;
	Oid			owner;			/* of the live history */
	Oid			role;			/* as whom it was planned */
	bool		counts;			/* false: relid is no longer of the source */
	Expr	   *account;
	Expr	   *dated;
	Expr	   *amount;
	List	   *condition;		/* implicitly ANDed; NIL if all rows count */
	List	   *generated;		/* columns read that are stored, but which a
								 * partitioned table's INSERT doesn't tell */
	List	   *computed;		/* what computes these, to be planned */
	List	   *ancestors;		/* relid and what it is a partition or child of */
	List	   *partitions;		/* and children of relid, on all levels */
	bool		same_relations; /* whether all these are as they were then */
	bool		on_domains;		/* its plan may rest on what a domain is */
	bool		on_rights;		/* ... on who may call what */
} LiveRule;

extern void live_rule_lock(LiveLinks links);
extern LiveRule *live_rule_make(LiveLinks links, Relation rel,
								const LiveRule *former);

#endif							/* CARM_LIVE_RULE_H */
