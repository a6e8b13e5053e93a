# client: psycopg 3
# needs: python3-psycopg
import psycopg
from common import *

db = psycopg.connect("", autocommit=True)
run = lambda sql, *values: db.execute(sql, values)


class Varchar(str):
    """A string that is sent as varchar."""


class Dumper(psycopg.types.string.StrDumper):
    oid = psycopg.adapters.types["varchar"].oid


db.adapters.register_dumper(Varchar, Dumper)


def copy(form):
    run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
    run("TRUNCATE c")
    with db.cursor().copy(f"COPY c FROM STDIN (FORMAT {form})") as to:
        if form == "binary":
            to.set_types(["int4", "text", "text"])
        to.write_row((1, BN, FIRST))
    with db.cursor().copy(f"COPY c TO STDOUT (FORMAT {form})") as out:
        out.set_types(["int4", "text", "text"])
        return yes(list(out.rows()) == [(1, BN, FIRST)])


statements(lambda *query: run(*query).fetchall(), lambda *query: run(*query).rowcount, ("%s", "%s"),
           array_cast="::text[]::program_account[]", varchar=Varchar(THIRD))
cell("copy text", lambda: copy("text"))
cell("copy binary", lambda: copy("binary"))
