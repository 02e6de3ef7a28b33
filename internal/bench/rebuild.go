package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// rebuildLines compare building again: with one package changed, and with
// nothing changed. Ours has the image of the tree as it was, and its index of
// blocks; the peer has no use for an earlier image. Begin and end of the name
// are given.
func rebuildLines(o options, begin, end string, was treeMaker, level int) []line {
	now := changedTree(o, was)
	return []line{
		rebuildLine(o, begin+"one-package"+end, "again after one package in a hundred has changed", was, now, level),
		rebuildLine(o, begin+"unchanged"+end, "again with nothing changed", was, was, level),
	}
}

func rebuildLine(o options, name, text string, was, now treeMaker, level int) line {
	l := packLine(o, name, text, now, level)
	earlier, index := filepath.Join(l.dir, "earlier.iso"), filepath.Join(l.dir, "blocks.db")
	prepare := l.prepare
	var first []byte
	l.prepare = func(ctx context.Context) error {
		if err := errors.Join(was.make(ctx), prepare(ctx)); err != nil {
			return err
		}
		s, err := readSource(filepath.Join(o.work, was.name))
		if err != nil {
			return err
		}
		if err := os.Remove(index); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		job := packJob{Source: s, Image: earlier, Level: level, Workers: o.workers, Index: index}
		if _, err := o.start(ctx, "pack", job); err != nil {
			return err
		}
		first, err = os.ReadFile(index)
		return err
	}
	l.ours = func(ctx context.Context, image string) (Cost, error) {
		// The image of the run before is not to be known.
		if err := os.WriteFile(index, first, 0o644); err != nil {
			return Cost{}, err
		}
		s, err := readSource(l.dir)
		if err != nil {
			return Cost{}, err
		}
		return o.start(ctx, "pack", packJob{Source: s, Image: image, Level: level, Workers: o.workers, Index: index})
	}
	l.clear = func() { os.Remove(earlier) }
	return l
}

// changeJob copies a source and changes a hundredth of its tree.
type changeJob struct{ From, To string }

// changedTree is another one with another version of one package, or of every
// hundredth in a store.
func changedTree(o options, was treeMaker) treeMaker {
	dir := filepath.Join(o.work, was.name+"-changed")
	return treeMaker{was.name + "-changed", func(ctx context.Context) error {
		if err := was.make(ctx); err != nil {
			return err
		}
		return once(dir, func() error {
			from := filepath.Join(o.work, was.name)
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
			for _, part := range []string{"tree", "medium", "esp", "esp.img", "mbr.img"} {
				if _, err := os.Stat(filepath.Join(from, part)); err != nil {
					continue
				}
				if err := os.MkdirAll(dir, 0o755); err != nil {
					return err
				}
				if _, err := command(ctx, from, o.log("cp"), "cp", "-a", part, dir); err != nil {
					return err
				}
			}
			_, err := o.start(ctx, "change", changeJob{from, dir})
			return err
		})
	}}
}

// change gives the files of the chosen packages another content of the same
// kind, and notes that the source is complete.
func change(_ context.Context, j changeJob) error {
	s, err := readSource(j.From)
	if err != nil {
		return err
	}
	s.Dir = j.To
	root, err := os.OpenRoot(s.tree())
	if err != nil {
		return err
	}
	defer root.Close()
	list, err := debianPackage(root)
	if errors.Is(err, fs.ErrNotExist) {
		list, err = storePackagesToChange(root)
	}
	if err != nil {
		return err
	}
	for _, name := range list {
		if err := renew(root, name); err != nil {
			return err
		}
	}
	return s.write(sourceFile)
}

// renew shifts a file's content and turns some bytes of each kilobyte, so that
// no block of it stays but it packs as well as before.
func renew(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	b, err := root.ReadFile(name)
	if err != nil {
		return err
	}
	b = append([]byte("new version\n"), b...)
	for i := 512; i < len(b); i += 1024 {
		b[i]++
	}
	// The bench runs as root, to which read-only files are no obstacle.
	return errors.Join(root.WriteFile(name, b, info.Mode().Perm()), root.Chtimes(name, info.ModTime(), info.ModTime()))
}

// debianPackage lists the files of the package whose size is nearest to a
// hundredth of all.
func debianPackage(root *os.Root) ([]string, error) {
	infos, err := fs.ReadDir(root.FS(), "var/lib/dpkg/info")
	if err != nil {
		return nil, err
	}
	sizes, lists, total := map[string]int64{}, map[string][]string{}, int64(0)
	for _, i := range infos {
		name, ok := strings.CutSuffix(i.Name(), ".list")
		if !ok {
			continue
		}
		data, err := root.ReadFile("var/lib/dpkg/info/" + i.Name())
		if err != nil {
			return nil, err
		}
		for path := range bytes.Lines(data) {
			p := strings.TrimPrefix(strings.TrimSpace(string(path)), "/")
			if info, err := root.Lstat(p); err == nil && info.Mode().IsRegular() {
				sizes[name] += info.Size()
				total += info.Size()
				lists[name] = append(lists[name], p)
			}
		}
	}
	best := ""
	for name, size := range sizes {
		if d, b := abs(size-total/100), abs(sizes[best]-total/100); best == "" || d < b || d == b && name < best {
			best = name
		}
	}
	if best == "" {
		return nil, errors.New("the tree has no package of Debian's")
	}
	fmt.Fprintf(os.Stderr, "%s: %d of %d bytes\n", best, sizes[best], total)
	return lists[best], nil
}

func abs(n int64) int64 { return max(n, -n) }

// storePackagesToChange lists the files of every hundredth folder.
func storePackagesToChange(root *os.Root) ([]string, error) {
	tops, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var list []string
	for i := 50; i < len(tops); i += 100 {
		err := fs.WalkDir(root.FS(), tops[i].Name(), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				list = append(list, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}
