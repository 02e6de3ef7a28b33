package store

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

func buildOf(n int) BuildRecord {
	return BuildRecord{
		Design: "/designs/001.isowright", Name: fmt.Sprint("Build ", n), DesignID: "d", PlanID: "p", Started: at(n), Ended: at(n + 60),
		Result: Done, Image: "/x.iso", Size: int64(1000 + n), SHA256: strings.Repeat("ab", 32), Packages: 2,
		Phases: []BuildPhase{{"squashfs", 1.5}}, Log: fmt.Appendf(nil, "log %d\n", n),
		DesignText: []byte("format = 1\n"), PackageList: []byte("dash\t1\t100\nhtop\t2\t200\n"),
	}
}

// build200 is one with a log and a list as real ones have.
func build200(n int) BuildRecord {
	r := buildOf(n)
	r.Log, r.PackageList = content(uint64(n), 30000), content(uint64(n)+500, 20000)
	return r
}

func TestBuilds(t *testing.T) {
	l := newLibrary(t)
	if _, err := l.Build(1); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	must(t, l.Touch(recent(1)))
	for n := range 3 {
		id, err := l.AddBuild(buildOf(n))
		if err != nil || id != uint64(n+1) {
			t.Fatalf("number %d, %v", id, err)
		}
	}
	failed := BuildRecord{Design: "/designs/001.isowright", Name: "No", Started: at(4), Ended: at(5), Result: Failed, Error: "disk full", Hint: "Free it."}
	_, err := l.AddBuild(failed)
	must(t, err)

	all, err := l.Builds(2)
	must(t, err)
	failed.ID = 4
	second := buildOf(2)
	second.ID, second.Log, second.DesignText, second.PackageList = 3, nil, nil, nil
	if !reflect.DeepEqual(all, []BuildRecord{failed, second}) {
		t.Errorf("got %+v", all)
	}
	one, err := l.Build(2)
	must(t, err)
	want := buildOf(1)
	want.ID = 2
	if !reflect.DeepEqual(one, want) {
		t.Errorf("got %+v", one)
	}
	if one, err = l.Build(4); err != nil || !reflect.DeepEqual(one, failed) {
		t.Errorf("got %+v, %v", one, err)
	}
	if _, err := l.Build(5); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	// The recent design has the last image, not the failure.
	r, err := l.Recents(0)
	must(t, err)
	if len(r) != 1 || r[0].Size != 1002 || r[0].Image != "/x.iso" || !r[0].Built.Equal(at(62)) {
		t.Errorf("got %+v", r)
	}
}

func TestBuildsAreBounded(t *testing.T) {
	l := newLibrary(t)
	add := func() {
		for n := range 4 {
			_, err := l.AddBuild(buildOf(n))
			must(t, err)
		}
	}
	add()
	must(t, l.update("skip", func(tx *bolt.Tx) error { return put(tx, buildBucket(), number(maxBuilds-1), []byte("{}")) }))
	add()
	// Of those with the numbers 1 to 4 and 199 to 203, the first three are too
	// many.
	all, err := l.Builds(0)
	must(t, err)
	if len(all) != 6 || all[0].ID != maxBuilds+3 || all[5].ID != 4 {
		t.Errorf("%d builds, from %d to %d", len(all), all[0].ID, all[len(all)-1].ID)
	}
	must(t, l.view("count", func(tx *bolt.Tx) error {
		for _, p := range (&BuildRecord{}).parts() {
			if n := tx.Bucket(p.bucket).Stats().KeyN; n != 5 {
				t.Errorf("%d of %s", n, p.bucket)
			}
		}
		return nil
	}))
	if _, err := l.Build(3); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if r, err := l.Build(4); err != nil || string(r.Log) != "log 3\n" {
		t.Errorf("got %q, %v", r.Log, err)
	}
}

// TestLongLog keeps the end of a log, in whole lines.
func TestLongLog(t *testing.T) {
	l := newLibrary(t)
	r := buildOf(1)
	var log bytes.Buffer
	for n := 0; log.Len() < 3*MaxLog; n++ {
		fmt.Fprintf(&log, "line %d of the log, which is a long one\n", n)
	}
	r.Log = log.Bytes()
	id, err := l.AddBuild(r)
	must(t, err)
	got, err := l.Build(id)
	must(t, err)
	if len(got.Log) > MaxLog || len(got.Log) < MaxLog-100 || !bytes.HasPrefix(got.Log, []byte("line ")) || !bytes.HasSuffix(r.Log, got.Log) {
		t.Errorf("%d bytes: %.50q", len(got.Log), got.Log)
	}
	r.DesignText = make([]byte, maxPart+1)
	if _, err := l.AddBuild(r); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}
