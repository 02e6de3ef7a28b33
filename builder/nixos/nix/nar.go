package nix

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// The NAR format is that of the Nix reference manual, "Nix Archive (NAR) Format":
// strings are a length in 8 bytes, little-endian, the bytes, and zeros up to the
// next multiple of 8.

const (
	narMagic = "nix-archive-1"
	// narWord is how long a word of the format, a name or a link may be.
	narWord = 4096
	// narDepth is how deep folders may lie in each other.
	narDepth = 512
)

// errNAR marks an archive that breaks the format.
var errNAR = errors.New("not a valid NAR")

// narReader reads words of the format.
type narReader struct {
	r io.Reader
}

func (n narReader) number() (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(n.r, b[:]); err != nil {
		return 0, narEnd(err)
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// narEnd makes an end in the middle an error of the format.
func narEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", errNAR)
	}
	return err
}

// bytes copies a string to w.
func (n narReader) bytes(w io.Writer, length uint64) error {
	if length > 1<<62 {
		return fmt.Errorf("%w: a length of %d", errNAR, length)
	}
	if _, err := io.CopyN(w, n.r, int64(length)); err != nil {
		return narEnd(err)
	}
	var pad [8]byte
	rest := pad[:-length&7]
	if _, err := io.ReadFull(n.r, rest); err != nil {
		return narEnd(err)
	}
	if strings.Trim(string(rest), "\x00") != "" {
		return fmt.Errorf("%w: padding that is not zero", errNAR)
	}
	return nil
}

func (n narReader) word() (string, error) {
	length, err := n.number()
	if err != nil {
		return "", err
	}
	if length > narWord {
		return "", fmt.Errorf("%w: a word of %d bytes", errNAR, length)
	}
	var b strings.Builder
	err = n.bytes(&b, length)
	return b.String(), err
}

// expect reads words that must come.
func (n narReader) expect(words ...string) error {
	for _, want := range words {
		got, err := n.word()
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%w: %.40q where %q must be", errNAR, got, want)
		}
	}
	return nil
}

// unpackNAR writes what an archive holds to name in root, which must not exist
// yet. Files are readable by all and those that may be run are executable;
// folders stay writable, so that they can be removed again.
func unpackNAR(r io.Reader, root *os.Root, name string) error {
	n := narReader{r}
	if err := n.expect(narMagic); err != nil {
		return err
	}
	return n.node(root, name, 0)
}

func (n narReader) node(root *os.Root, name string, depth int) error {
	if depth > narDepth {
		return fmt.Errorf("%w: folders are nested too deep", errNAR)
	}
	if err := n.expect("(", "type"); err != nil {
		return err
	}
	kind, err := n.word()
	if err != nil {
		return err
	}
	switch kind {
	case "regular":
		return n.file(root, name)
	case "symlink":
		return n.link(root, name)
	case "directory":
		if err := root.Mkdir(name, 0o755); err != nil {
			return err
		}
		return n.entries(root, name, depth)
	}
	return fmt.Errorf("%w: a node of type %.40q", errNAR, kind)
}

func (n narReader) file(root *os.Root, name string) error {
	mode := os.FileMode(0o444)
	word, err := n.word()
	if err == nil && word == "executable" {
		mode = 0o555
		if err = n.expect(""); err == nil {
			word, err = n.word()
		}
	}
	if err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	defer f.Close()
	switch word {
	case "contents":
		length, err := n.number()
		if err != nil {
			return err
		}
		if err := n.bytes(f, length); err != nil {
			return err
		}
		if err := n.expect(")"); err != nil {
			return err
		}
	case ")": // an empty file, as old versions wrote it
	default:
		return fmt.Errorf("%w: %.40q in a file", errNAR, word)
	}
	return f.Close()
}

func (n narReader) link(root *os.Root, name string) error {
	if err := n.expect("target"); err != nil {
		return err
	}
	target, err := n.word()
	if err != nil {
		return err
	}
	if target == "" || strings.Contains(target, "\x00") {
		return fmt.Errorf("%w: a link to %.40q", errNAR, target)
	}
	if err := root.Symlink(target, name); err != nil {
		return err
	}
	return n.expect(")")
}

// entries reads a folder's entries, whose names must ascend: so none stands
// twice, and nothing is written through a link that stood before.
func (n narReader) entries(root *os.Root, dir string, depth int) error {
	last := ""
	for {
		word, err := n.word()
		if err != nil {
			return err
		}
		if word == ")" {
			return nil
		}
		if word != "entry" {
			return fmt.Errorf("%w: %.40q in a folder", errNAR, word)
		}
		if err := n.expect("(", "name"); err != nil {
			return err
		}
		name, err := n.word()
		if err != nil {
			return err
		}
		if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") || name <= last {
			return fmt.Errorf("%w: the name %.40q", errNAR, name)
		}
		last = name
		if err := n.expect("node"); err != nil {
			return err
		}
		if err := n.node(root, path.Join(dir, name), depth+1); err != nil {
			return err
		}
		if err := n.expect(")"); err != nil {
			return err
		}
	}
}
