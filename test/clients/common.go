// What the Go clients share; what they print is said in common.py.
package main

import (
	"errors"
	"fmt"
	"strings"
)

const bn, first, second, third = "123456782", "123456782RM0001", "123456782RM0002", "123456782RM0003"

// Each client's own: to run a statement, which gives how many rows it touched;
// to read a column; and to tell the server's error code, if err is its error.
var (
	run    func(query string, values ...interface{}) int64
	column func(query string, values ...interface{}) []string
	code   func(err error) string
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

// cell prints what the first of the ways that works gives: as it is, with a
// cast, with a codec.
func cell(name string, ways ...func() string) {
	var err error
	words := []string{"", "cast, ", "codec, "}
	for i, f := range ways {
		var got string
		if f == nil {
			continue
		}
		if got, err = attempt(f); err == nil {
			fmt.Printf("%s\t%s\n", name, strings.TrimSuffix(words[i]+got, ", yes"))
			return
		}
	}
	if err == nil {
		fmt.Printf("%s\t-\n", name)
	} else if c := code(err); c != "" {
		fmt.Printf("%s\tno (%s)\n#\t%s\n", name, c, err)
	} else {
		fmt.Printf("%s\tno\n#\t%s\n", name, err)
	}
}

// plainCells are those in which only run and column are the client's.
func plainCells() {
	cell("insert", func() string {
		return yes(run("INSERT INTO entries (id, bn, account) VALUES (20001, $1, $2)", bn, bn+"RC0001") == 1)
	})
	cell("update", func() string {
		return yes(run("UPDATE entries SET account = $1 WHERE id = 20001", bn+"RC0002") == 1)
	})
	cell("filter", func() string { return found(1, "SELECT id FROM entries WHERE account = $1", third) })
	cell("varchar", func() string { return found(1, "SELECT id FROM entries WHERE account = $1::varchar", third) })
	cell("like", func() string {
		return yes(len(column("SELECT account FROM entries WHERE account LIKE $1", bn+"RM00%")) == 99)
	})
	cell("json", func() string {
		yes(column("SELECT to_jsonb(e) ->> 'account' FROM entries e WHERE id = 1")[0] == first)
		run("INSERT INTO entries SELECT * FROM jsonb_populate_record(NULL::entries, $1)",
			`{"id": 30001, "bn": "123456782", "account": "123456782RC0009"}`)
		return yes(column("SELECT account FROM entries WHERE id = 30001")[0] == bn+"RC0009")
	})
}

func badNumber(err error, kind string) {
	if c := code(err); c != "" {
		fmt.Printf("bad number\t%s `%s`\n", c, kind)
	} else {
		fmt.Printf("bad number\tno error from the server: %v\n", err)
	}
}
