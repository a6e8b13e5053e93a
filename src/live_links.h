/*-------------------------------------------------------------------------
 *
 * live_links.h
 *	  Which triggers are those of live histories, and what they name.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_LIVE_LINKS_H
#define CARM_LIVE_LINKS_H

#include "live.h"

/* The event of a trigger that fires before an update: see live_moves.c. */
#define LIVE_BEFORE_UPDATE	(1 << 12)

/* A trigger of live histories. */
typedef struct LiveTrigger
{
	Oid			oid;
	int16		event;			/* see live_event() */
	bool		fires;			/* in this session: it isn't disabled */
	LiveLinks	links;
} LiveTrigger;

extern bool live_read_links(const char *when, LiveLinks *links);
extern int16 live_event(int16 type);
extern bool live_trigger_is_marked(Oid trigger, Oid function);
extern bool live_trigger_exists(Oid trigger);
extern void live_mark_trigger(Oid trigger, Oid function);
extern List *live_triggers(Oid relid, Oid function);
extern int16 live_events_counted(Oid relid, LiveLinks links, Oid function,
								 bool firing);
extern List *live_targets(Oid source, Oid function);
extern bool live_passes_over_parts(Oid parts, Oid function);
extern List *live_tables(Oid function);
extern Oid	live_source_of_target(Oid target, Oid owner, Oid function);

#endif							/* CARM_LIVE_LINKS_H */
