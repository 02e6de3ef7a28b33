package design

import (
	"errors"
	"os"
	"reflect"
	"testing"
)

// FuzzParse: no text makes the reader or the checks panic; whatever parses
// comes back from its canonical form unchanged; and defaults put no fault into
// a design that had none.
func FuzzParse(f *testing.F) {
	for _, folder := range []string{"good", "bad"} {
		for _, path := range designs(f, folder) {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data, "/d")
		if err != nil {
			var ps Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("the error is no list of problems: %v", err)
			}
			return
		}
		problems := Locate(data, Validate(d))
		encoded, err := Encode(d)
		if err != nil {
			t.Fatalf("parsed, but cannot be encoded: %v", err)
		}
		again, err := Parse(encoded, "/d")
		if err != nil {
			t.Fatalf("the canonical form does not parse: %v\n%s", err, encoded)
		}
		if !reflect.DeepEqual(again, d) {
			t.Fatalf("round trip\n%#v\n%#v", d, again)
		}
		if ID(again) != ID(d) {
			t.Fatal("the ID changed")
		}
		full := WithDefaults(d)
		if !reflect.DeepEqual(WithDefaults(full), full) {
			t.Fatalf("defaults change a second time\n%#v", full)
		}
		if more := Validate(full); len(problems) == 0 && len(more) > 0 {
			t.Fatalf("defaults bring problems: %v\n%s", more, data)
		}
	})
}
