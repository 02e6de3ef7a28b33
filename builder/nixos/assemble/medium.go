package assemble

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/isowright/isowright/builder/tree"
)

// contents lists the manifest's files of the medium but for those that this
// package writes itself. Folders come first, so that a file laid into one
// counts more; xorriso treats a list like that the same way.
func (a *assembly) contents(ctx context.Context) error {
	skip := map[string]bool{clean(a.manifest.Boot.EFI.Image): true, clean(a.manifest.Squashfs.Target): true}
	var single []Content
	for _, c := range a.manifest.Contents {
		if skip[clean(c.Target)] {
			continue
		}
		host, info, err := a.store.resolve(c.Source)
		if err != nil {
			return fmt.Errorf("file for %s on the medium: %w", c.Target, err)
		}
		if !info.IsDir() {
			single = append(single, c)
			continue
		}
		if err := a.folder(ctx, host, clean(c.Target)); err != nil {
			return fmt.Errorf("folder for %s on the medium: %w", c.Target, err)
		}
	}
	for _, c := range single {
		host, info, err := a.store.resolve(c.Source)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s, for %s on the medium, is neither a file nor a folder", c.Source, c.Target)
		}
		at := clean(c.Target)
		a.files[at] = fileEntry(at, host, info.Size(), mediumMode(info))
	}
	return a.noClash()
}

// folder lists a folder's files and links.
func (a *assembly) folder(ctx context.Context, host, at string) error {
	kids, err := os.ReadDir(host)
	if err != nil {
		return err
	}
	if len(kids) == 0 {
		a.files[at] = tree.Entry{Path: at, Type: tree.Dir, Mode: 0o555}
	}
	for _, k := range kids {
		if err := ctx.Err(); err != nil {
			return err
		}
		from, to := filepath.Join(host, k.Name()), at+"/"+k.Name()
		info, err := os.Lstat(from)
		if err != nil {
			return err
		}
		switch info.Mode().Type() {
		case fs.ModeDir:
			if err := a.folder(ctx, from, to); err != nil {
				return err
			}
		case fs.ModeSymlink:
			target, err := os.Readlink(from)
			if err != nil {
				return err
			}
			a.files[to] = tree.Entry{Path: to, Type: tree.Symlink, Mode: 0o777, Link: target}
		case 0:
			a.files[to] = fileEntry(to, from, info.Size(), mediumMode(info))
		default:
			return fmt.Errorf("%s is neither a file nor a folder nor a link", from)
		}
	}
	return nil
}

// mediumMode lets everybody read, as Rock Ridge images have it.
func mediumMode(info fs.FileInfo) uint32 {
	if info.Mode()&0o111 != 0 {
		return 0o555
	}
	return 0o444
}

// noClash refuses a file that is a folder elsewhere. An empty folder that got
// files is none any more.
func (a *assembly) noClash() error {
	for at := range a.files {
		for dir := tree.Parent(at); dir != ""; dir = tree.Parent(dir) {
			e, ok := a.files[dir]
			if !ok {
				continue
			}
			if e.Type != tree.Dir {
				return fmt.Errorf("on the medium /%s is a file, but /%s lies in it: give one of them another target", dir, at)
			}
			delete(a.files, dir)
		}
	}
	return nil
}

// under are the medium's files below a folder, in order.
func (a *assembly) under(dir string) []tree.Entry {
	var list []tree.Entry
	for at, e := range a.files {
		if len(at) > len(dir) && at[:len(dir)] == dir && at[len(dir)] == '/' {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(x, y tree.Entry) int { return tree.Compare(x.Path, y.Path) })
	return list
}
