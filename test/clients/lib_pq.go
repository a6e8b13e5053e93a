// client: Go lib/pq
// needs: golang-go golang-github-lib-pq-dev
package main

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

const bn, first, second, third = "123456782", "123456782RM0001", "123456782RM0002", "123456782RM0003"

var db *sql.DB

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func yes(good bool) string {
	if !good {
		panic(fmt.Errorf("wrong answer"))
	}
	return "yes"
}

func run(query string, values ...interface{}) int64 {
	r, err := db.Exec(query, values...)
	must(err)
	n, _ := r.RowsAffected()
	return n
}

func column(query string, values ...interface{}) (got []string) {
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
	for i, f := range ways {
		var got string
		if got, err = attempt(f); err == nil {
			if i > 0 {
				got = strings.TrimSuffix("cast, "+got, ", yes")
			}
			fmt.Printf("%s\t%s\n", name, got)
			return
		}
	}
	if err == nil {
		fmt.Printf("%s\t-\n", name)
	} else if e, is := err.(*pq.Error); is {
		fmt.Printf("%s\tno (%s)\n#\t%s\n", name, e.Code, e)
	} else {
		fmt.Printf("%s\tno\n#\t%s\n", name, err)
	}
}

func main() {
	var err error
	db, err = sql.Open("postgres", "sslmode=disable")
	must(err)
	db.SetMaxOpenConns(1)
	cell("select", func() string {
		var a, b string
		must(db.QueryRow("SELECT account, bn FROM entries WHERE id = 1").Scan(&a, &b))
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
	cell("any", func() string {
		return found(2, "SELECT id FROM entries WHERE account = ANY($1)", pq.Array([]string{first, second}))
	})
	cell("like", func() string {
		return yes(column("SELECT count(*) FROM entries WHERE account LIKE $1", bn+"RM00%")[0] == "99")
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
	cell("json", func() string {
		yes(column("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1")[0] == first)
		run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)",
			`{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}`)
		return yes(column("SELECT account FROM entries WHERE id = 30001")[0] == bn+"RC0009")
	})
	_, err = db.Exec("INSERT INTO entries (id, bn) VALUES (20003, $1)", "123456789")
	if e, is := err.(*pq.Error); is {
		fmt.Printf("bad number\t%s `*pq.Error`\n", e.Code)
	} else {
		fmt.Println("bad number\tno error")
	}
}
