package drives

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

func TestMountinfoLines(t *testing.T) {
	for _, c := range []struct {
		line string
		want mount
	}{
		{"36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue",
			mount{36, 35, devno{98, 0}, "/mnt1", "/mnt2", "ext3", "/dev/root", "rw,errors=continue"}},
		{"1 0 8:1 / / rw - ext4 /dev/sda1 rw", mount{1, 0, devno{8, 1}, "/", "/", "ext4", "/dev/sda1", "rw"}},
		{"1 0 8:1 / / rw shared:1 master:2 propagate_from:3 unbindable - ext4 /dev/sda1 rw",
			mount{1, 0, devno{8, 1}, "/", "/", "ext4", "/dev/sda1", "rw"}},
		{`1 0 8:1 /a\040b /m\011t\012n\134o - - vfat - rw`, mount{1, 0, devno{8, 1}, "/a b", "/m\tt\nn\\o", "vfat", "-", "rw"}},
		{"1 0 0:5 / /x rw - tmpfs  rw", mount{1, 0, devno{0, 5}, "/", "/x", "tmpfs", "", "rw"}},
		{"1 0 259:1048575 / - rw - ext4 /dev/x", mount{1, 0, devno{259, 1048575}, "/", "-", "ext4", "/dev/x", ""}},
	} {
		got, err := parseMount(c.line)
		if err != nil || got != c.want {
			t.Errorf("%s:\n%+v, %v", c.line, got, err)
		}
	}
	for _, bad := range []string{"1 0 8:1 / /", "x 0 8:1 / / rw - a b c", "1 0 8 / / rw - a b", "1 0 8:1 / / rw shared:1 ext4 /dev/x rw"} {
		if m, err := parseMount(bad); err == nil {
			t.Errorf("%q was taken as %+v", bad, m)
		}
	}
}

// TestAt walks like the kernel; the names are of folders, not prefixes.
func TestAt(t *testing.T) {
	table, err := parseMountinfo([]byte(`30 1 8:1 / / rw - ext4 a rw
31 30 8:2 / /home rw - ext4 b rw
32 31 8:3 / /home/me rw - ext4 c rw
33 30 8:4 / /mnt/a/b rw - ext4 d rw
34 30 8:5 / /mnt/a rw - ext4 e rw
35 31 8:6 / /home rw - ext4 f rw
`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"/x": "a", "/homes": "a", "/home/you": "f", "/home/me": "f", "/mnt/a/b/file": "e", "/mnt/ab": "a", "/": "a", "/mnt/../home/x": "f",
	} {
		if m, ok := table.at(name); !ok || m.source != want {
			t.Errorf("%s lies on %q, want %q", name, m.source, want)
		}
	}
}

func TestSwaps(t *testing.T) {
	got, err := parseSwaps([]byte("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" +
		"/dev/sda2                               partition\t1048572\t\t0\t\t-2\n" +
		"/media/my\\040data/swap\\040(deleted)    file\t\t1\t0\t-3\n"))
	want := []swap{{"/dev/sda2", false}, {"/media/my data/swap", true}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := parseSwaps([]byte("Filename\nnonsense\n")); err == nil {
		t.Error("a line that is no swap was taken")
	}
}

func TestOverlayFolders(t *testing.T) {
	got := overlayFolders(`rw,lowerdir=/a\134:b:/c::/d,upperdir=/u\134\054x,workdir=/w,lowerdir+=/e:f,index=off`)
	want := []string{"/a:b", "/c", "/d", "/u,x", "/w", "/e:f"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"Ultra Fit      ":                "Ultra Fit",
		"\x1b[31mred\x1b[0m":             "[31mred[0m",
		"safe\u202egpj.exe":              "safegpj.exe",
		"a\u200b\u2066b\u2069\ufeff":     "ab",
		"tab\tand\nline":                 "tab and line",
		"\u0301x":                        "x",
		"\xff\xfe":                       "??",
		"Größe Ü 中":                      "Größe Ü 中",
		strings.Repeat("x", textLimit+5): strings.Repeat("x", textLimit) + "…",
		"\u2028next\u2029":               "next",
	} {
		if got := cleanText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNamesInOrder(t *testing.T) {
	names := []string{"sdaa", "sdb", "loop10", "nvme0n1", "loop2", "sda", "mmcblk0"}
	slices.SortFunc(names, compareNames)
	if want := []string{"loop2", "loop10", "mmcblk0", "nvme0n1", "sda", "sdb", "sdaa"}; !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
}

// TestUnreadable: without mounts or devices there is no list.
func TestUnreadable(t *testing.T) {
	whole := fstest.MapFS{
		"sys/class/block/.keep": {}, "proc/swaps": {Data: []byte("Filename\n")},
		"proc/self/mountinfo": {Data: []byte("1 0 0:2 / / rw - tmpfs tmpfs rw\n")},
	}
	delete(whole, "sys/class/block/.keep")
	whole["sys/class/block"] = &fstest.MapFile{Mode: os.ModeDir | 0o755}
	if _, err := List(t.Context(), Source{FS: whole, Recorded: true}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"proc/self/mountinfo": "", "proc/1/mountinfo": "nonsense\n", "proc/swaps": "Filename\nnonsense\n",
	} {
		broken := fstest.MapFS{}
		for k, v := range whole {
			broken[k] = v
		}
		broken[name] = &fstest.MapFile{Data: []byte(text)}
		if _, err := List(t.Context(), Source{FS: broken, Recorded: true}); err == nil {
			t.Errorf("there is a list with %s being %q", name, text)
		}
	}
	delete(whole, "sys/class/block")
	if _, err := List(t.Context(), Source{FS: whole, Recorded: true}); err == nil {
		t.Error("there is a list without devices")
	}
}

func TestChanged(t *testing.T) {
	d := Drive{ByID: []string{"/dev/disk/by-id/usb-a", "/dev/disk/by-id/wwn-1"}, Serial: "S", Model: "M", Size: 5, Sequence: 9}
	if c := d.Identity().Changed(d); c != "" {
		t.Errorf("the same drive is another: %s", c)
	}
	if c := (Identity{ByID: "/dev/disk/by-id/wwn-1", Size: 5}).Changed(d); c != "" {
		t.Errorf("by its other name it is another: %s", c)
	}
	for _, other := range []Drive{
		{}, {ByID: d.ByID, Serial: "T", Model: "M", Size: 5, Sequence: 9}, {ByID: d.ByID, Serial: "S", Model: "N", Size: 5, Sequence: 9},
		{ByID: d.ByID, Serial: "S", Model: "M", Size: 6, Sequence: 9}, {ByID: d.ByID, Serial: "S", Model: "M", Size: 5, Sequence: 10},
		{Serial: "S", Model: "M", Size: 5, Sequence: 9},
	} {
		if d.Identity().Changed(other) == "" {
			t.Errorf("%+v passes for %+v", other, d)
		}
	}
}

func FuzzMountinfo(f *testing.F) {
	f.Add([]byte("36 35 98:0 /mnt1 /mnt2 rw master:1 - ext3 /dev/root rw,errors=continue\n"), "/mnt2/x")
	f.Add([]byte("1 1 0:1 / / rw - rootfs rootfs rw\n2 1 8:1 / / rw - ext4 /dev/sda1 rw\n3 2 8:2 / /a\\040- rw - a b c\n"), "/a -/b")
	f.Add([]byte("1 2 0:1 / / rw - overlay x rw,lowerdir=/a:/b,upperdir=/c\n2 1 0:1 / / rw - overlay y rw,lowerdir=/\n"), "/")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		table, err := parseMountinfo(data)
		if err != nil {
			return
		}
		if m, ok := table.at(name); ok && !slices.Contains(table.all, m) {
			t.Errorf("a mount from nowhere: %+v", m)
		}
		// Folders of folders, in a circle too, come to an end.
		c := &computer{Source: Source{FS: fstest.MapFS{}, Recorded: true}, tables: []mounts{table}}
		if len(table.all) < 20 {
			c.uses()
		}
	})
}

func FuzzSwaps(f *testing.F) {
	f.Add([]byte("Filename Type\n/dev/sda2 partition 1 0 -2\n/a\\040b file 1 0 -3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, err := parseSwaps(data)
		for _, s := range all {
			if err == nil && !strings.HasPrefix(s.path, "/") {
				t.Errorf("%q is no path", s.path)
			}
		}
	})
}

func FuzzUdev(f *testing.F) {
	f.Add([]byte("S:disk/by-id/usb-x\nE:ID_MODEL_ENC=a\\x20b\\xff\nE:ID_FS_LABEL=\nQ:seat\nI:12\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		u := parseUdev(data)
		for key := range u.properties {
			text := u.text(strings.TrimSuffix(key, "_ENC"))
			if !utf8.ValidString(text) || strings.ContainsFunc(text, harmful) || utf8.RuneCountInString(text) > textLimit+2 {
				t.Errorf("%q is not clean", text)
			}
		}
	})
}

// FuzzAttributes gives a disk any attributes: the list stays clean and whole.
func FuzzAttributes(f *testing.F) {
	f.Add("8:0", "1024", "Model", "/file", "512", "abc")
	f.Fuzz(func(t *testing.T, dev, size, model, file, sector, uuid string) {
		const dir = "sys/devices/virtual/block/loop0"
		fsys := fstest.MapFS{
			"sys/class/block/loop0": {Data: []byte("../../devices/virtual/block/loop0"), Mode: os.ModeSymlink},
			dir + "/dev":            {Data: []byte(dev)}, dir + "/size": {Data: []byte(size)},
			dir + "/device/model": {Data: []byte(model)}, dir + "/loop/backing_file": {Data: []byte(file)},
			dir + "/queue/logical_block_size": {Data: []byte(sector)}, dir + "/dm/uuid": {Data: []byte(uuid)},
			"proc/self/mountinfo": {Data: []byte("1 0 8:0 / / rw - ext4 /dev/loop0 rw\n")},
		}
		list, err := List(t.Context(), Source{FS: fsys, Recorded: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			if strings.ContainsFunc(d.Model+strings.Join(d.System, ""), harmful) {
				t.Errorf("%+v is not clean", d)
			}
			if !reflect.DeepEqual(d.Identity().Changed(d), "") {
				t.Errorf("%+v is not itself", d)
			}
		}
	})
}

func FuzzFstab(f *testing.F) {
	f.Add("UUID=ab /boot vfat x\nLABEL=\"a\\040b\" /x y\n/dev/loop0 /\\040 z\n# c\n", "/boot", "a b")
	f.Fuzz(func(t *testing.T, table, point, label string) {
		d := &device{name: "loop0"}
		c := &computer{
			Source:  Source{FS: fstest.MapFS{"etc/fstab": {Data: []byte(table)}}, Recorded: true},
			devices: map[string]*device{"loop0": d}, links: map[string]*device{},
		}
		if got := c.fstabDevice(point); got != nil && got != d {
			t.Error("a device from nowhere")
		}
		if back := decodeUdev(encodeUdev(label)); utf8.ValidString(label) && back != label {
			t.Errorf("%q became %q", label, back)
		}
	})
}
