package assemble

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// PathInfo is what a store knows of a store path.
type PathInfo struct {
	Path string
	// NarHash as Nix writes it ("sha256-…=", "sha256:…" or hexadecimal), NarSize
	// in bytes.
	NarHash string
	NarSize int64
	// References are store paths, the path itself among them where it refers to
	// itself.
	References []string
	Deriver    string
}

// maxRegistration bounds the length of one line and the number of paths.
const (
	maxLine  = 1 << 16
	maxPaths = 1 << 22
)

// Registration is the text that `nix-store --load-db` reads: for each path a
// line with it, its NAR hash, NAR size, deriver, the number of its references,
// and a line for each. Nothing stands between two paths. References that lie
// outside of the paths are an error: no store would take it.
func Registration(paths []PathInfo) ([]byte, error) {
	known := map[string]bool{}
	for _, p := range paths {
		known[p.Path] = true
	}
	var b strings.Builder
	for _, p := range sorted(paths) {
		refs := slices.Sorted(slices.Values(p.References))
		for _, r := range refs {
			if !known[r] {
				return nil, fmt.Errorf("the closure is incomplete: %s refers to %s, which is not in it", p.Path, r)
			}
		}
		// The deriver is of no use where its derivation is not.
		deriver := p.Deriver
		if !known[deriver] {
			deriver = ""
		}
		fmt.Fprintf(&b, "%s\n%s\n%d\n%s\n%d\n", p.Path, p.NarHash, p.NarSize, deriver, len(refs))
		for _, r := range refs {
			b.WriteString(r + "\n")
		}
	}
	return []byte(b.String()), nil
}

func sorted(paths []PathInfo) []PathInfo {
	return slices.SortedFunc(slices.Values(paths), func(a, b PathInfo) int { return strings.Compare(a.Path, b.Path) })
}

// ParseRegistration reads such a text.
func ParseRegistration(r io.Reader) ([]PathInfo, error) {
	p := &registrationReader{s: bufio.NewScanner(r)}
	p.s.Buffer(nil, maxLine)
	var all []PathInfo
	for {
		info, err := p.path()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", p.line, err)
		}
		if all = append(all, info); len(all) > maxPaths {
			return nil, fmt.Errorf("more than %d store paths", maxPaths)
		}
	}
}

type registrationReader struct {
	s    *bufio.Scanner
	line int
}

func (p *registrationReader) next() (string, error) {
	if !p.s.Scan() {
		if err := p.s.Err(); err != nil {
			return "", err
		}
		return "", io.ErrUnexpectedEOF
	}
	p.line++
	return p.s.Text(), nil
}

func (p *registrationReader) path() (PathInfo, error) {
	var fields [5]string
	for i := range fields {
		var err error
		if fields[i], err = p.next(); err != nil {
			if i == 0 && err == io.ErrUnexpectedEOF {
				err = io.EOF
			}
			return PathInfo{}, err
		}
	}
	info := PathInfo{Path: fields[0], NarHash: fields[1], Deriver: fields[3]}
	if !isStorePath(info.Path) {
		return info, fmt.Errorf("%q is not a store path", info.Path)
	}
	var err error
	if info.NarSize, err = strconv.ParseInt(fields[2], 10, 64); err != nil || info.NarSize < 0 {
		return info, fmt.Errorf("%q is not a NAR size", fields[2])
	}
	count, err := strconv.ParseUint(fields[4], 10, 32)
	if err != nil || count > maxPaths {
		return info, fmt.Errorf("%q is not a number of references", fields[4])
	}
	for range count {
		ref, err := p.next()
		if err != nil {
			return info, err
		}
		if !isStorePath(ref) {
			return info, fmt.Errorf("%q is not a store path", ref)
		}
		info.References = append(info.References, ref)
	}
	return info, nil
}

// isStorePath says whether p is a store path itself, nothing inside one.
func isStorePath(p string) bool {
	return inStore(p) && !strings.Contains(p[len(storeDir)+1:], "/")
}
