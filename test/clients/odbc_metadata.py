#!/usr/bin/env python3
"""What psqlODBC tells a tool of tables with our types and of the reporting
views: the metadata that Excel, Access, Tableau or Power BI build on."""
import decimal
import datetime
import os

import pyodbc

SERVER = ('DRIVER={PostgreSQL Unicode};SERVER=127.0.0.1;DATABASE=broker;UID=broker;PORT=%s;PWD=%s'
          % (os.environ['PGPORT'], os.environ['CARM_PASSWORD']))
STRINGS = (pyodbc.SQL_WVARCHAR, pyodbc.SQL_VARCHAR)
OURS = ('bn9', 'program_account', 'duty_history', 'security_form', 'billing_stream')
VIEWS = ('text', 'date', 'numeric', 'int4', 'int8', 'bool')


def check(holds, name):
    print(('ok' if holds else 'not ok') + ' - ODBC: ' + name)


# a boolean as such, and text as no memo, which tools can't sort or join by
db = pyodbc.connect(SERVER + ';BoolsAsChar=0;TextAsLongVarchar=0')
cursor = db.cursor()

tables = cursor.columns(schema='public').fetchall()
ours = [c for c in tables if c.type_name in OURS]
check(len(ours) > 10 and all(c.data_type in STRINGS and c.column_size >= 9 for c in ours),
      '%d columns of our types are strings' % len(ours))

views = cursor.columns(schema='reporting').fetchall()
kinds = {'text': pyodbc.SQL_WVARCHAR, 'date': pyodbc.SQL_TYPE_DATE, 'numeric': pyodbc.SQL_NUMERIC,
         'int4': pyodbc.SQL_INTEGER, 'int8': pyodbc.SQL_BIGINT, 'bool': pyodbc.SQL_BIT}
check(len(views) > 60 and all(kinds.get(c.type_name) == c.data_type for c in views),
      '%d columns of the views are text, days, money, integers and booleans' % len(views))
check({c.table_name for c in views if c.column_name in ('account', 'business_number') and c.type_name == 'text'}
      == {t.table_name for t in cursor.tables(schema='reporting', tableType='VIEW')},
      'each view has its account or business number as text')

known = {t.data_type for t in cursor.getTypeInfo()}
check({c.data_type for c in tables + views} <= known, 'every type in use is one that the driver lists')

keys = [k.column_name for k in cursor.primaryKeys('accounts', schema='public')]
refers = {(k.fktable_name, k.fkcolumn_name) for k in cursor.foreignKeys(table='accounts', schema='public')}
check(keys == ['account'] and ('declarations', 'account') in refers and ('bond_shares', 'account') in refers,
      'keys of our types: primary and foreign')

row = cursor.execute('SELECT * FROM reporting.security_positions WHERE account = ?', '078152618RM0001').fetchone()
check([type(v) for v in (row.account, row.business_number, row.peak, row.in_force_from, row.estimated)]
      == [str, str, decimal.Decimal, datetime.date, bool] and row.business_number == '078152618',
      'a position by a bound account, its values of these types')
row = cursor.execute('SELECT account, number FROM accounts WHERE account = ?', '078152618 rm 0001').fetchone()
check(row is not None and list(row) == ['078152618RM0001', '078152618'], 'a row of a table by an account bound as people write it')
db.close()
