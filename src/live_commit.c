/*-------------------------------------------------------------------------
 *
 * live_commit.c
 *	  Merges the parts of the accounts a transaction has touched.
 *
 * That is done when it commits, so that what it merges is held for no longer
 * than the commit takes, however long the transaction was open. One that is
 * prepared for two-phase commit merges nothing: it would hold what it merged
 * until it is finished.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"

/*
 * Of so many statements in one transaction the own parts are merged, so that
 * what it leaves to be merged at commit doesn't grow with it.
 */
#define STATEMENTS_KEPT		64

/* Accounts remembered; the others' parts wait for the next transaction. */
#define ACCOUNTS_REMEMBERED	200000

/* What a transaction has touched, for one table of parts. */
typedef struct Touched
{
	struct Touched *next;
	MemoryContext context;
	Oid			parts;
	bool		byval;
	int16		length;
	Datum	   *accounts;
	int			count;
	int			room;
	int			merged;			/* accounts before this one have few own parts */
	int			statements;		/* since own parts were merged */
} Touched;

static Touched *touched = NULL;
static bool registered = false;

/* Merges the parts of the accounts remembered, from one on. */
static void
merge_touched(Touched *t, int first, int kept, bool own_only)
{
	LiveParts  *parts;

	/* it may have been dropped since, or be about to be */
	if (!ConditionalLockRelationOid(t->parts, RowExclusiveLock))
		return;
	parts = live_parts_open(t->parts, NoLock);
	if (parts == NULL)
		return;
	if (live_parts_account(parts)->attlen == t->length &&
		live_parts_account(parts)->attbyval == t->byval)
	{
		/* what an index function of the owner's writes is left to later */
		int			count = t->count;

		for (int i = first; i < count; i++)
		{
			CHECK_FOR_INTERRUPTS();
			live_parts_merge(parts, t->accounts[i], kept, own_only);
		}
	}
	live_parts_close(parts);
}

static void
merge_at_commit(void)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (Touched *t = touched; t != NULL; t = t->next)
		merge_touched(t, 0, PARTS_KEPT, false);
	PopActiveSnapshot();
}

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
			if (touched != NULL)
				merge_at_commit();
			touched = NULL;
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			/* the memory goes with the transaction */
			touched = NULL;
			break;
		default:
			break;
	}
}

static Touched *
find_touched(Oid parts)
{
	Touched    *t;

	for (t = touched; t != NULL; t = t->next)
	{
		if (t->parts == parts)
			break;
	}
	return t;
}

/* Remembers that an account's parts have grown by one. */
void
live_remember_account(Oid parts, Form_pg_attribute column, Datum account)
{
	Touched    *t = find_touched(parts);
	MemoryContext caller;

	if (t == NULL)
	{
		if (!registered)
			RegisterXactCallback(at_end_of_transaction, NULL);
		registered = true;
		t = (Touched *) MemoryContextAllocZero(TopTransactionContext,
											   sizeof(Touched));
		t->context = AllocSetContextCreate(TopTransactionContext,
										   "accounts touched",
										   ALLOCSET_SMALL_SIZES);
		t->parts = parts;
		t->byval = column->attbyval;
		t->length = column->attlen;
		t->room = 8;
		t->accounts = (Datum *) MemoryContextAlloc(t->context,
												   t->room * sizeof(Datum));
		t->next = touched;
		touched = t;
	}
	if (t->count == ACCOUNTS_REMEMBERED)
		return;
	if (t->count == t->room)
	{
		t->room *= 2;
		t->accounts = (Datum *) repalloc(t->accounts, t->room * sizeof(Datum));
	}
	caller = MemoryContextSwitchTo(t->context);
	t->accounts[t->count++] = datumCopy(account, t->byval, t->length);
	MemoryContextSwitchTo(caller);
}

/* A statement has appended its parts: now and then, merge our own. */
void
live_remember_statement(Oid parts)
{
	Touched    *t = find_touched(parts);

	if (t == NULL || ++t->statements < STATEMENTS_KEPT)
		return;
	t->statements = 0;
	merge_touched(t, t->merged, 1, true);
	CommandCounterIncrement();
	t->merged = t->count;
}
