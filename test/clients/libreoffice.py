#!/usr/bin/env python3
"""LibreOffice, headless, on the sample broker: takes the positions into a
spreadsheet through its own PostgreSQL driver, adds totals, makes a PDF.

    libreoffice.py FOLDER ROWS    writes FOLDER/positions.pdf
"""
import os
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.sheet.DataImportMode import TABLE

folder = os.path.abspath(sys.argv[1])
VIEW = 'reporting.security_positions'
TOTALS = ('required_bond', 'posted_bond', 'posted_deposit', 'shortfall_bond')
LANDSCAPE = (42000, 29700)      # A3, in 1/100 mm


def value(name, content):
    return PropertyValue(name, 0, content, 0)


def check(holds, name):
    print(('ok' if holds else 'not ok') + ' - LibreOffice: ' + name)


def start():
    """Starts LibreOffice; gives the process and its context."""
    pipe = 'carm%d' % os.getpid()
    office = subprocess.Popen(
        ['soffice', '--headless', '--norestore', '--nologo', '--nodefault',
         '-env:UserInstallation=' + uno.systemPathToFileUrl(folder + '/office'),
         '--accept=pipe,name=%s;urp' % pipe],
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext('com.sun.star.bridge.UnoUrlResolver', local)
    for _ in range(180):
        try:
            return office, resolver.resolve('uno:pipe,name=%s;urp;StarOffice.ComponentContext' % pipe)
        except NoConnectException:
            if office.poll() is not None:
                break
            time.sleep(0.5)
    stop(office)
    raise SystemExit('soffice did not start')


def stop(office):
    """Ends what is left of it: soffice is a script, with a program below."""
    try:
        os.killpg(office.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def make_source(context):
    """A data source as Base makes it: a file with the connection's address."""
    sources = context.ServiceManager.createInstanceWithContext('com.sun.star.sdb.DatabaseContext', context)
    source = sources.createInstance()
    source.URL = 'sdbc:postgresql:host=127.0.0.1 port=%s dbname=broker' % os.environ['PGPORT']
    source.User = 'broker'
    source.Password = os.environ['CARM_PASSWORD']
    source.IsPasswordRequired = True
    url = uno.systemPathToFileUrl(folder + '/broker.odb')
    source.DatabaseDocument.storeAsURL(url, ())
    sources.registerObject('broker', source)
    return source


def column_types(source):
    """What the driver says of the view's columns: their names and types."""
    connection = source.getConnection('broker', os.environ['CARM_PASSWORD'])
    columns = connection.getMetaData().getColumns(None, *VIEW.split('.'), '%')
    found = {}
    while columns.next():
        found[columns.getString(4)] = columns.getShort(5)
    connection.close()
    return found


def report(desktop):
    """The view in a sheet with totals, as a document."""
    document = desktop.loadComponentFromURL('private:factory/scalc', '_blank', 0, (value('Hidden', True),))
    sheet = document.Sheets.getByIndex(0)
    sheet.Name = 'Positions'
    sheet.getCellByPosition(0, 0).doImport((
        value('DatabaseName', 'broker'), value('SourceType', TABLE), value('SourceObject', VIEW)))
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last, width = cursor.RangeAddress.EndRow, cursor.RangeAddress.EndColumn + 1
    names = [sheet.getCellByPosition(i, 0).String for i in range(width)]

    # a line of totals below, money with two decimals, a page as wide as the table
    english = uno.createUnoStruct('com.sun.star.lang.Locale', 'en', 'US', '')
    money, day = (document.NumberFormats.queryKey(form, english, False) for form in ('#,##0.00', 'YYYY-MM-DD'))
    sheet.getCellByPosition(0, last + 2).String = 'TOTAL'
    for i, name in enumerate(names):
        if name in TOTALS:
            column = sheet.Columns.getByIndex(i).Name
            sheet.getCellByPosition(i, last + 2).Formula = '=SUM(%s2:%s%d)' % (column, column, last + 1)
        if name in TOTALS or name in ('peak', 'required_deposit', 'shortfall_deposit', 'covered_peak', 'rolling_peak', 'rolling_bond', 'rolling_duties', 'current_duties', 'headroom'):
            sheet.getCellRangeByPosition(i, 1, i, last + 2).NumberFormat = money
        elif name in ('in_force_from', 'in_force_to', 'rolling_from', 'rolling_to'):
            sheet.getCellRangeByPosition(i, 1, i, last).NumberFormat = day
    for row in (0, last + 2):
        sheet.getCellRangeByPosition(0, row, width - 1, row).CharWeight = 150
    sheet.Columns.OptimalWidth = True
    sheet.setPrintTitleRows(True)
    sheet.setTitleRows(sheet.getCellRangeByPosition(0, 0, 0, 0).RangeAddress)
    style = document.StyleFamilies.getByName('PageStyles').getByName(sheet.PageStyle)
    style.IsLandscape = True
    style.Width, style.Height = LANDSCAPE
    style.ScaleToPagesX, style.ScaleToPagesY = 1, 0
    return document, names, last


office, context = start()
try:
    desktop = context.ServiceManager.createInstanceWithContext('com.sun.star.frame.Desktop', context)
    source = make_source(context)
    types = column_types(source)
    # java.sql.Types, which sdbc takes over: VARCHAR and LONGVARCHAR, DATE, NUMERIC
    check(types.get('account') in (12, -1) and types.get('business_number') in (12, -1)
          and types.get('in_force_from') == 91 and types.get('required_bond') == 2,
          'its driver sees numbers as text, days and money')
    document, names, last = report(desktop)
    document.storeToURL(uno.systemPathToFileUrl(folder + '/positions.pdf'), (value('FilterName', 'calc_pdf_Export'),))
    # leading zeros are there only where a number came as text
    sheet = document.Sheets.getByIndex(0)
    first = sheet.getCellByPosition(names.index('business_number'), 1)
    check(last == int(sys.argv[2]) and first.Type.value == 'TEXT' and len(first.String) == 9,
          'a row for each account, numbers with their zeros')
    document.close(True)
    desktop.terminate()
    office.wait(20)
finally:
    stop(office)
