package squash

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/builder/tree"
)

// capNetRaw is security.capability for cap_net_raw=ep.
const capNetRaw = "\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// nastyTree holds one of everything that image writers get wrong, and a
// directory of so many files.
func nastyTree(many int) memTree {
	list := []tree.Entry{
		{Type: tree.Dir, Mode: 0o755, ModTime: 1500000000, Xattrs: map[string]string{"user.root": "yes"}},
		dirEntry("dev"), dirEntry("many"), dirEntry("empty"), dirEntry("links"), dirEntry("sizes"), dirEntry("odd"), dirEntry("attrs"),
	}
	add := func(e tree.Entry) { list = append(list, e) }
	for i, d := range [][2]uint32{{1, 3}, {8, 0}, {0xfff, 0xfffff}, {136, 300}} {
		add(tree.Entry{Path: fmt.Sprintf("dev/c%d", i), Type: tree.CharDevice, Mode: 0o666, Major: d[0], Minor: d[1]})
		add(tree.Entry{Path: fmt.Sprintf("dev/b%d", i), Type: tree.BlockDevice, Mode: 0o660, GID: 6, Major: d[0], Minor: d[1]})
	}
	add(tree.Entry{Path: "dev/fifo", Type: tree.Fifo, Mode: 0o600})
	add(tree.Entry{Path: "dev/socket", Type: tree.Socket, Mode: 0o777, UID: 70000, GID: 100000})
	for i := range many {
		add(fileEntry(fmt.Sprintf("many/file-%04d-with-a-name-of-some-length", i), words(uint64(i%50), i%97)))
	}
	deep := "deep"
	for range 40 {
		add(dirEntry(deep))
		add(fileEntry(deep+"/z", []byte(deep)))
		deep += "/d"
	}
	for _, n := range []int{0, 1, 4095, 4096, 4097, 131071, 131072, 131073, 262144, 700001} {
		add(fileEntry(fmt.Sprintf("sizes/noise-%d", n), noise(uint64(n), n)))
		add(fileEntry(fmt.Sprintf("sizes/words-%d", n), words(uint64(n), n)))
		add(fileEntry(fmt.Sprintf("sizes/zeros-%d", n), make([]byte, n)))
		add(fileEntry(fmt.Sprintf("sizes/copy-%d", n), words(uint64(n), n)))
	}
	hole := make([]byte, 1<<20)
	copy(hole[500000:], "in the middle of nothing")
	add(fileEntry("sizes/sparse", hole))
	return sorted(append(list, nastyOdds()...))
}

// nastyOdds is the part of nastyTree that is small and strange.
func nastyOdds() []tree.Entry {
	with := func(e tree.Entry, change func(*tree.Entry)) tree.Entry { change(&e); return e }
	link := func(path, to string) tree.Entry {
		return tree.Entry{Path: path, Type: tree.Symlink, Mode: 0o777, ModTime: 1234567890, Link: to}
	}
	hard := func(path, to string) tree.Entry { return tree.Entry{Path: path, Type: tree.HardLink, Link: to} }
	file := func(path string, change func(*tree.Entry)) tree.Entry {
		return with(fileEntry(path, []byte("content of "+path)), change)
	}
	return []tree.Entry{
		link("links/dangling", "/no/such/thing"), link("links/long", strings.Repeat("x/", 500)), link("links/one", "a"),
		link("links/longest", strings.Repeat("y", 4095)),
		file("links/first", func(e *tree.Entry) { e.UID = 5 }), hard("links/second", "links/first"), hard("zlast", "links/first"),
		hard("aaa", "links/first"), hard("links/dangling2", "links/dangling"), hard("dev/fifo2", "dev/fifo"), hard("dev/c9", "dev/c0"),
		hard("sizes/words-again", "sizes/words-700001"),
		file("odd/"+strings.Repeat("n", 255), func(*tree.Entry) {}),
		file("odd/not-utf8-\xff\xfe\x80", func(*tree.Entry) {}), file("odd/new\nline", func(*tree.Entry) {}),
		file("odd/ space ", func(*tree.Entry) {}), file("odd/-dash", func(*tree.Entry) {}),
		file("odd/ids", func(e *tree.Entry) { e.UID, e.GID = 70000, 100000 }),
		file("odd/maxids", func(e *tree.Entry) { e.UID, e.GID = 0xfffffffe, 0xfffffffe }),
		file("odd/setuid", func(e *tree.Entry) { e.Mode = 0o4755 }), file("odd/setgid", func(e *tree.Entry) { e.Mode = 0o2755 }),
		file("odd/nomode", func(e *tree.Entry) { e.Mode = 0 }),
		with(dirEntry("odd/sticky"), func(e *tree.Entry) { e.Mode = 0o1777 }),
		file("odd/before1970", func(e *tree.Entry) { e.ModTime = -86400 }),
		file("odd/after2038", func(e *tree.Entry) { e.ModTime = 4000000000 }),
		file("attrs/capability", func(e *tree.Entry) { e.Xattrs = map[string]string{"security.capability": capNetRaw} }),
		file("attrs/user", func(e *tree.Entry) {
			e.Xattrs = map[string]string{"user.a": "1", "user.empty": "", "trusted.t": "\x00\xff", "user.big": strings.Repeat("v", 3000)}
		}),
		file("attrs/acl", func(e *tree.Entry) {
			e.Xattrs = map[string]string{"user.kept": "1", "system.posix_acl_access": "\x02\x00\x00\x00"}
		}),
		with(dirEntry("attrs/dir"), func(e *tree.Entry) { e.Xattrs = map[string]string{"trusted.overlay.opaque": "y"} }),
		with(link("attrs/link", "user"), func(e *tree.Entry) { e.Xattrs = map[string]string{"trusted.onlink": "1"} }),
		{Path: "attrs/fifo", Type: tree.Fifo, Mode: 0o644, Xattrs: map[string]string{"trusted.onfifo": "1"}},
		{Path: "attrs/char", Type: tree.CharDevice, Mode: 0o644, Major: 5, Minor: 1, Xattrs: map[string]string{"trusted.onchar": "1"}},
		{Path: "attrs/block", Type: tree.BlockDevice, Mode: 0o644, Major: 7, Minor: 1, Xattrs: map[string]string{"security.x": "1"}},
		{Path: "attrs/socket", Type: tree.Socket, Mode: 0o644, Xattrs: map[string]string{"trusted.onsocket": "1"}},
	}
}

// TestOracles packs the nasty tree in every way and has three readers list it.
func TestOracles(t *testing.T) {
	for _, o := range []Options{
		{Compression: Zstd}, {Compression: Zstd, Level: 1, BlockSize: 4096}, {Compression: Zstd, Level: 22, BlockSize: 1 << 20},
		{Compression: Gzip}, {Compression: Gzip, Level: 1, BlockSize: 1 << 20}, {Compression: XZ}, {Compression: XZ, BlockSize: 4096},
		{Compression: None}, {Compression: None, BlockSize: 1 << 20},
	} {
		t.Run(fmt.Sprintf("%s-%d-%d", o.Compression, o.Level, o.BlockSize), func(t *testing.T) {
			src := nastyTree(700)
			if o.Compression == Zstd && o.Level == 0 {
				src = nastyTree(6000)
			}
			o.ModTime = 1700000001
			image, res := pack(t, src, o)
			r := openImage(t, image)
			compare(t, "our reader", src, r)
			if err := r.Err(); err != nil {
				t.Error(err)
			}
			checkInfo(t, r.Superblock(), o, res)
			want := 2
			if o.Compression == Zstd && (o.Level == 0 || o.Level > maxZstdLevel) && maxZstdLevel < defaultZstdLevel {
				want++ // built without libzstd
			}
			if len(res.Warnings) != want {
				t.Errorf("want warnings for a date and an ACL, have %q", res.Warnings)
			}
			t.Run("kernel", func(t *testing.T) { compare(t, "kernel", src, mounted(t, image)) })
			if o.BlockSize == 0 {
				t.Run("unsquashfs", func(t *testing.T) { compare(t, "unsquashfs", src, fromDir(t, unpack(t, image))) })
			}
		})
	}
}

func checkInfo(t *testing.T, have Info, o Options, res Result) {
	t.Helper()
	want := Info{
		Compression: o.Compression, Level: o.Level, BlockSize: o.BlockSize, ModTime: o.ModTime,
		Inodes: res.Inodes, Fragments: res.Fragments, Size: have.Size,
	}
	if want.BlockSize == 0 {
		want.BlockSize = 131072
	}
	if have != want {
		t.Errorf("superblock: want %+v, have %+v", want, have)
	}
	if have.Size > res.Size || have.Size+4096 <= res.Size {
		t.Errorf("image of %d bytes padded to %d", have.Size, res.Size)
	}
}

// TestExport has the kernel open files by their handles, as an NFS server
// does, which takes the export table.
func TestExport(t *testing.T) {
	src := manyFiles(5000)
	// The handles come from one mount and are used on that of another image
	// of the same bytes, of which the kernel has no inode in memory.
	var roots [2]int
	for i := range roots {
		image, _ := pack(t, src, Options{Level: 1})
		fd, err := unix.Open(mount(t, image), unix.O_RDONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		roots[i] = fd
	}
	for i := 0; i < len(src); i += 50 {
		if src[i].Type != tree.File {
			continue
		}
		h, _, err := unix.NameToHandleAt(roots[0], src[i].Path, 0)
		if err != nil {
			t.Fatal(err)
		}
		fd, err := unix.OpenByHandleAt(roots[1], h, unix.O_RDONLY)
		if err != nil {
			t.Fatalf("%s: %v", src[i].Path, err)
		}
		var st unix.Stat_t
		err = unix.Fstat(fd, &st)
		unix.Close(fd)
		if err != nil || st.Mtim.Sec != src[i].ModTime || st.Size != src[i].Size {
			t.Errorf("%s: opened a file of %d bytes of %d: %v", src[i].Path, st.Size, st.Mtim.Sec, err)
		}
	}
}

// TestListing compares with the list that unsquashfs prints, line by line.
func TestListing(t *testing.T) {
	needTool(t, "unsquashfs")
	src := nastyTree(6000)
	image, _ := pack(t, src, Options{Level: 3})
	have := strings.Split(runTool(t, "unsquashfs", "-lln", image), "\n")
	byPath := make(map[string]tree.Entry)
	for _, e := range src {
		byPath[e.Path] = e
	}
	var want []string
	for _, e := range src {
		path := e.Path
		if e.Type == tree.HardLink {
			e = byPath[e.Link]
		}
		if strings.Contains(path, "\n") {
			continue
		}
		want = append(want, listLine(e, path))
	}
	for i := range have {
		f := strings.Fields(strings.ReplaceAll(strings.ReplaceAll(have[i], ",  ", ","), ", ", ","))
		if len(f) > 3 && f[0][0] == 'd' {
			f[2] = "0" // the length of a directory's list
		}
		have[i] = strings.Join(f, " ")
	}
	for _, line := range want {
		if !slices.Contains(have, strings.Join(strings.Fields(line), " ")) {
			t.Errorf("unsquashfs does not list %q", line)
		}
	}
}

// listLine is a line of unsquashfs -lln.
func listLine(e tree.Entry, path string) string {
	mode := []byte(string("-dlcbps"[e.Type]) + "rwxrwxrwx")
	for i := range 9 {
		if e.Mode&(1<<(8-i)) == 0 {
			mode[1+i] = '-'
		}
	}
	for i, bit := range []uint32{0o4000, 0o2000, 0o1000} {
		if e.Mode&bit != 0 {
			mode[3+3*i] = "sst"[i]
		}
	}
	size := fmt.Sprint(e.Size)
	switch e.Type {
	case tree.CharDevice, tree.BlockDevice:
		// It prints the number as if minors had eight bits.
		v := e.Minor&0xff | e.Major<<8 | e.Minor&^0xff<<12
		size = fmt.Sprintf("%d,%d", int32(v)>>8, v&0xff)
	case tree.Symlink:
		size = fmt.Sprint(len(e.Link))
	}
	date := time.Unix(max(e.ModTime, 0), 0).UTC().Format("2006-01-02 15:04")
	line := fmt.Sprintf("%s %d/%d %s %s squashfs-root", mode, e.UID, e.GID, size, date)
	if path != "" {
		line += "/" + path
	}
	if e.Type == tree.Symlink {
		line += " -> " + e.Link
	}
	return line
}

// TestRealRoot packs a real system's files: those that ISOWRIGHT_TEST_ROOT
// names, else a part of this machine's.
func TestRealRoot(t *testing.T) {
	src := realRoot(t)
	image, res := pack(t, src, Options{Level: 3})
	t.Logf("%d inodes, %d bytes in %d, %d duplicates of %d bytes", res.Inodes, res.DataBytes, res.Size, res.Duplicates, res.DuplicateBytes)
	compare(t, "our reader", src, openImage(t, image))
	t.Run("kernel", func(t *testing.T) { compare(t, "kernel", src, mounted(t, image)) })
	t.Run("unsquashfs", func(t *testing.T) { compare(t, "unsquashfs", src, fromDir(t, unpack(t, image))) })
}

// realRoot is at most about 100 MB of a real system, of folders that nothing
// writes to meanwhile.
func realRoot(t testing.TB) tree.Tree {
	t.Helper()
	if dir := os.Getenv("ISOWRIGHT_TEST_ROOT"); dir != "" {
		return fromDir(t, dir)
	}
	var list memTree
	left := int64(100 << 20)
	list = append(list, dirEntry(""))
	for _, top := range []string{"usr/lib/udev", "usr/bin", "usr/sbin", "usr/share/doc", "usr/share/zoneinfo"} {
		if _, err := os.Stat("/" + top); err != nil {
			continue
		}
		have := make(map[string]bool)
		for e := range fromDir(t, "/"+top).Entries() {
			e.Path = strings.TrimSuffix(top+"/"+e.Path, "/")
			if e.Type == tree.HardLink {
				if e.Link = top + "/" + e.Link; !have[e.Link] {
					continue
				}
			}
			if left -= e.Size; e.Size > 0 && left < 0 {
				left += e.Size
				continue
			}
			have[e.Path] = true
			list = append(list, e)
		}
	}
	for _, d := range []string{"usr", "usr/lib", "usr/share"} {
		list = append(list, dirEntry(d))
	}
	return sorted(list)
}

// TestWorkers wants the same bytes from any number of workers.
func TestWorkers(t *testing.T) {
	src := nastyTree(6000)
	var first []byte
	for _, workers := range []int{1, 4, 13} {
		image, _ := pack(t, src, Options{Level: 3, Workers: workers})
		b, err := os.ReadFile(image)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b
		}
		if !bytes.Equal(first, b) {
			t.Errorf("%d workers write another image than one", workers)
		}
	}
}
