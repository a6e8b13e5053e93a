"""Random statements that define things: partitions, children, names, types, owners, live histories."""

from .play import Step
from .schema import CONDITIONS, SERVER
from .statements import Statements

OWNERS = ('live_random_a', 'live_random_b')


class Definitions(Statements):
    """Statements that change what there is."""

    def source(self):
        return self.world.source.name

    def like(self, name, junk):
        """A table that could be attached, of the columns the source has now."""
        return 'CREATE TABLE %s (%sLIKE %s INCLUDING DEFAULTS INCLUDING GENERATED)%s' % (
            name, 'junk integer, ' if junk else '', self.source(),
            '; ALTER TABLE %s DROP COLUMN junk' % name if junk else '')

    def parents(self):
        """Partitioned tables of the tree, with their level."""
        return [r for r in self.world.tree if r.kind == 'p' and r.depth < len(self.shape.levels)]

    def make_partition(self):
        rng = self.rng
        parent = rng.choice(self.parents())
        taken = {r.bound for r in self.world.tree if r.parent == parent.name}
        free = [b for b in self.shape.levels[parent.depth].bounds if self.shape.bound(b) not in taken]
        bound = rng.choice(free or self.shape.levels[parent.depth].bounds)
        if rng.random() < 0.6:
            return [Step(0, '; '.join(self.shape.make_partition(parent.name, parent.depth, bound)))] + [
                self.insert(self.source()) for _ in range(rng.choice([0, 1, 2]))]
        return self.attach(parent, bound)

    def attach(self, parent, bound):
        """A table made apart, with rows in it, or one that was detached."""
        rng = self.rng
        apart = [r.name for r in self.world.apart]
        made = []
        if apart and rng.random() < 0.6:
            name = rng.choice(apart)
        else:
            name = self.shape.name('p')
            made.append(Step(0, self.like(name, rng.random() < 0.4)))
            if rng.random() < 0.7:
                roles = self.roles()
                made.append(Step(0, 'INSERT INTO %s (%s) VALUES %s' % (name, self.names(roles), self.rows(roles, n=2))))
        made.append(Step(0, 'ALTER TABLE %s ATTACH PARTITION %s %s' % (parent.name, name, self.shape.bound(bound)),
                         taints=[name]))
        return made

    def lose_partition(self):
        rng = self.rng
        partitions = [r for r in self.world.tree if r.bound is not None]
        if not partitions:
            return self.make_partition()
        gone = rng.choice(partitions)
        how = rng.choice(['DROP TABLE %s' % gone.name, 'ALTER TABLE %s DETACH PARTITION %s' % (gone.parent, gone.name),
                          'ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY' % (gone.parent, gone.name)])
        return Step(0, how, taints=[gone.name])

    def swap_partition(self):
        """Detaches a partition and attaches it again: it has triggers already."""
        partitions = [r for r in self.world.tree if r.bound is not None]
        if not partitions:
            return self.make_partition()
        one = self.rng.choice(partitions)
        return [Step(0, 'ALTER TABLE %s DETACH PARTITION %s' % (one.parent, one.name), taints=[one.name]),
                Step(0, 'ALTER TABLE %s ATTACH PARTITION %s %s' % (one.parent, one.name, one.bound), taints=[one.name])]

    def child(self):
        rng = self.rng
        parent = rng.choice(self.world.tree).name
        children = [r for r in self.world.tree if r.depth > 0]
        apart = [r.name for r in self.world.apart]
        choice = rng.random()
        if choice < 0.3 or not children:
            return Step(0, 'CREATE TABLE %s (%s) INHERITS (%s)' % (
                self.shape.name('c'), rng.choice(['', 'more integer']), parent))
        if choice < 0.5 and apart:
            name = rng.choice(apart)
            return Step(0, 'ALTER TABLE %s INHERIT %s' % (name, parent), taints=[name])
        gone = rng.choice(children)
        if choice < 0.8:
            return Step(0, 'ALTER TABLE %s NO INHERIT %s' % (gone.name, gone.parent), taints=[gone.name])
        return Step(0, 'DROP TABLE ' + gone.name, taints=[gone.name])

    def parts_of_source(self):
        if self.shape.form == 'partitioned':
            return self.rng.choice([self.make_partition, self.make_partition, self.lose_partition, self.swap_partition])()
        if self.shape.form == 'inherited':
            return self.child()
        return self.rename()

    def rename(self):
        rng = self.rng
        choice = rng.random()
        if choice < 0.35:
            role = rng.choice(list(self.world.columns))
            return Step(0, 'ALTER TABLE %s RENAME %s TO %s' % (
                self.source(), self.column(role), rng.choice([self.shape.name('n'), '"%s Col"' % self.shape.name('N')])))
        if choice < 0.55:
            return Step(0, 'ALTER TABLE %s RENAME TO %s' % (self.source(), self.shape.name('t')))
        if choice < 0.8 and self.world.targets:
            view = rng.choice(self.world.targets).name
            return Step(0, 'ALTER VIEW %s RENAME TO %s' % (view, self.shape.name('v')))
        others = [r for r in self.world.relations if r.name.endswith(('_parts', '_entries'))]
        if others:
            other = rng.choice(others)
            return Step(0, 'ALTER %s %s RENAME TO %s' % (
                'VIEW' if other.kind == 'v' else 'TABLE', other.name, self.shape.name('o')))
        return Step(0, 'ALTER TABLE %s RENAME TO %s' % (self.source(), self.shape.name('t')))

    def logged(self):
        which = self.rng.choice([r.name for r in self.world.relations if r.kind == 'r'])
        return Step(0, 'ALTER TABLE %s SET %s' % (which, self.rng.choice(['LOGGED', 'UNLOGGED'])))

    def alter_column(self):
        rng = self.rng
        role = rng.choice(list(self.world.columns))
        column = self.column(role)
        kind = self.world.types[column]
        choice = rng.random()
        if choice < 0.5:
            new = {'duties': 'numeric', 'note': rng.choice(['text', 'varchar(60)']), 'kind': 'bigint', 'value': 'bigint',
                   'account': rng.choice(['text', 'varchar(30)', 'varchar(30) COLLATE "C"'])
                   if kind.startswith(('text', 'char')) else kind, 'id': 'bigint'}.get(role, kind)
            return Step(0, 'ALTER TABLE %s ALTER %s TYPE %s' % (self.source(), column, new))
        if choice < 0.65:
            return Step(0, 'ALTER TABLE %s ADD %s integer DEFAULT %s' % (
                self.source(), self.shape.name('n'), rng.choice(['1', 'random() * 9'])))
        if choice < 0.8:
            return Step(0, 'ALTER TABLE %s DROP COLUMN %s' % (self.source(), column))
        if choice < 0.9:
            return Step(0, 'ALTER TABLE %s ALTER %s SET NOT NULL' % (self.source(), column))
        return Step(0, 'ALTER TABLE %s ALTER %s SET DEFAULT %s' % (self.source(), column, self.shape.literal(role)))

    def owner(self):
        new = self.rng.choice(OWNERS + ('postgres',))
        if self.rng.random() < 0.5:
            which = [self.rng.choice([r for r in self.world.relations]).name]
        else:
            which = [r.name for r in self.world.relations]
        return Step(0, '; '.join('ALTER TABLE %s OWNER TO %s' % (name, new) for name in which))

    def role(self):
        """Statements of one who may write to the table, and nothing else."""
        rng = self.rng
        writer = rng.choice(OWNERS)
        writes = [rng.choice([self.insert, self.update, self.delete, self.upsert])(self.source())
                  if n else self.insert(self.source()) for n in range(rng.randint(1, 3))]
        return [Step(0, 'GRANT ALL ON %s TO %s' % (self.source(), writer)), Step(0, 'SET ROLE ' + writer)] + writes + [
            Step(0, 'RESET ROLE')]

    def uncounted(self):
        """Statements that fire no triggers, and mostly what mends it."""
        rng = self.rng
        writes = [rng.choice([self.insert, self.update, self.delete])() for _ in range(rng.randint(1, 2))]
        if rng.random() < 0.5:
            steps = [Step(0, 'SET session_replication_role = replica')] + writes + [
                Step(0, 'SET session_replication_role = origin')]
        else:
            name = rng.choice(self.world.tree).name
            steps = [Step(0, 'ALTER TABLE %s DISABLE TRIGGER USER' % name)] + writes + [
                Step(0, 'ALTER TABLE %s ENABLE TRIGGER USER' % name)]
        return steps + ([self.rebuild()] if rng.random() < 0.7 else [])

    def track(self):
        condition = self.rng.choice((None,) + CONDITIONS)
        return self.track_as(self.shape.name('h'), condition)

    def track_as(self, target, condition):
        try:
            written = self.world.expression(condition) if condition else None
        except KeyError:
            condition = written = None
        return Step(0, "SELECT track_duties('%s', '%s', '%s', '%s', '%s'%s)" % (
            self.source(), *(self.column(role) for role in ('account', 'released', 'duties')), target,
            ", '%s'" % written.replace("'", "''") if written else ''), target=(target, condition))

    def untrack(self):
        if not self.world.targets:
            return self.track()
        name = self.rng.choice(self.world.targets).name
        return [Step(0, "SELECT untrack_duties('%s', '%s')" % (self.source(), name)), self.track()]

    def rebuild(self):
        return Step(0, "SELECT rebuild_duties('%s')" % self.source())

    def upkeep(self):
        rng = self.rng
        tables = [r.name for r in self.world.relations if r.kind == 'r']
        if not tables:
            return self.rebuild()
        table = rng.choice([t for t in tables if t.endswith('_parts')] or tables) if rng.random() < 0.6 else rng.choice(tables)
        if SERVER['version'] >= 190000 and rng.random() < 0.3:
            return Step(0, 'REPACK %s%s' % (rng.choice(['', '(CONCURRENTLY) ']), table))
        return Step(0, rng.choice([
            "SELECT fold_duties('%s')" % self.source(), "SELECT fold_duties('%s')" % self.source(),
            "SELECT rebuild_duties('%s')" % self.source(), "SELECT count(*) FROM verify_duties('%s')" % self.source(),
            'SELECT count(*) FROM tracked_duties()', 'VACUUM %s' % table, 'VACUUM FULL %s' % table,
            'ANALYZE %s' % table, 'REINDEX TABLE %s' % table, 'CREATE INDEX ON %s (%s)' % (
                self.source(), self.column(rng.choice(list(self.world.columns))))]))
