package nix

import (
	"context"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// family are the processes below one, as they were when its context ended. Nix
// ends its builds itself; this is for what is left where it had to be killed.
type family struct {
	stop func() bool
	done chan struct{}
	all  []process
}

// process is named by its start too, because numbers are used again.
type process struct {
	pid   int
	start string
}

// watchFamily remembers the processes below pid when ctx ends.
func watchFamily(ctx context.Context, pid int) *family {
	f := &family{done: make(chan struct{})}
	f.stop = context.AfterFunc(ctx, func() {
		defer close(f.done)
		f.all = below(pid)
	})
	return f
}

// end kills those that still live.
func (f *family) end() {
	if f.stop() {
		return // the context has not ended
	}
	<-f.done
	for _, p := range f.all {
		if _, start, ok := stat(p.pid); ok && start == p.start {
			// It may end by itself meanwhile.
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
}

// below lists the descendants of pid.
func below(pid int) []process {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	children := map[int][]process{}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if parent, start, ok := stat(child); ok {
			children[parent] = append(children[parent], process{child, start})
		}
	}
	var all []process
	for todo := []int{pid}; len(todo) > 0; todo = todo[1:] {
		for _, c := range children[todo[0]] {
			all = append(all, c)
			todo = append(todo, c.pid)
		}
	}
	return all
}

// stat reads parent and start time of a process, fields 4 and 22 of
// proc_pid_stat(5).
func stat(pid int) (parent int, start string, ok bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, "", false
	}
	// The name in brackets may hold anything.
	_, rest, ok := strings.Cut(string(text[max(0, strings.LastIndexByte(string(text), ')')):]), ")")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 20 || fields[0] == "Z" {
		return 0, "", false
	}
	parent, err = strconv.Atoi(fields[1])
	return parent, fields[19], err == nil
}
