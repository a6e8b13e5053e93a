"""Random statements that read and write rows."""

from .play import Step
from .schema import SERVER


class Statements:
    """Makes statements over what a World says there is."""

    def __init__(self, rng, shape):
        self.rng = rng
        self.shape = shape
        self.world = None
        self.where_to = None

    #
    # Pieces
    #

    def column(self, role):
        return self.world.columns[role]

    def has(self, role):
        return role in self.world.columns

    def into(self, view=True):
        """What to write to: the source, a partition or child by its name, or a view."""
        rng = self.rng
        others = [r for r in self.world.tree if r.depth > 0]
        if others and rng.random() < 0.3:
            return rng.choice(others).name
        if view and rng.random() < 0.1 and self.world.find('dv'):
            return 'dv'
        return self.world.source.name

    def roles(self):
        """The roles an INSERT can name, as far as they are still there."""
        return [role for role in self.shape.written() if self.has(role)]

    def settable(self):
        return [role for role in self.roles() if not (role == 'id' and self.rng.random() < 0.7)]

    def names(self, roles, prefix=''):
        return ', '.join(prefix + self.column(role) for role in roles)

    def where(self, prefix=''):
        """A random condition on rows."""
        rng = self.rng
        choice = rng.random()
        if choice < 0.35 and self.has('id'):
            return '%s%s IN (%s)' % (prefix, self.column('id'), ', '.join(
                str(rng.randint(1, 20)) for _ in range(rng.randint(1, 4))))
        if choice < 0.6:
            return '%s%s = %s' % (prefix, self.column('account'), self.shape.literal('account', cast=True))
        if choice < 0.75 and self.has('kind'):
            return '%s%s = %d' % (prefix, self.column('kind'), rng.randint(1, 4))
        if choice < 0.85 and self.has('released'):
            return "%s%s >= '2025-02-18'" % (prefix, self.column('released'))
        if choice < 0.95 and self.has('note'):
            return "%s%s IS DISTINCT FROM 'x'" % (prefix, self.column('note'))
        return 'true'

    def one_set(self, role, prefix=''):
        """A new value for a column: any, or one that depends on the old."""
        rng = self.rng
        if role in ('duties', 'value') and rng.random() < 0.5:
            return '%s%s + %d' % (prefix, self.column(role), rng.randint(-3, 9))
        if role == 'is_last' and rng.random() < 0.5:
            return 'NOT %s%s' % (prefix, self.column(role))
        if role == 'released' and rng.random() < 0.3:
            return '%s%s + %d' % (prefix, self.column(role), rng.choice([1, 30, 365, -365]))
        return self.shape.literal(role, cast=True)

    def sets(self, prefix='', moves=True):
        """What an UPDATE sets; moves: rows may go to another partition."""
        rng = self.rng
        roles = self.settable()
        if not moves:
            keys = [level.by[level.by.index('(') + 1:-1] for level in self.shape.levels]
            roles = [role for role in roles if role not in keys]
        if rng.random() < 0.25 and self.has('note'):
            roles = ['note']            # a column that doesn't matter, mostly
        chosen = rng.sample(roles, min(len(roles), rng.choice([1, 1, 2, 3])))
        return ', '.join('%s = %s' % (self.column(role), self.one_set(role, prefix)) for role in chosen)

    def rows(self, roles, cast=False, n=None):
        n = n or self.rng.choice([1, 1, 2, 3, 6])
        return ', '.join('(%s)' % ', '.join(self.shape.literal(role, cast) for role in roles) for _ in range(n))

    def dml(self, sql, *names):
        return Step(0, sql, 'dml', names)

    #
    # Statements
    #

    def insert(self, target=None):
        target = target or self.into()
        roles = self.roles()
        tail = self.upsert_tail(target) if self.rng.random() < 0.15 else ''
        return self.dml('INSERT INTO %s (%s) VALUES %s%s' % (target, self.names(roles), self.rows(roles), tail), target)

    def insert_select(self, target=None):
        target = target or self.into()
        roles = self.roles()
        picked = [self.one_set(role) if self.rng.random() < 0.3 else self.column(role) for role in roles]
        return self.dml('INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s LIMIT 10' % (
            target, self.names(roles), ', '.join(picked), self.world.source.name, self.where()), target)

    def upsert_tail(self, target):
        rng = self.rng
        if rng.random() < 0.3:
            return ' ON CONFLICT DO NOTHING'
        if self.shape.conflict is None or not all(self.has(c) for c in self.shape.conflict):
            return ' ON CONFLICT DO NOTHING'
        columns = ', '.join(self.column(c) for c in self.shape.conflict)
        if rng.random() < 0.3:
            return ' ON CONFLICT (%s) DO NOTHING' % columns
        role = rng.choice(self.settable())
        value = 'excluded.' + self.column(role) if rng.random() < 0.6 else self.shape.literal(role)
        tail = ' ON CONFLICT (%s) DO UPDATE SET %s = %s' % (columns, self.column(role), value)
        return tail + (' WHERE ' + self.where(target + '.') if rng.random() < 0.2 else '')

    def upsert(self, target=None):
        target = target or self.into(view=False)
        roles = self.roles()
        return self.dml('INSERT INTO %s (%s) VALUES %s%s' % (
            target, self.names(roles), self.rows(roles), self.upsert_tail(target)), target)

    def insert_or_select(self, target=None):
        """INSERT that gives, and locks, the rows that are there already."""
        target = target or self.into(view=False)
        roles = self.roles()
        columns = ', '.join(self.column(c) for c in self.shape.conflict or ['id'] if self.has(c))
        return self.dml('INSERT INTO %s (%s) VALUES %s ON CONFLICT (%s) DO SELECT%s' % (
            target, self.names(roles), self.rows(roles), columns, self.rng.choice(['', ' FOR UPDATE'])), target)

    def update(self, target=None):
        target = target or self.into()
        only = 'ONLY ' if self.rng.random() < 0.05 and target != 'dv' else ''
        return self.dml('UPDATE %s%s SET %s WHERE %s' % (only, target, self.sets(), self.where()), target)

    def update_from(self, target=None):
        target = target or self.into(view=False)
        if not self.has('id'):
            return self.update(target)
        return self.dml('UPDATE %s AS t SET %s FROM (VALUES (%d), (%d)) AS v (n) WHERE t.%s = v.n' % (
            target, self.sets('t.'), self.rng.randint(1, 20), self.rng.randint(1, 20), self.column('id')), target)

    def delete(self, target=None):
        target = target or self.into()
        return self.dml('DELETE FROM %s WHERE %s' % (target, self.where()), target)

    def merge(self, target=None):
        rng = self.rng
        target = target or self.into(view=False)
        roles = self.roles()
        on = self.column('id') if self.has('id') and 'id' in roles else self.column('account')
        key = 'id' if self.has('id') and 'id' in roles else 'account'
        if key not in roles:
            return self.update(target)
        matched = [action for action in (
            'UPDATE SET ' + self.sets('t.', 'moves' in self.shape.wanted), 'DELETE', 'DO NOTHING') if rng.random() < 0.6]
        rng.shuffle(matched)
        clauses = ['WHEN MATCHED%s THEN %s' % (
            self.also() if action is matched[-1] else ' AND ' + self.where('t.'), action) for action in matched]
        if rng.random() < 0.7 or not clauses:
            clauses.append('WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)' % (self.names(roles), self.names(roles, 'v.')))
        if SERVER['version'] >= 170000 and rng.random() < 0.3:
            clauses.insert(rng.randint(0, len(clauses)), 'WHEN NOT MATCHED BY SOURCE AND %s THEN %s' % (self.where('t.'), rng.choice(
                ['DELETE', 'UPDATE SET ' + self.sets('t.', 'moves' in self.shape.wanted)])))
        return self.dml('MERGE INTO %s AS t USING (VALUES %s) AS v (%s) ON t.%s = v.%s %s' % (
            target, self.rows(roles, cast=True, n=rng.randint(1, 4)), self.names(roles), on, on, ' '.join(clauses)), target)

    def also(self):
        return ' AND ' + self.where('t.') if self.rng.random() < 0.6 else ''

    def several(self):
        """Several changes by one statement."""
        rng = self.rng
        made = []
        names = []
        target = self.into(view=False)
        kinds = [self.update, self.update, self.insert, self.delete, self.upsert, self.update_from]
        if SERVER['version'] >= 170000:
            kinds.append(self.merge)
        if SERVER['version'] >= 190000:
            kinds.append(self.insert_or_select)
        for n in range(rng.randint(2, 4)):
            step = rng.choice(kinds)(target if rng.random() < 0.7 else None)
            made.append('w%d AS (%s RETURNING 1)' % (n, step.sql))
            names += step.names
        if rng.random() < 0.3 and 'id' in self.roles():
            roles = self.roles()
            made.append('moved AS (DELETE FROM %s WHERE %s RETURNING %s)' % (target, self.where(), self.names(roles)))
            return self.dml('WITH %s INSERT INTO %s (%s) SELECT %s FROM moved' % (
                ', '.join(made), target, self.names(roles), self.names(roles)), *(names + [target]))
        if rng.random() < 0.4:
            last = rng.choice([self.update, self.delete, self.insert])(target)
            return self.dml('WITH %s %s' % (', '.join(made), last.sql), *(names + list(last.names)))
        if SERVER['version'] >= 170000 and rng.random() < 0.3:
            return self.dml('WITH %s SELECT 1' % ', '.join(made), *names)    # what nobody reads is done last
        return self.dml('WITH %s SELECT %s' % (
            ', '.join(made), ' + '.join('(SELECT count(*) FROM w%d)' % n for n in range(len(made)))), *names)

    def copy(self):
        target = self.into(view=False)
        roles = self.roles()
        lines = []
        for _ in range(self.rng.randint(1, 6)):
            values = [self.shape.literal(role) for role in roles]
            lines.append('|'.join('\\N' if v == 'NULL' else v.strip("'") for v in values))
        return self.dml("COPY %s (%s) FROM PROGRAM $$printf '%%s\\n' %s$$ (DELIMITER '|')" % (
            target, self.names(roles), ' '.join("'%s'" % line for line in lines)), target)

    def cursor(self):
        """Changes of the row a cursor is at, in one block."""
        rng = self.rng
        target = self.into(view=False)
        body = ''
        for _ in range(rng.randint(1, 3)):
            if rng.random() < 0.6:
                body += ' UPDATE %s SET %s WHERE CURRENT OF c; FETCH c INTO r;' % (target, self.sets())
            else:
                body += ' DELETE FROM %s WHERE CURRENT OF c; FETCH c INTO r;' % target
        return self.dml('DO $$DECLARE c CURSOR FOR SELECT * FROM %s WHERE %s FOR UPDATE; r record;'
                        ' BEGIN OPEN c; FETCH c INTO r;%s END$$' % (target, self.where(), body), target)

    def block(self):
        """Subtransactions, some of which fail."""
        rng = self.rng
        step = rng.choice([self.insert, self.update, self.delete, self.merge, self.upsert])()
        other = rng.choice([self.insert, self.update, self.delete])()
        fails = rng.choice(['PERFORM 1/0;', '', "RAISE unique_violation;"])
        return self.dml('DO $$BEGIN %s; BEGIN %s; %s EXCEPTION WHEN OTHERS THEN NULL; END; END$$' % (
            step.sql, other.sql, fails), *(step.names + other.names))

    def loop(self):
        """Many statements in one transaction: their parts are merged on the way."""
        step = self.rng.choice([self.update, self.insert, self.upsert])()
        return self.dml('DO $$BEGIN FOR i IN 1..%d LOOP %s; END LOOP; END$$' % (
            self.rng.choice([5, 70, 130]), step.sql), *step.names)

    def nested(self):
        """A query whose function changes the table, row by row."""
        if not self.has('id'):
            return self.update()
        inner = self.rng.choice([self.update, self.insert, self.delete])()
        return Step(0, 'CREATE OR REPLACE FUNCTION changes(n integer) RETURNS integer LANGUAGE plpgsql AS $f$BEGIN %s; RETURN n; END$f$;'
                    ' UPDATE %s SET %s WHERE %s IN (SELECT changes(n) FROM generate_series(1, 3) n)' % (
                        inner.sql, self.world.source.name, self.sets(), self.column('id')),
                    'dml', list(inner.names) + [self.world.source.name])

    def of_key(self):
        """Changes of what the table refers to, which cascade."""
        rng = self.rng
        key = rng.choice(self.shape.keys)
        if key == 'parent':
            return self.update(self.world.source.name) if rng.random() < 0.5 else self.delete(self.world.source.name)
        where = rng.choice(['kind = %d' % rng.randint(1, 4), 'kind = %d' % rng.randint(1, 3), 'true', "account = '%s'" % rng.choice(self.shape.accounts)])
        choice = rng.random()
        if choice < 0.15:
            return self.dml("INSERT INTO r VALUES ('%s', %d, '') ON CONFLICT DO NOTHING" % (
                rng.choice(self.shape.accounts), rng.randint(1, 5)), self.world.source.name)
        if choice < 0.35:
            return self.dml('DELETE FROM r WHERE ' + where, self.world.source.name)
        account = rng.choice(self.shape.accounts[3:])
        sets = rng.choice([
            "account = '%s'" % account, 'kind = kind + 10', 'kind = %d' % rng.randint(1, 9),
            "account = '%s', kind = %d" % (account, rng.randint(1, 9)), "account = '%s', kind = kind + 3" % account, "note = 'n'"])
        sql = 'UPDATE r SET %s WHERE %s' % (sets, where)
        if rng.random() < 0.15:
            other = rng.choice([self.update, self.insert, self.delete])()
            return self.dml('WITH w AS (%s RETURNING 1) %s' % (sql, other.sql), self.world.source.name, *other.names)
        return self.dml(sql, self.world.source.name)

    def truncate(self):
        rng = self.rng
        choice = rng.random()
        others = [r.name for r in self.world.tree if r.depth > 0]
        if choice < 0.3 and others:
            names = rng.sample(others, rng.randint(1, min(2, len(others))))
            return self.dml('TRUNCATE ' + ', '.join(names), *names)
        if choice < 0.45 and self.shape.keys and self.world.find('r'):
            return self.dml('TRUNCATE r CASCADE', self.world.source.name)
        if choice < 0.55 and self.shape.form == 'inherited':
            return self.dml('TRUNCATE ONLY %s' % self.world.source.name, self.world.source.name)
        return self.dml('TRUNCATE %s%s' % (self.world.source.name, rng.choice(['', ' RESTART IDENTITY', ' CASCADE'])),
                        self.world.source.name)

    def prepared_statement(self):
        """A statement whose plan is kept."""
        step = self.rng.choice([self.insert, self.update, self.delete, self.upsert, self.merge])()
        name = self.shape.name('q')
        return [self.dml('PREPARE %s AS %s' % (name, step.sql))] + [
            self.dml('EXECUTE ' + name, *step.names) for _ in range(self.rng.randint(1, 3))]

    def lock_rows(self):
        return Step(0, 'SELECT 1 FROM %s WHERE %s FOR UPDATE' % (self.world.source.name, self.where()))
