package iso

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const testTime = 1704164645 // 2024-01-02 03:04:05 UTC

// tool gives the path of a foreign program, or skips the test.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		needed(t, "needs the program %s", name)
	}
	return path
}

// needed skips, or fails where all tools must be there.
func needed(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(tool(t, name), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// item is one entry of a test tree.
type item struct {
	path, data, target string
	mode               uint32
	dir                bool
}

// awkwardTree holds what image writers get wrong.
func awkwardTree() []item {
	list := []item{
		{path: "README.txt", data: "hello\n"},
		{path: "empty"},
		{path: "tool.sh", data: "#!/bin/sh\n", mode: 0o755},
		{path: "suid", data: "x", mode: 0o4755},
		{path: "private", dir: true, mode: 0o700},
		{path: "private/.hidden.tar.gz", data: "h"},
		{path: "ünïcode – 日本 😀.txt", data: "u"},
		{path: "not utf8 \xff\xfe", data: "bytes"},
		{path: "UPPER", data: "1"}, {path: "upper", data: "2"}, {path: "Upper", data: "3"},
		{path: "a:b*c?d;e\\f", data: "joliet"},
		{path: "boot/grub/grub.cfg", data: "echo hello\n"},
		{path: "d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11/deep.txt", data: "deep"},
		{path: strings.Repeat("n", 255), data: "long"},
		{path: strings.Repeat("m", 249) + "é.txt", data: "long2"},
		{path: "sector", data: strings.Repeat("s", sectorSize)},
		{path: "sector1", data: strings.Repeat("t", sectorSize+1)},
		{path: "links/abs", target: "/usr/bin/env"},
		{path: "links/root", target: "/"},
		{path: "links/up", target: "../../x/./y"},
		{path: "links/long", target: strings.Repeat("ab/", 339) + "end"},
		{path: "links/wide", target: strings.Repeat("w", 255) + "/" + strings.Repeat("v", 249)},
		{path: "links/" + strings.Repeat("L", 255), target: strings.Repeat("y", 250) + "/z"},
	}
	for i := range 300 {
		list = append(list, item{path: fmt.Sprintf("many/a rather long file name, number %03d.dat", i), data: fmt.Sprint(i)})
	}
	return list
}

// newImage writes a tree into a file in a new folder.
func newImage(t testing.TB, opts Options, tree []item) (path string, res Result) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "image.iso")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, opts)
	if err != nil {
		t.Fatal(err)
	}
	addItems(t, w, tree)
	if res, err = w.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	return path, res
}

func addItems(t testing.TB, w *Writer, tree []item) {
	t.Helper()
	for _, it := range tree {
		var err error
		switch {
		case it.dir:
			err = w.AddDir(it.path, it.mode)
		case it.target != "":
			err = w.AddSymlink(it.path, it.target)
		default:
			_, err = w.AddFile(context.Background(), it.path, it.mode, strings.NewReader(it.data))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// fakeCore is as good as GRUB's core image to everything but a BIOS.
func fakeCore() []byte {
	core := make([]byte, 30001)
	for i := range core {
		core[i] = byte(i * 7)
	}
	return core
}

func fakeMBR() []byte { return bytes.Repeat([]byte{0x90}, 512) }

const corePath = "boot/grub/i386-pc/eltorito.img"

// hybridOptions make an image with everything.
func hybridOptions() Options {
	return Options{
		VolumeID: "TEST_1", ModTime: testTime, Application: "A test", Publisher: "Somebody", Preparer: "Isowright",
		Seed: []byte("seed"),
		BIOS: &BIOSBoot{MBRCode: fakeMBR(), ElTorito: "/" + corePath},
		UEFI: &UEFIBoot{Files: testESP()},
	}
}

func testESP() []ESPFile {
	return []ESPFile{
		{"EFI/BOOT/BOOTX64.EFI", bytes.Repeat([]byte("shim"), 50000)},
		{"EFI/BOOT/grubx64.efi", bytes.Repeat([]byte("grub"), 70001)},
		{"EFI/BOOT/a much longer name.config", []byte("x")},
		{"EFI/BOOT/a much longer name.contents", []byte("y")},
		{"EFI/BOOT/empty.txt", nil},
		{"EFI/débian/grub.cfg", []byte("search\n")},
		{"top.txt", []byte("top")},
	}
}

func hybridTree() []item {
	return append(awkwardTree(), item{path: corePath, data: string(fakeCore())})
}

func TestExtractedByXorriso(t *testing.T) {
	path, _ := newImage(t, hybridOptions(), hybridTree())
	out := filepath.Join(t.TempDir(), "out")
	run(t, "xorriso", "-abort_on", "WARNING", "-osirrox", "on", "-indev", path, "-extract", "/", out)
	t.Cleanup(func() { run(t, "chmod", "-R", "u+rwX", out) })
	for _, it := range hybridTree() {
		checkExtracted(t, filepath.Join(out, it.path), it)
	}
	seen := 0
	filepath.WalkDir(out, func(string, os.DirEntry, error) error { seen++; return nil })
	// The root, the catalog, and the directories that were made as parents.
	want := len(hybridTree()) + 2 + len([]string{"boot", "grub", "i386-pc", "links", "many"}) + 11
	if seen != want {
		t.Errorf("%d names extracted, want %d", seen, want)
	}
}

func checkExtracted(t *testing.T, path string, it item) {
	info, err := os.Lstat(path)
	if err != nil {
		t.Error(err)
		return
	}
	if it.target != "" {
		if got, _ := os.Readlink(path); got != it.target {
			t.Errorf("%s -> %q, want %q", it.path, got, it.target)
		}
		return
	}
	if info.ModTime().Unix() != testTime {
		t.Errorf("%s: time %v", it.path, info.ModTime())
	}
	stat := info.Sys().(*syscall.Stat_t)
	want := it.mode
	if want == 0 {
		want = defaultFileMode
	}
	if stat.Mode&0o7777 != want {
		t.Errorf("%s: mode %o, want %o", it.path, stat.Mode&0o7777, want)
	}
	if it.dir {
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	if it.path == corePath { // its two boot information tables are patched
		clear(got[8:64])
		clear(got[2548:2556])
		core := []byte(it.data)
		clear(core[8:64])
		clear(core[2548:2556])
		it.data = string(core)
	}
	if string(got) != it.data {
		t.Errorf("%s: %d bytes differ from %d written", it.path, len(got), len(it.data))
	}
}

// TestIsoinfo compares the trees that isoinfo sees.
func TestIsoinfo(t *testing.T) {
	path, _ := newImage(t, hybridOptions(), hybridTree())
	head := run(t, "isoinfo", "-d", "-i", path)
	for _, want := range []string{"Volume id: TEST_1", "Publisher id: Somebody", "Application id: A test",
		"Data preparer id: Isowright", "Joliet with UCS level 3 found", "Rock Ridge signatures version 1 found",
		"Bootid 88 (bootable)", "Nsect 4"} {
		if !strings.Contains(head, want) {
			t.Errorf("isoinfo -d lacks %q:\n%s", want, head)
		}
	}
	rr := strings.Split(run(t, "isoinfo", "-R", "-f", "-i", path), "\n")
	joliet := jolietNames(t, path)
	plain := strings.Split(run(t, "isoinfo", "-f", "-i", path), "\n")
	links := 0
	for _, it := range hybridTree() {
		if !slices.Contains(rr, "/"+it.path) {
			t.Errorf("no Rock Ridge name %q", it.path)
		}
		if it.target != "" {
			links++
		}
	}
	for _, want := range []string{"/ünïcode – 日本 _.txt", "/a_b_c_d_e_f", "/" + strings.Repeat("n", 103),
		"/" + strings.Repeat("m", 99) + ".txt", "/UPPER", "/upper", "/Upper"} {
		if !slices.Contains(joliet, want) {
			t.Errorf("no Joliet name %q", want)
		}
	}
	for _, want := range []string{"/README.TXT;1", "/UPPER.;1", "/UPPER0.;1", "/UPPER1.;1", "/PRIVATE/_HIDDEN_TAR.GZ;1"} {
		if !slices.Contains(plain, want) {
			t.Errorf("no ISO 9660 name %q", want)
		}
	}
	// xorriso's list has the root too.
	if len(plain) != len(rr) || len(joliet) != len(rr)-links+1 {
		t.Errorf("%d plain, %d Rock Ridge, %d Joliet names, %d links", len(plain), len(rr), len(joliet), links)
	}
}

// jolietNames are the lines of xorriso's list, one of them empty.
func jolietNames(t testing.TB, path string) []string {
	list := run(t, "xorriso", "-report_about", "SORRY", "-read_fs", "norock", "-indev", path, "-find", "/")
	_, list, _ = strings.Cut(list, "'/'\n")
	var names []string
	for _, line := range strings.Split("'/'\n"+list, "\n") {
		names = append(names, strings.Trim(line, "'"))
	}
	return names
}

// TestPartitionFileSystem reads the file system that begins in partition 1.
func TestPartitionFileSystem(t *testing.T) {
	path, res := newImage(t, hybridOptions(), hybridTree())
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	inner := filepath.Join(t.TempDir(), "inner.iso")
	part := image[partitionStart*sectorSize : res.ESP.Offset()]
	if err := os.WriteFile(inner, part, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	run(t, "xorriso", "-abort_on", "WARNING", "-osirrox", "on", "-indev", inner, "-extract", "/", out)
	t.Cleanup(func() { run(t, "chmod", "-R", "u+rwX", out) })
	for _, it := range hybridTree() {
		checkExtracted(t, filepath.Join(out, it.path), it)
	}
	if names := run(t, "isoinfo", "-J", "-f", "-i", inner); !strings.Contains(names, "/boot/grub/grub.cfg") {
		t.Error("no Joliet tree in partition 1")
	}
}

func TestESP(t *testing.T) {
	path, res := newImage(t, hybridOptions(), hybridTree())
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	esp := filepath.Join(t.TempDir(), "esp.img")
	if err := os.WriteFile(esp, image[res.ESP.Offset():][:res.ESP.Size], 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MTOOLS_SKIP_CHECK", "1")
	if out := run(t, "fsck.fat", "-n", "-v", esp); !strings.Contains(out, "11 files") {
		t.Errorf("fsck.fat:\n%s", out)
	}
	for _, f := range testESP() {
		name := strings.ReplaceAll(f.Path, "é", "?")
		if got := run(t, "mtype", "-i", esp, "::/"+name); got != string(f.Data) {
			t.Errorf("%s: %d bytes, want %d", f.Path, len(got), len(f.Data))
		}
	}
	if out := run(t, "mdir", "-i", esp, "::/EFI/BOOT"); !strings.Contains(out, "a much longer name.contents") ||
		!strings.Contains(out, "2024-01-02") {
		t.Errorf("mdir:\n%s", out)
	}
}

func TestPartitionsAccepted(t *testing.T) {
	path, _ := newImage(t, hybridOptions(), hybridTree())
	out := run(t, "sgdisk", "-v", path)
	if !strings.Contains(out, "No problems found") {
		t.Errorf("sgdisk -v:\n%s", out)
	}
}

func TestReproducible(t *testing.T) {
	sum := func(opts Options) [32]byte {
		path, _ := newImage(t, opts, hybridTree())
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(b)
	}
	first, other := hybridOptions(), hybridOptions()
	other.Seed = []byte("other")
	if one, two := sum(first), sum(first); one != two {
		t.Error("the same input gives other bytes")
	}
	if sum(first) == sum(other) {
		t.Error("the seed has no influence")
	}
}

func TestCreateInPlace(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "image.iso"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, Options{VolumeID: "X", ModTime: testTime})
	if err != nil {
		t.Fatal(err)
	}
	fw, err := w.Create("live/filesystem.squashfs", 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.AddFile(t.Context(), "other", 0, strings.NewReader("")); err == nil {
		t.Error("a second file while one is open")
	}
	for _, part := range []struct {
		text string
		at   int64
	}{{"tail", 5000}, {"head", 0}, {"behind the end", 5004}} {
		if _, err := fw.WriteAt([]byte(part.text), part.at); err != nil {
			t.Fatal(err)
		}
	}
	at, err := fw.Finish(5004)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fw.Finish(5004); err == nil {
		t.Error("finished twice")
	}
	next, err := w.AddFile(t.Context(), "next", 0, strings.NewReader("next"))
	if err != nil || next.LBA != at.LBA+3 {
		t.Fatalf("next file at %d (%v), want %d", next.LBA, err, at.LBA+3)
	}
	res, err := w.Close(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Files["live/filesystem.squashfs"]; got != at || at.Size != 5004 {
		t.Errorf("place %v, Result says %v", at, got)
	}
	got := make([]byte, 3*sectorSize)
	if _, err := f.ReadAt(got, at.Offset()); err != nil {
		t.Fatal(err)
	}
	want := make([]byte, 3*sectorSize)
	copy(want, "head")
	copy(want[5000:], "tail")
	if !bytes.Equal(got, want) {
		t.Error("the bytes in place differ")
	}
}

func TestRefused(t *testing.T) {
	good := Options{VolumeID: "X"}
	for name, opts := range map[string]Options{
		"empty volume ID":  {},
		"blank":            {VolumeID: "a b"},
		"no ASCII":         {VolumeID: "ä"},
		"isohybrid size":   {VolumeID: "X", BIOS: &BIOSBoot{Loader: Isolinux, MBRCode: make([]byte, 512)}},
		"long volume ID":   {VolumeID: strings.Repeat("A", 33)},
		"negative time":    {VolumeID: "X", ModTime: -1},
		"time out of FAT":  {VolumeID: "X", ModTime: 4354819200},
		"long application": {VolumeID: "X", Application: strings.Repeat("a", 129)},
		"umlaut publisher": {VolumeID: "X", Publisher: "Ä"},
		"short MBR code":   {VolumeID: "X", BIOS: &BIOSBoot{MBRCode: make([]byte, 100)}},
	} {
		if _, err := NewWriter(&discard{}, opts); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	for name, try := range map[string]func(w *Writer) error{
		"twice":             func(w *Writer) error { w.AddDir("a", 0); return w.AddSymlink("a", "b") },
		"below a file":      func(w *Writer) error { w.AddSymlink("a", "b"); return w.AddDir("a/b", 0) },
		"dot dot":           func(w *Writer) error { return w.AddDir("a/../b", 0) },
		"double slash":      func(w *Writer) error { return w.AddDir("a//b", 0) },
		"name of 256 bytes": func(w *Writer) error { return w.AddDir(strings.Repeat("x", 256), 0) },
		"zero byte":         func(w *Writer) error { return w.AddDir("a\x00", 0) },
		"no target":         func(w *Writer) error { return w.AddSymlink("a", "") },
		"long target":       func(w *Writer) error { return w.AddSymlink("a", strings.Repeat("x", 4096)) },
		"root as a link":    func(w *Writer) error { return w.AddSymlink("/", "x") },
	} {
		w, err := NewWriter(&discard{}, good)
		if err != nil {
			t.Fatal(err)
		}
		if try(w) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCloseRefuses(t *testing.T) {
	for name, opts := range map[string]Options{
		"no El Torito image": {VolumeID: "X", BIOS: &BIOSBoot{ElTorito: "boot/x.img"}},
		"ESP too large":      {VolumeID: "X", UEFI: &UEFIBoot{Files: []ESPFile{{"a", make([]byte, 32<<20)}}}},
		"ESP name twice":     {VolumeID: "X", UEFI: &UEFIBoot{Files: []ESPFile{{"a", nil}, {"A", nil}}}},
		"ESP name with star": {VolumeID: "X", UEFI: &UEFIBoot{Files: []ESPFile{{"a*", nil}}}},
	} {
		w, err := NewWriter(&discard{}, opts)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Close(t.Context()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCancelAndFullDisk(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w, _ := NewWriter(&discard{}, Options{VolumeID: "X"})
	if _, err := w.AddFile(ctx, "a", 0, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("AddFile: %v", err)
	}
	if _, err := w.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Close: %v", err)
	}
	for limit := int64(0); limit < 400<<10; limit += 16 << 10 {
		w, err := NewWriter(&discard{limit: limit, full: true}, hybridOptions())
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.AddFile(t.Context(), corePath, 0, bytes.NewReader(fakeCore()))
		if err == nil {
			_, err = w.Close(t.Context())
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("full after %d bytes: %v", limit, err)
		}
	}
}

// discard takes everything, up to a limit if it is full.
type discard struct {
	limit int64
	full  bool
}

func (d *discard) Truncate(int64) error { return nil }

func (d *discard) WriteAt(p []byte, off int64) (int, error) {
	if d.full && off+int64(len(p)) > d.limit {
		return 0, &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	}
	return len(p), nil
}

var _ io.WriterAt = (*FileWriter)(nil)
