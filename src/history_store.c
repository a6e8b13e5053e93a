/*-------------------------------------------------------------------------
 *
 * history_store.c
 *	  A stored form being written, in memory that grows with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "history_store.h"
#include "utils/memutils.h"

/* Slices that there is room for from the first. */
#define SLICES_AT_FIRST		1024

/* The error for a history that no value can hold. */
void
history_report_too_long(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("history is too long for type %s", "duty_history"),
			 errdetail("A value has at most %zu bytes, and so has what it is added up in.",
					   (Size) MaxAllocSize)));
}

/*
 * Begins a stored form of so many slices. There is room for all of them, or
 * for many: few are as long as a slice can be.
 */
void
history_store_begin(HistoryStore *store, int scale, Size slices)
{
	store->room = HISTORY_HEADER_MAX +
		Min(slices, SLICES_AT_FIRST) * HISTORY_SLICE_MAX;
	store->stored = (bytea *) palloc(VARHDRSZ + store->room);
	history_begin(&store->writer, VARDATA(store->stored), scale);
}

/* Makes room for at least one more slice. */
void
history_store_enlarge(HistoryStore *store)
{
	Size		length = history_end(&store->writer);

	if (length >= MaxAllocSize - VARHDRSZ - HISTORY_SLICE_MAX)
		history_report_too_long();
	store->room = Min(store->room * 2, MaxAllocSize - VARHDRSZ);
	store->stored = (bytea *) repalloc(store->stored, VARHDRSZ + store->room);
	history_move(&store->writer, VARDATA(store->stored));
}

/* Ends it. */
bytea *
history_store_end(HistoryStore *store)
{
	SET_VARSIZE(store->stored, VARHDRSZ + history_end(&store->writer));
	return store->stored;
}
