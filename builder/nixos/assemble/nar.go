package assemble

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// walker lists one store path and computes its NAR's size and, where asked,
// hash. (Nix manual, "Nix Archive (NAR) format")
type walker struct {
	ctx     context.Context
	top     string // on this computer
	verify  bool
	hash    io.Writer
	size    int64
	entries []tree.Entry
	buf     []byte
}

// list gives the entries as nixpkgs packs them: owned by root, dated 1970, with
// the modes that a store has, no hard links and no extended attributes.
func (w *walker) list(p PathInfo) ([]tree.Entry, error) {
	sum := sha256.New()
	w.hash = sum
	w.str("nix-archive-1")
	if err := w.add(w.top, strings.TrimPrefix(p.Path, storeDir+"/")); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			if _, gone := os.Lstat(w.top); gone != nil {
				return nil, &missingError{p.Path, w.top}
			}
		}
		return nil, fmt.Errorf("list %s: %w", p.Path, err)
	}
	if w.size != p.NarSize || w.verify && !sameHash(p.NarHash, sum.Sum(nil)) {
		return nil, &changedError{p.Path, w.top}
	}
	return w.entries, nil
}

// changedError is a store path whose files are not those that Nix knows.
type changedError struct{ path, place string }

func (e *changedError) Error() string {
	return fmt.Sprintf("the store path %s was changed since Nix made it: repair the store with `nix-store --verify --check-contents --repair`, then build again", e.path)
}

func (w *walker) add(host, at string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	info, err := os.Lstat(host)
	if err != nil {
		return err
	}
	w.str("(")
	w.str("type")
	switch info.Mode().Type() {
	case 0:
		err = w.file(host, at, info)
	case fs.ModeSymlink:
		var target string
		if target, err = os.Readlink(host); err == nil {
			w.strs("symlink", "target", target)
			w.entries = append(w.entries, tree.Entry{Path: at, Type: tree.Symlink, Mode: 0o777, Link: target})
		}
	case fs.ModeDir:
		err = w.dir(host, at)
	default:
		err = fmt.Errorf("%s is of a kind that a store does not have (%s)", host, info.Mode())
	}
	w.str(")")
	return err
}

func (w *walker) dir(host, at string) error {
	w.str("directory")
	w.entries = append(w.entries, tree.Entry{Path: at, Type: tree.Dir, Mode: 0o555})
	kids, err := os.ReadDir(host) // sorted by the bytes of their names, as a NAR is
	if err != nil {
		return err
	}
	for _, k := range kids {
		w.strs("entry", "(", "name", k.Name(), "node")
		if err := w.add(filepath.Join(host, k.Name()), at+"/"+k.Name()); err != nil {
			return err
		}
		w.str(")")
	}
	return nil
}

func (w *walker) file(host, at string, info fs.FileInfo) error {
	mode := uint32(0o444)
	w.str("regular")
	if info.Mode()&0o111 != 0 {
		mode = 0o555
		w.strs("executable", "")
	}
	w.str("contents")
	w.entries = append(w.entries, fileEntry(at, host, info.Size(), mode))
	w.number(uint64(info.Size()))
	w.size += info.Size() + pad(info.Size())
	if !w.verify {
		return nil
	}
	f, err := os.Open(host)
	if err != nil {
		return err
	}
	defer f.Close()
	if w.buf == nil {
		w.buf = make([]byte, 1<<18)
	}
	n, err := io.CopyBuffer(w.hash, struct{ io.Reader }{io.LimitReader(f, info.Size())}, w.buf)
	if err == nil && n < info.Size() {
		err = io.ErrUnexpectedEOF
	}
	w.hash.Write(make([]byte, pad(n)))
	return err
}

// pad is how many zeros follow n bytes.
func pad(n int64) int64 { return -n & 7 }

func (w *walker) strs(all ...string) {
	for _, s := range all {
		w.str(s)
	}
}

// str writes a text: its length, its bytes, zeros up to a multiple of 8.
func (w *walker) str(s string) {
	w.number(uint64(len(s)))
	n := int64(len(s))
	w.size += n + pad(n)
	if w.verify {
		io.WriteString(w.hash, s)
		w.hash.Write(make([]byte, pad(n)))
	}
}

func (w *walker) number(n uint64) {
	w.size += 8
	if w.verify {
		var b [8]byte
		for i := range b {
			b[i] = byte(n >> (8 * i))
		}
		w.hash.Write(b[:])
	}
}

// sameHash compares a SHA-256 with one in any of Nix's ways to write it.
func sameHash(written string, sum []byte) bool {
	text := strings.TrimPrefix(written, "sha256:")
	if rest, ok := strings.CutPrefix(written, "sha256-"); ok {
		return rest == base64.StdEncoding.EncodeToString(sum)
	}
	return text == hex.EncodeToString(sum) || text == base32(sum)
}

// base32 is Nix's own: digits and small letters without e, o, t and u, the last
// bits first.
func base32(sum []byte) string {
	const alphabet = "0123456789abcdfghijklmnpqrsvwxyz"
	length := (len(sum)*8-1)/5 + 1
	out := make([]byte, 0, length)
	for n := length - 1; n >= 0; n-- {
		bit := n * 5
		i, j := bit/8, bit%8
		c := uint(sum[i]) >> j
		if i+1 < len(sum) {
			c |= uint(sum[i+1]) << (8 - j)
		}
		out = append(out, alphabet[c&31])
	}
	return string(out)
}
