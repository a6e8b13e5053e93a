/*-------------------------------------------------------------------------
 *
 * history_buffer.c
 *	  A stored form being written, in memory that grows with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "history_buffer.h"
#include "history_error.h"
#include "utils/memutils.h"

/* Slices that there is room for from the first. */
#define SLICES_AT_FIRST		1024

/*
 * Begins a stored form of so many slices. There is room for all of them, or
 * for many: few are as long as a slice can be.
 */
void
history_buffer_begin(HistoryBuffer *buffer, int scale, Size slices)
{
	buffer->size = HISTORY_HEADER_MAX +
		Min(slices, SLICES_AT_FIRST) * HISTORY_SLICE_MAX;
	buffer->stored = (bytea *) palloc(VARHDRSZ + buffer->size);
	history_begin(&buffer->writer, VARDATA(buffer->stored), scale);
}

/* Makes room for at least one more slice. */
void
history_buffer_enlarge(HistoryBuffer *buffer)
{
	Size		length = history_end(&buffer->writer);

	if (length >= MaxAllocSize - VARHDRSZ - HISTORY_SLICE_MAX)
		history_report_too_long();
	buffer->size = Min(buffer->size * 2, MaxAllocSize - VARHDRSZ);
	buffer->stored = (bytea *) repalloc(buffer->stored, VARHDRSZ + buffer->size);
	history_move(&buffer->writer, VARDATA(buffer->stored));
}

/* Ends it. */
bytea *
history_buffer_end(HistoryBuffer *buffer)
{
	SET_VARSIZE(buffer->stored, VARHDRSZ + history_end(&buffer->writer));
	return buffer->stored;
}
