// client: Go pgx 4
// needs: golang-go golang-github-jackc-pgx-v4-dev
package main

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgtype"
	"github.com/jackc/pgx/v4"
)

var (
	db  *pgx.Conn
	ctx = context.Background()
)

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
	run = func(query string, values ...interface{}) int64 {
		tag, err := db.Exec(ctx, query, values...)
		must(err)
		return tag.RowsAffected()
	}
	column = func(query string, values ...interface{}) (got []string) {
		rows, err := db.Query(ctx, query, values...)
		must(err)
		defer rows.Close()
		for rows.Next() {
			got = append(got, string(rows.RawValues()[0]))
		}
		must(rows.Err())
		return
	}
	code = func(err error) string {
		var e *pgconn.PgError
		if errors.As(err, &e) {
			return e.Code
		}
		return ""
	}
	cell("select", func() string {
		var a, b string
		must(db.QueryRow(ctx, "SELECT account, bn FROM entries WHERE id = 1").Scan(&a, &b))
		return yes(a == first && b == bn)
	})
	plainCells()
	cell("any",
		func() string { return found(2, "SELECT id FROM entries WHERE account = ANY($1)", []string{first, second}) },
		func() string {
			return found(2, "SELECT id FROM entries WHERE account = ANY($1::text[])", []string{first, second})
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
	_, err = db.Exec(ctx, "INSERT INTO entries (id, bn) VALUES (20003, $1)", "123456789")
	badNumber(err, "*pgconn.PgError")
}
