// Package flash writes an image to a drive and proves that it is there.
//
// It knows nothing of how an image is made, and opens nothing itself: it is
// handed an opened device (package opener) and what is known of it (package
// drives).
package flash

import "io"

// Target is an opened device. Offsets and lengths given to it are multiples of
// SectorSize, buffers are aligned to 4096 bytes (O_DIRECT).
type Target interface {
	io.ReaderAt
	io.WriterAt
	// Sync makes sure that what was written is on the device (fdatasync).
	Sync() error
	// Forget drops what the kernel has cached of a range, so that the next
	// read asks the device. Without a cache (O_DIRECT) it does nothing.
	Forget(offset, length int64) error
	// Size in bytes.
	Size() int64
	// SectorSize is the logical one, in bytes.
	SectorSize() int
	Close() error
}
