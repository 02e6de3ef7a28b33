package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts the source into a folder, which is made if it is not there. Files
// in it that are not part of the source stay.
func (s Source) Write(dir string) error {
	for _, f := range s.Files {
		if err := f.write(dir); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
	}
	return nil
}

// write puts the file into the source's folder.
func (f File) write(dir string) error {
	name := filepath.Join(dir, filepath.FromSlash(f.Path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	if f.Copy != "" {
		if err := os.RemoveAll(name); err != nil {
			return err
		}
		return copyTree(f.Copy, name, f.Mode, dir)
	}
	return writeFile(name, f.Text, f.mode())
}

func (f File) mode() fs.FileMode {
	if f.Mode == 0 {
		return 0o644
	}
	return fs.FileMode(f.Mode & 0o777)
}

// writeFile writes a file anew, so that neither a link nor an old mode matters.
func writeFile(name string, text []byte, mode fs.FileMode) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.WriteFile(name, text, mode); err != nil {
		return err
	}
	return os.Chmod(name, mode)
}

// copyTree copies a file or folder. Links are copied as links; of the modes only
// what a Nix store keeps, whether a file can be executed, is. mode is that of a
// single file, 0: as on disk. The folder without is left out: a source may be
// written into the project that parts of it come from.
func copyTree(from, to string, mode uint32, without string) error {
	without, err := filepath.Abs(without)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		info, err := e.Info()
		switch {
		case err != nil:
			return err
		case e.IsDir() && name == without:
			return filepath.SkipDir
		case e.IsDir():
			return os.MkdirAll(target, 0o755)
		case info.Mode()&fs.ModeSymlink != 0:
			link, err := os.Readlink(name)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is neither a file nor a folder", name)
		}
		perm := fs.FileMode(0o644)
		if mode == 0 && info.Mode()&0o111 != 0 || mode&0o111 != 0 {
			perm = 0o755
		}
		return copyFile(name, target, perm)
	})
}

func copyFile(from, to string, perm fs.FileMode) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Chmod(perm)
}
