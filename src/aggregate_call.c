/*-------------------------------------------------------------------------
 *
 * aggregate_call.c
 *	  Which aggregate calls a transition function, and what becomes of a state.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "nodes/execnodes.h"
#include "utils/syscache.h"

#include "aggregate_call.h"
#include "compat.h"

/* Does a function read a state as what it is? Those in C do. */
static bool
reads_state(Oid function)
{
	HeapTuple	tuple;
	bool		reads;

	if (!OidIsValid(function))
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function);
	reads = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId;
	ReleaseSysCache(tuple);
	return reads;
}

/*
 * Does an aggregate have its states from a function, and show them to users?
 * All its functions are given states: the final one too, where the call isn't
 * partial. Without a final function the state is the result.
 */
static bool
shows_state_of(Oid aggregate, Oid function, bool partial)
{
	HeapTuple	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggregate));
	Form_pg_aggregate form;
	bool		shows = false;

	/* a window function that isn't one */
	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_aggregate) GETSTRUCT(tuple);
	if (form->aggtransfn == function || form->aggcombinefn == function)
		shows = !reads_state(form->aggtransfn) ||
			(OidIsValid(form->aggcombinefn) && !reads_state(form->aggcombinefn)) ||
			(!partial && !reads_state(form->aggfinalfn));
	if (form->aggmtransfn == function || form->aggminvtransfn == function)
		shows |= !reads_state(form->aggmtransfn) ||
			!reads_state(form->aggminvtransfn) ||
			!reads_state(form->aggmfinalfn);
	/* what gives states may be made the final function, too */
	shows |= form->aggfinalfn == function || form->aggmfinalfn == function;
	ReleaseSysCache(tuple);
	return shows;
}

/*
 * May a user get hold of the state that a transition function gives? That is so
 * in an aggregate of somebody's own, without a final function or with a function
 * that isn't written in C. Several aggregates of a query may share a state.
 */
bool
aggregate_shows_state(FunctionCallInfo fcinfo)
{
	Oid			function = fcinfo->flinfo->fn_oid;
	ListCell   *cell;

	if (fcinfo->context == NULL)
		return false;
	if (IsA(fcinfo->context, AggState))
	{
		foreach(cell, ((AggState *) fcinfo->context)->aggs)
		{
			Aggref	   *call = (Aggref *) lfirst(cell);

			if (shows_state_of(call->aggfnoid, function,
							   DO_AGGSPLIT_SKIPFINAL(call->aggsplit)))
				return true;
		}
	}
	else if (IsA(fcinfo->context, WindowAggState))
	{
		foreach(cell, ((WindowAggState *) fcinfo->context)->funcs)
		{
			WindowFunc *call = ((WindowFuncExprState *) lfirst(cell))->wfunc;

			if (shows_state_of(call->winfnoid, function, false))
				return true;
		}
	}
	return false;
}
