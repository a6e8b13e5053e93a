"""What the Python clients share. A client prints a line for each statement:
its name, a tab, and how it went: 'yes'; 'index' where an index served it;
'list' or 'text' for how an array comes; 'cast' before it where the statement
needs one; 'driver' where it takes the driver's own call beneath the client;
'no' and the SQLSTATE; '-' where the client has no such thing."""

import io
import json

BN, OTHER, BAD = "123456782", "123456782RC0001", "123456789"
FIRST, SECOND, THIRD = (f"123456782RM{i:04}" for i in (1, 2, 3))
LIKE = "123456782RM00%"
RECORD = '{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}'
SELECT = "SELECT account, bn FROM entries WHERE id = 1"


def state(error):
    """The SQLSTATE in an exception of any of the clients."""
    for e in (error, getattr(error, "orig", None), error.__cause__):
        for name in ("sqlstate", "pgcode"):
            if getattr(e, name, None):
                return getattr(e, name)
    args = getattr(error, "args", ())
    return str(args[0]) if args and len(str(args[0])) == 5 else ""


def name(error):
    """An exception's class, as one writes it in an except clause."""
    module = type(error).__module__
    return (module + "." if module != "builtins" else "") + type(error).__qualname__


def yes(good, word="yes"):
    """The cell of a statement that gave the right answer."""
    if not good:
        raise ValueError("wrong answer")
    return word


def index(plan):
    """The cell of a filter: does its plan use an index?"""
    return yes(True, "index" if "Index" in str(plan) else "no index")


def array(value):
    """The cell of an array that came back."""
    if isinstance(value, (list, tuple)):
        return yes(list(value) == [FIRST, SECOND], "list")
    return yes(value == "{%s,%s}" % (FIRST, SECOND), "text")


def copy_expert(run, cursor, form, word="yes"):
    """The cell of COPY through psycopg2's cursor, in and out again."""
    run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
    run("TRUNCATE c")
    cursor.copy_expert("COPY c FROM STDIN", io.StringIO(f"1\t{BN}\t{FIRST}\n"))
    first, second = io.BytesIO(), io.BytesIO()
    cursor.copy_expert(f"COPY c TO STDOUT (FORMAT {form})", first)
    run("TRUNCATE c")
    first.seek(0)
    cursor.copy_expert(f"COPY c FROM STDIN (FORMAT {form})", first)
    cursor.copy_expert("COPY c TO STDOUT", second)
    return yes(second.getvalue() == f"1\t{BN}\t{FIRST}\n".encode(), word)


def cell(statement, plain, cast=None, undo=lambda: None, words=("", "cast")):
    """Tries the statement as written, then with a cast; prints its line."""
    why = None
    for word, attempt in zip(words, (plain, cast)):
        if attempt is None:
            continue
        try:
            got = attempt()
        except Exception as e:
            undo()
            why = e
            continue
        if word:
            got = word if got == "yes" else f"{word}, {got}"
        print(f"{statement}\t{got}", flush=True)
        return
    if why is None:
        print(f"{statement}\t-", flush=True)
    else:
        print(f"{statement}\tno ({state(why) or name(why)})", flush=True)
        for line in str(why).splitlines()[:3]:
            print("#\t" + line, flush=True)


def refusal(attempt, undo=lambda: None):
    """Prints what a bad number raises."""
    try:
        attempt()
    except Exception as e:
        undo()
        print(f"bad number\t{state(e)} `{name(e)}`", flush=True)
    else:
        print("bad number\tno error", flush=True)


def statements(rows, count, marks, pair=None, array_cast="::program_account[]", json_cast=None, varchar=None):
    """Prints the cells of a driver that takes SQL, but for COPY: rows(sql,
    *values) gives what a statement returns, count(...) how many rows it
    changed. marks are the parameters as the driver writes them, pair an array
    as it takes one."""
    a, b = marks
    pair = pair or [FIRST, SECOND]
    one = lambda sql, *values: rows(sql, *values)[0][0]

    def found(sql, value, n=1):
        yes(len(rows(sql, value)) == n)
        return index(rows("EXPLAIN " + sql, value))

    def null():
        count(f"INSERT INTO entries (id, bn, account) VALUES (20002, {a}, {b})", None, None)
        return yes(one("SELECT account FROM entries WHERE id = 20002") is None)

    def arrays(cast=""):
        count(f"UPDATE entries SET accounts = {a}{cast} WHERE id = 1", pair)
        return array(one("SELECT accounts FROM entries WHERE id = 1"))

    def json_both(cast=""):
        record = one("SELECT to_jsonb(e) FROM entries e WHERE id = 1")
        yes((record if isinstance(record, dict) else json.loads(record))["account"] == FIRST)
        count(f"INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, {a}{cast})", RECORD)
        return yes(one("SELECT account FROM entries WHERE id = 30001") == "123456782RC0009")

    account = f"SELECT id FROM entries WHERE account = {a}"
    either = "SELECT id FROM entries WHERE account = ANY(%s)"
    cell("select", lambda: yes(rows(SELECT) == [(FIRST, BN)]))
    cell("insert", lambda: yes(count(f"INSERT INTO entries (id, bn, account) VALUES (20001, {a}, {b})", BN, OTHER) == 1))
    cell("update", lambda: yes(count(f"UPDATE entries SET account = {a} WHERE id = 20001", "123456782RC0002") == 1))
    cell("filter", lambda: found(account, THIRD))
    cell("varchar", lambda: found(account, varchar) if varchar else found(f"SELECT id FROM entries WHERE account = CAST({a} AS varchar)", THIRD))
    cell("any", lambda: found(either % a, pair, 2), lambda: found(either % (a + "::text[]"), pair, 2))
    cell("like", lambda: yes(one(f"SELECT count(*) FROM entries WHERE account LIKE {a}", LIKE) == 99))
    cell("null", null)
    cell("array", arrays, lambda: arrays(array_cast))
    cell("json", json_both, json_cast and (lambda: json_both(json_cast)))
    refusal(lambda: count(f"INSERT INTO entries (id, bn) VALUES (20003, {a})", BAD))
