package opener

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/isowright/isowright/flash/drives"
)

// busy says who holds a device.
func busy(d drives.Drive) *Error {
	who := "something else"
	if users := usersOf(d); len(users) > 0 {
		who = strings.Join(users, "; ")
	}
	return fault(Busy, nil, "%s is in use: %s", d.Path, who)
}

// usersOf lists what uses a drive now, and the programs that have it open, as
// far as this user may see.
func usersOf(d drives.Drive) []string {
	var all []string
	paths := []string{d.Path}
	if list, err := drives.List(context.Background(), drives.Live()); err == nil {
		for _, now := range list {
			if now.Name == d.Name {
				all = slices.Concat(now.System, now.Held, now.InUse)
				for _, p := range now.Parts {
					paths = append(paths, p.Path)
				}
			}
		}
	}
	return append(all, programs(paths)...)
}

// programs that have one of the files open.
func programs(paths []string) []string {
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return nil
	}
	var all []string
	for _, link := range links {
		to, err := os.Readlink(link)
		if err != nil || !slices.Contains(paths, to) {
			continue
		}
		process := filepath.Dir(filepath.Dir(link))
		name, _ := os.ReadFile(filepath.Join(process, "comm"))
		text := fmt.Sprintf("the program %s (%s) has %s open", strings.TrimSpace(string(name)), filepath.Base(process), to)
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
