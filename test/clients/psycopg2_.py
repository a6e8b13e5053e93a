# client: psycopg2
# needs: python3-psycopg2
import psycopg2
from common import *

db = psycopg2.connect("")
db.autocommit = True


def run(sql, *values):
    cursor = db.cursor()
    cursor.execute(sql, values)
    return cursor


one = lambda sql, *values: run(sql, *values).fetchone()[0]


def found(sql, value, rows=1):
    yes(run(sql, value).rowcount == rows)
    return index(run("EXPLAIN " + sql, value).fetchall())


def null():
    run("INSERT INTO entries (id, bn, account) VALUES (20002, %s, %s)", None, None)
    return yes(one("SELECT account FROM entries WHERE id = 20002") is None)


def arrays(cast=""):
    run(f"UPDATE entries SET accounts = %s{cast} WHERE id = 1", [FIRST, SECOND])
    return array(one("SELECT accounts FROM entries WHERE id = 1"))


def json_both():
    yes(one("SELECT to_jsonb(e) FROM entries e WHERE id = 1")["account"] == FIRST)
    run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, %s)", RECORD)
    return yes(one("SELECT account FROM entries WHERE id = 30001") == "123456782RC0009")


cell("select", lambda: yes(run(SELECT).fetchone() == (FIRST, BN)))
cell("insert", lambda: yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, %s, %s)", BN, OTHER).rowcount == 1))
cell("update", lambda: yes(run("UPDATE entries SET account = %s WHERE id = 20001", "123456782RC0002").rowcount == 1))
cell("filter", lambda: found("SELECT id FROM entries WHERE account = %s", THIRD))
cell("varchar", lambda: found("SELECT id FROM entries WHERE account = CAST(%s AS varchar)", THIRD))
cell("any", lambda: found("SELECT id FROM entries WHERE account = ANY(%s)", [FIRST, SECOND], 2),
     lambda: found("SELECT id FROM entries WHERE account = ANY(%s::text[])", [FIRST, SECOND], 2))
cell("like", lambda: yes(one("SELECT count(*) FROM entries WHERE account LIKE %s", LIKE) == 99))
cell("null", null)
cell("array", arrays, lambda: arrays("::program_account[]"))
cell("copy text", lambda: copy_expert(run, db.cursor(), "text"))
cell("copy binary", lambda: copy_expert(run, db.cursor(), "binary"))
cell("json", json_both)
refusal(lambda: run("INSERT INTO entries (id, bn) VALUES (20003, %s)", BAD))
