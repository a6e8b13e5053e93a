# client: SQLAlchemy
# needs: python3-sqlalchemy python3-psycopg2
import json
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from common import *

db = sa.create_engine("postgresql+psycopg2://", isolation_level="AUTOCOMMIT").connect()
meta = sa.MetaData()
entries = sa.Table(
    "entries", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("bn", sa.String),
    sa.Column("account", sa.String), sa.Column("accounts", ARRAY(sa.String)))
ids = sa.select(entries.c.id)


def found(query, rows=1):
    yes(len(db.execute(query).fetchall()) == rows)
    text = query.compile(db, compile_kwargs={"render_postcompile": True})
    return index(db.exec_driver_sql("EXPLAIN " + str(text), text.params).fetchall())


def null():
    db.execute(entries.insert().values(id=20002, bn=None, account=None))
    return yes(db.execute(sa.select(entries.c.account).where(entries.c.id == 20002)).scalar() is None)


def arrays(column):
    db.execute(entries.update().where(entries.c.id == 1).values(accounts=[FIRST, SECOND]))
    return array(db.execute(sa.select(column).where(entries.c.id == 1)).scalar())


def json_both():
    got = db.execute(sa.text("SELECT to_jsonb(e) FROM entries e WHERE id = 1")).scalar()
    yes(got["account"] == FIRST)
    db.execute(sa.text("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, :r)"), {"r": RECORD})
    return yes(db.execute(sa.select(entries.c.account).where(entries.c.id == 30001)).scalar() == "123456782RC0009")


account = entries.c.account
cell("select", lambda: yes(tuple(db.execute(sa.select(account, entries.c.bn).where(entries.c.id == 1)).fetchone()) == (FIRST, BN)))
cell("insert", lambda: yes(db.execute(entries.insert().values(id=20001, bn=BN, account=OTHER)).rowcount == 1))
cell("update", lambda: yes(db.execute(entries.update().where(entries.c.id == 20001).values(account="123456782RC0002")).rowcount == 1))
cell("filter", lambda: found(ids.where(account == THIRD)))
cell("varchar", lambda: found(ids.where(account == sa.cast(THIRD, sa.String))))
cell("any", lambda: found(ids.where(account.in_([FIRST, SECOND])), 2))
cell("like", lambda: yes(len(db.execute(ids.where(account.like(LIKE))).fetchall()) == 99))
cell("null", null)
cell("array", lambda: arrays(entries.c.accounts), lambda: arrays(sa.cast(entries.c.accounts, ARRAY(sa.String))))
beneath = db.connection.cursor
cell("copy text", lambda: copy_expert(db.exec_driver_sql, beneath(), "text", "driver"))
cell("copy binary", lambda: copy_expert(db.exec_driver_sql, beneath(), "binary", "driver"))
cell("json", json_both)
refusal(lambda: db.execute(entries.insert().values(id=20003, bn=BAD)))
