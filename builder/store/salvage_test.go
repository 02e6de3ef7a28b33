package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	filledDrafts  = 8
	filledRecents = 20
	filledBuilds  = 5
)

// filled makes a library with something of everything, and with the traces of
// a life: records that were changed and removed.
func filled(t testing.TB) (*Library, []byte) {
	t.Helper()
	l := newLibrary(t)
	l.wait = 60 * time.Millisecond
	good, err := filledFile()
	must(t, err)
	must(t, os.MkdirAll(filepath.Dir(l.path), 0o755))
	must(t, os.WriteFile(l.path, good, 0o600))
	return l, bytes.Clone(good)
}

// filledFile is written once, since a hundred transactions take their time.
var filledFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	l := NewLibrary(filepath.Join(dir, "library.db"))
	if err := fill(l); err != nil {
		return nil, err
	}
	return os.ReadFile(l.path)
})

func fill(l *Library) error {
	var errs []error
	for n := range filledDrafts + 3 {
		errs = append(errs, l.PutDraft(filledDraft(n, 1)), l.PutDraft(filledDraft(n, 2)))
	}
	for n := filledDrafts; n < filledDrafts+3; n++ {
		errs = append(errs, l.DropDraft(filledDraft(n, 2).Key))
	}
	for n := range filledRecents {
		errs = append(errs, l.Touch(recent(n)), l.SetThumbnail(recent(n).Path, png(n)))
	}
	for n := range filledBuilds {
		_, err := l.AddBuild(buildOf(n))
		errs = append(errs, err, l.AddFlash(flash(n)))
	}
	return errors.Join(errs...)
}

func filledDraft(n, version int) Draft {
	d := draft(n)
	d.Key, d.BaseID = fmt.Sprint("draft ", n), fmt.Sprint(version)
	return d
}

// survey is what can be read of a library.
type survey struct {
	drafts  []Draft
	recents []Recent
	builds  []BuildRecord
	flashes []Flash
}

// look reads all of it. The damage that it meets on the way must be told of
// once at most, and be gone afterwards.
func look(t *testing.T, l *Library, told *int) survey {
	t.Helper()
	var s survey
	read := func(err error) {
		t.Helper()
		if errors.Is(err, ErrSetAside) {
			if *told++; *told > 1 {
				t.Fatalf("set aside twice: %v", err)
			}
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	s.drafts, err = l.Drafts()
	read(err)
	s.recents, err = l.Recents(0)
	read(err)
	all, err := l.Builds(0)
	read(err)
	for _, b := range all {
		one, err := l.Build(b.ID)
		read(err)
		s.builds = append(s.builds, one)
	}
	s.flashes, err = l.Flashes(0)
	read(err)
	return s
}

// check holds everything to what was written once: nothing may be there that
// was not.
func (s survey) check(t *testing.T) {
	t.Helper()
	for _, d := range s.drafts {
		var n int
		fmt.Sscanf(d.Key, "draft %d", &n)
		if !reflect.DeepEqual(d, filledDraft(n, 1)) && !reflect.DeepEqual(d, filledDraft(n, 2)) {
			t.Fatalf("a draft that was never: %+v", d)
		}
	}
	for _, r := range s.recents {
		want := recent(int(r.Opened.Sub(at(0)) / time.Second))
		want.Built, want.Image, want.Size, want.Missing = r.Built, r.Image, r.Size, true
		want.Thumbnail = r.Thumbnail
		if !reflect.DeepEqual(r, want) {
			t.Fatalf("a design that was never: %+v", r)
		}
		if n := int(r.Opened.Sub(at(0)) / time.Second); r.Thumbnail != nil && !bytes.Equal(r.Thumbnail, png(n)) {
			t.Fatal("a picture that was never")
		}
	}
	for _, b := range s.builds {
		want := buildOf(int(b.ID) - 1)
		want.ID = b.ID
		for i, p := range b.parts() { // single ones may be lost
			if *p.data == nil {
				*want.parts()[i].data = nil
			}
		}
		if !reflect.DeepEqual(b, want) {
			t.Fatalf("a build that was never: %+v", b)
		}
	}
	for _, f := range s.flashes {
		if f != flash(int(f.Started.Sub(at(0))/time.Second)) {
			t.Fatalf("a flash that was never: %+v", f)
		}
	}
}

// damages are ways in which files become bad.
var damages = []func(r *rand.Rand, b []byte) []byte{
	func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] },
	func(r *rand.Rand, b []byte) []byte { // pages of zeroes
		for range 1 + r.IntN(4) {
			clear(pageOf(r, b))
		}
		return b
	},
	func(r *rand.Rand, b []byte) []byte { // bytes anywhere
		for range 1 + r.IntN(200) {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		return b
	},
	func(r *rand.Rand, b []byte) []byte { // heads of pages, where one number leads to others
		for range 1 + r.IntN(10) {
			pageOf(r, b)[r.IntN(128)] = byte(r.IntN(256) >> r.IntN(8))
		}
		return b
	},
	func(r *rand.Rand, b []byte) []byte { // a page in another's place
		copy(pageOf(r, b), bytes.Clone(pageOf(r, b)))
		return b
	},
	func(r *rand.Rand, b []byte) []byte { // one bit
		b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return b
	},
	func(r *rand.Rand, b []byte) []byte { // both metas, the rest is good
		clear(b[:2*os.Getpagesize()])
		return b
	},
}

func pageOf(r *rand.Rand, b []byte) []byte {
	size := os.Getpagesize()
	return b[r.IntN(len(b)/size)*size:][:size]
}

// TestDamagedLibrary damages the file in 210 ways: every record that is there
// afterwards is one that was written, most are, the file serves again at once,
// and the damage is told of once.
func TestDamagedLibrary(t *testing.T) {
	t.Parallel()
	l, good := filled(t)
	r := rand.New(rand.NewPCG(7, 7))
	aside := 0
	for n := range 30 * len(damages) {
		must(t, os.WriteFile(l.path, damages[n%len(damages)](r, bytes.Clone(good)), 0o600))
		told := 0
		if n%2 == 0 { // met while writing
			err := l.PutDraft(filledDraft(0, 2))
			if errors.Is(err, ErrSetAside) {
				told++
			} else {
				must(t, err)
			}
		}
		s := look(t, l, &told)
		s.check(t)
		aside += told
		// Without any message nothing may be missing, but for the last
		// transaction: a spoilt meta looks like one that was cut off in it.
		if told == 0 && (len(s.drafts) != filledDrafts || len(s.recents) != filledRecents || len(s.builds) != filledBuilds || len(s.flashes) < filledBuilds-1) {
			t.Fatalf("damage %d was not told of: %d drafts, %d designs, %d builds, %d flashes", n, len(s.drafts), len(s.recents), len(s.builds), len(s.flashes))
		}
		// The first numbers given out after it are new ones.
		if n%5 == 0 {
			id, err := l.AddBuild(buildOf(0))
			must(t, err)
			if len(s.builds) > 0 && id <= s.builds[0].ID {
				t.Fatalf("the number %d is given out again", id)
			}
		}
	}
	if aside < 50 {
		t.Errorf("only %d damages were told of", aside)
	}
}

// TestSalvage knows what must come back from single damages.
func TestSalvage(t *testing.T) {
	l, good := filled(t)
	size := os.Getpagesize()
	now, err := openPages(good)
	must(t, err)
	for name, damage := range map[string]func([]byte){
		"metas":         func(b []byte) { clear(b[:2*size]) },
		"root":          func(b []byte) { clear(b[int(now.root)*size:][:size]) },
		"a flash":       func(b []byte) { copy(b, bytes.ReplaceAll(b, []byte(`"/i3"`), []byte(`"/i2"`))) },
		"size of pages": func(b []byte) { b[pageHead+9] ^= 1; b[size+pageHead+9] ^= 1 },
	} {
		b := bytes.Clone(good)
		damage(b)
		must(t, os.WriteFile(l.path, b, 0o600))
		told := 0
		// Only the older version of a draft may be left, and removed ones come
		// back, where the way to them was lost.
		s := look(t, l, &told)
		s.check(t)
		if told != 1 || len(s.drafts) < filledDrafts || len(s.recents) < filledRecents || len(s.builds) != filledBuilds || len(s.flashes) < filledBuilds-1 {
			t.Errorf("%s: told %d times; %d drafts, %d designs, %d builds, %d flashes", name, told, len(s.drafts), len(s.recents), len(s.builds), len(s.flashes))
		}
		for _, r := range s.recents {
			if r.Thumbnail == nil {
				t.Errorf("%s: %s has lost its picture", name, r.Path)
			}
		}
		for _, d := range s.drafts {
			if d.BaseID != "2" {
				t.Errorf("%s: %s is an older one", name, d.Key)
			}
		}
		aside, err := os.ReadFile(l.path + damagedSuffix)
		if err != nil || !bytes.Equal(aside, b) {
			t.Errorf("%s: what was set aside is not the damaged file: %v", name, err)
		}
	}
}

// TestSetAsideTells has the message name the file and what was saved.
func TestSetAsideTells(t *testing.T) {
	l, good := filled(t)
	clear(good[:2*os.Getpagesize()])
	must(t, os.WriteFile(l.path, good, 0o600))
	_, err := l.Recents(1)
	if err == nil {
		t.Fatal("nothing is told")
	}
	for _, want := range []string{"read the recent designs: set aside as " + l.path + ".damaged; saved: ", "20 recent designs", "5 builds", "lines of the journal", "does not begin like a bbolt file"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %q", want, err)
		}
	}
	must(t, os.WriteFile(l.path, []byte("no library"), 0o600))
	if err := l.PutDraft(draft(1)); !errors.Is(err, ErrSetAside) || !strings.Contains(err.Error(), "nothing of it could be read") {
		t.Errorf("got %v", err)
	}
	if all, err := l.Drafts(); err != nil || len(all) != 1 {
		t.Errorf("the draft that met the damage is lost: %v, %v", all, err)
	}
}

// FuzzLibraryFile changes bytes of a library: each six of the input are a place
// (three), its new value and the two next.
func FuzzLibraryFile(f *testing.F) {
	l, good := filled(f)
	f.Add([]byte{0, 0, 16, 1, 1, 1})
	f.Add([]byte{16, 0, 0, 0, 10, 0, 8, 255, 255, 0, 1, 1})
	f.Add([]byte{10, 32, 0, 255, 255, 255})
	f.Fuzz(func(t *testing.T, edits []byte) {
		b := bytes.Clone(good)
		for ; len(edits) >= 6; edits = edits[6:] {
			at := int(edits[0]) | int(edits[1])<<8 | int(edits[2])<<16
			copy(b[at%len(b):], edits[3:6])
		}
		must(t, os.WriteFile(l.path, b, 0o600))
		told := 0
		look(t, l, &told).check(t)
	})
}

// FuzzPages reads anything as pages: bounded, and without a panic.
func FuzzPages(f *testing.F) {
	_, good := filled(f)
	f.Add(good[:16<<10])
	f.Add(good)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		findings{}.collect(data)
	})
}
