# client: psqlODBC
# needs: python3-pyodbc odbc-postgresql
import os
import pyodbc
from common import *

db = pyodbc.connect(
    "Driver={PostgreSQL Unicode};Server=127.0.0.1;Port=%(PGPORT)s;Database=%(PGDATABASE)s;Uid=%(PGUSER)s;Pwd=%(CARM_PASSWORD)s;"
    "UseServerSidePrepare=1" % os.environ, autocommit=True)
run = lambda *query: db.cursor().execute(*query)
statements(lambda *query: [tuple(row) for row in run(*query).fetchall()], lambda *query: run(*query).rowcount, ("?", "?"),
           pair="{%s,%s}" % (FIRST, SECOND), json_cast="::jsonb")
cell("copy text", None)
cell("copy binary", None)
