"""Sessions that are never waited for blindly: a statement ends, or waits for a lock."""

import select
import time

import psycopg2
from psycopg2 import extensions


class Crash(Exception):
    """The connection was lost."""


class Stuck(Exception):
    """A statement neither ends nor waits for a lock."""


class Outcome:
    """What came of a statement: rows, or an error."""

    def __init__(self, rows=None, error=None):
        self.rows = rows
        self.code = error.pgcode if error else None
        self.message = str(error.diag.message_primary or error) if error else ''
        self.about = ' '.join(str(part) for part in (
            error.diag.message_detail, error.diag.message_hint, error.diag.context) if part) if error else ''

    @property
    def ok(self):
        return self.code is None


class Session:
    """A connection whose statements are sent without waiting for their end."""

    PATIENCE = 120      # seconds for a statement that isn't waiting for a lock: the machine may be busy

    def __init__(self, dsn, name):
        self.name = name
        self.conn = psycopg2.connect(dsn, async_=True)
        self.sent = None
        self.used = False           # since it was last reset
        self.cursor = None
        self.wait_for_poll(10)
        self.pid = self.conn.info.backend_pid

    def wait_for_poll(self, seconds):
        """Polls for so long; True when nothing is left to wait for."""
        end = time.monotonic() + seconds
        while True:
            try:
                state = self.conn.poll()
            except psycopg2.Error:
                if self.conn.closed or self.conn.info.transaction_status == extensions.TRANSACTION_STATUS_UNKNOWN:
                    raise Crash(self.name)
                raise
            if state == extensions.POLL_OK:
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            if state == extensions.POLL_READ:
                select.select([self.conn.fileno()], [], [], left)
            else:
                select.select([], [self.conn.fileno()], [], left)

    def send(self, sql):
        self.used = True
        try:
            self.cursor = self.conn.cursor()
            self.cursor.execute(sql)
        except psycopg2.Error:
            raise Crash(self.name)
        self.sent = sql

    def finished(self, seconds):
        """The outcome of what was sent, or None if it has none so long."""
        try:
            if not self.wait_for_poll(seconds):
                return None
            rows = self.cursor.fetchall() if self.cursor.description else []
            outcome = Outcome(rows)
        except psycopg2.Error as error:
            outcome = Outcome(error=error)
            if outcome.code is None or outcome.code.startswith('57P'):
                raise Crash(self.name)
        self.sent = None
        return outcome

    def finish(self, waits):
        """Waits until the statement has ended, or waits(pid) twice for a lock."""
        end = time.monotonic() + self.PATIENCE
        seen = 0
        pause = 0.01
        while time.monotonic() < end:
            outcome = self.finished(pause)
            if outcome is not None:
                return outcome
            pause = min(pause * 1.5, 0.1)
            seen = seen + 1 if waits(self.pid) else 0
            if seen >= 2:
                return None
        raise Stuck(self.name)

    def run(self, sql):
        """Sends a statement that waits for nobody, and gives its outcome."""
        self.send(sql)
        outcome = self.finished(self.PATIENCE)
        if outcome is None:
            raise Stuck(self.name)
        return outcome

    @property
    def idle(self):
        """In no transaction, and at no statement."""
        return self.sent is None and self.conn.info.transaction_status == extensions.TRANSACTION_STATUS_IDLE

    @property
    def in_transaction(self):
        """In a transaction that can go on."""
        return self.sent is None and self.conn.info.transaction_status == extensions.TRANSACTION_STATUS_INTRANS

    @property
    def aborted(self):
        return self.sent is None and self.conn.info.transaction_status == extensions.TRANSACTION_STATUS_INERROR

    def close(self):
        try:
            self.conn.close()
        except psycopg2.Error:
            pass
