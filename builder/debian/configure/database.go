package configure

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// database is one of the account files, passwd(5), shadow(5), group(5),
// gshadow(5) or subuid(5): a line a record, fields separated by colons.
type database struct {
	path string
	mode uint32
	rows [][]string
}

// The account files.
const (
	passwdFile  = "etc/passwd"
	shadowFile  = "etc/shadow"
	groupFile   = "etc/group"
	gshadowFile = "etc/gshadow"
	subuidFile  = "etc/subuid"
	subgidFile  = "etc/subgid"
)

// readDatabase parses an account file; one that may be missing is empty then.
func (r *root) readDatabase(name string, mode uint32, optional bool) (*database, error) {
	data, err := r.set.ReadFile(name)
	if err != nil && !(optional && errors.Is(err, fs.ErrNotExist)) {
		return nil, err
	}
	db := &database{path: name, mode: mode}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSuffix(line, "\n"); line != "" {
			db.rows = append(db.rows, strings.Split(line, ":"))
		}
	}
	return db, nil
}

// writeDatabase puts the file back.
func (r *root) writeDatabase(db *database) error {
	var b strings.Builder
	for _, row := range db.rows {
		b.WriteString(strings.Join(row, ":"))
		b.WriteByte('\n')
	}
	return r.rewrite(db.path, b.String(), db.mode)
}

// find gives the record of a name; nil where there is none. Records with fewer
// than n fields do not count.
func (db *database) find(name string, n int) []string {
	for _, row := range db.rows {
		if row[0] == name && len(row) >= n {
			return row
		}
	}
	return nil
}

// add appends a record. A field that would end the field or the line is a
// mistake of the caller's.
func (db *database) add(fields ...string) error {
	for _, f := range fields {
		if strings.ContainsAny(f, ":\n\x00") {
			return fmt.Errorf("%s cannot hold the field %q", db.path, f)
		}
	}
	db.rows = append(db.rows, fields)
	return nil
}

// numbers are the values of a numeric field.
func (db *database) numbers(field int) map[uint64]bool {
	found := map[uint64]bool{}
	for _, row := range db.rows {
		if len(row) <= field {
			continue
		}
		if n, err := strconv.ParseUint(row[field], 10, 32); err == nil {
			found[n] = true
		}
	}
	return found
}

// names are the first fields, sorted.
func (db *database) names() []string {
	var found []string
	for _, row := range db.rows {
		found = append(found, row[0])
	}
	slices.Sort(found)
	return found
}

// addMember puts a name into the list in the last field of a record.
func addMember(row []string, name string) {
	last := len(row) - 1
	var members []string
	if row[last] != "" {
		members = strings.Split(row[last], ",")
	}
	if !slices.Contains(members, name) {
		row[last] = strings.Join(append(members, name), ",")
	}
}
