package need

import (
	"errors"
	"testing"
)

// watched is a test that tells how it was ended.
type watched struct {
	testing.TB
	end string
}

func (w *watched) Helper()      {}
func (w *watched) Fatal(...any) { w.ended("failed") }
func (w *watched) Skip(...any)  { w.ended("skipped") }

// ended keeps the first: a real test does not go on behind it.
func (w *watched) ended(how string) {
	if w.end == "" {
		w.end = how
	}
}

func TestSkipsOrFails(t *testing.T) {
	for required, want := range map[string]string{"1": "failed", "": "skipped"} {
		t.Setenv("ISOWRIGHT_REQUIRE_TOOLS", required)
		for name, do := range map[string]func(*watched){
			"program": func(w *watched) { Tools(w, "sh", "no-such-program") },
			"file":    func(w *watched) { Tools(w, "/bin/sh", "/no/such/file") },
			"error":   func(w *watched) { NoError(w, errors.New("lacking")) },
		} {
			w := &watched{TB: t}
			do(w)
			if w.end != want {
				t.Errorf("%s with %q: %q, want %q", name, required, w.end, want)
			}
		}
		w := &watched{TB: t}
		Tools(w, "sh", "/bin/sh")
		NoError(w, nil)
		if w.end != "" {
			t.Errorf("nothing is missing, and it is %s", w.end)
		}
	}
}
