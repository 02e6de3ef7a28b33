package iso

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

const (
	// maxDirectory bounds the records of one directory, in bytes.
	maxDirectory = 32 << 20
	// maxContinued bounds the continuation areas of one directory.
	maxContinued = 64 << 20
	// maxEntries bounds a walk.
	maxEntries = 1 << 22
	// maxDepth bounds how deep a walk goes.
	maxDepth = 512
)

// Entry is one name in an image. Its Content opens a file's bytes.
type Entry struct {
	tree.Entry
	// Links is the number of names that Rock Ridge tells.
	Links uint32
	// Extents are the pieces of a file or of a directory's records.
	Extents []Extent
}

// Root is the root directory.
func (im *Image) Root() Entry { return im.root }

// Lookup finds a path; a leading slash does not matter. Symbolic links are not
// followed. A path that does not exist gives an error that wraps
// fs.ErrNotExist.
func (im *Image) Lookup(path string) (Entry, error) {
	at := im.root
	parts, err := splitPath(path)
	if err != nil {
		return Entry{}, err
	}
	for _, name := range parts {
		list, err := im.ReadDir(at)
		if err != nil {
			return Entry{}, err
		}
		found := false
		for _, e := range list {
			if e.Name() == name {
				at, found = e, true
				break
			}
		}
		if !found {
			return Entry{}, fmt.Errorf("%q: %w", path, fs.ErrNotExist)
		}
	}
	return at, nil
}

// Open gives the bytes of a file. It fails if some lie outside the image.
func (im *Image) Open(e Entry) (*io.SectionReader, error) {
	if e.Type != tree.File {
		return nil, fmt.Errorf("%q is a %s", e.Path, e.Type)
	}
	for _, x := range e.Extents {
		if x.Offset() > im.size-x.Size {
			return nil, fmt.Errorf("%q: its data at byte %d lie outside the image of %d bytes",
				e.Path, x.Offset(), im.size)
		}
	}
	if len(e.Extents) == 1 {
		return io.NewSectionReader(im.r, e.Extents[0].Offset(), e.Size), nil
	}
	return io.NewSectionReader(pieces{im.r, e.Extents}, 0, e.Size), nil
}

// Walk calls visit for the root and everything below it: a directory before
// what it holds, siblings in the order of the image. It ends at the first
// error. A directory that holds itself is an error.
func (im *Image) Walk(visit func(Entry) error) error {
	w := walker{im: im, visit: visit, seen: map[uint32]bool{}}
	return w.walk(im.root, 0)
}

type walker struct {
	im    *Image
	visit func(Entry) error
	seen  map[uint32]bool // directories by sector
	count int
	bytes int64 // of records
}

func (w *walker) walk(e Entry, depth int) error {
	if w.count++; w.count > maxEntries {
		return fmt.Errorf("more than %d entries", maxEntries)
	}
	if err := w.visit(e); err != nil || e.Type != tree.Dir {
		return err
	}
	lba := e.Extents[0].LBA
	if w.seen[lba] || depth > maxDepth {
		return fmt.Errorf("directory %q is in two places, in itself or too deep", e.Path)
	}
	w.seen[lba] = true
	if w.bytes += e.Extents[0].Size; w.bytes > w.im.size {
		return fmt.Errorf("directory %q: the directories overlap", e.Path)
	}
	list, err := w.im.ReadDir(e)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := w.walk(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// ReadDir lists a directory in the order of the image.
func (im *Image) ReadDir(dir Entry) ([]Entry, error) {
	if dir.Type != tree.Dir {
		return nil, fmt.Errorf("%q is a %s, not a directory", dir.Path, dir.Type)
	}
	list, err := im.readDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read directory %q: %w", dir.Path, err)
	}
	return list, nil
}

func (im *Image) readDir(dir Entry) ([]Entry, error) {
	records, err := im.records(dir)
	if err != nil {
		return nil, err
	}
	p := dirParser{im: im, prefix: dir.Path, budget: maxContinued}
	if p.prefix != "" {
		p.prefix += "/"
	}
	for _, r := range records[min(2, len(records)):] { // without "." and ".."
		if err := p.add(r); err != nil {
			return nil, err
		}
	}
	if p.open {
		return nil, fmt.Errorf("the last extent of %q is missing", p.list[len(p.list)-1].Path)
	}
	return p.list, nil
}

// records cuts a directory into its records.
func (im *Image) records(dir Entry) ([]record, error) {
	x := dir.Extents[0]
	if x.Size > maxDirectory {
		return nil, fmt.Errorf("%d bytes of records, at most %d are read", x.Size, maxDirectory)
	}
	b, err := im.readAt(x.Offset(), x.Size)
	if err != nil {
		return nil, err
	}
	var list []record
	for pos := 0; pos < len(b); {
		n := int(b[pos])
		if n == 0 { // the rest of the sector is unused
			pos = pos/sectorSize*sectorSize + sectorSize
			continue
		}
		r := record(b[pos:min(pos+n, len(b))])
		if n < recordHeader+1 || len(r) < n || recordHeader+int(r[32]) > n {
			return nil, fmt.Errorf("broken record at byte %d", x.Offset()+int64(pos))
		}
		list = append(list, r)
		pos += n
	}
	return list, nil
}

// record is one directory record whose lengths are checked.
type record []byte

func (r record) extent() Extent {
	// The extended attribute record comes before the data.
	lba := binary.LittleEndian.Uint32(r[2:]) + uint32(r[1])
	return Extent{lba, int64(binary.LittleEndian.Uint32(r[10:]))}
}

func (r record) flags() byte { return r[25] }
func (r record) id() []byte  { return r[recordHeader:][:r[32]] }

// systemUse is what follows the identifier and its filling byte.
func (r record) systemUse() []byte {
	at := recordHeader + int(r[32])
	at += at & 1
	return r[min(at, len(r)):]
}

// rootEntry is the root directory as a volume descriptor tells it.
func rootEntry(descriptor []byte) (Entry, error) {
	r := record(descriptor[156:190])
	if r[0] != 34 || r.flags()&flagDirectory == 0 {
		return Entry{}, errors.New("broken root directory record")
	}
	e := Entry{Extents: []Extent{r.extent()}}
	e.Type, e.Mode, e.ModTime = tree.Dir, defaultDirMode, parseShortDate(r[18:25])
	return e, nil
}

// dirParser turns records into entries.
type dirParser struct {
	im     *Image
	prefix string
	list   []Entry
	open   bool // the last entry has further extents
	budget int  // continuation areas that may still be read, in bytes
}

func (p *dirParser) add(r record) error {
	x := r.extent()
	if p.open {
		last := &p.list[len(p.list)-1]
		last.Extents = append(last.Extents, x)
		last.Size += x.Size
		p.open = r.flags()&flagMoreExtent != 0
		last.Content = tree.Content{Source: pieces{p.im.r, last.Extents}}
		return nil
	}
	e := Entry{Links: 1, Extents: []Extent{x}}
	e.Mode, e.ModTime, e.Size = defaultFileMode, parseShortDate(r[18:25]), x.Size
	if r.flags()&flagDirectory != 0 {
		e.Type, e.Mode = tree.Dir, defaultDirMode
	}
	name := p.im.plainName(r)
	if p.im.RockRidge {
		found, err := p.rockRidge(&e, r)
		if err != nil {
			return err
		}
		if found.hidden {
			return nil
		}
		if found.name != "" {
			name = found.name
		}
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return fmt.Errorf("impossible name %q", name)
	}
	e.Path = p.prefix + name
	if e.Type == tree.File {
		p.open = r.flags()&flagMoreExtent != 0
		e.Content = tree.Content{Source: pieces{p.im.r, e.Extents}}
	} else {
		e.Size = 0
	}
	p.list = append(p.list, e)
	return nil
}

// plainName is a name without Rock Ridge and without its version number.
func (im *Image) plainName(r record) string {
	name := string(r.id())
	if im.useJoliet {
		name = fromUCS2(r.id())
	}
	if i := strings.LastIndexByte(name, ';'); i > 0 {
		name = name[:i]
	}
	if !im.useJoliet {
		name = strings.TrimSuffix(name, ".")
	}
	return name
}

// pieces joins extents.
type pieces struct {
	r    io.ReaderAt
	list []Extent
}

func (p pieces) ReadAt(b []byte, off int64) (int, error) {
	done := 0
	for _, x := range p.list {
		if off >= x.Size {
			off -= x.Size
			continue
		}
		n := int(min(int64(len(b)-done), x.Size-off))
		got, err := p.r.ReadAt(b[done:done+n], x.Offset()+off)
		done += got
		if got < n {
			return done, err
		}
		if done == len(b) {
			return done, nil
		}
		off = 0
	}
	return done, io.EOF
}
