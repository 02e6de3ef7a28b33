//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package safefile

import "os"

const (
	noFollow   = 0
	renameOpen = false
)

// lock does nothing: an open file cannot be renamed over here, which already
// keeps a second writer from finishing.
func lock(*os.File) error { return nil }

// syncDir does nothing: folders cannot be flushed here.
func syncDir(string) error { return nil }
