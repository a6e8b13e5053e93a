/*-------------------------------------------------------------------------
 *
 * live_commit.c
 *	  Merges the parts of the accounts a transaction has touched.
 *
 * That is done when it commits, so that what it merges is held for no longer
 * than the commit takes, however long the transaction was open. It is done
 * before anything else of a commit: a callback of postgres_fdw commits on
 * other servers, and callbacks run newest first, so that ours might run after
 * that one, when nothing may fail any more. A portal, which the server drops
 * before it calls anybody back, tells us in time.
 *
 * So live_count.c names each account that gets a part; at the first,
 * await_commit() makes the portal; and at_drop_of_portal() merges.
 *
 * Merging is optional. A cancel ends the merging, not the commit; and where
 * something fails that others have added, the parts stay as they are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/timeout.h"

#include "compat.h"
#include "live.h"
#include "live_commit.h"
#include "live_common.h"
#include "live_merge.h"
#include "live_parts.h"
#include "live_walk.h"
#include "messages.h"

/* What a transaction remembers of a table of parts takes so much memory. */
#define TOUCHED_MEMORY	((Size) work_mem * 1024)

/* A walk passes a page of the index in the time of so many look-ups. */
#define LOOKS_PER_PAGE	8

/* Nobody names a cursor like this. */
#define PORTAL_NAME	"carm: parts to be merged at commit"

typedef struct TouchedAccount
{
	Datum		account;
	uint32		hash;
	char		status;
} TouchedAccount;

/* What a transaction has touched, for one table of parts. */
typedef struct Touched
{
	struct Touched *next;
	Oid			parts;
	AccountType account;
	Oid			role;			/* that appended; none where several did */
	MemoryContext context;		/* of the accounts */
	struct accounts_hash *accounts; /* NULL: more than can be remembered */
} Touched;

/* What is equal but not the same is remembered twice, which does no harm. */
static uint32
hash_image(const Touched *t, Datum account)
{
	return datum_image_hash(account, t->account.byval, t->account.length);
}

static bool
equal_images(const Touched *t, Datum a, Datum b)
{
	return datumIsEqual(a, b, t->account.byval, t->account.length);
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

/* Are accounts the same kind of values? Else no byte of them means anything. */
static bool
same_accounts(const AccountType *a, const AccountType *b)
{
	return a->type == b->type && a->collation == b->collation &&
		a->equal == b->equal && a->less == b->less &&
		a->length == b->length && a->byval == b->byval;
}

static Touched *touched = NULL;
static bool registered = false;
static bool portal_waits = false;
static bool merging = false;
static bool was_cancelled = false;

/*
 * Merges the parts of the accounts touched. In order, as parts of accounts that
 * were written together lie together; and where they are most of what there is,
 * by a walk through all.
 */
static void
merge_accounts(Touched *t, LiveParts *parts)
{
	LiveAccount *accounts;
	Size		n = 0;
	accounts_iterator iterator;
	TouchedAccount *entry;

	/* few are never most of what there is: that is not worth a system call */
	if (t->accounts == NULL ||
		(t->accounts->members >= LOOKS_PER_PAGE &&
		 t->accounts->members / LOOKS_PER_PAGE >= RelationGetNumberOfBlocks(parts->index)))
	{
		(void) live_parts_walk(parts, PARTS_KEPT, &QueryCancelPending);
		return;
	}
	accounts = (LiveAccount *) palloc(t->accounts->members * sizeof(LiveAccount));
	accounts_start_iterate(t->accounts, &iterator);
	while ((entry = accounts_iterate(t->accounts, &iterator)) != NULL)
		accounts[n++].account = entry->account;
	live_accounts_sort(parts, accounts, n);
	for (Size i = 0; i < n && !QueryCancelPending; i++)
	{
		CHECK_FOR_INTERRUPTS();
		(void) live_parts_merge(parts, accounts[i].account, PARTS_KEPT);
	}
	CommandCounterIncrement();
	pfree(accounts);
}

/*
 * The table of parts, as it was when they were touched; or NULL, also where
 * somebody has locked it or an index of it, as ALTER INDEX ... SET TABLESPACE
 * does.
 */
static LiveParts *
open_touched(Touched *t)
{
	LiveParts  *parts;

	/* it may have been dropped since, or be about to be */
	if (!live_lock_at_once(t->parts) || live_is_subscribed(t->parts) ||
		(t->account.nested && !live_lock_row_types_at_once(t->account.type)))
		return NULL;
	parts = live_parts_open(t->parts, NoLock);
	if (parts == NULL)
		return NULL;
	if (parts->index == NULL || !same_accounts(&parts->account, &t->account))
	{
		live_parts_close(parts);
		return NULL;
	}
	parts->nowait = true;
	return parts;
}

static void
merge_opened(void *arg)
{
	Touched    *t = (Touched *) arg;
	LiveParts  *parts;

	/* a cancel ends what others wrote at once: all of it is undone */
	RESUME_CANCEL_INTERRUPTS();
	parts = open_touched(t);
	if (parts != NULL)
	{
		merge_accounts(t, parts);
		live_parts_close(parts);
	}
	HOLD_CANCEL_INTERRUPTS();
}

/*
 * Keeps a cancel that has ended a merge for what comes after the commit; with
 * its cause, which a timeout gives only when it fires.
 */
static void
keep_cancel(bool timed)
{
	if (!timed || get_timeout_active(STATEMENT_TIMEOUT))
	{
		QueryCancelPending = true;
		return;
	}
	enable_timeout_after(STATEMENT_TIMEOUT, 1);
	while (!QueryCancelPending)
		pg_usleep(1000L);
}

/*
 * Can merging fail where the server doesn't? An index that others have added may
 * refuse a row or call functions that fail, or last. A type that accounts are
 * made of may have lost its order. And SERIALIZABLE transactions conflict by
 * pages: with who reads accounts that lie beside.
 */
static bool
may_fail(const LiveParts *parts)
{
	return parts->others || parts->account.nested || IsolationIsSerializable();
}

/* Merges such that all is undone where it fails. */
static void
try_to_merge(Touched *t)
{
	/* a timeout may have fired just now, and be held back as all cancels are */
	bool		timed = get_timeout_active(STATEMENT_TIMEOUT) ||
		get_timeout_indicator(STATEMENT_TIMEOUT, false);
	ErrorData  *error = live_try(merge_opened, t);

	if (error == NULL)
		return;
	if (error->sqlerrcode == ERRCODE_QUERY_CANCELED)
		keep_cancel(timed);
	/* that is nothing to be mended: who comes next merges them */
	if (error->sqlerrcode == ERRCODE_T_R_SERIALIZATION_FAILURE)
		return;
	ereport(LOG,
			(errmsg("parts of live histories in table \"%s\" were not merged: %s",
					get_rel_name(t->parts), error->message)));
}

static void
merge_touched(Touched *t)
{
	LiveParts  *parts = open_touched(t);
	bool		tries;

	if (parts == NULL)
		return;
	tries = may_fail(parts);
	if (!tries)
		merge_accounts(t, parts);
	live_parts_close(parts);
	if (tries)
		try_to_merge(t);
}

/*
 * Merges as who appended, where that is one role: by a SECURITY DEFINER function
 * it is another than who commits, who may not call an index's functions.
 */
static void
merge_touched_as(Touched *t)
{
	Oid			user;
	int			security;

	GetUserIdAndSecContext(&user, &security);
	if (OidIsValid(t->role))
		SetUserIdAndSecContext(t->role, security | SECURITY_LOCAL_USERID_CHANGE);
	merge_touched(t);
	SetUserIdAndSecContext(user, security);
}

/*
 * Merges what was touched. What an index function of the owner's writes
 * meanwhile isn't remembered.
 */
static void
merge_all_touched(void)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "merging at commit",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Touched    *all = touched;

	touched = NULL;
	merging = true;
	HOLD_CANCEL_INTERRUPTS();
	CommandCounterIncrement();
	PushActiveSnapshot(GetTransactionSnapshot());
	PG_TRY();
	{
		for (Touched *t = all; t != NULL && !QueryCancelPending; t = t->next)
			merge_touched_as(t);
	}
	PG_FINALLY();
	{
		merging = false;
	}
	PG_END_TRY();
	PopActiveSnapshot();
	RESUME_CANCEL_INTERRUPTS();

	/*
	 * What comes next must not be cancelled for what took us so long; and what
	 * comes after the commit not for a lock that only we have waited for.
	 */
	if (QueryCancelPending)
	{
		QueryCancelPending = false;
		was_cancelled = !get_timeout_indicator(LOCK_TIMEOUT, true);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/*
 * The portal is dropped: by a commit, by a roll-back, or by CLOSE.
 *
 * Functions of an owner's index, which merging calls, could close it again:
 * the server would then go on with a portal that is gone. A pin keeps it.
 */
static void
at_drop_of_portal(Portal portal)
{
	portal->cleanup = NULL;
	portal_waits = false;
	if (!IsTransactionState() || touched == NULL)
		return;
	PinPortal(portal);
	PG_TRY();
	{
		merge_all_touched();
	}
	PG_FINALLY();
	{
		UnpinPortal(portal);
	}
	PG_END_TRY();
}

static void
at_end_of_transaction(XactEvent event, void *arg)
{
	if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_PREPARE &&
		event != XACT_EVENT_ABORT)
		return;

	/* a cancel that ended our merging is for what comes after, if any */
	if (was_cancelled && event != XACT_EVENT_ABORT)
	{
		QueryCancelPending = true;
		InterruptPending = true;
	}

	/* the memory goes with the transaction */
	touched = NULL;
	portal_waits = false;
	merging = false;
	was_cancelled = false;
}

/* Sees to it that we are told before the transaction commits. */
static void
await_commit(void)
{
	Portal		portal;

	if (!registered)
		RegisterXactCallback(at_end_of_transaction, NULL);
	registered = true;
	if (portal_waits)
		return;
	portal = GetPortalByName(PORTAL_NAME) == NULL ?
		CreatePortal(PORTAL_NAME, false, false) : CreateNewPortal();
	/* a query of no statement, which nobody can run any more */
	PortalDefineQuery(portal, NULL, "", CMDTAG_UNKNOWN, NIL, NULL);
	portal->status = PORTAL_DONE;
	portal->visible = false;
	portal->cleanup = at_drop_of_portal;
	portal_waits = true;
}

/* Forgets the accounts. */
static void
forget_accounts(Touched *t)
{
	if (t->accounts != NULL)
		MemoryContextDelete(t->context);
	t->accounts = NULL;
}

/* What is remembered of a table of parts, if accounts are still the same. */
static Touched *
find_touched(const LiveParts *parts)
{
	Oid			relid = RelationGetRelid(parts->rel);
	Touched   **link = &touched;

	for (Touched *t = touched; t != NULL; link = &t->next, t = t->next)
	{
		if (t->parts != relid)
			continue;
		if (same_accounts(&t->account, &parts->account))
			return t;
		*link = t->next;
		forget_accounts(t);
		break;
	}
	return NULL;
}

static Touched *
new_touched(const LiveParts *parts)
{
	Touched    *t = (Touched *) MemoryContextAllocZero(TopTransactionContext,
													   sizeof(Touched));

	t->context = AllocSetContextCreate(TopTransactionContext,
									   "accounts touched",
									   ALLOCSET_SMALL_SIZES);
	t->accounts = accounts_create(t->context, 8, t);
	t->parts = RelationGetRelid(parts->rel);
	t->account = parts->account;
	t->role = GetUserId();
	t->next = touched;
	touched = t;
	return t;
}

/* Remembers that an account has a part more. We act as who appends it. */
void
live_remember_account(LiveParts *parts, Datum account)
{
	Touched    *t;
	struct accounts_hash *accounts;
	TouchedAccount *entry;
	bool		found;

	if (merging)
		return;
	t = find_touched(parts);
	if (t == NULL)
		t = new_touched(parts);
	if (t->role != GetUserId())
		t->role = InvalidOid;
	await_commit();
	if (t->accounts == NULL)
		return;
	/* should memory run out, and the transaction go on, all are looked at */
	accounts = t->accounts;
	t->accounts = NULL;
	entry = accounts_insert(accounts, account, &found);
	if (!found && !t->account.byval)
	{
		MemoryContext caller = MemoryContextSwitchTo(t->context);

		entry->account = live_account_copy(parts, account);
		MemoryContextSwitchTo(caller);
	}
	t->accounts = accounts;
	if (!found &&
		MemoryContextMemAllocated(t->context, false) > TOUCHED_MEMORY)
		forget_accounts(t);		/* all there are will be looked at */
}
