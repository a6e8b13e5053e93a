# client: psycopg 3
# needs: python3-psycopg
import psycopg
from common import *

db = psycopg.connect("", autocommit=True)
run = lambda sql, *values: db.execute(sql, values)
one = lambda sql, *values: run(sql, *values).fetchone()[0]
plan = lambda sql, *values: index(run("EXPLAIN " + sql, *values).fetchall())
FILTER = "SELECT id FROM entries WHERE account = %s"


def found(sql, value):
    yes(one(sql, value) == 3)
    return plan(sql, value)


def filter_varchar():
    class Varchar(str):
        pass

    class Dumper(psycopg.types.string.StrDumper):
        oid = psycopg.adapters.types["varchar"].oid

    db.adapters.register_dumper(Varchar, Dumper)
    return found(FILTER, Varchar(THIRD))


def null():
    run("INSERT INTO entries (id, bn, account) VALUES (20002, %s, %s)", None, None)
    return yes(one("SELECT account FROM entries WHERE id = 20002") is None)


def arrays():
    run("UPDATE entries SET accounts = %s WHERE id = 1", [FIRST, SECOND])
    return array(one("SELECT accounts FROM entries WHERE id = 1"))


def arrays_cast():
    run("UPDATE entries SET accounts = %s::text[]::program_account[] WHERE id = 1", [FIRST, SECOND])
    return array(one("SELECT accounts FROM entries WHERE id = 1"))


def copy(form):
    run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
    run("TRUNCATE c")
    with db.cursor().copy(f"COPY c FROM STDIN (FORMAT {form})") as to:
        if form == "binary":
            to.set_types(["int4", "text", "text"])
        to.write_row((1, BN, FIRST))
    with db.cursor().copy(f"COPY c TO STDOUT (FORMAT {form})") as out:
        out.set_types(["int4", "text", "text"])
        return yes(list(out.rows()) == [(1, BN, FIRST)] if form == "binary"
                   else list(out.rows()) == [(1, BN, FIRST)])


def json_both():
    yes(one("SELECT to_jsonb(e) FROM entries e WHERE id = 1")["account"] == FIRST)
    run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, %s)", RECORD)
    return yes(one("SELECT account FROM entries WHERE id = 30001") == "123456782RC0009")


cell("select", lambda: yes(run(SELECT).fetchone() == (FIRST, BN)))
cell("insert", lambda: yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, %s, %s)", BN, OTHER).rowcount == 1))
cell("update", lambda: yes(run("UPDATE entries SET account = %s WHERE id = 20001", "123456782RC0002").rowcount == 1))
cell("filter", lambda: found(FILTER, THIRD))
cell("varchar", filter_varchar)
cell("any", lambda: plan("SELECT id FROM entries WHERE account = ANY(%s)", [FIRST, SECOND])
     if run("SELECT id FROM entries WHERE account = ANY(%s)", [FIRST, SECOND]).rowcount == 2 else yes(False),
     lambda: plan("SELECT id FROM entries WHERE account = ANY(%s::text[])", [FIRST, SECOND]))
cell("like", lambda: yes(one("SELECT count(*) FROM entries WHERE account LIKE %s", LIKE) == 99))
cell("null", null)
cell("array", arrays, arrays_cast)
cell("copy text", lambda: copy("text"))
cell("copy binary", lambda: copy("binary"))
cell("json", json_both)
refusal(lambda: run("INSERT INTO entries (id, bn) VALUES (20003, %s)", BAD))
