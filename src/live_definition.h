/*-------------------------------------------------------------------------
 *
 * live_definition.h
 *	  What a live history is made from: the view target_entries, read back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_DEFINITION_H
#define CARM_LIVE_DEFINITION_H

#include "compat.h"
#include "live.h"

/* What the view target_entries says. */
typedef struct LiveDefinition
{
	LiveLinks	links;
	Oid			source;
	Oid			owner;
	List	   *expressions;	/* account, date and amount */
	List	   *condition;		/* implicitly ANDed */
} LiveDefinition;

extern const char *live_name_of(Oid relid);
extern bool live_relation_facts(Oid relid, char *kind, Oid *owner);
extern bool live_reads_columns_only(Node *expression);
extern bool live_definition_read(LiveLinks links, LiveDefinition *definition);
extern bool live_target_reads(LiveLinks links);
extern bool live_definition_is_sound(const LiveDefinition *definition);
pg_noreturn extern void live_report_unsound(LiveLinks links);
extern void live_require_owner(const LiveDefinition *definition, Oid owner);
extern void live_require_sound(LiveLinks links, Oid source, Oid owner);
extern bool live_definition_describe(LiveLinks links, char **account,
									 char **dated, char **amount,
									 char **condition);

#endif							/* CARM_LIVE_DEFINITION_H */
