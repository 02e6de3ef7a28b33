package archive

import (
	"os"
	"testing"
)

// BenchmarkParse reads the Packages file that ISOWRIGHT_PACKAGES names.
func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile(os.Getenv("ISOWRIGHT_PACKAGES"))
	if err != nil {
		b.Skip("set ISOWRIGHT_PACKAGES to a Packages file")
	}
	text := string(data)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		records, err := parsePackages(text)
		if err != nil {
			b.Fatal(err)
		}
		newIndex(records)
	}
}
