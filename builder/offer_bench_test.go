package builder

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/need"
)

// realCatalogue opens Debian's, with the user's own cache.
func realCatalogue(t testing.TB, w Want) (*offer.Catalogue, design.Design) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	d := design.Design{Name: "test", Distribution: "debian", Base: "minimal"}
	c, notes, err := Catalogue(t.Context(), d, Options{CacheDir: filepath.Join(cache, "isowright"), Now: time.Now()}, w)
	if errors.Is(err, archive.ErrUnreachable) {
		need.NoError(t, err)
	}
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	t.Cleanup(func() { c.Close() })
	return c, d
}

// strokes are queries as they grow with each key, and every letter alone.
func strokes() []string {
	var out []string
	for _, query := range []string{
		"firefox", "python3", "network manager", "disk tools", "git", "editor", "libre office", "linux image", "text editor for",
		"java library documentation", "development files", "wifi", "-", "c++",
	} {
		for i := range query {
			out = append(out, query[:i+1])
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		out = append(out, string(c), "lib"+string(c), string(c)+" "+string(c))
	}
	for c := '0'; c <= '9'; c++ {
		out = append(out, string(c))
	}
	slices.Sort(out)
	return append(slices.Compact(out), "")
}

// BenchmarkKeyStroke searches the real catalogue for every beginning of many
// queries and tells the slowest.
func BenchmarkKeyStroke(b *testing.B) {
	c, _ := realCatalogue(b, Want{})
	all := strokes()
	best := make([]time.Duration, len(all))
	for b.Loop() {
		for i, query := range all {
			start := time.Now()
			c.Search(query, 200)
			if took := time.Since(start); best[i] == 0 || took < best[i] {
				best[i] = took
			}
		}
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return int(best[y] - best[x]) })
	slowest := ""
	for _, i := range order[:8] {
		slowest += fmt.Sprintf(" %q %.1f ms", all[i], best[i].Seconds()*1e3)
	}
	b.ReportMetric(best[order[0]].Seconds()*1e3, "ms/slowest-key")
	b.ReportMetric(best[order[len(order)/2]].Seconds()*1e3, "ms/median-key")
	b.Logf("%d packages, %d queries; slowest:%s", c.Len(), len(all), slowest)
}

// BenchmarkOpenCatalogue opens the real catalogue and tells what it holds in memory.
func BenchmarkOpenCatalogue(b *testing.B) {
	realCatalogue(b, Want{})
	for b.Loop() {
		realCatalogue(b, Want{})
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/open")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c, _ := realCatalogue(b, Want{})
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB/catalogue")
	runtime.KeepAlive(c)
}

// BenchmarkAdded reckons what packages add to an image.
func BenchmarkAdded(b *testing.B) {
	c, d := realCatalogue(b, Want{})
	b.Run("set", func(b *testing.B) {
		for b.Loop() {
			c.Set(Present(d))
		}
	})
	set := c.Set(Present(d))
	for _, name := range []string{"htop", "firefox-esr", "task-gnome-desktop", "libc6"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				set.Added(name)
			}
			cost, _ := set.Added(name)
			b.ReportMetric(float64(cost.Packages), "packages")
		})
	}
}
