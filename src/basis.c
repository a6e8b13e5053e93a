/*-------------------------------------------------------------------------
 *
 * basis.c
 *	  From a value of the enum month_basis to MonthBasis.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "utils/syscache.h"

#include "basis.h"

static const char *const basis_labels[MONTH_BASIS_COUNT] = {
	[BASIS_CALENDAR] = "calendar",
	[BASIS_BILLING] = "billing",
	[BASIS_STATEMENT] = "statement",
	[BASIS_REVIEW] = "review"
};

/*
 * Finds the basis that an enum value stands for, by its label.
 *
 * An enum value is the OID of its pg_enum row, and that OID belongs to this
 * database and this CREATE EXTENSION: nothing may be remembered across calls
 * but through the system cache, which learns of changes.
 */
MonthBasis
month_basis_lookup(Oid value)
{
	HeapTuple	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	NameData	label;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum: %u", value)));
	label = ((Form_pg_enum) GETSTRUCT(tuple))->enumlabel;
	ReleaseSysCache(tuple);

	for (int basis = 0; basis < MONTH_BASIS_COUNT; basis++)
	{
		if (strcmp(NameStr(label), basis_labels[basis]) == 0)
			return (MonthBasis) basis;
	}

	/* somebody has added to the enum, or renamed one of its values */
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unrecognized month basis: \"%s\"", NameStr(label)),
			 errdetail("The month bases are calendar, billing, statement and review.")));
	return BASIS_CALENDAR;		/* keep compiler quiet */
}
