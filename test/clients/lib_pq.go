// client: Go lib/pq
// needs: golang-go golang-github-lib-pq-dev
package main

import (
	"database/sql"
	"strings"

	"github.com/lib/pq"
)

func main() {
	db, err := sql.Open("postgres", "sslmode=disable")
	must(err)
	db.SetMaxOpenConns(1)
	run = func(query string, values ...interface{}) int64 {
		r, err := db.Exec(query, values...)
		must(err)
		n, _ := r.RowsAffected()
		return n
	}
	column = func(query string, values ...interface{}) (got []string) {
		rows, err := db.Query(query, values...)
		must(err)
		defer rows.Close()
		for rows.Next() {
			var s string
			must(rows.Scan(&s))
			got = append(got, s)
		}
		must(rows.Err())
		return
	}
	code = func(err error) string {
		if e, is := err.(*pq.Error); is {
			return string(e.Code)
		}
		return ""
	}
	cell("select", func() string {
		var a, b string
		must(db.QueryRow("SELECT account, bn FROM entries WHERE id = 1").Scan(&a, &b))
		return yes(a == first && b == bn)
	})
	plainCells()
	cell("any", func() string {
		return found(2, "SELECT id FROM entries WHERE account = ANY($1)", pq.Array([]string{first, second}))
	})
	cell("null", func() string {
		run("INSERT INTO entries (id, bn, account) VALUES (20002, $1, $2)", nil, sql.NullString{})
		var a sql.NullString
		must(db.QueryRow("SELECT account FROM entries WHERE id = 20002").Scan(&a))
		return yes(!a.Valid)
	})
	cell("array", func() string {
		run("UPDATE entries SET accounts = $1 WHERE id = 1", pq.Array([]string{first, second}))
		var got []string
		must(db.QueryRow("SELECT accounts FROM entries WHERE id = 1").Scan(pq.Array(&got)))
		yes(strings.Join(got, ",") == first+","+second)
		return "list"
	})
	cell("copy text", func() string {
		run("CREATE TABLE IF NOT EXISTS copied (id int4, bn bn9, account program_account)")
		defer run("DROP TABLE copied")
		tx, err := db.Begin()
		must(err)
		s, err := tx.Prepare(pq.CopyIn("copied", "id", "bn", "account"))
		must(err)
		_, err = s.Exec(1, bn, first)
		must(err)
		_, err = s.Exec()
		must(err)
		must(s.Close())
		must(tx.Commit())
		return yes(column("SELECT account FROM copied")[0] == first)
	})
	cell("copy binary")
	_, err = db.Exec("INSERT INTO entries (id, bn) VALUES (20003, $1)", "123456789")
	badNumber(err, "*pq.Error")
}
