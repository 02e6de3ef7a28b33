package configure

import (
	"path"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// tracePatterns are what the bootstrap leaves, as path.Match has them.
func tracePatterns() []string {
	return []string{
		"etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
		"etc/ssh/ssh_host_*",
		"etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "etc/subuid-", "etc/subgid-",
		"etc/hostname", "etc/resolv.conf",
		"var/lib/dpkg/*-old", "var/cache/debconf/*-old", "var/backups/*",
		"var/cache/ldconfig/aux-cache",
		"var/lib/systemd/random-seed", "var/lib/systemd/credential.secret",
		"root/.*_history", "root/.wget-hsts", "root/.cache",
		"tmp/*", "var/tmp/*", "var/log/journal/*",
	}
}

// emptied are folders that lose their files and keep their folders, whose
// owners matter.
func emptied() []string {
	return []string{
		"run/", "var/lib/apt/lists/", "var/cache/apt/", "var/cache/man/", "var/cache/fontconfig/",
	}
}

// clean removes what the bootstrap and the machine it ran on left: anything
// that names the machine, tells the time, is the same secret in every copy, or
// differs between two equal builds.
func (r *root) clean() error {
	var doomed []string
	for e := range r.set.Entries() {
		if isTrace(e) {
			doomed = append(doomed, e.Path)
		}
	}
	for _, name := range doomed {
		r.set.Remove(name)
	}
	return r.cleanLogs()
}

func isTrace(e tree.Entry) bool {
	for _, pattern := range tracePatterns() {
		if ok, _ := path.Match(pattern, e.Path); ok {
			return true
		}
	}
	for _, dir := range emptied() {
		if e.Type != tree.Dir && strings.HasPrefix(e.Path, dir) {
			return true
		}
	}
	// Compiled Python is made when packages are installed, and its bytes are
	// not the same each time.
	return e.Type == tree.Dir && e.Name() == "__pycache__" && strings.HasPrefix(e.Path, "usr/")
}

// cleanLogs removes logs and empties the records of logins, whose owners and
// modes matter.
func (r *root) cleanLogs() error {
	for _, e := range r.children("var/log") {
		switch path.Base(e.Path) {
		case "btmp", "wtmp", "lastlog":
			if e.Type == tree.File && e.Size > 0 {
				if err := r.rewrite(e.Path, "", 0o660); err != nil {
					return err
				}
			}
			continue
		}
		if e.Type == tree.File || e.Type == tree.HardLink {
			r.set.Remove(e.Path)
		}
	}
	return nil
}
