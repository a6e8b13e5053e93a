# client: Django
# needs: python3-django python3-psycopg2
import os
import django
from django.conf import settings
from common import *

settings.configure(DATABASES={"default": {
    "ENGINE": "django.db.backends.postgresql", "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"],
    "NAME": os.environ["PGDATABASE"], "USER": os.environ["PGUSER"]}}, INSTALLED_APPS=[], USE_TZ=True)
django.setup()
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Cast


class AccountField(models.CharField):
    """The field to declare: the column's own type instead of varchar."""
    def db_type(self, connection):
        return "program_account"


class Entry(models.Model):
    id = models.IntegerField(primary_key=True)
    bn = models.CharField(max_length=9, null=True)
    account = models.CharField(max_length=15, null=True)
    accounts = ArrayField(models.CharField(max_length=15), null=True)

    class Meta:
        db_table = "entries"
        app_label = "brokerage"
        managed = False


class TypedEntry(models.Model):
    id = models.IntegerField(primary_key=True)
    accounts = ArrayField(AccountField(max_length=15), null=True)

    class Meta:
        db_table = "entries"
        app_label = "brokerage"
        managed = False


def found(query, rows=1):
    yes(len(list(query)) == rows)
    return index(query.explain())


def null():
    Entry.objects.create(id=20002)
    return yes(Entry.objects.get(id=20002).account is None)


def arrays(model=Entry):
    model.objects.filter(id=1).update(accounts=[FIRST, SECOND])
    return array(model.objects.get(id=1).accounts)


def json_both():
    cursor = connection.cursor()
    cursor.execute("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1")
    yes(cursor.fetchone()[0] == FIRST)
    cursor.execute("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, %s)", [RECORD])
    return yes(Entry.objects.get(id=30001).account == "123456782RC0009")


some = Entry.objects.only("id")
cell("select", lambda: yes(Entry.objects.values_list("account", "bn").get(id=1) == (FIRST, BN)))
cell("insert", lambda: yes(Entry.objects.create(id=20001, bn=BN, account=OTHER)))
cell("update", lambda: yes(Entry.objects.filter(id=20001).update(account="123456782RC0002") == 1))
cell("filter", lambda: found(some.filter(account=THIRD)))
cell("varchar", lambda: found(some.filter(account=Cast(Value(THIRD), models.CharField()))))
cell("any", lambda: found(some.filter(account__in=[FIRST, SECOND]), 2))
cell("like", lambda: yes(Entry.objects.filter(account__startswith="123456782RM00").count() == 99))
cell("null", null)
cell("array", arrays, lambda: arrays(TypedEntry))
beneath = connection.cursor()
cell("copy text", lambda: copy_expert(beneath.execute, beneath, "text", "driver"))
cell("copy binary", lambda: copy_expert(beneath.execute, beneath, "binary", "driver"))
cell("json", json_both)
refusal(lambda: Entry.objects.create(id=20003, bn=BAD))
