package hardware_test

import (
	"os"
	"testing"

	"github.com/isowright/isowright/builder/hardware"
)

// BenchmarkLook reads this computer and matches it.
func BenchmarkLook(b *testing.B) {
	for b.Loop() {
		root := os.DirFS("/")
		m, err := hardware.Read(root)
		if err != nil {
			b.Fatal(err)
		}
		hardware.Look(m, parseTarget("nixos 26.05", ""), hardware.ReadNames(root, m))
	}
}

// BenchmarkLabels lists the drivers and finds some.
func BenchmarkLabels(b *testing.B) {
	for b.Loop() {
		if _, err := hardware.Find(hardware.Labels(parseTarget("nixos 26.05", "")), "macbook wifi"); err != nil {
			b.Fatal(err)
		}
	}
}
