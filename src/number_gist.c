/*-------------------------------------------------------------------------
 *
 * number_gist.c
 *	  GiST operator classes of bn9 and program_account.
 *
 * They exist so that an exclusion constraint can say "of the same account"
 * beside a range, as EXCLUDE USING gist (account WITH =, term WITH &&) does,
 * without another extension. An index key is a bytea of the lowest and the
 * highest value below it; both types share all code, as their values compare
 * as the same integers. Strategy numbers are those of stratnum.h's RT names,
 * which lets the server from 18 on translate its own for WITHOUT OVERLAPS.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/gist.h"
#include "access/stratnum.h"
#include "utils/builtins.h"
#include "utils/sortsupport.h"

#include "number_input.h"

PG_FUNCTION_INFO_V1(number_gist_consistent);
PG_FUNCTION_INFO_V1(number_gist_union);
PG_FUNCTION_INFO_V1(number_gist_compress);
PG_FUNCTION_INFO_V1(number_gist_penalty);
PG_FUNCTION_INFO_V1(number_gist_picksplit);
PG_FUNCTION_INFO_V1(number_gist_same);
PG_FUNCTION_INFO_V1(number_gist_fetch);
PG_FUNCTION_INFO_V1(number_gist_sortsupport);

typedef struct NumberSpan
{
	uint64		low;
	uint64		high;
} NumberSpan;

/* An entry of a page being split, with its place there. */
typedef struct SplitEntry
{
	NumberSpan	span;
	OffsetNumber offset;
} SplitEntry;

/* The span in an index key; keys on a page are not aligned. */
static NumberSpan
read_key(Datum key)
{
	bytea	   *b = DatumGetByteaPP(key);
	NumberSpan	span;

	if (VARSIZE_ANY_EXHDR(b) != sizeof(span))
		elog(ERROR, "invalid index key of a business number");
	memcpy(&span, VARDATA_ANY(b), sizeof(span));
	return span;
}

static bytea *
make_key(NumberSpan span)
{
	bytea	   *b = palloc(VARHDRSZ + sizeof(span));

	SET_VARSIZE(b, VARHDRSZ + sizeof(span));
	memcpy(VARDATA(b), &span, sizeof(span));
	return b;
}

static inline NumberSpan
unite(NumberSpan a, NumberSpan b)
{
	NumberSpan	span = {Min(a.low, b.low), Max(a.high, b.high)};

	return span;
}

/* Whether values below a key can meet a condition; exact for a leaf. */
Datum
number_gist_consistent(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	uint64		query = PG_GETARG_NUMBER(1);
	StrategyNumber strategy = (StrategyNumber) PG_GETARG_UINT16(2);
	bool	   *recheck = (bool *) PG_GETARG_POINTER(4);
	NumberSpan	key = read_key(entry->key);

	*recheck = false;
	switch (strategy)
	{
		case RTLessStrategyNumber:
			PG_RETURN_BOOL(key.low < query);
		case RTLessEqualStrategyNumber:
			PG_RETURN_BOOL(key.low <= query);
		case RTEqualStrategyNumber:
			PG_RETURN_BOOL(key.low <= query && query <= key.high);
		case RTGreaterEqualStrategyNumber:
			PG_RETURN_BOOL(key.high >= query);
		case RTGreaterStrategyNumber:
			PG_RETURN_BOOL(key.high > query);
		case RTContainedByStrategyNumber:
			/* the query is a number, the key is of accounts */
			PG_RETURN_BOOL(key.low <= number_highest_account((uint32) query) &&
						   key.high >= number_lowest_account((uint32) query));
	}
	elog(ERROR, "unknown strategy number %d", strategy);
	PG_RETURN_BOOL(false);
}

Datum
number_gist_union(PG_FUNCTION_ARGS)
{
	GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	int		   *size = (int *) PG_GETARG_POINTER(1);
	NumberSpan	all = read_key(entries->vector[0].key);

	for (int i = 1; i < entries->n; i++)
		all = unite(all, read_key(entries->vector[i].key));
	*size = VARHDRSZ + sizeof(all);
	PG_RETURN_BYTEA_P(make_key(all));
}

/* A value becomes a key; what is a key already stays. */
Datum
number_gist_compress(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY  *result = entry;

	if (entry->leafkey)
	{
		uint64		value = DatumGetNumber(entry->key);
		NumberSpan	span = {value, value};

		result = palloc(sizeof(GISTENTRY));
		gistentryinit(*result, PointerGetDatum(make_key(span)), entry->rel,
					  entry->page, entry->offset, false);
	}
	PG_RETURN_POINTER(result);
}

/* The value of a leaf key, for index-only scans. */
Datum
number_gist_fetch(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY  *result = palloc(sizeof(GISTENTRY));

	gistentryinit(*result, NumberGetDatum(read_key(entry->key).low),
				  entry->rel, entry->page, entry->offset, false);
	PG_RETURN_POINTER(result);
}

/* How much wider a key gets, as a share of the result. */
Datum
number_gist_penalty(PG_FUNCTION_ARGS)
{
	NumberSpan	old = read_key(((GISTENTRY *) PG_GETARG_POINTER(0))->key);
	NumberSpan	new = read_key(((GISTENTRY *) PG_GETARG_POINTER(1))->key);
	float	   *penalty = (float *) PG_GETARG_POINTER(2);
	NumberSpan	both = unite(old, new);
	double		growth = (double) (both.high - both.low) -
		(double) (old.high - old.low);

	*penalty = growth > 0 ?
		(float) (growth / (double) (both.high - both.low)) : 0.0f;
	PG_RETURN_POINTER(penalty);
}

static int
compare_entries(const void *a, const void *b)
{
	const NumberSpan *x = &((const SplitEntry *) a)->span;
	const NumberSpan *y = &((const SplitEntry *) b)->span;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return x->high < y->high ? -1 : x->high > y->high;
}

/* Splits a page in the middle of its order. */
Datum
number_gist_picksplit(PG_FUNCTION_ARGS)
{
	GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	GIST_SPLITVEC *split = (GIST_SPLITVEC *) PG_GETARG_POINTER(1);
	int			n = entries->n - FirstOffsetNumber;
	SplitEntry *sorted = palloc(n * sizeof(SplitEntry));
	NumberSpan	left;
	NumberSpan	right;

	for (int i = 0; i < n; i++)
	{
		sorted[i].offset = FirstOffsetNumber + i;
		sorted[i].span = read_key(entries->vector[FirstOffsetNumber + i].key);
	}
	qsort(sorted, n, sizeof(SplitEntry), compare_entries);

	split->spl_left = palloc(n * sizeof(OffsetNumber));
	split->spl_right = palloc(n * sizeof(OffsetNumber));
	split->spl_nleft = 0;
	split->spl_nright = 0;
	left = sorted[0].span;
	right = sorted[n - 1].span;
	for (int i = 0; i < n; i++)
	{
		if (i < n / 2)
		{
			split->spl_left[split->spl_nleft++] = sorted[i].offset;
			left = unite(left, sorted[i].span);
		}
		else
		{
			split->spl_right[split->spl_nright++] = sorted[i].offset;
			right = unite(right, sorted[i].span);
		}
	}
	split->spl_ldatum = PointerGetDatum(make_key(left));
	split->spl_rdatum = PointerGetDatum(make_key(right));
	PG_RETURN_POINTER(split);
}

Datum
number_gist_same(PG_FUNCTION_ARGS)
{
	NumberSpan	a = read_key(PG_GETARG_DATUM(0));
	NumberSpan	b = read_key(PG_GETARG_DATUM(1));
	bool	   *same = (bool *) PG_GETARG_POINTER(2);

	*same = a.low == b.low && a.high == b.high;
	PG_RETURN_POINTER(same);
}

static int
compare_keys(Datum a, Datum b, SortSupport ssup)
{
	uint64		x = read_key(a).low;
	uint64		y = read_key(b).low;

	return x < y ? -1 : x > y;
}

/* Lets the server build an index from sorted values. */
Datum
number_gist_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = compare_keys;
	PG_RETURN_VOID();
}
