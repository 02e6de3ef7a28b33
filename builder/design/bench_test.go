package design

import "testing"

// BenchmarkValidate is what the window does at every key stroke.
func BenchmarkValidate(b *testing.B) {
	d, err := Load("testdata/good/rescue.toml")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if ps := Validate(d); len(ps) > 0 {
			b.Fatal(ps)
		}
	}
}

// BenchmarkParse reads the largest of the good designs.
func BenchmarkParse(b *testing.B) {
	d, err := Load("testdata/good/rescue.toml")
	if err != nil {
		b.Fatal(err)
	}
	data, err := Encode(d)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Parse(data, ""); err != nil {
			b.Fatal(err)
		}
	}
}
