/*-------------------------------------------------------------------------
 *
 * history_buffer.h
 *	  A stored form being written, in memory that grows with it.
 *
 * Include it after postgres.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef CARM_HISTORY_BUFFER_H
#define CARM_HISTORY_BUFFER_H

#include "core/history.h"

typedef struct HistoryBuffer
{
	HistoryWriter writer;
	bytea	   *stored;
	Size		size;			/* behind the varlena header */
} HistoryBuffer;

extern void history_buffer_begin(HistoryBuffer *buffer, int scale, Size slices);
extern void history_buffer_enlarge(HistoryBuffer *buffer);
extern bytea *history_buffer_end(HistoryBuffer *buffer);

/* Sees to it that there is room for one more slice. */
static inline void
history_buffer_reserve(HistoryBuffer *buffer)
{
	if (unlikely(buffer->size - (Size) (buffer->writer.next - buffer->writer.start) <
				 HISTORY_SLICE_MAX))
		history_buffer_enlarge(buffer);
}

/* Writes a slice; they come in order. */
static inline void
history_buffer_write(HistoryBuffer *buffer, int32 slice, Amount amount)
{
	history_buffer_reserve(buffer);
	history_write(&buffer->writer, slice, amount);
}

/* The same for an amount in units of the scale, which isn't 0. */
static inline void
history_buffer_write_units(HistoryBuffer *buffer, int32 slice, int64 units)
{
	history_buffer_reserve(buffer);
	history_write_value(&buffer->writer, slice, units);
}

#endif							/* CARM_HISTORY_BUFFER_H */
