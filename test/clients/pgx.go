// client: Go pgx 4
// needs: golang-go golang-github-jackc-pgx-v4-dev
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgtype"
	"github.com/jackc/pgx/v4"
)

const bn, first, second, third = "123456782", "123456782RM0001", "123456782RM0002", "123456782RM0003"

var (
	db  *pgx.Conn
	ctx = context.Background()
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func yes(good bool) string {
	if !good {
		panic(errors.New("wrong answer"))
	}
	return "yes"
}

func run(query string, values ...interface{}) int64 {
	tag, err := db.Exec(ctx, query, values...)
	must(err)
	return tag.RowsAffected()
}

func column(query string, values ...interface{}) (got []string) {
	rows, err := db.Query(ctx, query, values...)
	must(err)
	defer rows.Close()
	for rows.Next() {
		got = append(got, string(rows.RawValues()[0]))
	}
	must(rows.Err())
	return
}

func found(rows int, query string, value interface{}) string {
	yes(len(column(query, value)) == rows)
	if strings.Contains(strings.Join(column("EXPLAIN "+query, value), "\n"), "Index") {
		return "index"
	}
	return "no index"
}

// attempt gives the cell, or the error that came instead.
func attempt(f func() string) (got string, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(error)
		}
	}()
	return f(), nil
}

func cell(name string, ways ...func() string) {
	var err error
	words := []string{"", "cast, ", "codec, "}
	for i, f := range ways {
		var got string
		if f == nil {
			continue
		}
		if got, err = attempt(f); err == nil {
			got = strings.TrimSuffix(words[i]+got, ", yes")
			fmt.Printf("%s\t%s\n", name, got)
			return
		}
	}
	var e *pgconn.PgError
	if errors.As(err, &e) {
		fmt.Printf("%s\tno (%s)\n#\t%s\n", name, e.Code, e)
	} else {
		fmt.Printf("%s\tno\n#\t%s\n", name, err)
	}
}

// register tells pgx that a type's binary form is its text.
func register(name string) {
	var oid uint32
	must(db.QueryRow(ctx, "SELECT $1::text::regtype::oid", name).Scan(&oid))
	db.ConnInfo().RegisterDataType(pgtype.DataType{Value: &pgtype.Text{}, Name: name, OID: oid})
}

func copyRows() string {
	run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
	n, err := db.CopyFrom(ctx, pgx.Identifier{"c"}, []string{"id", "bn", "account"},
		pgx.CopyFromRows([][]interface{}{{1, bn, first}}))
	must(err)
	return yes(n == 1 && column("SELECT account FROM c")[0] == first)
}

func main() {
	var err error
	db, err = pgx.Connect(ctx, "")
	must(err)
	cell("select", func() string {
		var a, b string
		must(db.QueryRow(ctx, "SELECT account, bn FROM entries WHERE id = 1").Scan(&a, &b))
		return yes(a == first && b == bn)
	})
	cell("insert", func() string {
		return yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, $1, $2)", bn, bn+"RC0001") == 1)
	})
	cell("update", func() string {
		return yes(run("UPDATE entries SET account = $1 WHERE id = 20001", bn+"RC0002") == 1)
	})
	cell("filter", func() string { return found(1, "SELECT id FROM entries WHERE account = $1", third) })
	cell("varchar", func() string { return found(1, "SELECT id FROM entries WHERE account = $1::varchar", third) })
	cell("any",
		func() string { return found(2, "SELECT id FROM entries WHERE account = ANY($1)", []string{first, second}) },
		func() string {
			return found(2, "SELECT id FROM entries WHERE account = ANY($1::text[])", []string{first, second})
		})
	cell("like", func() string {
		return yes(len(column("SELECT account FROM entries WHERE account LIKE $1", bn+"RM00%")) == 99)
	})
	cell("null", func() string {
		run("INSERT INTO entries (id, bn, account) VALUES (20002, $1, $2)", nil, nil)
		var a *string
		must(db.QueryRow(ctx, "SELECT account FROM entries WHERE id = 20002").Scan(&a))
		return yes(a == nil)
	})
	arrays := func(cast string) func() string {
		return func() string {
			run("UPDATE entries SET accounts = $1"+cast+" WHERE id = 1", []string{first, second})
			var got []string
			must(db.QueryRow(ctx, "SELECT accounts"+strings.Replace(cast, "::program_account[]", "", 1)+" FROM entries WHERE id = 1").Scan(&got))
			yes(strings.Join(got, ",") == first+","+second)
			return "list"
		}
	}
	cell("array", arrays(""), arrays("::text[]::program_account[]"))
	cell("copy text", func() string {
		run("CREATE TEMP TABLE IF NOT EXISTS c (id int4, bn bn9, account program_account)")
		_, err := db.PgConn().CopyFrom(ctx, strings.NewReader("1\t"+bn+"\t"+first+"\n"), "COPY c FROM STDIN")
		must(err)
		var out bytes.Buffer
		_, err = db.PgConn().CopyTo(ctx, &out, "COPY c TO STDOUT")
		must(err)
		run("TRUNCATE c")
		return yes(out.String() == "1\t"+bn+"\t"+first+"\n")
	})
	cell("copy binary", copyRows, nil, func() string {
		register("bn9")
		register("program_account")
		return copyRows()
	})
	cell("json", func() string {
		yes(column("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1")[0] == first)
		run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)",
			`{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}`)
		return yes(column("SELECT account FROM entries WHERE id = 30001")[0] == bn+"RC0009")
	})
	_, err = db.Exec(ctx, "INSERT INTO entries (id, bn) VALUES (20003, $1)", "123456789")
	var e *pgconn.PgError
	if errors.As(err, &e) {
		fmt.Printf("bad number\t%s `*pgconn.PgError`\n", e.Code)
	} else {
		fmt.Printf("bad number\tno error from the server: %v\n", err)
	}
}
