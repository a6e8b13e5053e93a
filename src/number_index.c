/*-------------------------------------------------------------------------
 *
 * number_index.c
 *	  What indexes and the planner ask about bn9 and program_account.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/partcache.h"
#include "utils/rel.h"
#include "utils/selfuncs.h"
#include "utils/sortsupport.h"
#include "utils/syscache.h"

#include "number_input.h"

PG_FUNCTION_INFO_V1(bn9_sortsupport);
PG_FUNCTION_INFO_V1(program_account_sortsupport);
PG_FUNCTION_INFO_V1(number_brin_distance);
PG_FUNCTION_INFO_V1(number_containment_support);
PG_FUNCTION_INFO_V1(number_containment_sel);
PG_FUNCTION_INFO_V1(number_containment_joinsel);

/* The server sorts integers of these widths by code of its own. */
Datum
bn9_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = ssup_datum_int32_cmp;
	PG_RETURN_VOID();
}

Datum
program_account_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = ssup_datum_signed_cmp;
	PG_RETURN_VOID();
}

/* How far apart two values are; the second is not the lower one. */
Datum
number_brin_distance(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8((double) PG_GETARG_NUMBER(1) -
					 (double) PG_GETARG_NUMBER(0));
}

#ifdef CARM_HAVE_SKIP_SUPPORT

/* The next valid value, or the one before, where there is one. */
static Datum
bn9_increment(Relation rel, Datum existing, bool *overflow)
{
	uint64		value = DatumGetNumber(existing);

	*overflow = !number_next(NUMBER_BN9, &value);
	return NumberGetDatum(value);
}

static Datum
bn9_decrement(Relation rel, Datum existing, bool *underflow)
{
	uint64		value = DatumGetNumber(existing);

	*underflow = !number_previous(NUMBER_BN9, &value);
	return NumberGetDatum(value);
}

static Datum
program_account_increment(Relation rel, Datum existing, bool *overflow)
{
	uint64		value = DatumGetNumber(existing);

	*overflow = !number_next(NUMBER_ACCOUNT, &value);
	return NumberGetDatum(value);
}

static Datum
program_account_decrement(Relation rel, Datum existing, bool *underflow)
{
	uint64		value = DatumGetNumber(existing);

	*underflow = !number_previous(NUMBER_ACCOUNT, &value);
	return NumberGetDatum(value);
}

PG_FUNCTION_INFO_V1(bn9_skipsupport);
PG_FUNCTION_INFO_V1(program_account_skipsupport);

Datum
bn9_skipsupport(PG_FUNCTION_ARGS)
{
	SkipSupport sksup = (SkipSupport) PG_GETARG_POINTER(0);

	sksup->decrement = bn9_decrement;
	sksup->increment = bn9_increment;
	sksup->low_elem = NumberGetDatum(number_lowest(NUMBER_BN9));
	sksup->high_elem = NumberGetDatum(number_highest(NUMBER_BN9));
	PG_RETURN_VOID();
}

Datum
program_account_skipsupport(PG_FUNCTION_ARGS)
{
	SkipSupport sksup = (SkipSupport) PG_GETARG_POINTER(0);

	sksup->decrement = program_account_decrement;
	sksup->increment = program_account_increment;
	sksup->low_elem = NumberGetDatum(number_lowest(NUMBER_ACCOUNT));
	sksup->high_elem = NumberGetDatum(number_highest(NUMBER_ACCOUNT));
	PG_RETURN_VOID();
}

#endif							/* CARM_HAVE_SKIP_SUPPORT */

/*
 * One end of a number's accounts, as an expression: a constant if the number
 * is one, else a call of the function that gives it.
 */
static Expr *
range_end(Oid containment_function, Oid number_type, Oid account_type,
		  Node *number, bool lowest)
{
	const char *name = lowest ? "lowest_program_account" : "highest_program_account";
	Oid			function;

	if (IsA(number, Const))
	{
		uint32		n = (uint32) DatumGetNumber(((Const *) number)->constvalue);

		return (Expr *) makeConst(account_type, -1, InvalidOid, sizeof(int64),
								  NumberGetDatum(lowest ?
												 number_lowest_account(n) :
												 number_highest_account(n)),
								  false, true);
	}
	/* created by the same script, in the same schema, on which nobody needs a right */
	function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
							   CStringGetDatum(name),
							   PointerGetDatum(buildoidvector(&number_type, 1)),
							   ObjectIdGetDatum(get_func_namespace(containment_function)));
	if (!OidIsValid(function))
		return NULL;
	return (Expr *) makeFuncExpr(function, account_type,
								 list_make1(copyObject(number)),
								 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

/*
 * account <@ number as account >= lowest and account <= highest, which it is
 * exactly; NIL where the family has no such operators.
 */
static List *
containment_comparisons(Oid containment_function, Oid opfamily, Node *account,
						Node *number)
{
	Oid			account_type = exprType(account);
	Oid			number_type = exprType(number);
	Oid			ge = get_opfamily_member(opfamily, account_type, account_type,
										 BTGreaterEqualStrategyNumber);
	Oid			le = get_opfamily_member(opfamily, account_type, account_type,
										 BTLessEqualStrategyNumber);
	Expr	   *low;
	Expr	   *high;

	if (!OidIsValid(ge) || !OidIsValid(le))
		return NIL;
	low = range_end(containment_function, number_type, account_type, number, true);
	high = range_end(containment_function, number_type, account_type, number, false);
	if (low == NULL || high == NULL)
		return NIL;
	return list_make2(make_opclause(ge, BOOLOID, false, (Expr *) account, low,
									InvalidOid, InvalidOid),
					  make_opclause(le, BOOLOID, false,
									(Expr *) copyObject(account), high,
									InvalidOid, InvalidOid));
}

/* The comparisons for an index over accounts. */
static List *
containment_index_condition(SupportRequestIndexCondition *req)
{
	List	   *args;
	List	   *comparisons;
	Node	   *account;
	Node	   *number;

	if (is_opclause(req->node))
		args = ((OpExpr *) req->node)->args;
	else if (is_funcclause(req->node))
		args = ((FuncExpr *) req->node)->args;
	else
		return NIL;
	account = (Node *) list_nth(args, req->indexarg);
	number = (Node *) list_nth(args, 1 - req->indexarg);

	/* of the two types, the wider is the account */
	if (get_typlen(exprType(account)) != sizeof(int64) ||
		!is_pseudo_constant_for_index(req->root, number, req->index) ||
		(IsA(number, Const) && ((Const *) number)->constisnull))
		return NIL;
	if (req->index->relam != BTREE_AM_OID && req->index->relam != BRIN_AM_OID)
		return NIL;

	/* minmax classes of BRIN number their strategies as btree does */
	comparisons = containment_comparisons(req->funcid, req->opfamily, account, number);
	if (comparisons != NIL)
		req->lossy = false;
	return comparisons;
}

/*
 * The family of operators by which a column's table is partitioned into ranges
 * of its values; none where it isn't.
 *
 * The WHERE of an EXISTS is simplified with the outer query's root. A table
 * mistaken for another does no harm: the comparisons are exact for any.
 */
static Oid
range_partition_family(PlannerInfo *root, Var *column)
{
	Oid			family = InvalidOid;
	RangeTblEntry *rte;
	Relation	rel;
	PartitionKey key;

	if (root == NULL || root->parse == NULL || column->varlevelsup != 0 ||
		column->varno < 1 || column->varno > list_length(root->parse->rtable))
		return InvalidOid;
	rte = rt_fetch(column->varno, root->parse->rtable);
	if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_PARTITIONED_TABLE ||
		!rte->inh)
		return InvalidOid;
	rel = table_open(rte->relid, NoLock);
	key = RelationGetPartitionKey(rel);
	for (int i = 0; i < key->partnatts; i++)
	{
		if (key->strategy == PARTITION_STRATEGY_RANGE &&
			key->partattrs[i] == column->varattno)
			family = key->partopfamily[i];
	}
	table_close(rel, NoLock);
	return family;
}

/*
 * Is it known before a scan begins: a constant, or made of parameters and an
 * outer query's columns, at so little cost that it may be computed twice?
 */
static bool
is_known(Node *number)
{
	QualCost	cost;

	if (IsA(number, Const))
		return !((Const *) number)->constisnull;
	if (contain_var_clause(number) || contain_subplans(number) ||
		contain_volatile_functions(number) || expression_returns_set(number))
		return false;
	cost_qual_eval(&cost, list_make1(number), NULL);
	return cost.startup + cost.per_tuple <= 10 * cpu_operator_cost;
}

/*
 * The comparisons in place of account <@ number, where the table is partitioned
 * into ranges of accounts: by these the server leaves partitions out. Elsewhere
 * it stays, for indexes that know it only as such.
 */
static Node *
simplify_containment(SupportRequestSimplify *req)
{
	Node	   *account = (Node *) linitial(req->fcall->args);
	Node	   *number = (Node *) lsecond(req->fcall->args);
	Node	   *column;
	List	   *comparisons;
	Oid			family;

	if (get_typlen(exprType(account)) != sizeof(int64))
	{
		account = number;
		number = (Node *) linitial(req->fcall->args);
	}
	column = account;
	while (IsA(column, RelabelType))	/* of a domain */
		column = (Node *) ((RelabelType *) column)->arg;
	if (!IsA(column, Var) || !is_known(number))
		return NULL;
	family = range_partition_family(req->root, (Var *) column);
	if (!OidIsValid(family))
		return NULL;
	comparisons = containment_comparisons(req->fcall->funcid, family, account, number);
	return comparisons == NIL ? NULL : (Node *) make_ands_explicit(comparisons);
}

/* Planner support of <@ and @>. */
Datum
number_containment_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(containment_index_condition((SupportRequestIndexCondition *) request));
	if (IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(simplify_containment((SupportRequestSimplify *) request));
	PG_RETURN_POINTER(NULL);
}

static double
null_fraction(VariableStatData *variable)
{
	if (!HeapTupleIsValid(variable->statsTuple))
		return 0.0;
	return ((Form_pg_statistic) GETSTRUCT(variable->statsTuple))->stanullfrac;
}

/*
 * How many rows of a column a constant, or something not known yet, finds.
 *
 * The common values tell for themselves. Beyond them a business is taken to
 * have one account, and a number is itself.
 */
static double
containment_selectivity(VariableStatData *variable, Oid operator, Node *other,
						bool variable_on_left)
{
	bool		is_default;
	double		distinct = get_variable_numdistinct(variable, &is_default);
	double		rest = 1.0 - null_fraction(variable);
	double		common = 0.0;
	double		all_common = 0.0;
	int			values = 0;
	AttStatsSlot slot;

	if (IsA(other, Const) && HeapTupleIsValid(variable->statsTuple))
	{
		FmgrInfo	function;

		fmgr_info(get_opcode(operator), &function);
		common = mcv_selectivity(variable, &function, InvalidOid,
								 ((Const *) other)->constvalue,
								 variable_on_left, &all_common);
		if (common > 0.0)
			return common;
		if (get_attstatsslot(&slot, variable->statsTuple,
							 STATISTIC_KIND_MCV, InvalidOid,
							 ATTSTATSSLOT_NUMBERS))
		{
			values = slot.nnumbers;
			free_attstatsslot(&slot);
		}
		rest -= all_common;
	}
	if (distinct - values > 1.0)
		rest /= distinct - values;
	return rest;
}

Datum
number_containment_sel(PG_FUNCTION_ARGS)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	int			varRelid = PG_GETARG_INT32(3);
	VariableStatData variable;
	Node	   *other;
	bool		variable_on_left;
	double		selectivity;

	if (!get_restriction_variable(root, args, varRelid, &variable, &other,
								  &variable_on_left))
		PG_RETURN_FLOAT8(DEFAULT_EQ_SEL);
	if (IsA(other, Const) && ((Const *) other)->constisnull)
		selectivity = 0.0;
	else
		selectivity = containment_selectivity(&variable, operator, other,
											  variable_on_left);
	ReleaseVariableStats(variable);
	CLAMP_PROBABILITY(selectivity);
	PG_RETURN_FLOAT8(selectivity);
}

/* Every account belongs to one number, so each meets one of its rows' values. */
Datum
number_containment_joinsel(PG_FUNCTION_ARGS)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			operator = PG_GETARG_OID(1);
	List	   *args = (List *) PG_GETARG_POINTER(2);
	SpecialJoinInfo *sjinfo = (SpecialJoinInfo *) PG_GETARG_POINTER(4);
	VariableStatData left;
	VariableStatData right;
	Oid			left_type;
	Oid			right_type;
	double		left_distinct;
	double		right_distinct;
	double		selectivity;
	bool		reversed;
	bool		is_default;

	get_join_variables(root, args, sjinfo, &left, &right, &reversed);
	op_input_types(operator, &left_type, &right_type);
	left_distinct = get_variable_numdistinct(&left, &is_default);
	right_distinct = get_variable_numdistinct(&right, &is_default);
	if (sjinfo->jointype == JOIN_SEMI || sjinfo->jointype == JOIN_ANTI)
	{
		/* the share of the outer rows that find any partner */
		double		outer = reversed ? right_distinct : left_distinct;
		double		inner = reversed ? left_distinct : right_distinct;

		selectivity = inner < outer ? inner / outer : 1.0;
		selectivity *= 1.0 - null_fraction(reversed ? &right : &left);
	}
	else
	{
		selectivity = (1.0 - null_fraction(&left)) *
			(1.0 - null_fraction(&right));
		selectivity /= get_typlen(left_type) == sizeof(int32) ?
			left_distinct : right_distinct;
	}
	ReleaseVariableStats(left);
	ReleaseVariableStats(right);
	CLAMP_PROBABILITY(selectivity);
	PG_RETURN_FLOAT8(selectivity);
}
