// Package configure turns a freshly bootstrapped Debian root tree into the
// system that a design describes: accounts, ssh, names, texts, startup,
// network, archive and files, all as edits of the tree. The few things that
// need the image's own programs (locale-gen, setupcon) are given as files and a
// script for the bootstrap's chroot; see ChrootFiles and ChrootScript.
//
// It installs nothing, runs nothing, reads no clock and knows nothing of
// SquashFS, ISO or boot menus. The wired and wireless network is that of
// systemd-networkd and iwd; NetworkManager is not configured.
//
// Two files in the image tell what it is: /etc/packages lists the packages,
// "name version" a line, and /usr/lib/isowright/design names the design and the
// plan's ID.
//
// Values of the design end in the image as text. Those that a file format
// cannot hold as text (a newline in a passwd field) are refused.
package configure

import (
	"errors"
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

// Apply writes a plan's settings into a bootstrapped root tree. p.Design has
// its defaults filled in. Every date it sets is p.Date and no entry is newer
// than p.Date afterwards, except for two console files (see dateConsole).
//
// Faults of the design that only the tree can show (a group that the image does
// not have, a file that changed since the plan) come back together as
// design.Problems. After any error the tree is of no use.
func Apply(s *tree.Set, p plan.Plan) error {
	if p.Date.Unix() <= 0 {
		return errors.New("configure the root tree: the plan has no date")
	}
	r := &root{set: s, plan: p, design: p.Design, date: p.Date.Unix()}
	steps := []struct {
		what string
		do   func() error
	}{
		{"remove traces of the build", r.clean},
		{"set up accounts", r.accounts},
		{"set up the ssh server", r.ssh},
		{"set names", r.names},
		{"write login texts", r.texts},
		{"set up the start", r.startup},
		{"set up the network", r.network},
		{"set up the package archive", r.apt},
		{"describe the image", r.describe},
		{"add files", r.files},
		{"set dates", r.clamp},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	if len(r.problems) > 0 {
		return r.problems
	}
	return nil
}

// root is a tree while it is being configured.
type root struct {
	set      *tree.Set
	plan     plan.Plan
	design   design.Design
	date     int64
	problems design.Problems
}

// fault records what is wrong with the design.
func (r *root) fault(field, text, hint string) {
	r.problems = append(r.problems, design.Problem{Field: field, Text: text, Hint: hint})
}

// write puts a file owned by root.
func (r *root) write(name, text string, mode uint32) error {
	return r.writeAs(name, text, mode, 0, 0)
}

// writeAs puts a file with an owner.
func (r *root) writeAs(name, text string, mode, uid, gid uint32) error {
	return r.put(tree.Entry{
		Path: name, Type: tree.File, Mode: mode, UID: uid, GID: gid,
		Size: int64(len(text)), Content: tree.Content{Source: strings.NewReader(text)},
	})
}

// rewrite replaces the content of a file and keeps its mode, owner and
// attributes; a new file is root's with mode.
func (r *root) rewrite(name, text string, mode uint32) error {
	e, ok := r.set.Get(name)
	if !ok || e.Type != tree.File {
		return r.write(name, text, mode)
	}
	e.Size, e.Content = int64(len(text)), tree.Content{Source: strings.NewReader(text)}
	return r.put(e)
}

// link puts a symbolic link.
func (r *root) link(name, target string) error {
	return r.put(tree.Entry{Path: name, Type: tree.Symlink, Mode: 0o777, Link: target})
}

// mkdir puts a directory or changes the mode and owner of one.
func (r *root) mkdir(name string, mode, uid, gid uint32) error {
	return r.put(tree.Entry{Path: name, Type: tree.Dir, Mode: mode, UID: uid, GID: gid})
}

// put dates an entry and adds it, with the directories above it.
func (r *root) put(e tree.Entry) error {
	e.Path = strings.Trim(e.Path, "/")
	if e.Path == "" {
		return errors.New("put into the tree: the root directory itself cannot be replaced")
	}
	if err := r.makeParents(e.Path); err != nil {
		return err
	}
	e.ModTime = r.date
	return r.set.Put(e)
}

// makeParents makes missing directories above a path. They belong to the owner
// of the directory they are made in, so that what is put deep into a home can
// be used there.
func (r *root) makeParents(name string) error {
	parent := tree.Parent(name)
	if parent == "" {
		return nil
	}
	if e, ok := r.follow(parent); ok {
		if e.Type != tree.Dir {
			return fmt.Errorf("put %s into the tree: %s is a %s", name, parent, e.Type)
		}
		return nil
	}
	if err := r.makeParents(parent); err != nil {
		return err
	}
	above, _ := r.follow(tree.Parent(parent))
	return r.mkdirIn(parent, above)
}

func (r *root) mkdirIn(name string, above tree.Entry) error {
	return r.set.Put(tree.Entry{
		Path: name, Type: tree.Dir, Mode: 0o755, UID: above.UID, GID: above.GID, ModTime: r.date,
	})
}

// maxLinks is how many symbolic links a path may end in, as in Linux.
const maxLinks = 40

// follow finds what a path means on the running system: symbolic links at its
// end are followed, and a hard link gives the file.
func (r *root) follow(name string) (tree.Entry, bool) {
	for range maxLinks {
		e, ok := r.set.Get(name)
		switch {
		case !ok:
			return tree.Entry{}, false
		case e.Type == tree.HardLink:
			name = e.Link
		case e.Type != tree.Symlink:
			return e, true
		case strings.HasPrefix(e.Link, "/"):
			name = e.Link
		default:
			name = e.Parent() + "/" + e.Link
		}
	}
	return tree.Entry{}, false
}

// exists says whether a path leads to something.
func (r *root) exists(name string) bool {
	_, ok := r.follow(name)
	return ok
}

// children are the paths below a directory, in order, the directory not
// included.
func (r *root) children(dir string) []tree.Entry {
	d, ok := r.follow(dir)
	if !ok || d.Type != tree.Dir {
		return nil
	}
	prefix := d.Path + "/"
	if d.Path == "" {
		prefix = ""
	}
	var found []tree.Entry
	for e := range r.set.Entries() {
		if e.Path != "" && strings.HasPrefix(e.Path, prefix) {
			found = append(found, e)
		}
	}
	return found
}
