/*-------------------------------------------------------------------------
 *
 * live_commit.c
 *	  Merges the parts of the accounts a transaction has touched.
 *
 * That is done when it commits, so that what it merges is held for no longer
 * than the commit takes, however long the transaction was open. One that is
 * prepared for two-phase commit holds what it merged until it is finished:
 * there, more parts are left than elsewhere.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "live.h"

/*
 * After so many statements in one transaction its own parts are merged for the
 * first time, and then each time the number has doubled: what was merged is
 * still found by every later merge, as dead rows, until the transaction ends.
 */
#define STATEMENTS_KEPT		64

/*
 * Accounts remembered. Of more than that every second one is, then every
 * fourth, chosen anew by each transaction: the others' turn comes.
 */
#define ACCOUNTS_REMEMBERED	200000

/*
 * A transaction of so many accounts is one of a bulk load, and others like it
 * follow in the same session. To look for parts takes most of its commit, and
 * many a look finds only what the last merge has left dead. So a session
 * remembers how many more parts of an account it may append before it need look
 * again; in a table of a fixed size, by a hash of the account, as a wrong guess
 * does no harm: somebody's next look comes.
 */
#define BULK_ACCOUNTS		1000
#define LOOKS_REMEMBERED	32768	/* a power of 2 */

typedef struct Look
{
	uint32		hash;
	int32		room;			/* parts that may follow */
} Look;

typedef struct TouchedAccount
{
	Datum		account;
	uint32		hash;
	char		status;
	bool		recent;			/* since own parts were merged */
	int32		appended;		/* parts, since this transaction began */
} TouchedAccount;

/* What a transaction has touched, for one table of parts. */
typedef struct Touched
{
	struct Touched *next;
	MemoryContext context;		/* of the accounts */
	struct accounts_hash *accounts;
	uint32		salt;			/* which are remembered, where not all are */
	uint32		mask;
	Oid			parts;
	Oid			type;			/* of an account */
	bool		byval;
	int16		length;
	int64		statements;
	int64		next_merge;		/* at that many statements */
	bool		merging;		/* keep the accounts as they are */
} Touched;

/* What is equal but not the same is remembered twice, which does no harm. */
static uint32
hash_image(const Touched *t, Datum account)
{
	return datum_image_hash(account, t->byval, t->length);
}

static bool
equal_images(const Touched *t, Datum a, Datum b)
{
	return datumIsEqual(a, b, t->byval, t->length);
}

#define SH_PREFIX accounts
#define SH_ELEMENT_TYPE TouchedAccount
#define SH_KEY_TYPE Datum
#define SH_KEY account
#define SH_HASH_KEY(tb, key) hash_image((const Touched *) (tb)->private_data, key)
#define SH_EQUAL(tb, a, b) equal_images((const Touched *) (tb)->private_data, a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

static Touched *touched = NULL;
static Look *looks = NULL;
static bool registered = false;

static int
compare_touched(const void *a, const void *b, void *arg)
{
	return ApplySortComparator((*(TouchedAccount *const *) a)->account, false,
							   (*(TouchedAccount *const *) b)->account, false,
							   (SortSupport) arg);
}

static void
forget_looks(void)
{
	if (looks != NULL)
		pfree(looks);
	looks = NULL;
}

/* What was remembered of an account, or the place to remember it in. */
static Look *
find_look(const Touched *t, const TouchedAccount *entry)
{
	uint32		hash = hash_combine(entry->hash, t->parts);
	Look	   *look = &looks[hash & (LOOKS_REMEMBERED - 1)];

	if (look->hash != hash)
		look->room = 0;
	look->hash = hash;
	return look;
}

/*
 * Merges the parts of the accounts touched: all parts, or our own of those
 * touched since that was last done. In order, as parts of accounts that were
 * written together lie together.
 */
static void
merge_accounts(Touched *t, LiveParts *parts, int kept, bool own_only)
{
	TouchedAccount **accounts = (TouchedAccount **)
		palloc(t->accounts->members * sizeof(TouchedAccount *));
	bool		bulk = kept == PARTS_KEPT && !own_only &&
		t->accounts->members >= BULK_ACCOUNTS;
	int			n = 0;
	int			left;
	accounts_iterator iterator;
	TouchedAccount *entry;

	if (t->mask != 0)
		forget_looks();			/* accounts that weren't remembered */
	else if (bulk && looks == NULL)
		looks = (Look *) MemoryContextAllocZero(TopMemoryContext,
												LOOKS_REMEMBERED * sizeof(Look));
	accounts_start_iterate(t->accounts, &iterator);
	while ((entry = accounts_iterate(t->accounts, &iterator)) != NULL)
	{
		if (own_only && !entry->recent)
			continue;
		if (bulk && looks != NULL)
		{
			Look	   *look = find_look(t, entry);

			look->room -= entry->appended;
			if (look->room >= 0)
				continue;
		}
		accounts[n++] = entry;
	}
	qsort_arg(accounts, n, sizeof(TouchedAccount *), compare_touched,
			  live_parts_order(parts));
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		live_parts_merge(parts, accounts[i]->account, kept, own_only, &left);
		accounts[i]->recent = false;
		if (looks != NULL && !own_only)
			find_look(t, accounts[i])->room = PARTS_KEPT - left;
	}
	pfree(accounts);
}

/*
 * The same, where the table of parts is still there. What an index function of
 * its owner's writes meanwhile isn't remembered.
 */
static void
merge_touched(Touched *t, int kept, bool own_only)
{
	LiveParts  *parts;

	/* it may have been dropped since, or be about to be */
	if (!ConditionalLockRelationOid(t->parts, RowExclusiveLock))
		return;
	parts = live_parts_open(t->parts, NoLock);
	if (parts == NULL)
		return;
	t->merging = true;
	PG_TRY();
	{
		if (live_parts_account(parts)->atttypid == t->type)
			merge_accounts(t, parts, kept, own_only);
	}
	PG_FINALLY();
	{
		t->merging = false;
	}
	PG_END_TRY();
	live_parts_close(parts);
}

static void
merge_at_commit(int kept)
{
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	for (Touched *t = touched; t != NULL; t = t->next)
		merge_touched(t, kept, false);
	PopActiveSnapshot();
}

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			if (touched != NULL)
				merge_at_commit(event == XACT_EVENT_PRE_COMMIT ?
								PARTS_KEPT : PARTS_KEPT_PREPARED);
			touched = NULL;
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			/* what was merged is parts again */
			if (event == XACT_EVENT_ABORT)
				forget_looks();
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

static Touched *
new_touched(Oid parts, Form_pg_attribute column)
{
	Touched    *t = (Touched *) MemoryContextAllocZero(TopTransactionContext,
													   sizeof(Touched));

	if (!registered)
		RegisterXactCallback(at_end_of_transaction, NULL);
	registered = true;
	t->context = AllocSetContextCreate(TopTransactionContext,
									   "accounts touched",
									   ALLOCSET_SMALL_SIZES);
	t->accounts = accounts_create(t->context, 8, t);
	t->salt = pg_prng_uint32(&pg_global_prng_state);
	t->parts = parts;
	t->type = column->atttypid;
	t->byval = column->attbyval;
	t->length = column->attlen;
	t->next_merge = STATEMENTS_KEPT;
	t->next = touched;
	touched = t;
	return t;
}

/* Is an account of this hash among those remembered? */
static bool
is_remembered(const Touched *t, uint32 hash)
{
	return (murmurhash32(hash ^ t->salt) & t->mask) == 0;
}

static TouchedAccount *
remember(Touched *t, Datum account, uint32 hash)
{
	TouchedAccount *entry;
	MemoryContext caller;
	bool		found;

	entry = accounts_insert_hash(t->accounts, account, hash, &found);
	if (!found)
	{
		caller = MemoryContextSwitchTo(t->context);
		entry->account = datumCopy(account, t->byval, t->length);
		entry->appended = 0;
		MemoryContextSwitchTo(caller);
	}
	return entry;
}

/* Forgets every second account. */
static void
forget_half(Touched *t)
{
	struct accounts_hash *all = t->accounts;
	MemoryContext context = t->context;
	accounts_iterator iterator;
	TouchedAccount *entry;

	t->mask = t->mask * 2 + 1;
	t->context = AllocSetContextCreate(TopTransactionContext,
									   "accounts touched",
									   ALLOCSET_SMALL_SIZES);
	t->accounts = accounts_create(t->context, ACCOUNTS_REMEMBERED / 2, t);
	accounts_start_iterate(all, &iterator);
	while ((entry = accounts_iterate(all, &iterator)) != NULL)
	{
		if (is_remembered(t, entry->hash))
		{
			TouchedAccount *kept = remember(t, entry->account, entry->hash);

			kept->recent = entry->recent;
			kept->appended = entry->appended;
		}
	}
	MemoryContextDelete(context);
}

/* Remembers that an account's parts have grown by one. */
void
live_remember_account(Oid parts, Form_pg_attribute column, Datum account)
{
	Touched    *t = find_touched(parts);
	TouchedAccount *entry;
	uint32		hash;

	if (t == NULL)
		t = new_touched(parts, column);
	if (t->merging)
		return;
	hash = hash_image(t, account);
	if (!is_remembered(t, hash))
		return;
	entry = remember(t, account, hash);
	entry->recent = true;
	entry->appended++;
	if (t->accounts->members > ACCOUNTS_REMEMBERED)
		forget_half(t);
}

/* A statement has appended its parts: now and then, merge our own. */
void
live_remember_statement(Oid parts)
{
	Touched    *t = find_touched(parts);

	if (t == NULL || t->merging || ++t->statements < t->next_merge)
		return;
	t->next_merge = t->statements * 2;
	merge_touched(t, 1, true);
}
