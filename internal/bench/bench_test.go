package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		list []float64
		want float64
	}{
		{nil, 0}, {[]float64{4}, 4}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}, {[]float64{8, 1, 2, 4}, 3},
	} {
		if got := median(c.list); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.list, got, c.want)
		}
	}
}

func TestCommandCountsWhatItsChildrenUse(t *testing.T) {
	dir := t.TempDir()
	// The work is done by a grandchild, as in live-build.
	c, err := command(t.Context(), dir, filepath.Join(dir, "log"), "sh", "-c",
		"dd if=/dev/zero bs=64M count=6 2>/dev/null | md5sum; true")
	if err != nil {
		t.Fatal(err)
	}
	if c.Wall <= 0 || c.CPU() < 0.05 {
		t.Errorf("wall %v s, CPU %v s: hashing 384 MiB takes longer", c.Wall, c.CPU())
	}
	if c.PeakRSS < 64<<20 {
		t.Errorf("peak %d bytes, but one process had a buffer of 64 MiB", c.PeakRSS)
	}
}

func TestCommandTellsTheLastLines(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	if err := os.WriteFile(log, []byte("from before\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := command(t.Context(), dir, log, "sh", "-c", "echo no room left >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "no room left") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("error %v, want the program's status and what it said", err)
	}
	if err != nil && strings.Contains(err.Error(), "from before") {
		t.Errorf("error %v tells what an earlier program said", err)
	}
}

func TestSameLists(t *testing.T) {
	for _, c := range []struct {
		ours, peer []string
		want       string
	}{
		{[]string{"a", "b"}, []string{"a", "b"}, ""},
		{nil, nil, ""},
		{[]string{"a", "b"}, []string{"a"}, `only ours has "b"`},
		{[]string{"a"}, []string{"a", "b"}, `only the peer has "b"`},
		{[]string{"a", "c"}, []string{"a", "b"}, `only the peer has "b"`},
		{[]string{"a", "b"}, []string{"a", "c"}, `only ours has "b"`},
	} {
		got := ""
		if err := sameLists(c.ours, c.peer); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%v and %v: %q, want %q", c.ours, c.peer, got, c.want)
		}
	}
}

func TestReport(t *testing.T) {
	r := Result{Name: "first-build", Check: "same 3 entries"}
	r.Ours = Side{Size: 90, Runs: []Cost{{Wall: 2, User: 3, System: 1}, {Wall: 4, User: 3, System: 1}, {Wall: 3, User: 3, System: 1}}}
	r.Peer = Side{Size: 100, Runs: []Cost{{Wall: 6, User: 4, System: 2}}}
	r.finish()
	if r.Ratio != 2 || r.CPURatio != 1.5 || r.SizeRatio != 0.9 {
		t.Fatalf("ratios %v, %v, %v; want 2, 1.5, 0.9", r.Ratio, r.CPURatio, r.SizeRatio)
	}
	report := Report{Date: time.Unix(0, 0).UTC(), Results: []Result{r, {Name: "live-build", Failed: "needs root"}}}
	path := filepath.Join(t.TempDir(), "out", "bench.json")
	if err := writeReport(path, report); err != nil {
		t.Fatal(err)
	}
	again, err := readReport(path)
	if err != nil {
		t.Fatal(err)
	}
	again.Results[0].Ratio = 1.75
	var out bytes.Buffer
	printReport(&out, report, again)
	for _, want := range []string{"2.00", "1.75", "90.00 %", "live-build: NOT MEASURED: needs root"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
	if err := report.failed(); err == nil || !strings.Contains(err.Error(), "live-build") {
		t.Errorf("failed: %v, want live-build named", err)
	}
	if r, err := readReport(filepath.Join(t.TempDir(), "none")); err != nil || len(r.Results) > 0 {
		t.Errorf("no earlier results: %v, %v", r, err)
	}
}

func TestStoreIsTheSameEveryTime(t *testing.T) {
	a, b := newGenerator(), newGenerator()
	one, two := t.TempDir(), t.TempDir()
	for range 2 {
		if err := a.pack(one); err != nil {
			t.Fatal(err)
		}
		if err := b.pack(two); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{}
	read := func(root string, visit func(path, data string)) {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(path)
			visit(strings.TrimPrefix(path, root), string(data))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read(one, func(path, data string) { files[path] = data })
	if len(files) < storeFiles {
		t.Fatalf("%d files", len(files))
	}
	read(two, func(path, data string) {
		if files[path] != data {
			t.Errorf("%s differs", path)
		}
		delete(files, path)
	})
	if len(files) > 0 {
		t.Errorf("%d files were not made again", len(files))
	}
}
