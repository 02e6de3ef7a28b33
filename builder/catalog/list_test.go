package catalog

import (
	"bytes"
	"reflect"
	"testing"
)

func TestList(t *testing.T) {
	packages := []Package{{Name: "dash", Version: "0.5.12-12", Installed: 191 << 10}, {Name: "kernel"}}
	text := List(packages)
	if string(text) != "dash\t0.5.12-12\t195584\nkernel\t\t0\n" {
		t.Errorf("got %q", text)
	}
	if got := ParseList(text); !reflect.DeepEqual(got, packages) {
		t.Errorf("got %+v", got)
	}
	if got := ParseList([]byte("\n\t1\t2\na\tb\na\tb\tc\nlast\t1\t5")); !reflect.DeepEqual(got, []Package{{Name: "last", Version: "1", Installed: 5}}) {
		t.Errorf("got %+v", got)
	}
}

// FuzzParseList has what was read written and read once more.
func FuzzParseList(f *testing.F) {
	f.Add([]byte("dash\t0.5.12-12\t195584\nkernel\t\t0\n"))
	f.Add([]byte("a\tb\t-9\r\n\t\t\n"))
	f.Fuzz(func(t *testing.T, list []byte) {
		got := ParseList(list)
		if again := ParseList(List(got)); len(got) > 0 && !reflect.DeepEqual(got, again) {
			t.Errorf("%+v became %+v", got, again)
		}
		if len(got) > bytes.Count(list, []byte("\n"))+1 {
			t.Error("more packages than lines")
		}
	})
}
