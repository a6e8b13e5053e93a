"""Shrinks a sequence that fails, and writes it as a script for psql."""

from .play import Finding, Step
from .sessions import Crash, Stuck


def copy_of(step):
    return Step(step.session, step.sql, step.kind, step.names, step.taints, step.target)


def replay(player, steps, account_type):
    """Plays steps again; gives the finding, or None."""
    player.begin(account_type)
    for n, step in enumerate(steps):
        player.step(copy_of(step))
        if step.kind == 'setup' and (n + 1 == len(steps) or steps[n + 1].kind != 'setup'):
            player.refresh(player.sessions[0])
    if player.done:
        player.finish()


class Shrinker:
    """Leaves out what a failure doesn't need. fails(steps) gives the kind of the failure."""

    def __init__(self, fails, kind, tries=250):
        self.fails = fails
        self.kind = kind
        self.tries = tries

    def still(self, steps):
        if self.tries <= 0:
            return False
        self.tries -= 1
        return self.fails(steps) == self.kind

    def shrink(self, steps):
        size = max(len(steps) // 2, 1)
        while size >= 1 and self.tries > 0:
            at = len(steps)
            smaller = False
            while at > 0:
                start = max(at - size, 0)
                fewer = steps[:start] + steps[at:]
                if fewer and self.still(fewer):
                    steps = fewer
                    smaller = True
                at = start
            if not smaller or size > 1:
                if size == 1:
                    break
                size //= 2
        return self.one_session(steps)

    def one_session(self, steps):
        """The same by one session, if that fails as well."""
        if len({step.session for step in steps}) > 1:
            alone = [copy_of(step) for step in steps]
            for step in alone:
                step.session = 1
            if self.still(alone):
                return alone
        return steps


def script(steps, world, finding, seed):
    """A script that shows it, in an empty database with the extension."""
    lines = ['-- seed %s: %s: %s' % (seed, finding.kind, finding.text.split('\n')[0])]
    lines += ['--   ' + line for line in finding.text.split('\n')[1:]]
    several = len({step.session for step in steps}) > 1
    if several:
        lines.append("CREATE EXTENSION IF NOT EXISTS dblink; -- one connection for each session; ‘waits’: sent without waiting")
        for number in sorted({step.session for step in steps}):
            lines.append("SELECT dblink_connect('s%d', format('dbname=%%s options=''-csearch_path=%%s''', current_database(),"
                         " replace(current_setting('search_path'), ' ', '')));" % number)
    for step in steps:
        sql = step.shown
        note = '' if step.result in ('ok', '') else '  -- ' + step.result
        if several:
            quoted = '$do$%s$do$' % sql
            if step.result == 'waits':
                lines.append("SELECT dblink_send_query('s%d', %s);%s" % (step.session, quoted, note))
            elif sql.lstrip().upper().startswith(('SELECT', 'WITH', 'EXECUTE')):
                lines.append("SELECT * FROM dblink('s%d', %s) AS t (x text);%s" % (step.session, quoted, note))
            else:
                lines.append("SELECT dblink_exec('s%d', %s);%s" % (step.session, quoted, note))
        else:
            lines.append(sql + ';' + note)
    if world.source is not None and 'account' in world.columns:
        for target in world.targets:
            try:
                lines.append(world.comparison(target) + ';')
            except KeyError:
                pass
            lines.append("SELECT * FROM verify_duties('%s', '%s');" % (world.source.name, target.name))
    return '\n'.join(lines) + '\n'


FAILURES = (Finding, Crash, Stuck)
