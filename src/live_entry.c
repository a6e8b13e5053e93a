/*-------------------------------------------------------------------------
 *
 * live_entry.c
 *	  What an entry of a live history may be, and who is told what it is.
 *
 * The bounds are far from all real entries, and such that no number of them can
 * make a history that is too long or too large: whoever brings what can't be
 * held is told so, and nobody else has to bear it. But a statement may change a
 * row without reading it: then an error tells nothing of the row.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "access/sysattr.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/rls.h"
#include "utils/typcache.h"

#include "compat.h"
#include "history_error.h"
#include "live_definition.h"
#include "live_entry.h"
#include "messages.h"
#include "values.h"

#define ACCOUNT_SHOWN		64	/* bytes of an account in an error */
#define AMOUNT_DIGITS		15	/* before the decimal point */
#define AMOUNT_LIMIT		(AMOUNT_DOLLAR * INT64CONST(1000000000000000))

/* The error for an entry whose day no live history holds. */
pg_noreturn static void
report_day(DateADT day)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("date of an entry is out of range for a live history: %s",
					DatumGetCString(DirectFunctionCall1(date_out,
														DateADTGetDatum(day)))),
			 errdetail("Live histories hold the years 1 to 9999."),
			 errhint("Correct the date, or have track_duties leave such entries out by a condition.")));
}

/* The error for an entry whose amount no live history holds. */
pg_noreturn static void
report_amount(Datum amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("amount of an entry is out of range for a live history: %s",
					numeric_shown(amount)),
			 errdetail("Live histories hold amounts of up to %d digits before the decimal point.",
					   AMOUNT_DIGITS),
			 errhint("Correct the amount, or have track_duties leave such entries out by a condition.")));
}

/* How much longer a row is if nothing in it is compressed. */
static Size
compressed_away(HeapTupleHeader row)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row),
											  HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {HeapTupleHeaderGetDatumLength(row)};
	Datum	   *values = (Datum *) palloc(desc->natts * sizeof(Datum));
	bool	   *isnull = (bool *) palloc(desc->natts * sizeof(bool));
	Size		away = 0;

	check_stack_depth();
	tuple.t_data = row;
	heap_deform_tuple(&tuple, desc, values, isnull);
	for (int i = 0; i < desc->natts; i++)
	{
		if (isnull[i] || TupleDescAttr(desc, i)->attlen != -1)
			continue;
		away += toast_raw_datum_size(values[i]) - VARSIZE_ANY(DatumGetPointer(values[i]));
		if (type_is_rowtype(TupleDescAttr(desc, i)->atttypid))
			away += compressed_away(DatumGetHeapTupleHeader(values[i]));
	}
	ReleaseTupleDesc(desc);
	return away;
}

/* How many bytes an account takes, with its header, where nothing is compressed. */
Size
live_account_size(const LiveParts *parts, Datum account)
{
	return toast_raw_datum_size(account) +
		(parts->account.composite ?
		 compressed_away(DatumGetHeapTupleHeader(account)) : 0);
}

/* The error for an entry whose account no live history holds. */
pg_noreturn static void
report_account(const LiveParts *parts, Datum account)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("account of an entry is too long for a live history: %zu bytes",
					live_account_size(parts, account) - VARHDRSZ),
			 errdetail("Live histories hold accounts of up to %d bytes.",
					   LIVE_ACCOUNT_SIZE - VARHDRSZ),
			 errhint("Correct the account, or have track_duties leave such entries out by a condition.")));
}

/* Can a live history hold an entry of that amount, which is read? */
bool
live_holds_amount(Datum numeric, Amount *amount)
{
	struct varlena *value = PG_DETOAST_DATUM_PACKED(numeric);

	return amount_from_numeric(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
							   amount) == AMOUNT_OK &&
		*amount < AMOUNT_LIMIT && *amount > -AMOUNT_LIMIT;
}

/* May a role read what values of the rows are made from? */
static bool
role_may_read(Oid role, Oid relid, void *values)
{
	Bitmapset  *columns = NULL;
	int			column = -1;

	if (check_enable_rls(relid, role, true) == RLS_ENABLED)
		return false;
	if (pg_class_aclcheck(relid, role, ACL_SELECT) == ACLCHECK_OK)
		return true;
	pull_varattnos((Node *) values, 1, &columns);
	while ((column = bms_next_member(columns, column)) >= 0)
	{
		if (pg_attribute_aclcheck(relid, column + FirstLowInvalidHeapAttributeNumber,
								  role, ACL_SELECT) != ACLCHECK_OK)
			return false;
	}
	return true;
}

/*
 * May whoever made us count read what values of the rows are made from? An error
 * is read by the session's role too, which is another where a key cascades:
 * from 18 on that is counted as the table's owner.
 */
static bool
may_read(const LiveParts *parts, const LiveRule *rule, void *values)
{
	Oid			user = parts->guard.user;

	return role_may_read(user, rule->relid, values) &&
		(user == GetOuterUserId() ||
		 role_may_read(GetOuterUserId(), rule->relid, values));
}

/* May they read all that a rule reads? */
bool
live_may_tell(const LiveParts *parts, const LiveRule *rule)
{
	return may_read(parts, rule, list_make4(rule->condition, rule->account,
											rule->dated, rule->amount));
}

/*
 * Reports the error by which a row could not be evaluated, without its words:
 * they may have a value of the row in them.
 */
pg_noreturn void
live_report_untold(const LiveRule *rule)
{
	int			sqlerrcode = geterrcode();

	/* a cancel, a lack of memory or space, a bug: they know nothing of the row */
	if (ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_INSUFFICIENT_RESOURCES ||
		ERRCODE_TO_CATEGORY(sqlerrcode) == ERRCODE_OPERATOR_INTERVENTION)
		PG_RE_THROW();
	FlushErrorState();
	ereport(ERROR,
			(errcode(sqlerrcode),
			 errmsg("an entry could not be evaluated for live history \"%s\"",
					live_name_of(rule->links.target)),
			 errdetail("The cause is shown to those who may read table \"%s\".",
					   live_name_of(rule->relid))));
}

/* Says whose entry an error is about. */
static void
entry_error(void *arg)
{
	errcontext("entry of account %s", (const char *) arg);
}

/* Refuses an entry whose account, date or amount may not be told. */
pg_noreturn static void
report_hidden_entry(int sqlerrcode)
{
	ereport(ERROR,
			(errcode(sqlerrcode),
			 errmsg("an entry is out of range for a live history"),
			 errdetail("Live histories hold the years 1 to 9999, accounts of up to %d bytes, and amounts of up to %d digits before the decimal point and eight after it, neither NaN nor infinity.",
					   LIVE_ACCOUNT_SIZE - VARHDRSZ, AMOUNT_DIGITS),
			 errhint("Those who may read its account, date and amount are told which entry it is.")));
}

/*
 * The error for an entry that no live history holds. It names the account, as
 * one statement may bring many, and the value.
 *
 * Nothing is told to who may not read it, since a statement may change a row
 * without reading it: a column may be generated from others.
 */
pg_noreturn void
live_report_entry(const LiveParts *parts, const LiveRule *rule, Datum account,
				  DateADT day, Datum amount)
{
	bool		fits = live_holds_account(parts, account);
	bool		of_day = fits && !live_holds_day(day);
	ErrorContextCallback callback;
	Oid			output;
	bool		varlena;
	char	   *text;
	int			length;

	if (may_read(parts, rule, rule->account))
	{
		getTypeOutputInfo(parts->account.type, &output, &varlena);
		text = OidOutputFunctionCall(output, account);
		length = strlen(text);
		text[pg_mbcliplen(text, length, ACCOUNT_SHOWN)] = '\0';
		callback.callback = entry_error;
		callback.arg = text;
		callback.previous = error_context_stack;
		error_context_stack = &callback;
	}
	if (!may_read(parts, rule, !fits ? rule->account : of_day ? rule->dated : rule->amount))
		report_hidden_entry(!fits ? ERRCODE_PROGRAM_LIMIT_EXCEEDED :
							of_day ? ERRCODE_DATETIME_VALUE_OUT_OF_RANGE :
							ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE);
	if (!fits)
		report_account(parts, account);
	if (of_day && !live_holds_day(history_finite_day(day)))
		report_day(day);
	(void) amount_from_datum(amount);
	report_amount(amount);
}
