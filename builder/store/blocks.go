// Package store keeps what one run of the program knows and a later one can
// use, in bbolt files: the index of packed blocks, by which an image is packed
// from the blocks of earlier ones (in the cache folder), and the library: what
// was done and begun on this computer (in the data folder).
//
// Nothing here is needed for a right result. What is damaged is set aside, and
// what is locked by another process is done without; the log or an error tells
// of it.
package store

import "log/slog"

// Blocks is the index of the blocks of earlier images: for each image file a
// table from a block's key to where in the file its packed form lies and the
// hash of that. Several processes may use one index.
//
// The file is bbolt's. It has a bucket for each image, named by the hash of
// the path; in it "image" is the record of the image in JSON and "blocks" the
// table (see table.go). One value for all blocks is written and forgotten at
// once, and its hash tells damage.
type Blocks struct {
	file
	log *slog.Logger
}

const (
	// maxImages bounds the images in the index, maxRecords their blocks
	// together: at 128 KiB a block that is 64 GiB of data, for 60 MB of index
	// and of memory.
	maxImages  = 16
	maxRecords = 1 << 19
)

// NewBlocks is the index in the file at path, which need not exist.
func NewBlocks(path string, log *slog.Logger) *Blocks {
	return &Blocks{file: file{path: path, mode: 0o644, wait: lockWait}, log: log}
}

// warn tells of something that only costs speed.
func (b *Blocks) warn(doing string, err error) {
	if err != nil {
		b.log.Warn("the index of packed blocks cannot be used; only speed is lost", "doing", doing, "file", b.path, "error", err)
	}
}
