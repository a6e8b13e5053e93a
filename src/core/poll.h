/*-------------------------------------------------------------------------
 *
 * poll.h
 *	  Lets a long loop be interrupted.
 *
 * A loop over what a user gave may take long: it counts its steps here. Once in
 * POLL_STEPS of them poll_hook is called, if somebody has set it. The server
 * sets it, so that a query can be cancelled.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_POLL_H
#define CARM_POLL_H

#include <stdint.h>

/* Steps between two calls: 2 to the power of this. */
#define POLL_SHIFT		16
#define POLL_STEPS		(1 << POLL_SHIFT)

extern void (*poll_hook) (void);

/* One step of a loop, by its number. */
static inline void
poll_at(uint64_t step)
{
	if (step % POLL_STEPS == 0 && poll_hook)
		poll_hook();
}

/* Many steps at once: from the one number to the other. */
static inline void
poll_between(int32_t from, int32_t to)
{
	if (from >> POLL_SHIFT != to >> POLL_SHIFT && poll_hook)
		poll_hook();
}

#endif							/* CARM_POLL_H */
