package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func recent(n int) Recent {
	return Recent{Path: fmt.Sprintf("/designs/%03d.isowright", n), Name: fmt.Sprint("Design ", n), Distribution: "debian", Base: "minimal", Opened: at(n)}
}

func png(n int) []byte {
	return append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{byte(n)}, 3000+n)...)
}

func pathsOf(all []Recent) []string {
	var list []string
	for _, r := range all {
		list = append(list, r.Path)
	}
	return list
}

func TestRecents(t *testing.T) {
	l := newLibrary(t)
	there := filepath.Join(t.TempDir(), "there.isowright")
	must(t, os.WriteFile(there, nil, 0o644))
	for n := range 3 {
		must(t, l.Touch(recent(n)))
	}
	must(t, l.Touch(Recent{Path: there, Name: "There", Opened: at(-5)}))
	must(t, l.SetThumbnail(recent(1).Path, png(1)))
	again := recent(0)
	again.Opened = at(9)
	must(t, l.Touch(again))

	all, err := l.Recents(0)
	must(t, err)
	want := []string{recent(0).Path, recent(2).Path, recent(1).Path, there}
	if !reflect.DeepEqual(pathsOf(all), want) {
		t.Fatalf("got %v, want %v", pathsOf(all), want)
	}
	if !all[0].Missing || all[3].Missing {
		t.Errorf("missing: %v, %v", all[0].Missing, all[3].Missing)
	}
	if !bytes.Equal(all[2].Thumbnail, png(1)) || all[0].Thumbnail != nil {
		t.Error("the pictures are others")
	}
	if two, err := l.Recents(2); err != nil || !reflect.DeepEqual(pathsOf(two), want[:2]) {
		t.Errorf("got %v, %v", pathsOf(two), err)
	}
	must(t, l.Forget(recent(1).Path))
	must(t, l.Forget("/never/there"))
	must(t, l.Touch(recent(1)))
	all, err = l.Recents(0)
	must(t, err)
	if all[2].Path != recent(1).Path || all[2].Thumbnail != nil {
		t.Error("a forgotten design has kept its picture")
	}
}

// TestTouchKeeps says what a design keeps when it is opened again.
func TestTouchKeeps(t *testing.T) {
	l := newLibrary(t)
	r := recent(1)
	r.Built, r.Image, r.Size = at(0), "/x.iso", 5
	must(t, l.Touch(r))
	must(t, l.Pin(r.Path, true))
	must(t, l.SetThumbnail(r.Path, png(4)))
	must(t, l.Touch(recent(1)))
	all, err := l.Recents(0)
	must(t, err)
	r.Pinned, r.Missing, r.Thumbnail = true, true, png(4)
	if len(all) != 1 || !reflect.DeepEqual(all[0], r) {
		t.Errorf("got %+v", all)
	}
	must(t, l.Pin(r.Path, false))
	must(t, l.SetThumbnail(r.Path, nil))
	all, err = l.Recents(0)
	must(t, err)
	if all[0].Pinned || all[0].Thumbnail != nil {
		t.Errorf("got %+v", all)
	}
}

func TestRecentsAreBounded(t *testing.T) {
	l := newLibrary(t)
	must(t, l.Touch(recent(0)))
	must(t, l.Touch(recent(1)))
	must(t, l.Pin(recent(0).Path, true))
	must(t, l.SetThumbnail(recent(1).Path, png(1)))
	for n := range maxRecents {
		must(t, l.Touch(recent(2+n)))
	}
	all, err := l.Recents(0)
	must(t, err)
	if len(all) != maxRecents || all[0].Path != recent(maxRecents+1).Path || all[maxRecents-1].Path != recent(0).Path {
		t.Errorf("%d: %v", len(all), pathsOf(all))
	}
	for _, r := range all {
		must(t, l.Pin(r.Path, true))
	}
	// Where all are pinned the new one comes in all the same.
	must(t, l.Touch(recent(200)))
	all, err = l.Recents(0)
	must(t, err)
	if len(all) != maxRecents || all[0].Path != recent(200).Path {
		t.Errorf("%d: %v", len(all), pathsOf(all))
	}
}

func TestRecentsRefuse(t *testing.T) {
	l := newLibrary(t)
	if err := l.Touch(Recent{Path: "x.isowright"}); err == nil {
		t.Error("a relative path")
	}
	must(t, l.Touch(recent(1)))
	if err := l.SetThumbnail(recent(1).Path, make([]byte, MaxThumbnail+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if err := l.SetThumbnail(recent(1).Path, []byte("GIF89a")); err == nil {
		t.Error("a GIF")
	}
	if err := l.SetThumbnail("/else", png(1)); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if err := l.Pin("/else", true); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
