/*-------------------------------------------------------------------------
 *
 * live_generated.c
 *	  Partitions that compute a generated column otherwise than the source.
 *
 * Rows that come through a partitioned table are handed to its triggers as they
 * were before their partition computed its generated columns. In place of these
 * the source's expressions are evaluated: see live_rule.c. Where a partition
 * has another expression, nobody tells us what it has stored.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/attmap.h"
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_attrdef.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "live_common.h"
#include "live_family.h"
#include "live_generated.h"
#include "messages.h"

/* Is a column stored and generated? */
static bool
is_stored_generated(Oid relid, AttrNumber column)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
										Int16GetDatum(column));
	bool		generated;

	if (!HeapTupleIsValid(tuple))
		return false;
	generated = ((Form_pg_attribute) GETSTRUCT(tuple))->attgenerated == ATTRIBUTE_GENERATED_STORED;
	ReleaseSysCache(tuple);
	return generated;
}

/* A partition's expression as one over the columns of the source. */
static Node *
over_source(Node *expression, Oid partition, Relation source)
{
	Bitmapset  *columns = NULL;
	AttrMap    *map;
	bool		whole_row;
	int			last = 0;

	pull_varattnos(expression, 1, &columns);
	for (int i = -1; (i = bms_next_member(columns, i)) >= 0;)
		last = i + FirstLowInvalidHeapAttributeNumber;
	map = make_attrmap(Max(last, 1));
	for (int i = 1; i <= last; i++)
	{
		char	   *name = get_attname(partition, i, true);

		map->attnums[i - 1] = name ? get_attnum(RelationGetRelid(source), name) : 0;
	}
	return map_variable_attnos(expression, 1, 0, map, InvalidOid, &whole_row);
}

/* An error where a partition's generated column isn't as the source's. */
static void
require_same(const LiveDefinition *definition, Relation source, Oid partition,
			 AttrNumber column, Node *expression)
{
	char	   *name = get_attname(partition, column, true);
	AttrNumber	original = name ? get_attnum(definition->source, name) : 0;
	Bitmapset  *columns = NULL;

	pull_varattnos((Node *) definition->expressions, 1, &columns);
	pull_varattnos((Node *) definition->condition, 1, &columns);
	if (original <= 0 ||
		!bms_is_member(original - FirstLowInvalidHeapAttributeNumber, columns) ||
		(is_stored_generated(definition->source, original) &&
		 equal(over_source(expression, partition, source),
			   build_column_default(source, original))))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("live history \"%s\" cannot be kept",
					live_name_of(definition->links.target)),
			 errdetail("Partition \"%s\" computes column \"%s\" otherwise than table \"%s\" does.",
					   live_name_of(partition), name,
					   live_name_of(definition->source)),
			 errhint("Give the partition the table's expression, detach it, or call untrack_duties.")));
}

/* The same for all generated columns of a partition. */
static void
require_all_same(const LiveDefinition *definition, Relation source,
				 Relation catalog, Oid partition)
{
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_attrdef_adrelid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(partition));
	scan = systable_beginscan(catalog, AttrDefaultIndexId, true, NULL, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		AttrNumber	column = ((Form_pg_attrdef) GETSTRUCT(tuple))->adnum;
		bool		isnull;
		Datum		adbin = heap_getattr(tuple, Anum_pg_attrdef_adbin,
										RelationGetDescr(catalog), &isnull);

		if (!isnull && is_stored_generated(partition, column))
			require_same(definition, source, partition, column,
						 (Node *) stringToNode(TextDatumGetCString(adbin)));
	}
	systable_endscan(scan);
}

/*
 * An error where a partition of a partitioned table computes a column that the
 * definition reads otherwise than the source. Gives the partitions looked at.
 * No lock is taken on them: who changes one tells us by an invalidation.
 */
List *
live_require_same_generated(const LiveDefinition *definition, Relation rel)
{
	List	   *partitions = live_family(RelationGetRelid(rel));
	Relation	source = live_source_of_child(definition->source);
	Relation	catalog = table_open(AttrDefaultRelationId, AccessShareLock);
	ListCell   *cell;

	foreach(cell, partitions)
	{
		CHECK_FOR_INTERRUPTS();
		if (lfirst_oid(cell) != definition->source)
			require_all_same(definition, source, catalog, lfirst_oid(cell));
	}
	table_close(catalog, AccessShareLock);
	RelationClose(source);
	return partitions;
}
