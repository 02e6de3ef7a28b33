package opener

import (
	"context"
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
)

// Requests of ioctl, see linux/fs.h. BLKGETDISKSEQ came with Linux 5.15.
const (
	blkGetSize64  = 0x80081272
	blkGetDiskSeq = 0x80081280
)

// openDirect opens the device as the user that runs this, and checks it.
func openDirect(ctx context.Context, d drives.Drive, readOnly bool) (*os.File, error) {
	f, err := os.OpenFile(d.Path, flags(readOnly), 0)
	if err != nil {
		return nil, openFault(d, err)
	}
	return verified(ctx, f, d, readOnly)
}

// flags are those of open(2). O_EXCL on a block device fails while a file
// system on it is mounted, and keeps others from mounting one; O_DIRECT goes
// past the page cache.
func flags(readOnly bool) int {
	mode := unix.O_RDWR | unix.O_EXCL
	if readOnly {
		mode = unix.O_RDONLY
	}
	return mode | unix.O_DIRECT | unix.O_CLOEXEC
}

// verified checks an opened device and closes it when it is not the right one.
// The list is read after opening: what is on the device cannot change any more.
func verified(ctx context.Context, f *os.File, d drives.Drive, readOnly bool) (*os.File, error) {
	err := Same(f, d)
	if err == nil {
		err = check(ctx, d, readOnly)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return f, nil
}

// Same tells by the kernel's word whether the descriptor is the drive: by device
// number, size, and the number of its medium. nil: it is; otherwise an *Error.
func Same(f *os.File, d drives.Drive) error {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return fault(Failed, err, "%s cannot be looked at", d.Path)
	}
	number := uint64(stat.Rdev)
	if stat.Mode&unix.S_IFMT != unix.S_IFBLK || unix.Major(number) != d.Major || unix.Minor(number) != d.Minor {
		return fault(Changed, nil, "%s is not the device %d:%d that was chosen", d.Path, d.Major, d.Minor)
	}
	size, err := ask(f, blkGetSize64)
	if err != nil {
		return fault(Failed, err, "the size of %s cannot be asked", d.Path)
	}
	if int64(size) != d.Size {
		return fault(Changed, nil, "%s holds %d bytes now, %d when it was chosen", d.Path, size, d.Size)
	}
	// Kernels before 5.15 do not know the request; sysfs has no number then.
	if sequence, err := ask(f, blkGetDiskSeq); err == nil && d.Sequence != 0 && sequence != d.Sequence {
		return fault(Changed, nil, "%s, or its medium, was exchanged since it was chosen", d.Path)
	}
	return nil
}

// ask makes an ioctl that answers with a number.
func ask(f *os.File, request uint) (uint64, error) {
	var n uint64
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), uintptr(request), uintptr(unsafe.Pointer(&n)))
	if errno != 0 {
		return 0, errno
	}
	return n, nil
}

// openFault says in words why open(2) failed.
func openFault(d drives.Drive, err error) *Error {
	switch {
	case errors.Is(err, unix.EBUSY):
		return busy(d)
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.ENXIO), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENOMEDIUM):
		return fault(Gone, err, "%s is not there any more, or has no medium", d.Path)
	case errors.Is(err, unix.EROFS):
		return fault(ReadOnly, err, "%s is write-protected", d.Path)
	case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
		return fault(Refused, err, "this user may not open %s", d.Path)
	}
	return fault(Failed, err, "%s cannot be opened", d.Path)
}
