"""What there is at the moment: tables, columns and live histories, by the names they have now."""

WORLD = r'''
WITH RECURSIVE tree AS (
	SELECT {source}::oid AS oid, 0::oid AS parent, 0 AS depth
	UNION ALL
	SELECT inhrelid, inhparent, depth + 1 FROM tree JOIN pg_inherits ON inhparent = tree.oid WHERE NOT inhdetachpending
)
SELECT 'relation', c.oid, quote_ident(relname), relkind, coalesce((SELECT min(depth) FROM tree WHERE tree.oid = c.oid), -1),
	(SELECT quote_ident(p.relname) FROM tree JOIN pg_class p ON p.oid = tree.parent WHERE tree.oid = c.oid LIMIT 1),
	(SELECT count(*) FROM pg_trigger WHERE tgrelid = c.oid AND tgfoid = 'public.count_duties'::regproc AND tgenabled IN ('O', 'A')
		AND tgtype & 18 <> 18),
	pg_get_expr(relpartbound, 0), relpersistence,
	pg_get_userbyid(relowner),
	EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'history' AND atttypid = 'public.duty_history'::regtype)
FROM pg_class c WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 's') AND relkind IN ('r', 'p', 'v')
UNION ALL
SELECT 'column', NULL, quote_ident(attname), NULL, attnum, format_type(atttypid, atttypmod), NULL, NULL, NULL, NULL, NULL
FROM pg_attribute WHERE attrelid = {source} AND attnum > 0 AND NOT attisdropped
ORDER BY 1, 2, 5'''


class Relation:
    def __init__(self, row):
        (_, self.oid, self.name, self.kind, self.depth, self.parent, self.triggers, self.bound,
         self.persistence, self.owner, self.has_history) = row


class Target:
    """A live history: its view, and which rows it counts."""

    def __init__(self, name, condition):
        self.name = name
        self.condition = condition


class World:
    """The schema as one session sees it; run gives the rows of a query, or None."""

    # for a connection that asks often; the parameter is the source
    PREPARE = 'PREPARE world (oid) AS ' + WORLD.format(source='$1')
    EXECUTE = 'EXECUTE world ({source})'

    def __init__(self, run, ids, known, query=WORLD):
        """ids: what is remembered from one World to the next; known: conditions by first name."""
        self.ids = ids
        self.relations = []
        self.tree = []
        self.targets = []
        self.columns = {}
        self.types = {}
        self.source = None
        if ids.get('source') is None:
            rows = run("SELECT oid FROM pg_class WHERE relname = 'd' AND relnamespace = 's'::regnamespace")
            if not rows:
                return
            ids['source'] = rows[0][0]
        rows = run(query.format(source=ids['source']))
        if rows is None:
            return
        names = {}
        for row in rows:
            if row[0] == 'relation':
                self.relations.append(Relation(row))
            else:
                names[row[4]] = row[2]
                self.types[row[2]] = row[5]
        if 'columns' not in ids:
            ids['columns'] = {name: number for number, name in names.items()}
        self.columns = {role: names[number] for role, number in ids['columns'].items() if number in names}
        self.tree = [r for r in self.relations if r.depth >= 0]
        for relation in self.tree:
            if relation.oid == ids['source']:
                self.source = relation
        for relation in self.relations:
            if relation.kind == 'v' and relation.has_history:
                if relation.oid not in ids['targets'] and relation.name in known:
                    ids['targets'][relation.oid] = known[relation.name]
                if relation.oid in ids['targets']:
                    self.targets.append(Target(relation.name, ids['targets'][relation.oid]))
        if self.targets and self.source and 'per_target' not in ids:
            ids['per_target'] = self.source.triggers // len(self.targets)

    def names(self):
        return {(relation.oid, relation.name) for relation in self.relations}, self.columns

    def find(self, name):
        for relation in self.relations:
            if relation.name == name:
                return relation
        return None

    @property
    def apart(self):
        """Tables that once were, or may become, partitions or children."""
        return [r for r in self.relations if r.depth < 0 and r.kind in 'rp' and r.name[:1] in 'pc' and r.name[1:].isdigit()]

    def expression(self, template):
        """An expression over the columns, as they are called now."""
        return template.format_map(self.columns)

    def describes(self, target):
        """Are the columns of the target's condition still there?"""
        try:
            return not target.condition or bool(self.expression(target.condition))
        except KeyError:
            return False

    def uncounted_by_name(self, name):
        """Does what is written to this table by its name go uncounted? By the guide: where it lacks triggers."""
        relation = self.find(name)
        return relation is not None and relation.depth >= 0 and bool(self.targets) and (
            relation.triggers < self.ids.get('per_target', 1) * len(self.targets))

    def counted(self, targets):
        """
        The query for all rows of the source, with the conditions of these
        targets, and for what the live histories show, by one snapshot.
        """
        c = self.columns
        conditions = [self.expression(target.condition) if target.condition else 'true' for target in targets]
        queries = ['SELECT -1, {account}::text, {released}::text, {duties}::text, ARRAY[{conditions}]::boolean[] FROM {source}'.format(
            source=self.source.name, conditions=', '.join('(%s)' % condition for condition in conditions),
            account=c['account'], released=c['released'], duties=c['duties'])]
        queries += ['SELECT %d, account::text, NULL, history::text, NULL FROM %s' % (n, target.name)
                    for n, target in enumerate(targets)]
        return ' UNION ALL '.join(queries)

    def comparison(self, target):
        """The query that shows a reader, by account, plain sums and what the live history shows."""
        c = self.columns
        condition = self.expression(target.condition) if target.condition else 'true'
        return (
            "SELECT e.account::text, v.account::text, e.sums, v.history::text FROM (\n"
            "\tSELECT account, string_agg(day || ':' || sum, ',' ORDER BY day) FILTER (WHERE sum <> 0) AS sums\n"
            "\tFROM (SELECT {account} AS account, public.slice_of({released}) AS day, sum({duties}) FROM {source}\n"
            "\t\tWHERE ({condition}) AND {account} IS NOT NULL AND {released} IS NOT NULL AND {duties} IS NOT NULL\n"
            "\t\tGROUP BY 1, 2) AS sliced GROUP BY account) AS e\n"
            "FULL JOIN {target} AS v ON v.account = e.account").format(
                source=self.source.name, target=target.name, condition=condition,
                account=c['account'], released=c['released'], duties=c['duties'])


ROLES_NEEDED = ('account', 'released', 'duties')


def comparable(world):
    return world.source is not None and all(role in world.columns for role in ROLES_NEEDED)

