package builder

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/internal/progress"
	"golang.org/x/sys/unix"
)

// takeFile copies an image that the distribution's own tools made into f. Where
// the file system can, the two share their blocks and nothing is copied.
func takeFile(ctx context.Context, f *os.File, made string, sink progress.Sink) error {
	in, err := os.Open(made)
	if err != nil {
		return err
	}
	defer in.Close()
	if unix.IoctlFileClone(int(f.Fd()), int(in.Fd())) == nil {
		return nil
	}
	info, err := in.Stat()
	if err != nil {
		return err
	}
	count := progress.NewCounter(sink, progress.Event{
		Step: "image", Text: "Copying the image out of the store", Total: info.Size(),
	})
	_, err = io.CopyBuffer(struct{ io.Writer }{f}, ctxReader{ctx, count.Reader(in)}, make([]byte, 1<<20))
	return err
}

// sumsName is the file that marks a network boot bundle and lists the checksums
// of its files in the form of sha256sum(1).
const sumsName = "SHA256SUMS"

// bundle is a folder that is being put together beside its final place.
type bundle struct {
	dir   string
	sums  strings.Builder
	size  int64
	count *progress.Counter
}

// takeFolder copies a network boot bundle into the folder dir, which exists and
// is empty, and adds the list of checksums. It gives the size of all files in
// bytes and the checksum of the list.
func takeFolder(ctx context.Context, dir, made string, sink progress.Sink) (size int64, sum string, err error) {
	// The bundle may be made of links into the store.
	if made, err = filepath.EvalSymlinks(made); err != nil {
		return 0, "", err
	}
	b := &bundle{dir: dir}
	var total int64
	err = walkBundle(made, func(_ string, info fs.FileInfo) error {
		total += info.Size()
		return ctx.Err()
	})
	if err != nil {
		return 0, "", err
	}
	b.count = progress.NewCounter(sink, progress.Event{Step: "image", Text: "Copying the bundle out of the store", Total: total})
	err = walkBundle(made, func(name string, info fs.FileInfo) error {
		return b.take(ctx, filepath.Join(made, filepath.FromSlash(name)), name, info.Mode().Perm()&0o555|0o444)
	})
	if err != nil {
		return 0, "", err
	}
	list := []byte(b.sums.String())
	hash := sha256.Sum256(list)
	return b.size, hex.EncodeToString(hash[:]), os.WriteFile(filepath.Join(dir, sumsName), list, 0o444)
}

// walkBundle calls f with each file below root, links followed, by its path with
// slashes.
func walkBundle(root string, f func(name string, info fs.FileInfo) error) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.IsDir() {
			err = walkBundle(path, func(name string, info fs.FileInfo) error { return f(e.Name()+"/"+name, info) })
		} else {
			err = f(e.Name(), info)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// take copies one file and adds it up.
func (b *bundle) take(ctx context.Context, from, name string, mode fs.FileMode) error {
	to := filepath.Join(b.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	h := sha256.New()
	n, err := writeNew(to, mode, io.TeeReader(ctxReader{ctx, b.count.Reader(in)}, h))
	if err != nil {
		return err
	}
	b.size += n
	fmt.Fprintf(&b.sums, "%s  %s\n", hexOf(h), name)
	return nil
}

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// writeNew makes a file that must not exist, and has it on the disk at the end.
func writeNew(name string, mode fs.FileMode, r io.Reader) (int64, error) {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{out}, r, make([]byte, 1<<20))
	return n, errors.Join(err, out.Sync(), out.Close())
}

// checkBundlePlace refuses to put a bundle where something else is. An earlier
// bundle may be replaced.
func checkBundlePlace(out string) error {
	info, err := os.Lstat(out)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return &placeError{path: out, is: "not a folder, which a network boot bundle is"}
	}
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) == 0 {
		return err
	}
	if _, err := os.Lstat(filepath.Join(out, sumsName)); err != nil {
		return &placeError{path: out, is: "a folder that holds something else than an earlier bundle"}
	}
	return nil
}

// replaceFolder gives the folder part the name out, at one stroke in place of an
// earlier bundle, which is removed.
func replaceFolder(part, out string) error {
	err := unix.Renameat2(unix.AT_FDCWD, part, unix.AT_FDCWD, out, unix.RENAME_EXCHANGE)
	switch {
	case errors.Is(err, unix.ENOENT):
		return os.Rename(part, out)
	case err == nil:
		return os.RemoveAll(part)
	}
	// Not every file system can exchange names.
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.Rename(part, out)
}
