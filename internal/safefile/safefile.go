// Package safefile writes files so that a reader, a crash or a full disk never
// meets half of one: the bytes go to NAME.part in the same folder, are flushed
// to the disk, and take the final name in one step.
//
// It does not make folders, keep old versions or lock the final file against
// other programs; it only keeps two of our own writers off the same NAME.part.
package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Suffix is what the unfinished file's name ends in.
const Suffix = ".part"

// ErrBusy says that somebody else is writing the same file.
var ErrBusy = errors.New("another process is writing this file")

// Write puts data into the file at path, all or nothing. The permission bits
// perm (before the umask) hold for a new file; an existing one keeps its own.
func Write(path string, perm fs.FileMode, data []byte) error {
	f, err := Create(path, perm)
	if err != nil {
		return err
	}
	defer f.Abort()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Commit()
}

// File is a file that is being written aside. It is an *os.File, so it can be
// written at any offset, truncated and read back. Exactly one of Commit and
// Abort takes effect, the first; a deferred Abort is therefore always right.
type File struct {
	*os.File
	final string
	done  bool
}

// Create opens NAME.part beside path for reading and writing; what an earlier,
// killed writer left there is discarded. A symbolic link at path is followed,
// so the link itself stays. It fails with ErrBusy while another writer has the
// file open.
func Create(path string, perm fs.FileMode) (*File, error) {
	final, perm, err := target(path, perm)
	if err != nil {
		return nil, err
	}
	part := final + Suffix
	for range 100 {
		f, err := openPart(part, perm)
		if err != nil {
			return nil, fmt.Errorf("create %s: %w", part, err)
		}
		if f != nil {
			return &File{File: f, final: final}, nil
		}
	}
	return nil, fmt.Errorf("create %s: %w", part, ErrBusy)
}

// target follows a link at path and finds the permission bits to use.
func target(path string, perm fs.FileMode) (string, fs.FileMode, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, perm, nil
	}
	if err != nil {
		return "", 0, fmt.Errorf("create %s: %w", path, err)
	}
	if !info.Mode().IsRegular() {
		return "", 0, fmt.Errorf("create %s: a folder or device has this name", path)
	}
	final, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", 0, fmt.Errorf("create %s: %w", path, err)
	}
	return final, info.Mode().Perm(), nil
}

// openPart opens and locks an empty file at part. It returns nil without an
// error if the previous owner moved the file away in between.
func openPart(part string, perm fs.FileMode) (*os.File, error) {
	if info, err := os.Lstat(part); err == nil && !info.Mode().IsRegular() {
		return nil, errors.New("something that is not a file has this name")
	}
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|noFollow, perm)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, err
	}
	opened, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	named, err := os.Lstat(part)
	if err != nil || !os.SameFile(opened, named) {
		f.Close()
		return nil, nil
	}
	if opened.Size() > 0 { // left by a killed writer, perhaps with other bits
		err = errors.Join(f.Truncate(0), f.Chmod(perm))
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Final is the name that the file gets by Commit.
func (f *File) Final() string { return f.final }

// Commit flushes the file to the disk, gives it its final name and flushes the
// folder. After an error nothing is left under either name, except when only
// the last step failed: then the file is complete, but a power cut could still
// undo its renaming.
func (f *File) Commit() error {
	if f.done {
		return fmt.Errorf("finish %s: %w", f.final, fs.ErrClosed)
	}
	part := f.File.Name()
	err := f.Sync()
	if err == nil && !renameOpen {
		err = f.File.Close()
	}
	if err == nil {
		// The lock is held across the renaming where the system allows it.
		err = os.Rename(part, f.final)
	}
	if err != nil {
		f.Abort()
		return fmt.Errorf("finish %s: %w", f.final, err)
	}
	f.done = true
	if renameOpen {
		err = f.File.Close()
	}
	if err := errors.Join(err, syncDir(filepath.Dir(f.final))); err != nil {
		return fmt.Errorf("finish %s: %w", f.final, err)
	}
	return nil
}

// Abort removes the unfinished file. It does nothing after Commit.
func (f *File) Abort() {
	if f.done {
		return
	}
	f.done = true
	if renameOpen { // remove under the lock, or it could be another writer's
		os.Remove(f.File.Name())
		f.File.Close()
		return
	}
	f.File.Close()
	os.Remove(f.File.Name())
}

// Close is Abort, for code that closes what it opened.
func (f *File) Close() error {
	f.Abort()
	return nil
}
