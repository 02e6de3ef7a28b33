package assemble

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

const (
	// storeDir is the store's folder in every path of a manifest.
	storeDir = "/nix/store"
	// hashLength is that of the hash in a store path's name.
	hashLength = 32
	// maxLinks bounds the symbolic links on the way to a file.
	maxLinks = 40
)

// store finds store paths on this computer.
type store struct {
	place func(string) string
}

// missingError is a store path that is not there any more.
type missingError struct{ path, place string }

func (e *missingError) Error() string {
	where := ""
	if e.place != e.path {
		where = " (looked for at " + e.place + ")"
	}
	return fmt.Sprintf("the store path %s is missing%s: it was removed since it was built; build again", e.path, where)
}

// host is where a path of the store lies, without looking at links.
func (s store) host(p string) string {
	top, rest := splitStorePath(p)
	return filepath.Join(s.place(top), filepath.FromSlash(rest))
}

// splitStorePath parts a path into the store path and what lies inside.
func splitStorePath(p string) (top, inside string) {
	name, inside, _ := strings.Cut(strings.TrimPrefix(p, storeDir+"/"), "/")
	return storeDir + "/" + name, inside
}

// resolve follows the links of a path in the store, each as if the store were
// at /nix/store, and gives the place of what it leads to.
func (s store) resolve(p string) (host string, info fs.FileInfo, err error) {
	at := p
	for range maxLinks {
		at, err = s.follow(at)
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", p, err)
		}
		info, err = os.Lstat(s.host(at))
		if errors.Is(err, fs.ErrNotExist) {
			return "", nil, &missingError{p, s.host(at)}
		}
		if err != nil {
			return "", nil, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return s.host(at), info, nil
		}
		target, err := os.Readlink(s.host(at))
		if err != nil {
			return "", nil, err
		}
		if at = join(at, target); !inStore(at) {
			return "", nil, fmt.Errorf("%s leads out of the store to %s", p, at)
		}
	}
	return "", nil, fmt.Errorf("%s: too many symbolic links", p)
}

// follow replaces the first folder on the way that is a link.
func (s store) follow(p string) (string, error) {
	for range maxLinks {
		changed := false
		_, inside := splitStorePath(p)
		for i := len(p) - len(inside); i < len(p); i++ {
			if p[i] != '/' {
				continue
			}
			target, err := os.Readlink(s.host(p[:i]))
			if err != nil {
				continue // no link
			}
			at := join(p[:i], target)
			if !inStore(at) {
				return "", fmt.Errorf("%s leads out of the store to %s", p[:i], at)
			}
			p, changed = path.Clean(at+p[i:]), true
			break
		}
		if !changed {
			return p, nil
		}
	}
	return "", errors.New("too many symbolic links")
}

// join is where the link at p leads.
func join(p, target string) string {
	if path.IsAbs(target) {
		return path.Clean(target)
	}
	return path.Join(path.Dir(p), target)
}

// readFile reads a small file of the store.
func (s store) readFile(p string, limit int64) ([]byte, error) {
	host, info, err := s.resolve(p)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fmt.Errorf("%s is not a file of at most %d bytes", p, limit)
	}
	return os.ReadFile(host)
}

func (s store) readManifest(p string) (Manifest, error) {
	if !inStore(p) {
		return Manifest{}, fmt.Errorf("the manifest %q is not in the store", p)
	}
	data, err := s.readFile(p, maxManifest)
	if err != nil {
		return Manifest{}, fmt.Errorf("read the manifest: %w", err)
	}
	return ParseManifest(data)
}

// readClosure reads what closureInfo lists.
func (s store) readClosure(closureInfo string) ([]PathInfo, error) {
	if closureInfo == "" {
		return nil, errors.New("neither the manifest nor the caller tells the closure")
	}
	host, _, err := s.resolve(closureInfo + "/registration")
	if err != nil {
		return nil, err
	}
	f, err := os.Open(host)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	paths, err := ParseRegistration(f)
	if err != nil {
		return nil, fmt.Errorf("read %s/registration: %w", closureInfo, err)
	}
	return paths, nil
}

// fileEntry is a file of the store as an entry with a path of its own.
func fileEntry(at, host string, size int64, mode uint32) tree.Entry {
	return tree.Entry{
		Path: at, Type: tree.File, Mode: mode, Size: size,
		Content: tree.Content{Source: storeFile(host)},
	}
}

func bytesEntry(at string, data []byte) tree.Entry {
	return tree.Entry{
		Path: at, Type: tree.File, Mode: 0o444, Size: int64(len(data)),
		Content: tree.Content{Source: bytes.NewReader(data)},
	}
}

func readAll(e tree.Entry) ([]byte, error) {
	data := make([]byte, e.Size)
	_, err := io.ReadFull(e.Open(), data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", e.Path, err)
	}
	return data, nil
}

// storeFile opens its file for every read, so that a closure of any size keeps
// no descriptors.
type storeFile string

// ReadAt implements io.ReaderAt.
func (s storeFile) ReadAt(p []byte, off int64) (int, error) {
	f, err := os.Open(string(s))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return f.ReadAt(p, off)
}
