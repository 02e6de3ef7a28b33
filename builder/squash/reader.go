package squash

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math"
	"sync"

	"github.com/isowright/isowright/builder/tree"
)

// Info is what an image says of itself.
type Info struct {
	Compression Compression
	// Level is the compressor's level, 0 where the image does not tell.
	Level     int
	BlockSize int
	// ModTime is the image's date in seconds since 1970.
	ModTime int64
	Inodes  int
	// Fragments is the number of blocks shared by the ends of files.
	Fragments int
	// Size is the image's length in bytes without padding.
	Size int64
}

// Reader is an opened image. It is a tree.Tree; several goroutines may use it.
//
// Open has checked all names and inodes, so that listing goes wrong only when
// reading the image does; Err tells of that.
type Reader struct {
	r      io.ReaderAt
	sb     *superblock
	info   Info
	unpack decompressFunc
	ids    []uint32
	meta   *blockCache
	data   *blockCache
	names  []byte
	nodes  []entryNode

	mu  sync.Mutex
	err error
}

var _ tree.Tree = (*Reader)(nil)

// Open reads an image's tables and the names of everything in it. The image
// starts at r's offset 0. Hostile images cost time and memory in proportion to
// their length, at most about 500 MB.
func Open(r io.ReaderAt) (*Reader, error) {
	i, err := open(r)
	if err != nil {
		return nil, fmt.Errorf("open squashfs: %w", err)
	}
	return i, nil
}

func open(r io.ReaderAt) (*Reader, error) {
	var head [superblockSize]byte
	if n, err := r.ReadAt(head[:], 0); n < len(head) {
		if err == nil || err == io.EOF {
			return nil, fmt.Errorf("%w: shorter than a superblock", errNotSquashFS)
		}
		return nil, err
	}
	sb, err := parseSuperblock(head[:])
	if err != nil {
		return nil, err
	}
	i := &Reader{r: r, sb: sb}
	if err := i.checkTables(); err != nil {
		return nil, err
	}
	if i.unpack, err = newDecompressor(sb.Compressor, int(sb.BlockSize)); err != nil {
		return nil, err
	}
	i.meta = newBlockCache(256)
	i.data = newBlockCache(max(4, (4<<20)/int(sb.BlockSize)))
	i.info = Info{
		Compression: sb.compression(), BlockSize: int(sb.BlockSize), ModTime: int64(sb.ModTime),
		Inodes: int(sb.Inodes), Fragments: int(sb.Fragments), Size: int64(sb.BytesUsed),
	}
	if sb.Flags&flagOptions != 0 {
		i.readOptions()
	}
	if err := i.readIDs(); err != nil {
		return nil, fmt.Errorf("read the id table: %w", err)
	}
	return i, i.readNames()
}

// compression tells how the image was made; one with every part stored as it
// is has None.
func (s *superblock) compression() Compression {
	const raw = flagRawInodes | flagRawData | flagRawFragments
	switch {
	case s.Flags&raw == raw:
		return None
	case s.Compressor == compressorZstd:
		return Zstd
	case s.Compressor == compressorXZ:
		return XZ
	}
	return Gzip
}

// checkTables refuses positions outside the image and an image that is cut
// short, so that later lengths can be trusted to be backed by bytes.
func (i *Reader) checkTables() error {
	sb := i.sb
	if sb.BytesUsed < superblockSize || sb.BytesUsed > math.MaxInt64 {
		return fmt.Errorf("%w: length %d", errNotSquashFS, sb.BytesUsed)
	}
	var last [1]byte
	if err := readFull(i.r, last[:], int64(sb.BytesUsed)-1); err != nil {
		return fmt.Errorf("the image is cut short, it should have %d bytes: %w", sb.BytesUsed, err)
	}
	if sb.InodeTable < superblockSize || sb.InodeTable >= sb.DirTable || sb.DirTable >= sb.IDTable || sb.IDTable >= sb.BytesUsed {
		return fmt.Errorf("%w: tables in the wrong places", errNotSquashFS)
	}
	return nil
}

// readOptions notes the compressor's level; it is only for show.
func (i *Reader) readOptions() {
	b, _, err := i.metaBlock(superblockSize)
	if err == nil && len(b) >= 4 && i.sb.Compressor != compressorXZ {
		i.info.Level = int(binary.LittleEndian.Uint32(b))
	}
}

func (i *Reader) readIDs() error {
	n := int(i.sb.IDs)
	if n == 0 {
		return fmt.Errorf("it is empty")
	}
	for k := range n {
		var b [4]byte
		if err := i.lookup(int64(i.sb.IDTable), int64(k), b[:]); err != nil {
			return err
		}
		i.ids = append(i.ids, binary.LittleEndian.Uint32(b[:]))
	}
	return nil
}

// Superblock tells what the image says of itself.
func (i *Reader) Superblock() Info { return i.info }

// Len is the number of names, the root included.
func (i *Reader) Len() int { return len(i.nodes) }

// Err is the first error that listing met, if any.
func (i *Reader) Err() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.err
}

func (i *Reader) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.err == nil {
		i.err = err
	}
}

// Entries lists the image in tree order. It ends early when the image cannot
// be read; see Err.
func (i *Reader) Entries() iter.Seq[tree.Entry] {
	return func(yield func(tree.Entry) bool) {
		i.walk(func(k uint32, path []byte) bool {
			e, err := i.entry(k, string(path))
			if err != nil {
				i.fail(fmt.Errorf("list squashfs: %q: %w", "/"+string(path), err))
				return false
			}
			return yield(e)
		})
	}
}

// entry describes a node.
func (i *Reader) entry(k uint32, path string) (tree.Entry, error) {
	n := &i.nodes[k]
	if n.link != k {
		first := string(i.path(n.link))
		return tree.Entry{Path: path, Type: tree.HardLink, Link: first}, nil
	}
	in, c, err := i.inode(n.ref)
	if err != nil {
		return tree.Entry{}, err
	}
	e := tree.Entry{
		Path: path, Type: in.kind, Mode: uint32(in.mode), UID: in.uid, GID: in.gid, ModTime: int64(in.mtime),
		Major: in.rdev >> 8 & 0xfff, Minor: in.rdev&0xff | in.rdev>>12&^0xff,
	}
	switch in.kind {
	case tree.File:
		e.Size = in.size
		e.Content.Source = &fileSource{image: i, ref: n.ref}
	case tree.Symlink:
		target := make([]byte, in.size)
		if err := c.read(target); err != nil {
			return e, err
		}
		e.Link = string(target)
	}
	e.Xattrs, err = i.xattrs(in.xattr)
	return e, err
}
