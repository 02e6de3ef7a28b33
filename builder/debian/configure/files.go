package configure

import (
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

// files puts the person's own files into the tree, last, so that they may
// replace anything written before. Their contents stay where they are until the
// tree is packed.
func (r *root) files() error {
	passwd, err := r.readDatabase(passwdFile, 0o644, false)
	if err != nil {
		return err
	}
	group, err := r.readDatabase(groupFile, 0o644, false)
	if err != nil {
		return err
	}
	for _, f := range r.plan.Files {
		if f.OnMedium {
			continue
		}
		e, ok := r.fileEntry(f)
		if !ok {
			continue
		}
		if e.UID, e.GID, err = resolveOwner(f.Owner, passwd, group); err != nil {
			r.fault(fileField(f), err.Error(), "name a user and group of the image, or their numbers")
			continue
		}
		if err := r.placeFile(f, e); err != nil {
			return err
		}
	}
	return nil
}

func fileField(f plan.File) string { return "files: " + f.Target }

// fileEntry makes the entry without owner.
func (r *root) fileEntry(f plan.File) (tree.Entry, bool) {
	e := tree.Entry{Path: strings.TrimPrefix(path.Clean("/"+f.Target), "/"), Mode: f.Mode & 0o7777}
	switch {
	case f.Link != "":
		e.Type, e.Link, e.Mode = tree.Symlink, f.Link, 0o777
		return e, true
	case f.Dir:
		// A folder that can be read can be entered.
		e.Type, e.Mode = tree.Dir, e.Mode|e.Mode&0o444>>2
	default:
		e.Type, e.Size = tree.File, f.Size
		if f.Size > 0 {
			e.Content = tree.Content{Source: &planned{path: f.Source, size: f.Size, sum: f.SHA256}}
		}
	}
	if f.Mode == 0 {
		info, err := os.Stat(f.Source)
		if err != nil {
			r.fault(fileField(f), fmt.Sprintf("cannot be read: %v", err), "check the file and its folder")
			return e, false
		}
		e.Mode = uint32(info.Mode().Perm()) &^ 0o022
	}
	return e, true
}

// placeFile adds an entry to the tree. A folder that is there keeps its owner
// and mode: what is put into /etc does not change /etc.
func (r *root) placeFile(f plan.File, e tree.Entry) error {
	old, there := r.follow(e.Path)
	if there && old.Type == tree.Dir {
		if e.Type != tree.Dir {
			r.fault(fileField(f), "the image has a folder there", "name a file in it, or another target")
		}
		return nil
	}
	for dir := tree.Parent(e.Path); dir != ""; dir = tree.Parent(dir) {
		if above, ok := r.follow(dir); ok && above.Type != tree.Dir {
			r.fault(fileField(f), fmt.Sprintf("/%s is a %s, not a folder", dir, above.Type), "choose another target")
			return nil
		}
	}
	return r.put(e)
}

// resolveOwner finds the numbers of "user" or "user:group" in the image; both
// may be numbers. Without a group it is the user's own; nothing is root.
func resolveOwner(owner string, passwd, group *database) (uid, gid uint32, err error) {
	if owner == "" {
		return 0, 0, nil
	}
	user, groupName, hasGroup := strings.Cut(owner, ":")
	row := passwd.find(user, 4)
	if row == nil {
		for _, other := range passwd.rows {
			if len(other) >= 4 && other[2] == user {
				row = other
				break
			}
		}
	}
	number, own := user, "0"
	if row != nil {
		number, own = row[2], row[3]
	}
	n, err := strconv.ParseUint(number, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("the image has no user %q", user)
	}
	if hasGroup {
		own = groupName
		if row := group.find(groupName, 3); row != nil {
			own = row[2]
		}
	}
	g, err := strconv.ParseUint(own, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("the image has no group %q", own)
	}
	return uint32(n), uint32(g), nil
}
