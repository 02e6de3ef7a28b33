package store

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"testing"
)

// draft is one whose content tells its number.
func draft(n int) Draft {
	return Draft{
		Key: "draft", Path: "/designs/a.isowright", Saved: at(n), BaseID: "abc",
		Text: append(fmt.Appendf(nil, "# %d\n", n), content(uint64(n), 1500+n%3000)...),
	}
}

func TestDrafts(t *testing.T) {
	l := newLibrary(t)
	other := Draft{Key: "never saved", Saved: at(7), Text: []byte("name = \"x\"\n")}
	must(t, l.PutDraft(draft(1)))
	must(t, l.PutDraft(other))
	must(t, l.PutDraft(draft(3)))
	all, err := l.Drafts()
	must(t, err)
	if !reflect.DeepEqual(all, []Draft{other, draft(3)}) {
		t.Errorf("got %+v", all)
	}
	must(t, l.DropDraft("draft"))
	must(t, l.DropDraft("draft"))
	all, err = l.Drafts()
	must(t, err)
	if !reflect.DeepEqual(all, []Draft{other}) {
		t.Errorf("got %+v", all)
	}
}

func TestDraftsRefuse(t *testing.T) {
	l := newLibrary(t)
	for _, key := range []string{"", string(make([]byte, 40000))} {
		if err := l.PutDraft(Draft{Key: key}); err == nil {
			t.Errorf("a key of %d bytes", len(key))
		}
	}
	if err := l.PutDraft(Draft{Key: "x", Text: bytes.Repeat([]byte("x"), MaxDraft+1)}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkPutDraft keeps a draft in a library with a long history.
func BenchmarkPutDraft(b *testing.B) {
	l := newLibrary(b)
	for n := range maxBuilds {
		_, err := l.AddBuild(build200(n))
		must(b, err)
	}
	for n := range maxRecents {
		must(b, l.Touch(recent(n)))
		must(b, l.SetThumbnail(recent(n).Path, append(png(n), make([]byte, 30000)...)))
	}
	for n := 0; b.Loop(); n++ {
		must(b, l.PutDraft(draft(n)))
	}
}
