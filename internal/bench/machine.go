package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Machine is where the numbers come from.
type Machine struct {
	Cores int `json:"cores"`
	// CPU is the model, as the kernel names it.
	CPU string `json:"cpu"`
	// Memory is in bytes.
	Memory int64  `json:"memory"`
	Kernel string `json:"kernel"`
	// Load is the load average over 1, 5 and 15 minutes at the start.
	Load string `json:"load"`
	// Versions of Go and of the peers.
	Versions []string `json:"versions"`
}

func processors() int { return runtime.NumCPU() }

// describe collects what can be found out; what cannot stays empty.
func describe(ctx context.Context) Machine {
	m := Machine{Cores: processors(), CPU: field("/proc/cpuinfo", "model name")}
	kb, _, _ := strings.Cut(field("/proc/meminfo", "MemTotal"), " ")
	if n, err := strconv.ParseInt(kb, 10, 64); err == nil {
		m.Memory = n << 10
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		m.Kernel = unix.ByteSliceToString(u.Release[:])
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load = strings.Join(strings.Fields(string(load))[:3], " ")
	}
	m.Versions = []string{runtime.Version()}
	for _, args := range [][]string{{"mksquashfs", "-version"}, {"xorriso", "-version"}, {"lb", "--version"}} {
		m.Versions = append(m.Versions, version(ctx, args))
	}
	return m
}

// field reads a line "key : value" of a file in /proc.
func field(path, key string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		k, v, ok := strings.Cut(s.Text(), ":")
		if ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// version is the first line of what a program says of itself.
func version(ctx context.Context, args []string) string {
	out, err := exec.CommandContext(ctx, args[0], args[1:]...).Output()
	first, _, _ := bytes.Cut(bytes.TrimSpace(out), []byte("\n"))
	if len(first) == 0 && err != nil {
		return args[0] + " missing"
	}
	text := strings.TrimSpace(string(first))
	if !strings.Contains(text, " ") {
		text = args[0] + " " + text
	}
	return text
}
