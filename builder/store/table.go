package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/zeebo/blake3"
)

// imageRecord is what the index knows of an image file.
type imageRecord struct {
	// Path is absolute.
	Path string `json:"path"`
	// Size in bytes and ModTime in nanoseconds since 1970 tell whether it is
	// still the same file. They need not be proof: each block is.
	Size    int64 `json:"size"`
	ModTime int64 `json:"mtime"`
	// Base is where in the file the blocks' positions count from.
	Base int64 `json:"base"`
	// Written orders the images: the transaction that wrote the record.
	Written int `json:"written"`
}

// describeImage makes a file's record.
func describeImage(path string, base int64) (imageRecord, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return imageRecord{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return imageRecord{}, err
	}
	return imageRecord{Path: path, Size: info.Size(), ModTime: info.ModTime().UnixNano(), Base: base}, nil
}

// is says whether a file is the one of the record.
func (r imageRecord) is(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Size() == r.Size && info.ModTime().UnixNano() == r.ModTime
}

// bucket names the image's bucket.
func (r imageRecord) bucket() []byte {
	sum := blake3.Sum256([]byte(r.Path))
	return sum[:]
}

// A table is records of recordSize bytes, in the order in which the blocks lie
// in the image: the block's key (32 bytes), its position (8), its length with
// rawBit for one that is stored as it is (4), the first half of the BLAKE3 hash
// of its packed form (16), zero for a raw one. Numbers are little-endian. Behind
// them comes the BLAKE3 hash (32) of the image's record and of the records.
const (
	keySize    = 32
	sumSize    = 16
	recordSize = keySize + 8 + 4 + sumSize
	tailSize   = 32
	rawBit     = 1 << 31
)

// block is where a packed block lies.
type block struct {
	at     int64
	length uint32 // with rawBit
	sum    [sumSize]byte
}

func appendRecord(table []byte, key [keySize]byte, b block) []byte {
	table = append(table, key[:]...)
	table = binary.LittleEndian.AppendUint64(table, uint64(b.at))
	table = binary.LittleEndian.AppendUint32(table, b.length)
	return append(table, b.sum[:]...)
}

// record is the n-th of a table without its tail.
func record(table []byte, n int) (key [keySize]byte, b block) {
	r := table[n*recordSize:][:recordSize]
	b.at = int64(binary.LittleEndian.Uint64(r[keySize:]))
	b.length = binary.LittleEndian.Uint32(r[keySize+8:])
	b.sum = [sumSize]byte(r[keySize+12:])
	return [keySize]byte(r), b
}

// tail is the hash behind the records.
func tail(image, records []byte) []byte {
	h := blake3.New()
	h.Write(image)
	h.Write(records)
	return h.Sum(nil)
}

// parseImage reads a bucket's two values, which may be damaged.
func parseImage(image, table []byte) (r imageRecord, records []byte, err error) {
	n := len(table) - tailSize
	if n < 0 || n%recordSize != 0 || string(tail(image, table[:n])) != string(table[n:]) {
		return r, nil, fmt.Errorf("%w: a table does not have its hash", errDamaged)
	}
	if err := json.Unmarshal(image, &r); err != nil {
		return r, nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return r, table[:n], nil
}
