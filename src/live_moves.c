/*-------------------------------------------------------------------------
 *
 * live_moves.c
 *	  Rows that MERGE moves between partitions, which no trigger is told of.
 *
 * UPDATE hands such rows to the triggers of the partitioned table. MERGE leaves
 * them out, or hands over one half, on every server so far, unless it can
 * insert and delete as well. So MERGE is watched, from when a query ends until
 * its triggers have fired: if a trigger was handed fewer rows than MERGE has
 * updated, some were moved, and the statement is refused.
 *
 * The library may be loaded by that very statement. A trigger of partitioned
 * tables that fires before an update sees to it that this is early enough.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "executor/executor.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

#include "compat.h"
#include "live_moves.h"
#include "messages.h"

/* A partitioned table that a query has changed by MERGE. */
typedef struct MergedTable
{
	Oid			relid;
	ModifyTableState *node;
	double		updated;		/* rows, moved or not */
	bool		others;			/* other parts of the query update it as well */
} MergedTable;

/* The tables merged into by the query whose triggers fire now. */
static List *merged_tables = NIL;
static ExecutorFinish_hook_type next_hook = NULL;

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
 * Does MERGE leave out the rows it moves? Where it can both delete and insert,
 * the trigger for the one is handed the old row, and the other's the new one.
 */
static bool
leaves_out_moves(ModifyTableState *node)
{
	const int	both = MERGE_INSERT | MERGE_DELETE;

	return node->operation == CMD_MERGE && node->mt_merge_updated > 0 &&
		(node->mt_merge_subcommands & both) != both;
}

/* The partitioned tables of which MERGE may have left out some rows. */
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
		MergedTable *table;

		if (!leaves_out_moves(node) ||
			rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE ||
			find_merged(tables, RelationGetRelid(rel)) != NULL)
			continue;
		table = (MergedTable *) palloc0(sizeof(MergedTable));
		table->relid = RelationGetRelid(rel);
		table->node = node;
		table->updated = node->mt_merge_updated;
		tables = lappend(tables, table);
	}
	foreach(cell, nodes)
	{
		ModifyTableState *node = lfirst_node(ModifyTableState, cell);
		MergedTable *table = find_merged(tables,
										 RelationGetRelid(node->rootResultRelInfo->ri_RelationDesc));

		if (table != NULL && node != table->node && updates(node))
			table->others = true;
	}
	return tables;
}

/* Finishes a query, which fires its triggers. */
static void
finish_query(QueryDesc *query)
{
	List	   *outer = merged_tables;
	List	   *merged = find_merges(query);

	if (outer == NIL && merged == NIL)
	{
		next_hook(query);
		return;
	}
	merged_tables = merged;
	PG_TRY();
	{
		next_hook(query);
	}
	PG_FINALLY();
	{
		merged_tables = outer;
	}
	PG_END_TRY();
}

/* Watches MERGE from here on. */
void
live_moves_watch(void)
{
	next_hook = ExecutorFinish_hook ? ExecutorFinish_hook : standard_ExecutorFinish;
	ExecutorFinish_hook = finish_query;
}

/*
 * An error where MERGE has moved rows of a partitioned table, whose trigger was
 * handed so many updated ones.
 */
void
live_moves_refuse(Relation rel, int64 handed)
{
	MergedTable *table = find_merged(merged_tables, RelationGetRelid(rel));

	if (table == NULL || (!table->others && handed >= table->updated))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("MERGE cannot move rows of tracked table \"%s\" to another partition",
					RelationGetRelationName(rel)),
			 errdetail("The server hands the rows that MERGE moves to no trigger, so that live histories could not count them."),
			 errhint("Use UPDATE ... FROM for rows that are there, and INSERT for those that are not.")));
}
