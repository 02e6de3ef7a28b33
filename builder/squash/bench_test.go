package squash

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkWrite packs the files that TestRealRoot uses.
func BenchmarkWrite(b *testing.B) {
	src := realRoot(b)
	for _, o := range []Options{{Level: 1}, {Level: 3}, {Level: 15}, {Compression: Gzip}, {Compression: XZ}} {
		b.Run(fmt.Sprintf("%s-%d", o.Compression, o.Level), func(b *testing.B) {
			f, err := os.Create(filepath.Join(b.TempDir(), "image"))
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			for b.Loop() {
				res, err := Write(context.Background(), f, src, o)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(res.DataBytes)
				b.ReportMetric(float64(res.Size)/(1<<20), "MiB")
			}
		})
	}
}
