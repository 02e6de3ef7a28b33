package vesamenu

import (
	"os"
	"testing"
)

func BenchmarkRender(b *testing.B) {
	c, err := Parse(os.DirFS("testdata"), "wide1024.cfg")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Render(c, os.DirFS("testdata"), ".", c.First()); err != nil {
			b.Fatal(err)
		}
	}
}
