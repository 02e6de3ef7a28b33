package iso

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/tree"
)

// openImage opens an image file.
func openImage(t testing.TB, path string) *Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	im, err := Open(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// checkTree compares an image with what was put into it.
func checkTree(t *testing.T, im *Image, want []item) {
	t.Helper()
	for _, it := range want {
		e, err := im.Lookup(it.path)
		if err != nil {
			t.Error(err)
			continue
		}
		if e.ModTime != testTime || e.Path != it.path || e.UID != 0 {
			t.Errorf("%q: path %q, time %d, uid %d", it.path, e.Path, e.ModTime, e.UID)
		}
		switch {
		case it.dir:
			if e.Type != tree.Dir || e.Mode != it.mode {
				t.Errorf("%s: %s, mode %o", it.path, e.Type, e.Mode)
			}
		case it.target != "":
			if e.Type != tree.Symlink || e.Link != it.target {
				t.Errorf("%s: %s -> %q", it.path, e.Type, e.Link)
			}
		default:
			checkContent(t, im, e, it)
		}
	}
}

func checkContent(t *testing.T, im *Image, e Entry, it item) {
	t.Helper()
	r, err := im.Open(e)
	if err != nil {
		t.Error(err)
		return
	}
	got, err := io.ReadAll(r)
	if err != nil || int64(len(got)) != e.Size {
		t.Errorf("%s: %d of %d bytes, %v", it.path, len(got), e.Size, err)
	}
	again, err := io.ReadAll(e.Entry.Open())
	if err != nil || !bytes.Equal(got, again) {
		t.Errorf("%s: tree.Entry.Open gives something else (%v)", it.path, err)
	}
	if it.path != corePath && string(got) != it.data {
		t.Errorf("%s: wrong content", it.path)
	}
	want := it.mode
	if want == 0 {
		want = defaultFileMode
	}
	if e.Mode != want {
		t.Errorf("%s: mode %o, want %o", it.path, e.Mode, want)
	}
}

func TestReadOurs(t *testing.T) {
	// A target as long as Linux has them; other readers stop at 1023 bytes.
	huge := item{path: "links/huge", target: strings.Repeat("0123456789/", 372) + "end"}
	all := append(hybridTree(), huge)
	path, res := newImage(t, hybridOptions(), all)
	im := openImage(t, path)
	checkTree(t, im, all)
	if im.VolumeID != "TEST_1" || im.Publisher != "Somebody" || im.Preparer != "Isowright" || im.Application != "A test" ||
		im.Created.Unix() != testTime || im.Modified.Unix() != testTime || !im.RockRidge || !im.Joliet ||
		im.Missing() != 0 || int64(im.Blocks)*sectorSize != im.Size() {
		t.Errorf("%+v", im)
	}
	d, err := im.Lookup("d1/d2")
	if err != nil || d.Links != 3 {
		t.Errorf("d1/d2: %d links, %v", d.Links, err)
	}
	checkBoot(t, im)
	if len(im.GPT.Partitions) != 2 || im.GPT.Partitions[1].Start != uint64(res.ESP.LBA)*4 ||
		im.GPT.Partitions[1].Blocks != uint64(res.ESP.Size)/512 {
		t.Errorf("GPT %+v", im.GPT)
	}
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p := im.GPT.Partitions[0]
	part := image[p.Start*512:][:p.Blocks*512]
	inner, err := Open(bytes.NewReader(part), int64(len(part)))
	if err != nil {
		t.Fatal(err)
	}
	checkTree(t, inner, all)
}

// checkBoot wants the full boot equipment and all four ways to start.
func checkBoot(t *testing.T, im *Image) {
	t.Helper()
	for _, s := range im.Starts() {
		if !s.OK {
			t.Errorf("%s from %s: %s", s.Firmware, s.Medium, s.Why)
		}
	}
	if len(im.Boot) != 2 || im.Boot[0].Platform != PlatformBIOS || !im.Boot[0].Bootable || im.Boot[0].LoadBlocks != 4 ||
		!im.Boot[0].BootInfo || !im.Boot[0].GRUBInfo || im.Boot[1].Platform != PlatformUEFI || !im.Boot[1].Bootable {
		t.Errorf("boot catalog %+v", im.Boot)
	}
	if len(im.MBR) != 2 || im.MBR[0].Type != 0xEE || im.MBR[0].Start != 1 || !im.MBR[1].Active {
		t.Errorf("MBR %+v", im.MBR)
	}
	if im.GPT == nil || im.GPT.FromBackup || len(im.GPT.Partitions) < 2 ||
		im.GPT.Partitions[1].Type != "C12A7328-F81F-11D2-BA4B-00A0C93EC93B" ||
		im.GPT.Partitions[0].Type != "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7" {
		t.Errorf("GPT %+v", im.GPT)
	}
	if len(im.Faults) != 0 {
		t.Errorf("faults %q", im.Faults)
	}
}

func TestReadXorriso(t *testing.T) {
	var small []item
	for _, it := range append(awkwardTree(), item{path: corePath, data: string(fakeCore())}) {
		if !it.dir {
			it.mode &= 0 // -r sets the modes
			small = append(small, it)
		}
	}
	im := openImage(t, referenceImage(t, small))
	for i := range small {
		if small[i].path == "tool.sh" || small[i].path == "suid" {
			small[i].mode = 0o444
		}
	}
	checkTree(t, im, small)
	checkBoot(t, im)
	if im.VolumeID != "TEST_1" || im.Application != "A TEST" || !strings.HasPrefix(im.Preparer, "XORRISO") ||
		im.Modified.Unix() != testTime {
		t.Errorf("%q %q %q %v", im.VolumeID, im.Application, im.Preparer, im.Modified)
	}
}

// TestReadOtherWriters reads Joliet and plain names, and a directory that
// genisoimage moved because it lies too deep.
func TestReadOtherWriters(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "tree", "d1/d2/d3/d4/d5/d6/d7/d8/d9")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"deep file.txt", "../../../../../../../../../größe.txt"} {
		if err := os.WriteFile(filepath.Join(deep, name), []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, path, options string }{
		{"Rock Ridge, moved directory", "d1/d2/d3/d4/d5/d6/d7/d8/d9/deep file.txt", "-R"},
		{"Joliet", "größe.txt", "-J -D"},
		{"plain", "D1/D2/D3/D4/D5/D6/D7/D8/D9/DEEP_FIL.TXT", "-D"},
	} {
		image := filepath.Join(dir, "x.iso")
		args := append([]string{"-quiet", "-input-charset", "utf-8", "-o", image}, strings.Fields(c.options)...)
		run(t, "genisoimage", append(args, filepath.Join(dir, "tree"))...)
		im := openImage(t, image)
		e, err := im.Lookup(c.path)
		if err != nil {
			im.Walk(func(e Entry) error { t.Logf("%s %s", e.Type, e.Path); return nil })
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if r, err := im.Open(e); err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got, _ := io.ReadAll(r); string(got) != "text" {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestLookupErrors(t *testing.T) {
	path, _ := newImage(t, hybridOptions(), hybridTree())
	im := openImage(t, path)
	if _, err := im.Lookup("boot/none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing name: %v", err)
	}
	if _, err := im.Lookup("README.txt/x"); err == nil {
		t.Error("a file was read as a directory")
	}
	if _, err := im.Open(im.Root()); err == nil {
		t.Error("a directory was opened as a file")
	}
}

// TestDamaged spoils an image in one place each and wants it told.
func TestDamaged(t *testing.T) {
	path, res := newImage(t, hybridOptions(), hybridTree())
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	open := func(b []byte) *Image {
		im, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		return im
	}
	spoil := func(at int64, n int) []byte {
		b := bytes.Clone(good)
		for i := range n {
			b[at+int64(i)] ^= 0x5A
		}
		return b
	}
	starts := func(b []byte) (ok string) {
		for _, s := range open(b).Starts() {
			if s.OK {
				ok += s.Firmware + "-" + s.Medium + " "
			}
		}
		return strings.TrimSpace(ok)
	}
	catalog := res.Files[catalogPath].Offset()
	for _, c := range []struct {
		name string
		b    []byte
		want string
	}{
		{"nothing", good, "BIOS-CD BIOS-USB UEFI-CD UEFI-USB"},
		{"catalog", spoil(catalog, 32), "BIOS-USB UEFI-USB"},
		{"boot flags", spoil(catalog+32, 1), "BIOS-USB UEFI-CD UEFI-USB"},
		{"MBR signature", spoil(510, 2), "BIOS-CD UEFI-CD"},
		{"primary GPT", spoil(512, 100), "BIOS-CD BIOS-USB UEFI-CD UEFI-USB"},
		{"ESP", spoil(res.ESP.Offset(), 62), "BIOS-CD BIOS-USB"},
	} {
		if got := starts(c.b); got != c.want {
			t.Errorf("%s spoiled: starts %q, want %q", c.name, got, c.want)
		}
	}
	if im := open(spoil(512, 100)); im.GPT == nil || !im.GPT.FromBackup || len(im.Faults) == 0 {
		t.Errorf("damaged primary GPT: %+v %q", im.GPT, im.Faults)
	}
	cut := open(good[:len(good)-1<<20])
	if cut.Missing() != 1<<20 || len(cut.Faults) != 0 {
		t.Errorf("cut image: %d missing, %q", cut.Missing(), cut.Faults)
	}
	for _, bad := range [][]byte{nil, good[:17*sectorSize-1], make([]byte, 1<<20)} {
		if _, err := Open(bytes.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%d bytes accepted", len(bad))
		}
	}
}

// TestLoop makes a directory hold itself.
func TestLoop(t *testing.T) {
	path, _ := newImage(t, Options{VolumeID: "X"}, []item{{path: "a/b/c", data: "x"}})
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	im := openImage(t, path)
	a, _ := im.Lookup("a")
	b, _ := im.Lookup("a/b")
	// The record of b in a names b's sector; let it name a's.
	dir := image[a.Extents[0].Offset():][:sectorSize]
	at := bytes.LastIndex(dir, both(b.Extents[0].LBA))
	copy(dir[at:], both(a.Extents[0].LBA))
	im, err = Open(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if err := im.Walk(func(Entry) error { return nil }); err == nil || !strings.Contains(err.Error(), "in itself") {
		t.Errorf("loop: %v", err)
	}
}

// TestLargeFile writes holes of more than 4 GiB and a file behind them.
func TestLargeFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.iso")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWriter(f, hybridOptions())
	if err != nil {
		t.Fatal(err)
	}
	const size = 9<<30 + 12345
	fw, err := w.Create("large", 0)
	if err != nil {
		t.Fatal(err)
	}
	marks := []int64{0, maxExtent - 4, maxExtent, 2*maxExtent - 3, size - 8}
	for _, at := range marks {
		if _, err := fw.WriteAt([]byte("mark"), at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fw.Finish(size); err != nil {
		t.Fatal(err)
	}
	addItems(t, w, []item{{path: "after", data: "after"}, {path: corePath, data: string(fakeCore())}})
	res, err := w.Close(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	im := openImage(t, path)
	checkTree(t, im, []item{{path: "after", data: "after"}})
	checkBoot(t, im)
	e, err := im.Lookup("large")
	if err != nil || e.Size != size || len(e.Extents) != 3 {
		t.Fatalf("%d bytes in %d extents, %v", e.Size, len(e.Extents), err)
	}
	r, err := im.Open(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range marks {
		b := make([]byte, 4)
		if _, err := r.ReadAt(b, at); err != nil || string(b) != "mark" {
			t.Errorf("at %d: %q %v", at, b, err)
		}
	}
	if n, err := r.ReadAt(make([]byte, 20), size-8); n != 8 || err != io.EOF {
		t.Errorf("at the end: %d bytes, %v", n, err)
	}
	largeByXorriso(t, path, size, res)
}

// largeByXorriso compares xorriso's idea of the extents.
func largeByXorriso(t *testing.T, path string, size int64, res Result) {
	list := run(t, "xorriso", "-indev", path, "-find", "/large", "-exec", "report_lba", "--", "-find", "/large", "-exec", "lsdl")
	var blocks, bytes int64
	for _, line := range strings.Split(list, "\n") {
		if f := strings.Split(line, ","); strings.HasPrefix(line, "File data lba") && len(f) == 5 {
			blocks += number(t, f[2])
			bytes = number(t, f[3])
		}
	}
	if bytes != size || blocks != sectors(size) || res.Files["after"].LBA != uint32(firstData+sectors(size)) {
		t.Errorf("xorriso sees %d blocks, %d bytes; next file at %d:\n%s", blocks, bytes, res.Files["after"].LBA, list)
	}
	if out := run(t, "sgdisk", "-v", path); !strings.Contains(out, "No problems found") {
		t.Errorf("sgdisk -v:\n%s", out)
	}
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
