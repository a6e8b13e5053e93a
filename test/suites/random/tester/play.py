"""Plays a sequence of statements over a few sessions, and compares after each.

A Step is one statement of one session. A Finding is what must not be: a
difference that the guide doesn't allow, an internal error, a crash.
"""

import re
from decimal import Decimal, getcontext

import psycopg2

from .sessions import Crash, Session, Stuck
from .world import World, comparable

DEFINES = re.compile(r'\b(CREATE|ALTER|DROP|REINDEX|CLUSTER|FULL|REPACK|TRUNCATE|rebuild_duties|track_duties|untrack_duties|DISCARD)\b')
TRANSACTION = re.compile(r'\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE TRANSACTION|SET|START)\b')
# What changes what older snapshots see, in the server itself.
UNSAFE = re.compile(r'TRUNCATE|SET (UN)?LOGGED|TYPE|track_duties|rebuild_duties|ATTACH|DETACH|DROP TABLE|INHERIT|CLUSTER|REPACK|ADD ')
SNAPSHOT_STAYS = re.compile(r'BEGIN ISOLATION LEVEL (REPEATABLE READ|SERIALIZABLE)')
ALL = '*'


getcontext().prec = 200     # sums are exact


class Step:
    """One statement: of which session, and what the rules need to know of it."""

    def __init__(self, session, sql, kind='', names=(), taints=(), target=None):
        self.session = session
        self.sql = sql
        self.kind = kind            # setup, dml, check, look, fetch, or nothing
        self.names = tuple(names)   # the tables it writes to by name
        self.taints = tuple(taints)  # the tables whose rows it adds or takes away uncounted
        self.target = target        # (name, condition) of what it tracks
        self.result = ''            # what came of it, when last played
        self.shown = sql            # what was sent, for those without a statement of their own


class Finding(Exception):
    """What must not be."""

    def __init__(self, kind, text):
        super().__init__('%s: %s' % (kind, text))
        self.kind = kind
        self.text = text


def slice_of(day):
    """The first day of the slice of month that a day is in."""
    of_month = int(day[8:])
    return day[:8] + ('25' if of_month >= 25 else '20' if of_month >= 20 else '18' if of_month >= 18 else '01')


def amounts(text):
    """Slices and amounts of a history's text form."""
    return {item[:10]: Decimal(item[11:]) for item in text.strip('{}').split(',') if item}


def written(slices):
    return 'nothing' if slices is None else '{%s}' % ','.join('%s:%s' % item for item in sorted(slices.items()))


class Player:
    """A database, its sessions, and the sequence played there."""

    def __init__(self, dsn, sessions=4, allowed=()):
        # sequences use three; one is kept to end prepared transactions that the others wait for
        self.dsn = dsn
        self.count = sessions
        self.allowed = set(allowed)     # kinds of findings to pass over
        self.stats = {}                 # errors by code and message
        self.passed_over = {}
        self.checks = 0
        self.control = None
        self.sessions = []
        self.connect()

    def connect(self):
        self.control = psycopg2.connect(self.dsn)
        self.control.autocommit = True
        self.ask(World.PREPARE)
        # what a lost connection left running
        self.ask('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity'
                 ' WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = \'client backend\'')
        self.sessions = [Session(self.dsn + " options='-c client_min_messages=error'", n + 1) for n in range(self.count)]

    def close(self):
        for session in self.sessions:
            session.close()
        self.control.close()

    def ask(self, sql):
        """The rows of a query by the connection that only looks; None where a lock is in the way."""
        with self.control.cursor() as cursor:
            try:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []
            except psycopg2.errors.LockNotAvailable:
                return None

    def waits(self, pid):
        """Whether something blocks it: one that was let go but hasn't run since still shows its wait event."""
        return bool(self.ask('SELECT 1 WHERE cardinality(pg_blocking_pids(%d)) > 0' % pid))

    #
    # A sequence
    #

    def begin(self, account_type):
        """An empty schema, for sequences on accounts of this type."""
        for session in self.sessions:
            if session.sent is not None:
                self.ask('SELECT pg_cancel_backend(%d)' % session.pid)
                session.finished(session.PATIENCE)
            if not session.idle:
                session.run('ROLLBACK')
            if session.used:
                session.run('DISCARD ALL')
                session.used = False
        for (name,) in self.ask('SELECT gid FROM pg_prepared_xacts WHERE database = current_database()'):
            self.ask("ROLLBACK PREPARED '%s'" % name)
        self.ask("SET lock_timeout = '10s'")
        self.ask('DROP SCHEMA IF EXISTS s CASCADE')
        self.ask('CREATE SCHEMA s; GRANT ALL ON SCHEMA s TO PUBLIC')
        self.ask("SET lock_timeout = '30ms'")
        self.account_type = account_type
        self.done = []
        self.pending = {}               # session: (step, taint before)
        self.known = {}                 # conditions of live histories, by the name they are made with
        self.ids = {'targets': {}}
        self.world = World(self.ask, self.ids, self.known, World.EXECUTE)
        self.own_world = {}             # of sessions in whose transaction something was defined
        self.tainted = set()            # accounts that may differ
        self.leaving = set()            # sessions in whose transaction rows went uncounted
        self.replica = set()            # sessions whose statements fire no triggers
        self.clock = 0
        self.unsafe_at = 0
        self.snapshot_at = {}
        self.stays = set()              # sessions whose snapshot stays
        self.unreadable = None          # why what is committed could not be read
        self.divided = set()            # sessions with a savepoint
        self.looks = {}                 # targets of the cursor "look", by session

    def world_of(self, session):
        return self.own_world.get(session, self.world)

    def refresh(self, session):
        """Looks again at what there is, as this session sees it."""
        if session.idle:
            self.own_world.pop(session, None)
            self.world = World(self.ask, self.ids, self.known, World.EXECUTE)
            for waiting, (step, names) in self.pending.items():
                # what it waited for may have turned triggers off
                if not names and self.uncounted(waiting, step):
                    self.pending[waiting] = (step, self.uncounted(waiting, step))
                    self.tainted.add(ALL)
        elif session.in_transaction:
            self.own_world[session] = World(lambda sql: session.run(sql).rows, self.ids, self.known)

    def key(self, account):
        """Accounts that are equal have one key."""
        if account is None or account == ALL:
            return account
        if 'nocase' in self.account_type:
            return account.lower()
        if self.account_type == 'numeric':
            return str(Decimal(account).normalize())
        return account.rstrip() if 'char(' in self.account_type else account

    def accounts_in(self, session, names):
        """The accounts of these tables' rows, for a session that can be asked."""
        world = self.world_of(session)
        found = set()
        for name in names:
            relation = world.find(name)
            if relation is None or relation.depth < 0 or 'account' not in world.columns:
                continue
            outcome = self.run_or_cancel(session, 'SELECT DISTINCT %s::text FROM %s' % (world.columns['account'], name))
            if not outcome.ok:
                return {ALL}
            found |= {self.key(account) for (account,) in outcome.rows if account is not None}
        return found

    def uncounted(self, session, step):
        """The tables whose rows this step may change uncounted."""
        world = self.world_of(session)
        names = [name for name in step.taints]
        if step.kind == 'dml' and world.source is not None:
            if session in self.replica or world.uncounted_by_name(world.source.name):
                names.append(world.source.name)
            names += [name for name in step.names if world.uncounted_by_name(name)]
        return names

    def step(self, step):
        """Plays one step. Its session must not be waiting."""
        session = self.sessions[step.session - 1]
        if session in self.pending:
            step.result = 'not played: the session was waiting'
            return
        self.clock += 1
        self.done.append(step)
        if step.kind in ('check', 'look', 'fetch'):
            if session.idle or session.in_transaction:
                {'check': self.compare, 'look': self.look, 'fetch': self.fetch}[step.kind](session, step)
            return
        names = [] if session.aborted else self.uncounted(session, step)
        self.tainted |= self.accounts_in(session, names)
        if names and session in self.stays:
            self.tainted.add(ALL)       # it doesn't see what others have brought since
        if session.idle and SNAPSHOT_STAYS.match(step.sql):
            self.stays.add(session)
        elif session in self.stays and session not in self.snapshot_at and not TRANSACTION.match(step.sql):
            self.snapshot_at[session] = self.clock
        session.send(step.sql)
        outcome = session.finish(self.waits)
        if outcome is None:
            step.result = 'waits'
            if names:               # others may bring rows meanwhile
                self.tainted.add(ALL)
            self.pending[session] = (step, names)
            return
        compare = self.ended(session, step, names, outcome)
        compare = self.look_at_pending() or compare
        if compare:
            self.compare(None, step)

    def finish(self):
        """Ends all transactions, compares what is left, and mends what may be wrong."""
        while True:
            free = [s for s in self.sessions if s not in self.pending and not s.idle]
            gone = [] if self.pending and free else self.ask(
                'SELECT gid FROM pg_prepared_xacts WHERE database = current_database()')
            idle = [s for s in self.sessions if s.idle]
            if free:
                self.step(Step(free[0].name, 'COMMIT'))
            elif gone and idle:
                # the last session never takes another role, which may not end it
                self.step(Step(idle[-1].name, "COMMIT PREPARED '%s'" % gone[0]))
                if self.done[-1].result != 'ok':
                    self.found('stuck', self.done[-1].result)
            elif not self.pending:
                break
            else:
                # all wait for each other: the server ends that
                if self.look_at_pending():
                    self.compare(None, self.done[-1])
        session = self.sessions[0]
        if not self.compare(None, self.done[-1], verify=True) and comparable(self.world) and self.world.targets:
            self.step(Step(1, "SELECT rebuild_duties('%s')" % self.world.source.name, kind='mend'))
            if self.done[-1].result == 'ok':
                self.tainted.clear()
                self.unreadable = None
                self.compare(None, self.done[-1], verify=True)
                if self.unreadable:
                    self.found('not mended', self.unreadable)
            elif not self.done[-1].result.startswith(('55000', '42501', '0A000')):
                self.found('not mended', self.done[-1].result)
        if comparable(self.world) and self.world.targets and session.idle:
            self.check_names()
            if self.clock % 3 == 0:
                self.step(Step(1, "SELECT fold_duties('%s')" % self.world.source.name))
            elif self.clock % 3 == 1:
                self.step(Step(1, "SELECT untrack_duties('%s')" % self.world.source.name))
                self.check_nothing_left()

    def check_names(self):
        """tracked_duties must tell what is tracked, by the names of now."""
        shown = self.ask('SELECT target::oid, source::oid, quote_ident(account), quote_ident(dated), quote_ident(amount) FROM tracked_duties()')
        for target in self.world.targets:
            expected = (self.world.find(target.name).oid, self.ids['source'],
                        *(self.world.columns[role] for role in ('account', 'released', 'duties')))
            # what has several owners can't be told
            if shown is not None and expected not in shown and (*expected[:2], None, None, None) not in shown:
                self.found('names', 'tracked_duties lists %s, not %s' % (shown, expected))

    def check_nothing_left(self):
        """What untrack_duties leaves behind, if it was done."""
        left = self.ask("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgfoid = 'public.count_duties'::regproc"
                        " UNION ALL SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
                        " WHERE atttypid = 'public.duty_history'::regtype AND relkind IN ('r', 'v') AND relnamespace = 's'::regnamespace")
        if self.done[-1].result == 'ok' and left:
            self.found('left behind', str(left))

    def look_at_pending(self):
        """Takes in what waited and has ended since; was something committed?"""
        again = True
        compare = False
        while again:
            again = False
            for session in list(self.pending):
                outcome = session.finish(self.waits)
                if outcome is not None:
                    step, names = self.pending.pop(session)
                    compare = self.ended(session, step, names, outcome) or compare
                    again = True
        return compare

    def ended(self, session, step, names, outcome):
        """What came of a step: errors, what there is now; gives whether something was committed."""
        step.result = 'ok' if outcome.ok else '%s: %s' % (outcome.code, outcome.message)
        if not outcome.ok:
            self.judge_error(step, outcome)
        if outcome.ok and step.sql == 'SAVEPOINT a':
            self.divided.add(session)
        if outcome.ok and step.target:
            self.known[step.target[0]] = step.target[1]
            # it may have been seen before we were told, and taken for a former one of that name
            seen = self.world.find(step.target[0])
            if seen:
                self.ids['targets'][seen.oid] = step.target[1]
        if 'session_replication_role' in step.sql:
            self.replica.add(session)
        if DEFINES.search(step.sql) and step.kind != 'setup' or (session in self.own_world and not session.in_transaction) or (
                'ROLLBACK' in step.sql and session in self.own_world) or 'PREPARED' in step.sql:
            self.refresh(session)
        if outcome.ok and UNSAFE.search(step.sql):
            self.unsafe_at = self.clock
        if outcome.ok and not session.aborted and names:
            self.tainted |= self.accounts_in(session, names)
            if not session.idle and any(other.used for other in self.sessions if other is not session):
                self.leaving.add(session)
        if session.idle:
            if session in self.stays:
                self.stays.discard(session)
                self.snapshot_at.pop(session, None)
            if session in self.replica and session.run('SHOW session_replication_role').rows[0][0] == 'origin':
                self.replica.discard(session)
            if session in self.leaving:
                # others may have brought rows to what left, until it had left for them
                self.leaving.discard(session)
                self.tainted.add(ALL)
            self.own_world.pop(session, None)
            self.looks.pop(session, None)
            self.divided.discard(session)
            return outcome.ok and step.kind != 'setup'
        return False

    def judge_error(self, step, outcome):
        text = re.sub(r'"[^"]*"|\d+', '…', outcome.message)
        key = (outcome.code, text)
        self.stats[key] = self.stats.get(key, 0) + 1
        if outcome.message == 'tuple concurrently updated' and re.match(r'(GRANT|ALTER|CREATE)\b', step.sql):
            return              # the server's own commands say that of each other
        if outcome.code.startswith('XX') or outcome.code.startswith('58'):
            raise Finding('internal error', '%s: %s (%s)' % (outcome.code, outcome.message, outcome.about))
        if outcome.code == '40P01' and self.about_parts(outcome.about) and not self.own_world and not any(
                DEFINES.search(some.sql) for some in [step] + [pending for pending, _ in self.pending.values()]):
            raise Finding('deadlock', outcome.about)

    def about_parts(self, text):
        """Does a deadlock's detail name the parts of a live history?"""
        parts = self.ask("SELECT oid::text, relname FROM pg_class WHERE relname LIKE '%\\_parts%'") or []
        return any('relation %s of' % oid in text or '"%s"' % name in text for oid, name in parts)

    #
    # Comparing
    #

    def found(self, kind, text):
        """A finding, unless its kind is to be passed over."""
        if kind in self.allowed:
            self.passed_over[kind] = self.passed_over.get(kind, 0) + 1
            return
        raise Finding(kind, text)

    def query(self, session, sql):
        """Rows of a query by a session, or by the connection that only looks (None); None where it can't be run."""
        if session is None:
            try:
                return self.ask(sql)
            except psycopg2.Error as error:
                if self.control.closed:
                    raise Crash('control')
                if error.pgcode in ('55000', '42501'):
                    self.unreadable = '%s: %s' % (error.pgcode, error.diag.message_primary)
                    return None
                if error.pgcode in ('42P01', '42703') and self.look_at_pending():
                    return None     # what waited, perhaps in a deadlock, has dropped or renamed it since
                raise Finding('unreadable', '%s: %s\n%s' % (error.pgcode, error, sql))
        outcome = self.run_or_cancel(session, sql)
        if outcome.ok:
            return outcome.rows
        if outcome.code in ('42P01', '42703') and self.renamed(session):
            return None
        if outcome.code not in ('25P02', '57014', '40001', '40P01', '55000', '42501', '55P03', '42P03', '34000'):
            raise Finding('unreadable', '%s: %s\n%s' % (outcome.code, outcome.message, sql))
        return None

    def renamed(self, session):
        """Are the names that a session knows no longer those of what others see?"""
        now = World(self.ask, self.ids, self.known, World.EXECUTE)
        return self.world_of(session).names() != now.names()

    def run_or_cancel(self, session, sql):
        """The outcome of a query, which is cancelled where a lock is in its way."""
        session.send(sql)
        outcome = session.finish(self.waits)
        if outcome is None:
            self.ask('SELECT pg_cancel_backend(%d)' % session.pid)
            outcome = session.finished(session.PATIENCE)
            if outcome is None:
                raise Stuck(session.name)
        return outcome

    def wrong_accounts(self, rows, n):
        """The accounts whose sums differ from what target n shows, and how."""
        sums = {}
        shown = {}
        wrong = {}
        for which, account, day, amount, conditions in rows:
            if which == -1 and conditions[n] and None not in (account, day, amount):
                slices = sums.setdefault(self.key(account), {})
                slices[slice_of(day)] = slices.get(slice_of(day), 0) + Decimal(amount)
            elif which == n:
                if self.key(account) in shown:
                    raise Finding('twice', 'account %s is shown twice' % account)
                shown[self.key(account)] = amounts(amount)
        for account in set(sums) | set(shown):
            expected, found = sums.get(account), shown.get(account)
            if expected is not None:
                expected = {day: amount for day, amount in expected.items() if amount != 0}
            if expected != found:
                wrong[account] = 'account %s: expected %s, found %s' % (account, written(expected), written(found))
        return wrong

    def compare(self, session, step, verify=None):
        """Compares each live history with plain sums: what is committed, or what a session sees."""
        world = self.world if session is None else self.world_of(session)
        if not comparable(world) or not world.targets:
            return False
        # one that waits to be made may be there before we are told, by a condition we don't know it has
        coming = {pending.target[0] for pending, _ in self.pending.values() if pending.target}
        targets = [target for target in world.targets if world.describes(target) and target.name not in coming]
        query = world.counted(targets)
        if step.kind == 'check':
            step.shown = query
        rows = self.query(session, query)
        if rows is None:
            return False
        clean = True
        for n, target in enumerate(targets):
            wrong = self.wrong_accounts(rows, n)
            if not self.allowed_wrong(session, step, target, wrong):
                return False
            clean = clean and not wrong
            if verify or wrong or self.tainted or self.clock % 4 == 0:
                clean = self.verify(session, world, target, wrong) and clean
        if clean and session is None and not any(s.in_transaction or s.aborted or s.sent for s in self.sessions) and (
                self.tainted and not self.ask('SELECT 1 FROM pg_prepared_xacts WHERE database = current_database()')):
            self.tainted.clear()
        return clean

    def allowed_wrong(self, session, step, target, wrong):
        """Raises a finding where accounts are wrong that may not be; False where it is passed over."""
        self.checks += 1
        unexpected = set(wrong) - self.tainted if ALL not in self.tainted else set()
        if unexpected:
            old = session in self.snapshot_at and self.snapshot_at[session] < self.unsafe_at
            self.found('older snapshot' if old else 'difference', 'live history %s after %s, seen by %s:\n  %s' % (
                target.name, step.shown, 'session %d' % session.name if session else 'all',
                '\n  '.join(wrong[account] for account in sorted(unexpected))))
        return not unexpected

    def look(self, session, step):
        """Opens a cursor for what is there now; what it shows later must be of now."""
        world = self.world_of(session)
        if not comparable(world) or not world.targets or not session.in_transaction:
            return
        targets = [target for target in world.targets if world.describes(target)]
        step.shown = 'DECLARE look NO SCROLL CURSOR FOR ' + world.counted(targets)
        if self.query(session, step.shown) is not None:
            self.looks[session] = targets

    def fetch(self, session, step):
        step.shown = 'FETCH ALL FROM look'
        targets = self.looks.pop(session, [])
        rows = self.query(session, step.shown) if targets else None
        for n, target in enumerate(targets if rows else []):
            self.allowed_wrong(session, step, target, self.wrong_accounts(rows, n))
        if rows is not None:
            session.run('CLOSE look')

    def verify(self, session, world, target, wrong):
        """
        verify_duties must list the accounts that are wrong; and no other, but
        for those of which rows went uncounted that make no difference.
        """
        rows = self.query(session, "SELECT account FROM verify_duties('%s', '%s')" % (world.source.name, target.name))
        if rows is None:
            return False
        listed = {self.key(account) for (account,) in rows}
        if not set(wrong) <= listed or not listed - set(wrong) <= self.tainted and ALL not in self.tainted:
            self.found('verify', 'verify_duties lists %s of live history %s, wrong are %s' % (
                sorted(listed), target.name, sorted(wrong.items())))
        return not listed
