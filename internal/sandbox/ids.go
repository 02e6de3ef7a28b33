package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"strings"
)

// idMaps are the user and group ids of a user namespace: 0 is the caller, 1
// and up are the caller's subordinate ids.
type idMaps struct {
	uid, gid     int
	subUID, subG idRange
}

// idRange is a line of /etc/subuid or /etc/subgid (subuid(5)).
type idRange struct{ start, count int }

// needIDs is how many ids a Debian system uses: up to 65534, "nobody".
const needIDs = 65535

// UnavailableError says that this computer or user cannot run a sandbox, why,
// and what mends it.
type UnavailableError struct{ Reason, Hint string }

// Error gives the reason.
func (e *UnavailableError) Error() string { return e.Reason }

// hostIDs finds the ids for the current user; nil for root, who needs none.
func hostIDs() (*idMaps, error) {
	if HostMode() == Root {
		return nil, nil
	}
	for _, tool := range []string{"newuidmap", "newgidmap"} {
		if _, err := lookTool(tool); err != nil {
			return nil, &UnavailableError{
				Reason: "the program " + tool + " is missing, which gives an ordinary user the ids a system needs",
				Hint:   "install it (Debian, Ubuntu: apt install uidmap; Fedora: dnf install shadow-utils; openSUSE, Arch: the package shadow) or run as root",
			}
		}
	}
	m := &idMaps{uid: os.Getuid(), gid: os.Getgid()}
	var err error
	if m.subUID, err = ownRange("/etc/subuid", m.uid); err != nil {
		return nil, err
	}
	m.subG, err = ownRange("/etc/subgid", m.uid)
	return m, err
}

// ownRange finds the current user's range in a file like /etc/subuid.
func ownRange(path string, uid int) (idRange, error) {
	names := []string{strconv.Itoa(uid)}
	if u, err := user.LookupId(names[0]); err == nil {
		names = append(names, u.Username)
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return idRange{}, fmt.Errorf("find subordinate ids: %w", err)
	}
	for _, name := range names {
		if r, ok := findRange(bytes.NewReader(data), name); ok {
			return r, nil
		}
	}
	return idRange{}, &UnavailableError{
		Reason: fmt.Sprintf("user %s has no range of %d ids in %s", names[len(names)-1], needIDs, path),
		Hint: fmt.Sprintf("run: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %s",
			names[len(names)-1]),
	}
}

// findRange looks for a range of name that is large enough.
func findRange(r io.Reader, name string) (idRange, bool) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		f := strings.Split(lines.Text(), ":")
		if len(f) != 3 || f[0] != name {
			continue
		}
		start, err1 := strconv.Atoi(f[1])
		count, err2 := strconv.Atoi(f[2])
		if err1 == nil && err2 == nil && start > 0 && count >= needIDs {
			return idRange{start, count}, true
		}
	}
	return idRange{}, false
}

// apply gives the ids to the user namespace of process pid.
func (m *idMaps) apply(ctx context.Context, pid int) error {
	for _, c := range []struct {
		tool string
		own  int
		sub  idRange
	}{{"newuidmap", m.uid, m.subUID}, {"newgidmap", m.gid, m.subG}} {
		path, err := lookTool(c.tool)
		if err != nil {
			return err
		}
		out, err := exec.CommandContext(ctx, path, strconv.Itoa(pid),
			"0", strconv.Itoa(c.own), "1",
			"1", strconv.Itoa(c.sub.start), strconv.Itoa(needIDs)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("give ids to the sandbox: %s: %w: %s", c.tool, err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// lookTool finds a program, also where NixOS keeps those with rights.
func lookTool(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	path := "/run/wrappers/bin/" + name
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("find %s: %w", name, err)
	}
	return path, nil
}
