package sealed

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var format = Format{Magic: "test file", Version: 7}

// written seals a file with so many records, more than one transaction's.
func written(t *testing.T, records int) string {
	t.Helper()
	dir := t.TempDir()
	w, err := Create(filepath.Join(dir, "filling"), "a", "b")
	check(t, err)
	defer w.Close()
	for i := range records {
		check(t, w.Put("a", fmt.Sprintf("key %06d", i), fmt.Appendf(nil, "value %d", i)))
	}
	check(t, w.Put("b", "key", []byte("other")))
	var out bytes.Buffer
	check(t, w.Seal(&out, format))
	path := filepath.Join(dir, "file")
	check(t, os.WriteFile(path, out.Bytes(), 0o644))
	return path
}

func TestReadsWhatWasWritten(t *testing.T) {
	const records = batch + 10
	f, err := Open(written(t, records), format)
	check(t, err)
	defer f.Close()
	for _, c := range []struct{ bucket, key, want string }{
		{"a", "key 000000", "value 0"}, {"a", fmt.Sprintf("key %06d", records-1), fmt.Sprintf("value %d", records-1)}, {"b", "key", "other"},
	} {
		got := ""
		check(t, f.View(c.bucket, c.key, func(data []byte) error { got = string(data); return nil }))
		if got != c.want {
			t.Errorf("%s/%s is %q", c.bucket, c.key, got)
		}
	}
	for _, bucket := range []string{"a", "none"} {
		if err := f.View(bucket, "none", nil); !errors.Is(err, ErrNone) {
			t.Errorf("what is not there in %q: %v", bucket, err)
		}
	}
}

// Whatever byte is changed, and wherever the file ends, it is noticed.
func TestDamage(t *testing.T) {
	path := written(t, 20)
	whole, err := os.ReadFile(path)
	check(t, err)
	try := func(what string, data []byte, kind error) {
		t.Helper()
		check(t, os.WriteFile(path, data, 0o644))
		f, err := Open(path, format)
		if err == nil {
			f.Close()
		}
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for at := 0; at < len(whole); at += 97 {
		try(fmt.Sprintf("cut at %d", at), whole[:at], ErrDamaged)
		other := bytes.Clone(whole)
		other[at] ^= 1
		try(fmt.Sprintf("changed at %d", at), other, ErrDamaged)
	}
	other := bytes.Clone(whole)
	other[len(other)-numbers]++
	try("another version", other, ErrVersion)
	check(t, os.Remove(path))
	if _, err := Open(path, format); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
