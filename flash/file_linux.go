package flash

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// file is an opened block device, or a regular file that stands for one.
type file struct {
	*os.File
	size   int64
	sector int
	block  bool
	direct bool
}

// OpenFile makes a target of a block device or regular file that was opened for
// reading and writing (or for reading alone, where it will only be read). It
// owns f from then on, also after an error.
//
// Direct I/O is switched on where the device has it; else reads ask the device
// because the kernel's copy is dropped before.
func OpenFile(f *os.File) (Target, error) {
	t, err := openFile(f)
	if err != nil {
		_ = f.Close() // the error above says more
		return nil, fault(Unfit, "", err, "%s cannot be used as a stick", f.Name())
	}
	return t, nil
}

func openFile(f *os.File) (*file, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	t := &file{File: f, size: info.Size(), sector: 512}
	t.block = info.Mode()&os.ModeDevice != 0 && info.Mode()&os.ModeCharDevice == 0
	if !t.block && !info.Mode().IsRegular() {
		return nil, errors.New("it is neither a block device nor a file")
	}
	conn, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	var inner error
	err = conn.Control(func(fd uintptr) { inner = t.learn(int(fd)) })
	return t, errors.Join(err, inner)
}

// learn asks for sizes and switches on direct I/O.
func (t *file) learn(fd int) error {
	if t.block {
		sector, err := unix.IoctlGetInt(fd, unix.BLKSSZGET)
		if err != nil {
			return fmt.Errorf("ask for the size of its sectors: %w", err)
		}
		t.sector = sector
		if t.size, err = deviceLength(fd); err != nil {
			return fmt.Errorf("ask for its size: %w", err)
		}
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	// File systems demand more of direct I/O than sectors, each something else.
	wanted := flags &^ unix.O_DIRECT
	if t.block {
		wanted |= unix.O_DIRECT
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFL, wanted)
	t.direct = t.block && err == nil
	if t.block {
		return nil // without direct I/O there is a cache to be dropped
	}
	return err
}

// deviceLength is the size of a block device in bytes.
func deviceLength(fd int) (int64, error) {
	// The number is 64 bits wide on every architecture (linux/fs.h).
	var size uint64
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.BLKGETSIZE64, uintptr(unsafe.Pointer(&size))); e != 0 {
		return 0, e
	}
	return int64(size), nil
}

func (t *file) Size() int64     { return t.size }
func (t *file) SectorSize() int { return t.sector }

// ReadAt reads from the device.
func (t *file) ReadAt(b []byte, at int64) (int, error) {
	n, err := t.File.ReadAt(b, at)
	return n, t.cause(err)
}

// WriteAt writes to the device.
func (t *file) WriteAt(b []byte, at int64) (int, error) {
	n, err := t.File.WriteAt(b, at)
	return n, t.cause(err)
}

// cause takes the name of the file out of an error: people know the stick by
// another one, and it stands there already.
//
// A device that was pulled out has no length any more. Its open descriptor then
// says "end of file" when read and "no space left" when written (the kernel's
// block/fops.c), which would be taken for something else.
func (t *file) cause(err error) error {
	if err == nil {
		return nil
	}
	if t.block {
		gone := false
		asked := t.control(func(fd int) {
			size, e := deviceLength(fd)
			gone = size == 0 || e != nil
		})
		if asked == nil && gone {
			return unix.ENODEV
		}
	}
	var e *os.PathError
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}

// Sync waits until the device has everything and has emptied its own cache.
func (t *file) Sync() error {
	var inner error
	err := t.control(func(fd int) { inner = retryInterrupted(func() error { return unix.Fdatasync(fd) }) })
	return errors.Join(err, t.cause(inner))
}

// Forget drops the kernel's copy of a range. Pages that are not yet written
// would stay, so that Sync comes first.
func (t *file) Forget(offset, length int64) error {
	if t.direct {
		return nil
	}
	var inner error
	err := t.control(func(fd int) {
		if inner = retryInterrupted(func() error { return unix.Fdatasync(fd) }); inner == nil {
			inner = unix.Fadvise(fd, offset, length, unix.FADV_DONTNEED)
		}
	})
	return errors.Join(err, inner)
}

func (t *file) control(f func(fd int)) error {
	conn, err := t.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Control(func(fd uintptr) { f(int(fd)) })
}

func retryInterrupted(f func() error) error {
	for {
		if err := f(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

// RereadPartitions has the kernel look at the partition table anew. It can not
// while a partition is in use, and loop devices may have none.
func (t *file) RereadPartitions() error {
	if !t.block {
		return nil
	}
	var inner error
	err := t.control(func(fd int) { _, inner = unix.IoctlRetInt(fd, unix.BLKRRPART) })
	if errors.Is(inner, unix.EINVAL) {
		inner = nil // the device has no partitions at all
	}
	return errors.Join(err, inner)
}
