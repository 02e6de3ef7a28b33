package drives

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"strconv"
	"strings"
)

// devno is a device number.
type devno struct{ major, minor uint32 }

func (d devno) String() string { return fmt.Sprintf("%d:%d", d.major, d.minor) }

// mount is one line of /proc/PID/mountinfo, see proc_pid_mountinfo(5).
type mount struct {
	id, parent int
	device     devno
	root       string // of the mount within its file system
	point      string
	kind       string // of the file system, "ext4"
	source     string // "/dev/sda2", "rpool/root", "overlay"
	options    string // of the super block, still escaped
}

// mounts is the table of one mount namespace.
type mounts struct {
	all  []mount
	byID map[int]int
	// children are indexes into all, by the parent's ID.
	children map[int][]int
	// hidden are the IDs of mounts that are looked through: a file system made
	// of folders does not lie on itself.
	hidden map[int]bool
}

// without is the table with one more mount looked through.
func (t mounts) without(m mount) mounts {
	hidden := maps.Clone(t.hidden)
	if hidden == nil {
		hidden = map[int]bool{}
	}
	hidden[m.id] = true
	t.hidden = hidden
	return t
}

// parseMountinfo reads a whole table. A line that cannot be understood is an
// error: it could be the one that matters.
func parseMountinfo(data []byte) (mounts, error) {
	t := mounts{byID: map[int]int{}, children: map[int][]int{}}
	for line := range bytes.Lines(data) {
		text := strings.TrimSuffix(string(line), "\n")
		if text == "" {
			continue
		}
		m, err := parseMount(text)
		if err != nil {
			return mounts{}, fmt.Errorf("mountinfo, line %d: %w", len(t.all)+1, err)
		}
		t.byID[m.id] = len(t.all)
		if m.id != m.parent {
			t.children[m.parent] = append(t.children[m.parent], len(t.all))
		}
		t.all = append(t.all, m)
	}
	return t, nil
}

// parseMount reads
//
//	36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
//
// The number of optional fields before "-" varies, from none on. Blanks in
// fields are escaped, so that a field of "-" alone is the separator, unless it
// is among the first six.
func parseMount(line string) (mount, error) {
	f := strings.Split(line, " ")
	if len(f) < 7 {
		return mount{}, fmt.Errorf("%d fields are too few", len(f))
	}
	var m mount
	var err error
	if m.id, err = strconv.Atoi(f[0]); err != nil {
		return mount{}, fmt.Errorf("mount ID: %w", err)
	}
	if m.parent, err = strconv.Atoi(f[1]); err != nil {
		return mount{}, fmt.Errorf("parent ID: %w", err)
	}
	if m.device, err = parseDevno(f[2]); err != nil {
		return mount{}, err
	}
	m.root, m.point = unescape(f[3]), unescape(f[4])
	rest := f[6:]
	for len(rest) > 0 && rest[0] != "-" {
		rest = rest[1:]
	}
	// Some file systems show an empty source: two blanks in a row.
	if len(rest) < 3 {
		return mount{}, fmt.Errorf("no file system after the separator")
	}
	m.kind, m.source = unescape(rest[1]), unescape(rest[2])
	if len(rest) > 3 {
		m.options = strings.Join(rest[3:], " ")
	}
	return m, nil
}

// parseDevno reads "8:17".
func parseDevno(text string) (devno, error) {
	major, minor, ok := strings.Cut(text, ":")
	a, err1 := strconv.ParseUint(major, 10, 32)
	b, err2 := strconv.ParseUint(minor, 10, 32)
	if !ok || err1 != nil || err2 != nil {
		return devno{}, fmt.Errorf("device number %q", text)
	}
	return devno{uint32(a), uint32(b)}, nil
}

// unescape undoes the kernel's escapes: a backslash and three octal digits.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				out = append(out, byte(n))
				i += 3
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}

// at finds the mount that a path lies on, the way the kernel walks: from the
// root down, at each mount into the nearest one above the path. The longest
// mount point would be wrong where a mount hides others below it.
func (t mounts) at(name string) (mount, bool) {
	name = path.Clean("/" + name)
	here, ok := t.root()
	if !ok {
		return mount{}, false
	}
	for range t.all {
		next, found := -1, false
		for _, c := range t.children[t.all[here].id] {
			if c == here || t.hidden[t.all[c].id] || !under(name, t.all[c].point) {
				continue
			}
			if !found || len(t.all[c].point) <= len(t.all[next].point) {
				next, found = c, true
			}
		}
		if !found {
			break
		}
		here = next
	}
	return t.all[here], !t.hidden[t.all[here].id]
}

// root is the first mount on "/" whose parent is not in the table.
func (t mounts) root() (int, bool) {
	for i, m := range t.all {
		parent, known := t.byID[m.parent]
		if m.point == "/" && (!known || parent == i) {
			return i, true
		}
	}
	for i, m := range t.all {
		if m.point == "/" {
			return i, true
		}
	}
	return 0, false
}

// under tells whether a clean path is the folder or lies in it.
func under(name, folder string) bool {
	if folder == "/" || name == folder {
		return true
	}
	return strings.HasPrefix(name, folder) && name[len(folder)] == '/'
}
