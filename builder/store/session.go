package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/zeebo/blake3"
	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// Session is the index in the eyes of one build: the blocks of the images that
// are there at its begin, and those of the image that it writes. It holds no
// lock. It is a squash.Reuse.
type Session struct {
	index  *Blocks
	images []*earlier
	known  map[[keySize]byte]place
	gone   []imageRecord

	mu    sync.Mutex
	table []byte
}

// earlier is an image that blocks are taken from.
type earlier struct {
	imageRecord
	file   *os.File
	failed atomic.Int32
}

// place is a block of an earlier image.
type place struct {
	block
	image int32
}

// maxFailed is how many damaged blocks are met until an image is left alone.
const maxFailed = 16

// Begin looks for earlier images. With clean none are looked for: the build
// reuses nothing, but later ones can reuse what it makes. Close must follow.
func (b *Blocks) Begin(clean bool) *Session {
	s := &Session{index: b}
	if clean {
		return s
	}
	var found []stored
	err := b.use(true, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) (err error) {
			found, err = readImages(tx)
			return err
		})
	})
	if err != nil {
		b.warn("look for earlier images", err)
		return s
	}
	s.open(found)
	return s
}

// stored is an image in the index.
type stored struct {
	imageRecord
	records []byte
}

// readImages copies the index, the newest image first.
func readImages(tx *bolt.Tx) ([]stored, error) {
	var found []stored
	err := tx.ForEach(func(name []byte, bucket *bolt.Bucket) error {
		r, records, err := parseImage(bucket.Get([]byte("image")), bucket.Get([]byte("blocks")))
		if err != nil {
			return err
		}
		if string(r.bucket()) != string(name) {
			return fmt.Errorf("%w: an image has another's place", errDamaged)
		}
		found = append(found, stored{r, slices.Clone(records)})
		return nil
	})
	slices.SortFunc(found, func(a, b stored) int { return b.Written - a.Written })
	return found, err
}

// open opens the images that are still there and puts their blocks together.
func (s *Session) open(found []stored) {
	total := 0
	for _, r := range found {
		total += len(r.records) / recordSize
	}
	s.known = make(map[[keySize]byte]place, min(total, maxRecords))
	for _, r := range found {
		f, err := openSame(r.imageRecord)
		if err != nil {
			s.index.log.Debug("an earlier image is gone or another", "error", err)
			s.gone = append(s.gone, r.imageRecord)
			continue
		}
		for n := range len(r.records) / recordSize {
			key, b := record(r.records, n)
			if _, ok := s.known[key]; !ok && len(s.known) < maxRecords {
				s.known[key] = place{b, int32(len(s.images))}
			}
		}
		s.images = append(s.images, &earlier{imageRecord: r.imageRecord, file: f})
	}
}

// openSame opens an image if it is the one of the record.
func openSame(r imageRecord) (*os.File, error) {
	info, err := os.Stat(r.Path)
	if err != nil {
		return nil, err
	}
	if !r.is(info) {
		return nil, fmt.Errorf("%s is not the image that was built", r.Path)
	}
	// What has become a pipe meanwhile must not make us wait.
	f, err := os.OpenFile(r.Path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err != nil || !r.is(info) {
		f.Close()
		return nil, fmt.Errorf("%s is not the image that was built", r.Path)
	}
	return f, nil
}

// Find gives the packed form of a block of an earlier image, in buf's memory
// if it fits; block itself if it is stored as it is. The bytes have the hash
// that they had when they were written, so damage is not found.
func (s *Session) Find(key [keySize]byte, block, buf []byte) ([]byte, bool) {
	p, ok := s.known[key]
	if !ok {
		return nil, false
	}
	if p.length&rawBit != 0 {
		return block, true
	}
	im := s.images[p.image]
	n := int(p.length)
	if n >= len(block) || im.failed.Load() >= maxFailed {
		return nil, false
	}
	if cap(buf) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := im.file.ReadAt(buf, im.Base+p.at); err != nil || sumOf(buf) != p.sum {
		if im.failed.Add(1) == maxFailed {
			s.index.log.Warn("an earlier image is damaged; its blocks are packed anew", "image", im.Path)
		}
		return nil, false
	}
	return buf, true
}

// Add notes a block of the image that is being written.
func (s *Session) Add(key [keySize]byte, at int64, packed []byte, raw bool) {
	b := block{at: at, length: uint32(len(packed))}
	switch p, ok := s.known[key]; {
	case raw:
		b.length |= rawBit
	case ok && p.length == b.length:
		// The same bytes: Find has looked at them, or they were packed anew.
		b.sum = p.sum
	default:
		b.sum = sumOf(packed)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.table) < maxRecords*recordSize {
		s.table = appendRecord(s.table, key, b)
	}
}

func sumOf(p []byte) [sumSize]byte {
	sum := blake3.Sum256(p)
	return [sumSize]byte(sum[:])
}

// Commit notes where the finished image lies, under the name that it keeps:
// the blocks' positions count from base bytes behind its start. It takes what
// is gone out of the index. What goes wrong is in the log.
func (s *Session) Commit(image string, base int64) {
	r, err := describeImage(image, base)
	if err != nil {
		s.index.warn("note the new image", err)
		return
	}
	note := func() error {
		return s.index.use(false, func(db *bolt.DB) error {
			return db.Update(func(tx *bolt.Tx) error { return s.write(tx, r) })
		})
	}
	err = note()
	if errors.Is(err, errSetAside) {
		s.index.warn("note the new image", err)
		err = note()
	}
	s.index.warn("note the new image", err)
}

func (s *Session) write(tx *bolt.Tx, r imageRecord) error {
	images, err := readRecords(tx)
	if err != nil {
		return err
	}
	r.Written = tx.ID()
	s.mu.Lock()
	defer s.mu.Unlock()
	count := len(s.table) / recordSize
	kept := 1
	for _, old := range images {
		count += old.count
		kept++
		if old.Path == r.Path || slices.Contains(s.gone, old.imageRecord) || kept > maxImages || count > maxRecords {
			kept, count = kept-1, count-old.count
			if err := tx.DeleteBucket(old.bucket()); err != nil {
				return fmt.Errorf("forget an image: %w", err)
			}
		}
	}
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	bucket, err := tx.CreateBucket(r.bucket())
	if err != nil {
		return fmt.Errorf("note an image: %w", err)
	}
	return errors.Join(bucket.Put([]byte("image"), head),
		bucket.Put([]byte("blocks"), append(s.table, tail(head, s.table)...)))
}

// counted is an image in the index and the number of its blocks.
type counted struct {
	imageRecord
	count int
}

// readRecords lists the images without their blocks, the newest first.
func readRecords(tx *bolt.Tx) ([]counted, error) {
	var all []counted
	err := tx.ForEach(func(_ []byte, bucket *bolt.Bucket) error {
		var r imageRecord
		if err := json.Unmarshal(bucket.Get([]byte("image")), &r); err != nil {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		all = append(all, counted{r, len(bucket.Get([]byte("blocks"))) / recordSize})
		return nil
	})
	slices.SortFunc(all, func(a, b counted) int { return b.Written - a.Written })
	return all, err
}

// Close lets go of the earlier images.
func (s *Session) Close() error {
	var all []error
	for _, im := range s.images {
		all = append(all, im.file.Close())
	}
	s.images, s.known = nil, nil
	return errors.Join(all...)
}
