//go:build unix

package drives

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// byNode finds a block device by the number of a device file.
func (c *computer) byNode(name string) *device {
	info, err := fs.Stat(c.FS, name)
	if err != nil || info.Mode()&fs.ModeDevice == 0 || info.Mode()&fs.ModeCharDevice != 0 {
		return nil
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	number := uint64(stat.Rdev)
	return c.byNumber[devno{unix.Major(number), unix.Minor(number)}]
}

// mayExist tells whether a file is there, as far as this user can tell.
func (c *computer) mayExist(file string) bool {
	_, err := fs.Stat(c.FS, strings.TrimPrefix(file, "/"))
	return !errors.Is(err, fs.ErrNotExist)
}
