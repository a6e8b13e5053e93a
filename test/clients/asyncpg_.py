# client: asyncpg
# needs: python3-asyncpg
import asyncio
import io
import json
import asyncpg
from common import *

loop = asyncio.new_event_loop()
wait = loop.run_until_complete
db = wait(asyncpg.connect())
run = lambda sql, *values: wait(db.execute(sql, *values))
rows = lambda sql, *values: [tuple(r) for r in wait(db.fetch(sql, *values))]
one = lambda sql, *values: rows(sql, *values)[0][0]


def found(sql, value, count=1):
    yes(len(rows(sql, value)) == count)
    return index(rows("EXPLAIN " + sql, value))


def null():
    run("INSERT INTO entries (id, bn, account) VALUES (20002, $1, $2)", None, None)
    return yes(one("SELECT account FROM entries WHERE id = 20002") is None)


def arrays(cast=""):
    run(f"UPDATE entries SET accounts = $1{cast} WHERE id = 1", [FIRST, SECOND])
    return array(one("SELECT accounts FROM entries WHERE id = 1"))


def copy_text():
    run("CREATE TEMP TABLE c (id int4, bn bn9, account program_account)")
    wait(db.copy_to_table("c", source=io.BytesIO(f"1\t{BN}\t{FIRST}\n".encode()), format="text"))
    out = io.BytesIO()
    wait(db.copy_from_table("c", output=out, format="text"))
    return yes(out.getvalue() == f"1\t{BN}\t{FIRST}\n".encode())


def copy():
    """asyncpg copies records in binary only, with the codec of each column."""
    run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
    wait(db.copy_records_to_table("c", records=[(1, BN, FIRST)]))
    return yes(rows("SELECT * FROM c") == [(1, BN, FIRST)])


def copy_codec():
    """The types' binary form is their text: say so, and binary COPY works."""
    for t in ("bn9", "program_account"):
        wait(db.set_type_codec(t, encoder=str.encode, decoder=bytes.decode, format="binary"))
    run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
    wait(db.copy_records_to_table("c", records=[(1, BN, FIRST)]))
    return yes(rows("SELECT * FROM c") == [(1, BN, FIRST)])


def json_both():
    yes(json.loads(one("SELECT to_jsonb(e) FROM entries e WHERE id = 1"))["account"] == FIRST)
    run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)", RECORD)
    return yes(one("SELECT account FROM entries WHERE id = 30001") == "123456782RC0009")


cell("select", lambda: yes(rows(SELECT) == [(FIRST, BN)]))
cell("insert", lambda: yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, $1, $2)", BN, OTHER) == "INSERT 0 1"))
cell("update", lambda: yes(run("UPDATE entries SET account = $1 WHERE id = 20001", "123456782RC0002") == "UPDATE 1"))
cell("filter", lambda: found("SELECT id FROM entries WHERE account = $1", THIRD))
cell("varchar", lambda: found("SELECT id FROM entries WHERE account = $1::varchar", THIRD))
cell("any", lambda: found("SELECT id FROM entries WHERE account = ANY($1)", [FIRST, SECOND], 2),
     lambda: found("SELECT id FROM entries WHERE account = ANY($1::text[])", [FIRST, SECOND], 2))
cell("like", lambda: yes(one("SELECT count(*) FROM entries WHERE account LIKE $1", LIKE) == 99))
cell("null", null)
cell("array", arrays, lambda: arrays("::text[]::program_account[]"))
cell("copy text", copy_text)
run("TRUNCATE c")
try:
    word = copy()
except Exception:
    try:
        word = copy_codec().replace("yes", "codec")
    except Exception as e:
        word = f"no ({state(e) or name(e)})"
print("copy binary\t" + word)
cell("json", json_both)
refusal(lambda: run("INSERT INTO entries (id, bn) VALUES (20003, $1)", BAD))
wait(db.close())
