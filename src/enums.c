/*-------------------------------------------------------------------------
 *
 * enums.c
 *	  From values of the enums month_basis and security_form to C.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "compat.h"
#include "enums.h"

static const char *const basis_labels[MONTH_BASIS_COUNT] = {
	[BASIS_CALENDAR] = "calendar",
	[BASIS_BILLING] = "billing",
	[BASIS_STATEMENT] = "statement",
	[BASIS_REVIEW] = "review"
};

static const char *const form_labels[SECURITY_FORM_COUNT] = {
	[FORM_SURETY_BOND] = "surety_bond",
	[FORM_CASH_DEPOSIT] = "cash_deposit"
};

/*
 * Finds which of the labels an enum value has.
 *
 * An enum value is the OID of its pg_enum row, and that OID belongs to this
 * database and this CREATE EXTENSION: nothing is known of it but through the
 * system cache, which learns of changes.
 */
static int
find_label(Oid value, const char *const *labels, int count)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	NameData	label;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", value)));
	label = ((Form_pg_enum) GETSTRUCT(tuple))->enumlabel;
	ReleaseSysCache(tuple);

	for (int i = 0; i < count; i++)
	{
		if (strcmp(NameStr(label), labels[i]) == 0)
			return i;
	}

	/* somebody has added to the enum, or renamed one of its values */
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value \"%s\" was added to an enum of extension %s, which does not know it",
					NameStr(label), "carm")));
	return 0;					/* keep compiler quiet */
}

/* The last one that was found, until something about enums changes. */
typedef struct KnownLabel
{
	Oid			value;
	int			label;
} KnownLabel;

static KnownLabel known_basis;
static KnownLabel known_form;

static void
forget_labels(Datum arg, CARM_SYSCACHE_ID cacheid, uint32 hashvalue)
{
	known_basis.value = InvalidOid;
	known_form.value = InvalidOid;
}

static int
label_of_value(Oid value, KnownLabel *known, const char *const *labels,
			   int count)
{
	static bool registered = false;

	if (likely(value == known->value && OidIsValid(value)))
		return known->label;
	if (!registered)
		CacheRegisterSyscacheCallback(ENUMOID, forget_labels, (Datum) 0);
	registered = true;
	known->value = InvalidOid;
	known->label = find_label(value, labels, count);
	known->value = value;
	return known->label;
}

MonthBasis
month_basis_lookup(Oid value)
{
	return (MonthBasis) label_of_value(value, &known_basis, basis_labels,
									   MONTH_BASIS_COUNT);
}

SecurityForm
security_form_lookup(Oid value)
{
	return (SecurityForm) label_of_value(value, &known_form, form_labels,
										 SECURITY_FORM_COUNT);
}

const char *
security_form_label(SecurityForm form)
{
	return form_labels[form];
}
