/*-------------------------------------------------------------------------
 *
 * number_compare.c
 *	  Comparison and hash of bn9 and program_account, and of text with them.
 *
 * One order holds over values and texts, that of number_compare_texts(), and
 * one macro makes the functions of both types from it. None of them can raise
 * an error for any value, so they are LEAKPROOF.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "nodes/supportnodes.h"
#include "utils/builtins.h"

#include "messages.h"
#include "number_input.h"

static inline int
compare_values(uint64 a, uint64 b)
{
	return a < b ? -1 : a > b;
}

/* Compares the value in one argument with the text in another. */
static int
compare_value_text(FunctionCallInfo fcinfo, NumberKind kind, int value_arg)
{
	int			text_arg = 1 - value_arg;
	text	   *t = PG_GETARG_TEXT_PP(text_arg);
	int			result = number_compare_text(kind, PG_GETARG_NUMBER(value_arg),
											 VARDATA_ANY(t),
											 VARSIZE_ANY_EXHDR(t),
											 number_spaces());

	PG_FREE_IF_COPY(t, text_arg);
	return value_arg == 0 ? result : -result;
}

static int
compare_texts(FunctionCallInfo fcinfo)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	int			result = number_compare_texts(VARDATA_ANY(a),
											  VARSIZE_ANY_EXHDR(a),
											  VARDATA_ANY(b),
											  VARSIZE_ANY_EXHDR(b),
											  number_spaces());

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return result;
}

#define COMPARISON(name, expression) \
PG_FUNCTION_INFO_V1(name); \
Datum \
name(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_BOOL(expression); \
}

#define COMPARISONS(name, comparison) \
COMPARISON(name##_eq, (comparison) == 0) \
COMPARISON(name##_ne, (comparison) != 0) \
COMPARISON(name##_lt, (comparison) < 0) \
COMPARISON(name##_le, (comparison) <= 0) \
COMPARISON(name##_gt, (comparison) > 0) \
COMPARISON(name##_ge, (comparison) >= 0) \
PG_FUNCTION_INFO_V1(name##_cmp); \
Datum \
name##_cmp(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_INT32(comparison); \
}

#define VALUES	compare_values(PG_GETARG_NUMBER(0), PG_GETARG_NUMBER(1))

#define TYPE_COMPARISONS(type, kind) \
COMPARISONS(type, VALUES) \
COMPARISONS(type##_text, compare_value_text(fcinfo, kind, 0)) \
COMPARISONS(text_##type, compare_value_text(fcinfo, kind, 1)) \
PG_FUNCTION_INFO_V1(type##_smaller); \
Datum \
type##_smaller(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_NUMBER(Min(PG_GETARG_NUMBER(0), PG_GETARG_NUMBER(1))); \
} \
PG_FUNCTION_INFO_V1(type##_larger); \
Datum \
type##_larger(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_NUMBER(Max(PG_GETARG_NUMBER(0), PG_GETARG_NUMBER(1))); \
}

TYPE_COMPARISONS(bn9, NUMBER_BN9)
TYPE_COMPARISONS(program_account, NUMBER_ACCOUNT)
COMPARISONS(number_text, compare_texts(fcinfo))

PG_FUNCTION_INFO_V1(number_hash_value);
PG_FUNCTION_INFO_V1(number_hash_value_extended);
PG_FUNCTION_INFO_V1(number_text_hash);
PG_FUNCTION_INFO_V1(number_text_hash_extended);
PG_FUNCTION_INFO_V1(program_account_within_bn9);
PG_FUNCTION_INFO_V1(bn9_has_program_account);
PG_FUNCTION_INFO_V1(number_kinds_compared);
PG_FUNCTION_INFO_V1(number_kinds_compared_support);

Datum
number_hash_value(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT32((uint32) number_hash(PG_GETARG_NUMBER(0), 0));
}

Datum
number_hash_value_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT64(number_hash(PG_GETARG_NUMBER(0),
								 (uint64) PG_GETARG_INT64(1)));
}

/* The hash that goes with equality across the types. */
static uint64
hash_text(FunctionCallInfo fcinfo, uint64 seed)
{
	text	   *t = PG_GETARG_TEXT_PP(0);
	uint64		hash = number_hash_text(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t),
										number_spaces(), seed);

	PG_FREE_IF_COPY(t, 0);
	return hash;
}

Datum
number_text_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT32((uint32) hash_text(fcinfo, 0));
}

Datum
number_text_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_UINT64(hash_text(fcinfo, (uint64) PG_GETARG_INT64(1)));
}

/* account <@ number */
Datum
program_account_within_bn9(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(number_of_account(PG_GETARG_NUMBER(0)) ==
				   PG_GETARG_NUMBER(1));
}

/* number @> account */
Datum
bn9_has_program_account(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(number_of_account(PG_GETARG_NUMBER(1)) ==
				   PG_GETARG_NUMBER(0));
}

/* Refuses to compare a business number with an account. */
static void
refuse_comparison(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("a bn9 cannot be compared with a program_account"),
			 errhint("To ask whether an account is one of a business's, write account <@ number; to compare numbers, account::bn9 = number.")));
}

/*
 * number = account, account = number, and <>: always an error.
 *
 * Without these operators the server reports that it can't choose one, for
 * each type may be a text.
 */
Datum
number_kinds_compared(PG_FUNCTION_ARGS)
{
	refuse_comparison();
	PG_RETURN_NULL();
}

/* Refuses while the query is planned, so that no rows are needed. */
Datum
number_kinds_compared_support(PG_FUNCTION_ARGS)
{
	if (IsA((Node *) PG_GETARG_POINTER(0), SupportRequestSimplify))
		refuse_comparison();
	PG_RETURN_POINTER(NULL);
}
