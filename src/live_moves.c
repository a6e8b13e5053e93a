/*-------------------------------------------------------------------------
 *
 * live_moves.c
 *	  Rows that MERGE moves between partitions, which no trigger is told of.
 *
 * UPDATE hands such rows to the triggers of the partitioned table. MERGE leaves
 * them out, or hands over one half, on every server so far, unless it can
 * insert and delete as well. So MERGE is watched, from when a query ends until
 * its triggers have fired: if a trigger was handed fewer rows than MERGE has
 * updated, some were moved, and the statement is refused. How many it has
 * updated is asked by the trigger, not before: from 17 on MERGE may stand in a
 * WITH clause, and what nobody has read of that is done while the query ends.
 *
 * The library may be loaded by that very statement. A trigger of partitioned
 * tables that fires before an update sees to it that this is early enough: if
 * not for the query's end, then for its clean-up, which comes last.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_constraint.h"
#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "live_definition.h"
#include "live_moves.h"
#include "messages.h"

/* A partitioned table that a query changes by MERGE. */
typedef struct MergedTable
{
	Oid			relid;
	List	   *merges;			/* ModifyTableStates that may leave rows out */
	bool		others;			/* more than one part of the query updates it,
								 * or a foreign key may */
} MergedTable;

/* What a trigger was handed by a query whose end isn't watched. */
typedef struct HandedRows
{
	Oid			relid;
	int64		handed;
} HandedRows;

/* The tables merged into by the query whose triggers fire now. */
static List *merged_tables = NIL;
/* How many queries that are watched are about to end, one within another. */
static int	ending = 0;
/* The query that has ended last, of those that are watched. */
static QueryDesc *ended = NULL;
/* What triggers were handed by a query that isn't: HandedRows. */
static List *unwatched = NIL;
/* Only the statement that loaded the library may have such queries. */
static TimestampTz loaded_by = 0;
static ExecutorFinish_hook_type next_finish_hook = NULL;
static ExecutorEnd_hook_type next_end_hook = NULL;

static MergedTable *
find_merged(List *tables, Oid relid)
{
	ListCell   *cell;

	foreach(cell, tables)
	{
		MergedTable *table = (MergedTable *) lfirst(cell);

		if (table->relid == relid)
			return table;
	}
	return NULL;
}

/* The nodes of a query that change tables. */
static List *
changing_nodes(QueryDesc *query)
{
	List	   *nodes = list_copy(query->estate->es_auxmodifytables);

	if (query->planstate != NULL && IsA(query->planstate, ModifyTableState))
		nodes = list_append_unique_ptr(nodes, query->planstate);
	return nodes;
}

/* Can a node update rows? */
static bool
updates(ModifyTableState *node)
{
	return node->operation == CMD_UPDATE || node->operation == CMD_MERGE ||
		((ModifyTable *) node->ps.plan)->onConflictAction == ONCONFLICT_UPDATE;
}

/*
 * May MERGE leave out the rows it moves? Where it can both delete and insert,
 * the trigger for the one is handed the old row, and the other's the new one.
 */
static bool
leaves_out_moves(ModifyTableState *node)
{
	const int	both = MERGE_INSERT | MERGE_DELETE;

	return node->operation == CMD_MERGE &&
		(node->mt_merge_subcommands & both) != both;
}

/* Does a foreign key update rows as what they refer to changes? */
static bool
updates_rows(const FormData_pg_constraint *key)
{
	return key->contype == CONSTRAINT_FOREIGN &&
		(key->confupdtype == FKCONSTR_ACTION_CASCADE ||
		 key->confupdtype == FKCONSTR_ACTION_SETNULL ||
		 key->confupdtype == FKCONSTR_ACTION_SETDEFAULT ||
		 key->confdeltype == FKCONSTR_ACTION_SETNULL ||
		 key->confdeltype == FKCONSTR_ACTION_SETDEFAULT);
}

/* The tables as which change, foreign keys update rows of a table. */
static List *
updated_from(Oid relid)
{
	Relation	catalog = table_open(ConstraintRelationId, AccessShareLock);
	List	   *tables = NIL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;

	ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber,
				F_OIDEQ, ObjectIdGetDatum(relid));
	scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true,
							  NULL, 1, &key);
	while ((tuple = systable_getnext(scan)) != NULL)
	{
		Form_pg_constraint form = (Form_pg_constraint) GETSTRUCT(tuple);

		if (updates_rows(form))
			tables = lappend_oid(tables, form->confrelid);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
	return tables;
}

/*
 * Does more than one part of a query update a table, or may a foreign key? The
 * trigger is handed all those rows. A key may where another part of the query
 * updates or deletes rows, and where it refers to rows of the table itself. What
 * comes to a row by way of other tables comes too late for the same call of the
 * trigger.
 */
static bool
others_may_update(const MergedTable *table, List *nodes)
{
	List	   *tables = updated_from(table->relid);
	int			changing = 0;
	ListCell   *cell;

	foreach(cell, nodes)
	{
		ModifyTableState *node = lfirst_node(ModifyTableState, cell);

		if (updates(node) && node != linitial(table->merges) &&
			RelationGetRelid(node->rootResultRelInfo->ri_RelationDesc) == table->relid)
			return true;
		if (updates(node) || node->operation == CMD_DELETE)
			changing++;
	}
	foreach(cell, tables)
	{
		Oid			from = lfirst_oid(cell);

		if (changing > 1 || from == table->relid ||
			(get_rel_relispartition(from) &&
			 list_member_oid(get_partition_ancestors(from), table->relid)))
			return true;
	}
	return false;
}

/* The partitioned tables of which MERGE may leave out some rows. */
static List *
find_merges(QueryDesc *query)
{
	List	   *tables = NIL;
	List	   *nodes;
	ListCell   *cell;

	if (query->operation != CMD_MERGE && query->estate->es_auxmodifytables == NIL)
		return NIL;
	nodes = changing_nodes(query);
	foreach(cell, nodes)
	{
		ModifyTableState *node = lfirst_node(ModifyTableState, cell);
		Relation	rel = node->rootResultRelInfo->ri_RelationDesc;
		MergedTable *table = find_merged(tables, RelationGetRelid(rel));

		if (!leaves_out_moves(node) ||
			rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
			continue;
		if (table == NULL)
		{
			table = (MergedTable *) palloc0(sizeof(MergedTable));
			table->relid = RelationGetRelid(rel);
			tables = lappend(tables, table);
		}
		table->merges = lappend(table->merges, node);
	}
	foreach(cell, tables)
		((MergedTable *) lfirst(cell))->others = others_may_update(lfirst(cell), nodes);
	return tables;
}

/* How many rows of a table MERGE has updated so far, moved or not. */
static double
rows_merged(const MergedTable *table)
{
	double		updated = 0;
	ListCell   *cell;

	foreach(cell, table->merges)
		updated += lfirst_node(ModifyTableState, cell)->mt_merge_updated;
	return updated;
}

/*
 * May MERGE have moved rows? To move the first it looks up the partitions; but
 * where it can insert, it has done so before.
 */
static bool
may_have_moved(const MergedTable *table)
{
	ListCell   *cell;

	foreach(cell, table->merges)
	{
		ModifyTableState *node = lfirst_node(ModifyTableState, cell);

		if (node->mt_merge_updated > 0 &&
			node->mt_partition_tuple_routing != NULL)
			return true;
	}
	return false;
}

/*
 * An error where MERGE has moved rows of a table, whose trigger was handed so
 * many updated ones.
 */
static void
refuse_moves(const MergedTable *table, int64 handed)
{
	if (!may_have_moved(table) ||
		(!table->others && handed >= rows_merged(table)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("MERGE cannot move rows of tracked table \"%s\" to another partition",
					live_name_of(table->relid)),
			 errdetail("The server hands the rows that MERGE moves to no trigger, so that live histories could not count them."),
			 errhint("Use UPDATE ... FROM for rows that are there, and INSERT for those that are not.")));
}

/* Finishes a query, which fires its triggers. */
static void
finish_query(QueryDesc *query)
{
	List	   *outer = merged_tables;

	merged_tables = find_merges(query);
	ending++;
	PG_TRY();
	{
		next_finish_hook(query);
	}
	PG_FINALLY();
	{
		ending--;
		merged_tables = outer;
	}
	PG_END_TRY();
	ended = query;
}

/*
 * Looks again at a query that was about to end when the library was loaded:
 * its triggers have fired, but what they were handed has been kept.
 */
static void
look_again(QueryDesc *query)
{
	List	   *merged = find_merges(query);
	ListCell   *cell;

	foreach(cell, unwatched)
	{
		HandedRows	rows = *(HandedRows *) lfirst(cell);
		MergedTable *table = find_merged(merged, rows.relid);

		if (table == NULL)
			continue;
		pfree(lfirst(cell));
		unwatched = foreach_delete_current(unwatched, cell);
		refuse_moves(table, rows.handed);
	}
}

/* Cleans up after a query. */
static void
end_query(QueryDesc *query)
{
	if (unwatched != NIL && query != ended)
		look_again(query);
	next_end_hook(query);
}

/* Watches MERGE from here on. */
void
live_moves_watch(void)
{
	next_finish_hook = ExecutorFinish_hook ? ExecutorFinish_hook : standard_ExecutorFinish;
	ExecutorFinish_hook = finish_query;
	next_end_hook = ExecutorEnd_hook ? ExecutorEnd_hook : standard_ExecutorEnd;
	ExecutorEnd_hook = end_query;
	loaded_by = GetCurrentStatementStartTimestamp();
}

/* Keeps what a trigger was handed until the query is cleaned up. */
static void
keep_handed(Oid relid, int64 handed)
{
	MemoryContext caller = MemoryContextSwitchTo(TopMemoryContext);
	HandedRows *rows = (HandedRows *) palloc(sizeof(HandedRows));

	rows->relid = relid;
	rows->handed = handed;
	unwatched = lappend(unwatched, rows);
	MemoryContextSwitchTo(caller);
}

/*
 * An error where MERGE has moved rows of a table, whose trigger was handed so
 * many updated ones. Where the query isn't watched, it comes later.
 */
void
live_moves_refuse(Relation rel, int64 handed)
{
	MergedTable *table = find_merged(merged_tables, RelationGetRelid(rel));

	if (table != NULL)
		refuse_moves(table, handed);
	else if (ending == 0 && loaded_by == GetCurrentStatementStartTimestamp() &&
			 rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE)
		keep_handed(RelationGetRelid(rel), handed);
}
