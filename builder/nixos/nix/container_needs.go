package nix

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/isowright/isowright/internal/run"
)

// The trial builds a derivation of its own, which shows all that can stand in
// the way: runtime, mounts, store, users and system call filter.
const (
	trialName = "isowright-trial"
	trialText = "it works\n"
	trial     = `derivation { name = "` + trialName + `"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo it works >$out" ]; }`
)

// findNeeds runs the trial, and again with what its failure asks for, until it
// succeeds or there is nothing left to try.
func (c *Container) findNeeds(ctx context.Context) error {
	remedies := remedies()
	for {
		err := c.try(ctx)
		var failed *run.Error
		if err == nil || !errors.As(err, &failed) {
			return err
		}
		i := slices.IndexFunc(remedies, func(r remedy) bool {
			return (r.engine == "" || r.engine == c.Engine) && r.pattern.MatchString(failed.Tail)
		})
		if i < 0 || !remedies[i].apply(c) {
			return c.explain("could not start Nix", err)
		}
		remedies = slices.Delete(remedies, i, i+1) // each helps once or not at all
	}
}

// try builds the trial.
func (c *Container) try(ctx context.Context) error {
	cmd, end, err := c.wrap(run.Cmd{
		Path: "nix-build", Args: []string{"--no-out-link", "--expr", trial}, Env: c.env, Grace: grace,
	})
	if err != nil {
		return err
	}
	err = run.Run(ctx, cmd)
	return errors.Join(err, end(err))
}

// remedy is what to do about a way in which the trial fails.
type remedy struct {
	engine  string
	pattern *regexp.Regexp
	apply   func(*Container) bool
}

// remedies in the order in which runtimes run into them.
func remedies() []remedy {
	return []remedy{
		// Without CAP_SYS_RESOURCE limits cannot be raised to the engine's wish.
		{"", regexp.MustCompile(`RLIMIT_NOFILE|rlimit type 7\b`), func(c *Container) bool {
			var l syscall.Rlimit
			if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l) != nil {
				return false
			}
			return c.need("--ulimit", fmt.Sprintf("nofile=%d:%d", l.Max, l.Max))
		}},
		{"", regexp.MustCompile(`RLIMIT_NPROC|rlimit type 6\b`), func(c *Container) bool {
			most := processLimit(os.DirFS("/proc"))
			return most > 0 && c.need("--ulimit", fmt.Sprintf("nproc=%d:%d", most, most))
		}},
		// crun refuses cgroups v1 beside v2; runc does not.
		{Podman, regexp.MustCompile(`cgroups in hybrid mode not supported`), func(c *Container) bool {
			return c.hasProgram("runc") && c.needGlobal("--runtime", "runc")
		}},
		// Without systemd, or without a session of its own.
		{Podman, regexp.MustCompile(`(?i)sd-bus|dbus|systemd cgroup|slice`), func(c *Container) bool {
			return c.needGlobal("--cgroup-manager", "cgroupfs")
		}},
		{Podman, regexp.MustCompile(`(?i)cgroup`), func(c *Container) bool {
			return c.need("--cgroups", "disabled")
		}},
		// The helper for a network of its own is missing or not allowed.
		{"", regexp.MustCompile(`(?i)slirp4netns|pasta|netavark|\bcni\b|iptables|nftables|network namespace|netns|endpoint`), func(c *Container) bool {
			return c.need("--network", "host")
		}},
		// Nix's own filter, where the kernel or the engine's filter forbids it.
		{"", regexp.MustCompile(`seccomp BPF|system call filter`), func(c *Container) bool {
			return c.needConfig("filter-syscalls = false")
		}},
		{"", regexp.MustCompile(`(?i)seccomp`), func(c *Container) bool {
			return c.need("--security-opt", "seccomp=unconfined")
		}},
		// Images without the users that builds run as.
		{"", regexp.MustCompile(`build-users-group|build users have been assigned`), func(c *Container) bool {
			return c.needConfig("build-users-group =")
		}},
	}
}

func (c *Container) need(flag, value string) bool {
	c.flags = append(c.flags, flag, value)
	c.Needs = append(c.Needs, flag+" "+value)
	return true
}

func (c *Container) needGlobal(flag, value string) bool {
	c.global = append(c.global, flag, value)
	c.Needs = append(c.Needs, flag+" "+value)
	return true
}

func (c *Container) needConfig(line string) bool {
	c.config = append(c.config, line)
	c.Needs = append(c.Needs, line)
	return true
}

// hasProgram looks where podman looks for runtimes: in PATH and the usual
// folders, which an ordinary user's PATH may not have.
func (c *Container) hasProgram(name string) bool {
	dirs := append(filepath.SplitList(getenv(c.env, "PATH")), "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin")
	return slices.ContainsFunc(dirs, func(dir string) bool {
		_, err := exec.LookPath(filepath.Join(dir, name))
		return filepath.IsAbs(dir) && err == nil
	})
}

// processLimit is how many processes a container may be allowed: this
// process's own limit, or the number of process ids, to which podman limits
// itself, if that is less. It reads proc(5); 0 is for what cannot be read.
func processLimit(proc fs.FS) int {
	least := 0
	take := func(text string) {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	if text, err := fs.ReadFile(proc, "sys/kernel/pid_max"); err == nil {
		take(string(text))
	}
	if text, err := fs.ReadFile(proc, "self/limits"); err == nil {
		for line := range strings.Lines(string(text)) {
			// Limit, soft, hard, unit
			if f := strings.Fields(line); len(f) == 5 && f[0] == "Max" && f[1] == "processes" {
				take(f[3])
			}
		}
	}
	return least
}
