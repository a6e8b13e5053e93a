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


statements(lambda *query: run(*query).fetchall(), lambda *query: run(*query).rowcount, ("%s", "%s"))
cell("copy text", lambda: copy_expert(run, db.cursor(), "text"))
cell("copy binary", lambda: copy_expert(run, db.cursor(), "binary"))
