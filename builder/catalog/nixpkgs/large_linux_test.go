//go:build !race

package nixpkgs

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/internal/progress"
)

// scale is how many packages and options a large channel has: with
// ISOWRIGHT_HEAVY=1 what nixos-unstable offered in June 2026, else a fifth of
// that.
func scale() (packages, options int) {
	if os.Getenv("ISOWRIGHT_HEAVY") == "1" {
		return 144_000, 25_000
	}
	return 28_800, 5_000
}

// large is a server with a large channel; its lists are made once.
func large(t testing.TB) *channelServer {
	t.Helper()
	lists := largeLists()
	return serve(t, lists[0], lists[1])
}

var largeLists = sync.OnceValue(func() [2][]byte {
	packages, options := scale()
	return [2][]byte{manyPackages(packages), manyOptions(options)}
})

// A large channel is fetched with bounded memory.
func TestLargeChannel(t *testing.T) {
	packages, options := scale()
	s := large(t)
	c := s.config(t)
	peak := watchHeap(t)
	steps := map[string]progress.Event{}
	c.Progress = func(e progress.Event) { steps[e.Step] = e }
	info, _, err := Refresh(t.Context(), c, testChannel)
	check(t, err)
	if info.Packages != packages || info.Options != options {
		t.Fatalf("%+v", info)
	}
	for _, step := range []string{"packages", "options", "index"} {
		if e := steps[step]; e.Done == 0 || e.Done != e.Total {
			t.Errorf("the step %q ends with %+v", step, e)
		}
	}
	file, err := os.Stat(Path(c.Dir, testChannel))
	check(t, err)
	heap := peak()
	t.Logf("lists of %d and %d KiB; file %d MiB; heap at most %d MiB",
		len(s.files["packages.json.br"])>>10, len(s.files["options.json.br"])>>10, file.Size()>>20, heap>>20)
	if heap > 700<<20 {
		t.Errorf("fetching took %d MiB of memory", heap>>20)
	}

	before := heapNow()
	cat, err := Open(c.Dir, testChannel)
	check(t, err)
	defer cat.Close()
	if opened := int64(heapNow()) - int64(before); opened > 100<<20 {
		t.Errorf("an opened catalogue takes %d MiB of memory", opened>>20)
	}
	if found := cat.Search("python data tool", 50); len(found) == 0 {
		t.Error("nothing is found in it")
	}
}

// slowestStroke types queries letter by letter. The best of three counts, in
// time of the processor, since others use this computer too.
func slowestStroke(t testing.TB, cat *Catalogue, queries ...string) (slowest time.Duration, of string) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, query := range queries {
		for i := range query {
			best := time.Hour
			for range 3 {
				start := processor(t)
				cat.Search(query[:i+1], 50)
				best = min(best, processor(t)-start)
			}
			if best > slowest {
				slowest, of = best, query[:i+1]
			}
		}
	}
	return slowest, of
}

// processor is the time that this thread has had of a processor.
func processor(t testing.TB) time.Duration {
	var clock unix.Timespec
	check(t, unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &clock))
	return time.Duration(clock.Nano())
}

func heapNow() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watchHeap gives the largest heap since then, beyond what there was.
func watchHeap(t testing.TB) (peak func() uint64) {
	before := heapNow()
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		most := uint64(0)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			select {
			case <-stop:
				done <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(stop)
		return max(<-done, before) - before
	}
}

func BenchmarkOpen(b *testing.B) {
	c := large(b).config(b)
	_, _, err := Refresh(b.Context(), c, testChannel)
	check(b, err)
	for b.Loop() {
		cat, err := Open(c.Dir, testChannel)
		check(b, err)
		cat.Close()
	}
}

func BenchmarkKeyStroke(b *testing.B) {
	c := large(b).config(b)
	_, _, err := Refresh(b.Context(), c, testChannel)
	check(b, err)
	cat, err := Open(c.Dir, testChannel)
	check(b, err)
	defer cat.Close()
	b.Run("slowest", func(b *testing.B) {
		var slowest time.Duration
		var of string
		queries := append(strings.Split("abcdefghijklmnopqrstuvwxyz0123456789", ""), "python data tool", "lib", "fire", "openssl-dev", "haskell")
		for b.Loop() {
			slowest, of = slowestStroke(b, cat, queries...)
		}
		b.ReportMetric(float64(slowest.Microseconds())/1000, "ms/stroke")
		b.Logf("the slowest of %d packages is %q", cat.Info().Packages, of)
	})
	for _, query := range []string{"p", "py", "python", "python data", "library tool"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				cat.Search(query, 50)
			}
		})
	}
}
