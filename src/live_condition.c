/*-------------------------------------------------------------------------
 *
 * live_condition.c
 *	  The condition given to track_duties: one expression, and nothing else.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "optimizer/optimizer.h"
#include "parser/parse_coerce.h"
#include "parser/parse_collate.h"
#include "parser/parse_expr.h"
#include "parser/parse_node.h"
#include "parser/parse_relation.h"
#include "parser/parser.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "live.h"

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

/*
 * From here on names mean the server's own objects only, and what is printed
 * is qualified where it is anything else. AtEOXact_GUC(false, …) ends it.
 */
int
live_safe_search_path(void)
{
	int			level = NewGUCNestLevel();

	(void) set_config_option("search_path", "pg_catalog, pg_temp",
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
							 true, 0, false);
	return level;
}

/* The text as a parsed expression, or an error if it is more than that. */
static Node *
parse_condition(const char *query)
{
	List	   *parsed = raw_parser(query, RAW_PARSE_DEFAULT);
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
 * A condition over a table's columns: the name of a boolean column, or an
 * expression, whose names are looked up as the caller's search_path has them.
 * What is returned is the expression as the server prints it, with all names
 * qualified. To see whether it is immutable the planner may evaluate parts of
 * it, which is done on behalf of the table's owner.
 */
char *
live_condition(const char *text, Relation source)
{
	Oid			relid = RelationGetRelid(source);
	const char *name = RelationGetRelationName(source);
	ParseState *pstate = make_parsestate(NULL);
	ParseNamespaceItem *item;
	ErrorContextCallback callback;
	Bitmapset  *columns = NULL;
	StringInfoData query;
	Node	   *condition;
	char	   *printed;
	int			level;
	Oid			user;
	int			security;

	if (get_attnum(relid, text) > 0)
		text = quote_identifier(text);
	/* the line break ends a comment */
	initStringInfo(&query);
	appendStringInfo(&query, BEFORE_CONDITION "%s\n)", text);

	callback.callback = condition_error;
	callback.arg = unconstify(char *, text);
	callback.previous = error_context_stack;
	error_context_stack = &callback;

	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(source->rd_rel->relowner,
						   security | SECURITY_LOCAL_USERID_CHANGE |
						   SECURITY_RESTRICTED_OPERATION);
	pstate->p_sourcetext = query.data;
	item = addRangeTableEntryForRelation(pstate, source, AccessShareLock, NULL,
										 false, true);
	addNSItemToQuery(pstate, item, false, true, true);
	condition = transformExpr(pstate, parse_condition(query.data),
							  EXPR_KIND_TRIGGER_WHEN);
	condition = coerce_to_boolean(pstate, condition, "WHERE");
	assign_expr_collations(pstate, condition);

	pull_varattnos(condition, 1, &columns);
	for (int i = FirstLowInvalidHeapAttributeNumber + 1; i <= 0; i++)
	{
		if (bms_is_member(i - FirstLowInvalidHeapAttributeNumber, columns))
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("condition must not use system columns or whole rows")));
	}
	if (contain_mutable_functions((Node *) expression_planner((Expr *) copyObject(condition))))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("functions in condition must be marked IMMUTABLE"),
				 errdetail("A row must count, or not count, for as long as it is not changed.")));
	error_context_stack = callback.previous;
	SetUserIdAndSecContext(user, security);

	level = live_safe_search_path();
	printed = deparse_expression(condition, deparse_context_for(name, relid),
								 false, false);
	AtEOXact_GUC(false, level);
	free_parsestate(pstate);
	return printed;
}
