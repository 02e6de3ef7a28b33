package archive

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncAll writes out a whole tree at once, so that its final name never stands
// for half a tree after a power cut.
func syncAll(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Syncfs(int(f.Fd()))
}
