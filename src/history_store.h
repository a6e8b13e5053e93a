/*-------------------------------------------------------------------------
 *
 * history_store.h
 *	  A stored form being written, in memory that grows with it.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_STORE_H
#define CARM_HISTORY_STORE_H

#include "core/history.h"

typedef struct HistoryStore
{
	HistoryWriter writer;
	bytea	   *stored;
	Size		room;			/* behind the varlena header */
} HistoryStore;

extern void history_store_begin(HistoryStore *store, int scale, Size slices);
extern void history_store_enlarge(HistoryStore *store);
extern bytea *history_store_end(HistoryStore *store);
extern void history_report_too_long(void);

/* Sees to it that there is room for one more slice. */
static inline void
history_store_make_room(HistoryStore *store)
{
	if (unlikely(store->room - (Size) (store->writer.next - store->writer.start) <
				 HISTORY_SLICE_MAX))
		history_store_enlarge(store);
}

/* Writes a slice; they come in order. */
static inline void
history_store_write(HistoryStore *store, int32 slice, Amount amount)
{
	history_store_make_room(store);
	history_write(&store->writer, slice, amount);
}

/* The same for an amount in units of the scale, which isn't 0. */
static inline void
history_store_write_units(HistoryStore *store, int32 slice, int64 units)
{
	history_store_make_room(store);
	history_write_value(&store->writer, slice, units);
}

#endif							/* CARM_HISTORY_STORE_H */
