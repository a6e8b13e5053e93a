# client: asyncpg
# needs: python3-asyncpg
import asyncio
import io
import asyncpg
from common import *

wait = asyncio.new_event_loop().run_until_complete
db = wait(asyncpg.connect())
run = lambda *query: wait(db.execute(*query))
rows = lambda *query: [tuple(row) for row in wait(db.fetch(*query))]


def copy_text():
    run("CREATE TEMP TABLE c (id int4, bn bn9, account program_account)")
    wait(db.copy_to_table("c", source=io.BytesIO(f"1\t{BN}\t{FIRST}\n".encode()), format="text"))
    out = io.BytesIO()
    wait(db.copy_from_table("c", output=out, format="text"))
    return yes(out.getvalue() == f"1\t{BN}\t{FIRST}\n".encode())


def copy():
    """asyncpg copies records in binary only, with the codec of each column."""
    run("TRUNCATE c")
    wait(db.copy_records_to_table("c", records=[(1, BN, FIRST)]))
    return yes(rows("SELECT * FROM c") == [(1, BN, FIRST)])


def copy_codec():
    """The types' binary form is their text: say so, and binary COPY works."""
    for t in ("bn9", "program_account"):
        wait(db.set_type_codec(t, encoder=str.encode, decoder=bytes.decode, format="binary"))
    return copy()


statements(rows, lambda *query: int(run(*query).split()[-1]), ("$1", "$2"), array_cast="::text[]::program_account[]")
cell("copy text", copy_text)
cell("copy binary", copy, copy_codec, words=("", "codec"))
wait(db.close())
