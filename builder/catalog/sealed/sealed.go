// Package sealed keeps catalogues: bbolt files that are filled once, sealed
// with a checksum, put in their place, and from then on only read or replaced.
//
// bbolt does not look behind its pages and may crash on damaged ones, so the
// seal is looked at before bbolt sees the file. The package knows nothing of
// what the records are.
package sealed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The seal behind the file: the magic text, the version, the length of what is
// before it and the CRC-32C of that, little-endian.
const numbers = 4 + 8 + 4

// Format tells the files of one use from others.
type Format struct {
	Magic string
	// Version changes with everything that makes older files unreadable.
	Version uint32
}

// The kinds of files that cannot be used, to be asked for with errors.Is.
var (
	// ErrDamaged: not what was written.
	ErrDamaged = errors.New("the catalogue is damaged")
	// ErrVersion: written by another version of this program.
	ErrVersion = errors.New("the catalogue is another version's")
)

// Error is a file that cannot be used.
type Error struct {
	// Kind is ErrDamaged or ErrVersion.
	Kind error
	Why  string
}

// Error says what kind it is, and why.
func (e *Error) Error() string { return e.Kind.Error() + ": " + e.Why }

// Unwrap gives the kind.
func (e *Error) Unwrap() error { return e.Kind }

// File is a catalogue that is open for reading. Several goroutines may use it.
type File struct {
	db *bolt.DB
	// Info is the file's.
	Info os.FileInfo
}

// Open opens a file that is as it was written. Its errors are *Error and
// those of the file system.
func Open(path string, format Format) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = intact(f, info.Size(), format)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	// bbolt gets the very file that was looked at; nobody ever locks it for
	// writing.
	db, err := bolt.Open(path, 0, &bolt.Options{
		ReadOnly: true, Timeout: 5 * time.Second, NoStatistics: true,
		OpenFile: func(string, int, os.FileMode) (*os.File, error) { return f, nil },
	})
	if err != nil {
		f.Close()
		return nil, err // whole, but it cannot be locked or mapped
	}
	return &File{db, info}, nil
}

// intact holds an opened file of a size to its seal.
func intact(f io.ReaderAt, size int64, format Format) error {
	damaged := func(why string) error { return &Error{ErrDamaged, why} }
	magic := len(format.Magic)
	n := size - int64(magic+numbers)
	if n < 0 {
		return damaged("too short")
	}
	end := make([]byte, magic+numbers)
	if _, err := f.ReadAt(end, n); err != nil {
		return err
	}
	rest := end[magic:]
	if string(end[:magic]) != format.Magic || binary.LittleEndian.Uint64(rest[4:]) != uint64(n) {
		return damaged("its end is not there")
	}
	if v := binary.LittleEndian.Uint32(rest); v != format.Version {
		return &Error{ErrVersion, fmt.Sprintf("format %d, not %d", v, format.Version)}
	}
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{io.NewSectionReader(f, 0, n)}, make([]byte, 1<<20)); err != nil {
		return err
	}
	if sum.Sum32() != binary.LittleEndian.Uint32(rest[12:]) {
		return damaged("its checksum is wrong")
	}
	return nil
}

// ErrNone says that there is no such record.
var ErrNone = errors.New("no such record")

// View lets read see one record, which it must not keep; ErrNone if there is
// none.
func (f *File) View(bucket, key string, read func([]byte) error) error {
	return f.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte(bucket))
		if b == nil {
			return ErrNone
		}
		data := b.Get([]byte(key))
		if data == nil {
			return ErrNone
		}
		return read(data)
	})
}

// Close ends the reading.
func (f *File) Close() error { return f.db.Close() }
