# client: psqlODBC
# needs: python3-pyodbc odbc-postgresql
import os
import pyodbc
from common import *

db = pyodbc.connect(
    "Driver={PostgreSQL Unicode};Server=127.0.0.1;Port=%(PGPORT)s;Database=%(PGDATABASE)s;Uid=%(PGUSER)s;Pwd=%(CARM_PASSWORD)s;"
    "UseServerSidePrepare=1" % os.environ, autocommit=True)
run = lambda sql, *values: db.cursor().execute(sql, *values)
one = lambda sql, *values: run(sql, *values).fetchone()[0]


def found(sql, *values, rows=1):
    yes(len(run(sql, *values).fetchall()) == rows)
    return index(run("EXPLAIN " + sql, *values).fetchall())


def null():
    run("INSERT INTO entries (id, bn, account) VALUES (20002, ?, ?)", None, None)
    return yes(one("SELECT account FROM entries WHERE id = 20002") is None)


def arrays(cast=""):
    run(f"UPDATE entries SET accounts = ?{cast} WHERE id = 1", "{%s,%s}" % (FIRST, SECOND))
    return array(one("SELECT accounts FROM entries WHERE id = 1"))


def json_both(cast=""):
    yes(one("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1") == FIRST)
    run(f"INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, ?{cast})", RECORD)
    return yes(one("SELECT account FROM entries WHERE id = 30001") == "123456782RC0009")


cell("select", lambda: yes(tuple(run(SELECT).fetchone()) == (FIRST, BN)))
cell("insert", lambda: yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, ?, ?)", BN, OTHER).rowcount == 1))
cell("update", lambda: yes(run("UPDATE entries SET account = ? WHERE id = 20001", "123456782RC0002").rowcount == 1))
cell("filter", lambda: found("SELECT id FROM entries WHERE account = ?", THIRD))
cell("varchar", lambda: found("SELECT id FROM entries WHERE account = CAST(? AS varchar)", THIRD))
cell("any", lambda: found("SELECT id FROM entries WHERE account = ANY(?)", "{%s,%s}" % (FIRST, SECOND), rows=2),
     lambda: found("SELECT id FROM entries WHERE account = ANY(?::text[])", "{%s,%s}" % (FIRST, SECOND), rows=2))
cell("like", lambda: yes(one("SELECT count(*) FROM entries WHERE account LIKE ?", LIKE) == 99))
cell("null", null)
cell("array", arrays, lambda: arrays("::program_account[]"))
cell("copy text", None)
cell("copy binary", None)
cell("json", json_both, lambda: json_both("::jsonb"))
refusal(lambda: run("INSERT INTO entries (id, bn) VALUES (20003, ?)", BAD))
