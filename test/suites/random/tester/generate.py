"""Makes a random sequence, step by step, as it is played."""

import random

from .definitions import Definitions
from .play import Step
from .schema import CONDITIONS, Shape
from .world import comparable

# What may be left out of a sequence, each by chance: fewer kinds at a time meet more often.
FEATURES = ('keys', 'triggers', 'generated', 'views', 'rules', 'security', 'roles', 'moves', 'conditions', 'several', 'truncate', 'sub', 'prepare', 'isolation', 'parts',
            'rename', 'logged', 'alter', 'owner', 'uncounted', 'track', 'upkeep', 'rare')


class Sequence:
    """A sequence made from a seed; next() gives the steps that follow."""

    def __init__(self, seed, without=(), only=None):
        self.rng = random.Random(seed)
        rng = self.rng
        chances = {'keys': 0.5, 'triggers': 0.35, 'uncounted': 0.15, 'owner': 0.15, 'logged': 0.2, 'alter': 0.2,
                   'rename': 0.2, 'track': 0.2, 'prepare': 0.4, 'isolation': 0.4, 'generated': 0.4,
                   'rules': 0.1, 'security': 0.1, 'roles': 0.1}
        drawn = [f for f in FEATURES if rng.random() < chances.get(f, 0.5)]
        self.wanted = set(only if only is not None else drawn) - set(without)
        self.shape = Shape(rng, self.wanted)
        self.sessions = rng.choice([1, 1, 1, 2, 2, 3])
        self.length = rng.choice([10, 16, 25])
        self.maker = Definitions(rng, self.shape)
        self.transactions = 0
        self.cursors = {}
        self.waiting = {}           # steps that follow, by session
        self.weights = self.choose_weights()

    def choose_weights(self):
        """How often each kind of statement comes, in this sequence."""
        m = self.maker
        weights = {m.insert: 6, m.update: 6, m.delete: 3, m.insert_select: 2, m.upsert: 3, m.update_from: 1, m.merge: 3,
                   m.copy: 1, m.cursor: 1, m.block: 1}
        if 'several' in self.wanted:
            weights[m.several] = 6
        if 'truncate' in self.wanted:
            weights[m.truncate] = 2
        if 'rare' in self.wanted:
            weights.update({m.nested: 1, m.loop: 0.5, m.prepared_statement: 1, m.lock_rows: 1})
        if self.shape.keys:
            weights[m.of_key] = 6
        for feature, maker, weight in (
                ('parts', m.parts_of_source, 3), ('rename', m.rename, 1), ('logged', m.logged, 0.7), ('alter', m.alter_column, 1),
                ('owner', m.owner, 0.7), ('roles', m.role, 2), ('uncounted', m.uncounted, 0.7), ('track', m.untrack, 1), ('upkeep', m.upkeep, 2)):
            if feature in self.wanted:
                weights[maker] = weight
        for maker in list(weights):
            if self.rng.random() < 0.2:
                del weights[maker]
        if not weights:
            weights[m.update] = 1
        return weights

    def make_schema(self, player):
        """Makes the schema, at once if that can be; what is recorded are the single steps."""
        setup = [Step(1, sql, 'setup') for sql in self.shape.setup]
        if player.sessions[0].run('; '.join(self.shape.setup)).ok:
            for step in setup:
                step.result = 'ok'
            player.done = setup
        else:
            for step in setup:
                player.step(step)
        player.refresh(player.sessions[0])

    def first_rows(self):
        m = self.maker
        steps = []
        for _ in range(self.rng.randint(0, 3)):
            step = m.insert(m.world.source.name)
            step.kind = 'setup'
            steps.append(step)
        return steps

    def tracks(self):
        rng = self.rng
        n = rng.choice([1, 1, 2, 3])
        return [self.maker.track_as('h%d' % (i + 1), rng.choice((None,) + CONDITIONS) if 'conditions' in self.wanted else None)
                for i in range(n)]

    def control(self, player, session):
        """A statement that begins, ends or divides a transaction, or None."""
        rng = self.rng
        choice = rng.random()
        number = session.name
        if session.idle:
            gone = player.ask('SELECT gid FROM pg_prepared_xacts WHERE database = current_database()')
            if gone and choice < 0.3:
                return Step(number, "%s PREPARED '%s'" % (rng.choice(['COMMIT', 'COMMIT', 'ROLLBACK']), rng.choice(gone)[0]))
            if choice < (0.2 if self.sessions == 1 else 0.45):
                levels = ['', ' ISOLATION LEVEL REPEATABLE READ', ' ISOLATION LEVEL SERIALIZABLE']
                self.transactions = 0
                return Step(number, 'BEGIN' + (rng.choice(levels) if 'isolation' in self.wanted else ''))
            return None
        if session.aborted:
            return Step(number, rng.choice(['ROLLBACK', 'COMMIT'] + 2 * ['ROLLBACK TO a' if session in player.divided else 'ROLLBACK']))
        if choice < 0.13:
            return Step(number, 'COMMIT')
        if choice < 0.17:
            return Step(number, 'ROLLBACK')
        if choice < 0.2 and 'prepare' in self.wanted:
            return Step(number, "PREPARE TRANSACTION '%s_%s'" % (
                player.control.info.dbname, self.shape.name('x')))
        if choice < 0.3 and 'sub' in self.wanted:
            return Step(number, rng.choice(
                ['SAVEPOINT a', 'ROLLBACK TO a', 'RELEASE a'] if session in player.divided else ['SAVEPOINT a']))
        if choice < 0.37:
            return Step(number, '', 'check')
        if choice < 0.4:
            return Step(number, '', 'fetch' if session in player.looks else 'look')
        return None

    def next(self, player, session):
        """The next step of this session."""
        queue = self.waiting.setdefault(session.name, [])
        if session.aborted:
            queue.clear()
        if queue:
            return queue.pop(0)
        world = player.world_of(session)
        step = self.control(player, session)
        if step is not None or not comparable(world):
            return step
        self.maker.world = world
        makers = list(self.weights)
        made = self.rng.choices(makers, list(self.weights.values()))[0]()
        steps = made if isinstance(made, list) else [made]
        for step in steps:
            step.session = session.name
        queue.extend(steps[1:])
        return steps[0]

    def play(self, player):
        """Plays all of it."""
        player.begin(self.shape.account_type)
        self.make_schema(player)
        self.maker.world = player.world
        if not comparable(player.world):
            return
        for step in self.first_rows() + self.tracks():
            step.session = 1
            player.step(step)
        for _ in range(self.length):
            free = [s for s in player.sessions[:self.sessions] if s not in player.pending]
            if not free:
                if player.look_at_pending():
                    player.compare(None, player.done[-1])
                continue
            step = self.next(player, self.rng.choice(free))
            if step is not None:
                player.step(step)
        player.finish()
