/*-------------------------------------------------------------------------
 *
 * live_condition.c
 *	  The condition given to track_duties: one expression, and nothing else.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteDefine.h"
#include "rewrite/rewriteHandler.h"
#include "rewrite/rewriteManip.h"
#include "rewrite/rewriteSupport.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "live_common.h"
#include "live_condition.h"
#include "live_definition.h"
#include "messages.h"

#define BEFORE_CONDITION	"SELECT ("

/* Names a position in the condition, not in the query that was built of it. */
static void
condition_error(void *arg)
{
	int			position = geterrposition();

	if (position > 0)
	{
		errposition(0);
		internalerrposition(Max(position - (int) strlen(BEFORE_CONDITION), 1));
		internalerrquery((const char *) arg);
	}
	errcontext("condition of a live history");
}

/* The text as a parsed expression, or an error if it is more than that. */
static Node *
parse_condition(const char *text, const char *query)
{
	/* no more than white space is a syntax error at what was put behind it */
	List	   *parsed = text[strspn(text, " \t\n\r\f\v")] == '\0' ? NIL :
		raw_parser(query, RAW_PARSE_DEFAULT);
	SelectStmt *select = NULL;

	if (list_length(parsed) == 1)
		select = (SelectStmt *) linitial_node(RawStmt, parsed)->stmt;
	if (select == NULL || !IsA(select, SelectStmt) ||
		select->op != SETOP_NONE || list_length(select->targetList) != 1 ||
		select->distinctClause || select->intoClause || select->fromClause ||
		select->whereClause || select->groupClause || select->havingClause ||
		select->windowClause || select->valuesLists || select->sortClause ||
		select->limitOffset || select->limitCount || select->lockingClause ||
		select->withClause || linitial_node(ResTarget, select->targetList)->name)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("condition must be one expression")));
	return linitial_node(ResTarget, select->targetList)->val;
}

/*
 * Is a type's text the same whatever the settings and the day are: as input, or
 * as output where it goes into XML, which writes times in a form of its own?
 */
static bool
has_lasting_text(Oid type, bool of_xml)
{
	Oid			function;
	Oid			parameter;
	bool		isvarlena;

	type = getBaseType(type);
	if (OidIsValid(get_element_type(type)))
		return has_lasting_text(get_element_type(type), of_xml);
	if (!of_xml)
		getTypeInputInfo(type, &function, &parameter);
	else if (type == DATEOID || type == TIMESTAMPOID || type == TIMESTAMPTZOID)
		return true;
	else
		getTypeOutputInfo(type, &function, &isvarlena);
	return func_volatile(function) == PROVOLATILE_IMMUTABLE;
}

/*
 * Finds a type whose values an expression turns into XML, or JSON into, by a
 * text that depends on settings or time. The server doesn't count this among
 * the mutable functions.
 */
static bool
find_passing_text(Node *node, void *type)
{
	if (node == NULL)
		return false;
	if (IsA(node, XmlExpr))
	{
		XmlExpr    *xml = (XmlExpr *) node;
		List	   *given = list_concat_copy(xml->named_args, xml->args);
		ListCell   *cell;

		foreach(cell, given)
		{
			*(Oid *) type = exprType((Node *) lfirst(cell));
			if (!has_lasting_text(*(Oid *) type, true))
				return true;
		}
	}
#if PG_VERSION_NUM >= 170000
	if (IsA(node, JsonExpr))
	{
		JsonExpr   *json = (JsonExpr *) node;

		*(Oid *) type = json->returning->typid;
		if ((json->use_io_coercion || json->use_json_coercion) &&
			!has_lasting_text(*(Oid *) type, false))
			return true;
	}
#endif
	return expression_tree_walker(node, carm_walker(find_passing_text), type);
}

/*
 * An error where a condition needs more than the row: it is planned for that,
 * which may evaluate parts of it.
 */
static void
check_condition(Node *condition, Relation source)
{
	Node	   *planned;
	Oid			type;

	if (!live_reads_columns_only(condition))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("condition must not use system columns or whole rows")));
	planned = (Node *) expression_planner((Expr *) copyObject(condition));
	if (contain_mutable_functions(planned))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("functions in condition must be marked IMMUTABLE"),
				 errdetail("A row must count, or not count, for as long as it is not changed.")));
	if (find_passing_text(carm_expand_generated(planned, source), &type))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("condition must not turn type %s into XML, or JSON into it",
						format_type_be(type)),
				 errdetail("What its text means depends on settings or on time; a row must count, or not count, for as long as it is not changed.")));
}

/*
 * Parses a condition over a table's columns: the name of a boolean column, or
 * an expression. The caller has begun the guard, so that what is evaluated is
 * evaluated for the owner; but names are looked up in the search_path of
 * whoever called track_duties. In the result the table is relation 1.
 */
Node *
live_condition(const char *text, Relation source, const LiveGuard *guard)
{
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	ErrorContextCallback callback;
	StringInfoData query;
	Node	   *condition;
	int			level;

	if (get_attnum(RelationGetRelid(source), text) > 0)
		text = quote_identifier(text);
	/* the line break ends a comment */
	initStringInfo(&query);
	appendStringInfo(&query, BEFORE_CONDITION "%s\n)", text);

	callback.callback = condition_error;
	callback.arg = unconstify(char *, text);
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	pstate->p_sourcetext = query.data;
	item = addRangeTableEntryForRelation(pstate, source, AccessShareLock, NULL,
										 false, true);
	addNSItemToQuery(pstate, item, false, true, true);
	level = live_search_path(guard->path);
	condition = transformExpr(pstate, parse_condition(text, query.data),
							  EXPR_KIND_TRIGGER_WHEN);
	condition = coerce_to_boolean(pstate, condition, "condition");
	assign_expr_collations(pstate, condition);
	AtEOXact_GUC(false, level);
	check_condition(condition, source);

	error_context_stack = callback.previous;
	free_parsestate(pstate);
	return condition;
}

/*
 * Adds a condition to those of the view of entries, in front of them.
 *
 * The view is given the expression itself: its text, parsed again, could mean
 * something else with another search_path.
 */
void
live_condition_add(Oid entries, Node *condition)
{
	Relation	view = relation_open(entries, AccessExclusiveLock);
	Query	   *query = (Query *) copyObject(get_view_query(view));
	RangeTblRef *from = linitial_node(RangeTblRef, query->jointree->fromlist);
	Bitmapset  *columns = NULL;

	pull_varattnos(condition, 1, &columns);
	carm_add_selected_columns(query, from->rtindex, columns);
	ChangeVarNodes(condition, 1, from->rtindex, 0);
	query->jointree->quals = (Node *)
		make_ands_explicit(lcons(condition,
								 make_ands_implicit((Expr *) query->jointree->quals)));
	DefineQueryRewrite(pstrdup(ViewSelectRuleName), entries, NULL, CMD_SELECT,
					   true, true, list_make1(query));
	relation_close(view, NoLock);
	CommandCounterIncrement();
}
