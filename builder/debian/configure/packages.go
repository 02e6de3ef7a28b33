package configure

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/tree"
)

// Packages are the names that a design's settings need besides the base,
// sorted.
func Packages(d design.Design) []string {
	var names []string
	if d.SSH.Enable {
		names = append(names, "openssh-server")
	}
	for _, u := range d.Users {
		if u.Sudo != "" {
			names = append(names, "sudo")
		}
		switch shell := path.Base(u.Shell); shell {
		case "zsh", "fish", "tcsh", "mksh":
			names = append(names, shell)
		}
	}
	if !builtInLocale(localeOf(d)) {
		names = append(names, "locales")
	}
	if d.System.Keyboard.Layout != "" {
		names = append(names, "console-setup", "kbd")
	}
	if d.System.TimeZone != "" {
		names = append(names, "tzdata")
	}
	if d.Startup.Autologin != "" || d.Startup.Command != "" {
		names = append(names, "login", "libpam-systemd")
	}
	if d.Network.Mode != "off" {
		names = append(names, "systemd-resolved")
		if len(d.Network.WiFi) > 0 {
			names = append(names, "iwd", "wireless-regdb")
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// InstalledPackage is one package in the image.
type InstalledPackage struct {
	Name         string `json:"name"`
	Version      string `json:"version"`
	Architecture string `json:"architecture"`
	// Size is the installed size in bytes, as the package states it.
	Size int64 `json:"size"`
}

// Installed reads which packages dpkg has installed, sorted by name and
// architecture.
func Installed(s *tree.Set) ([]InstalledPackage, error) {
	data, err := s.ReadFile("var/lib/dpkg/status")
	if err != nil {
		return nil, fmt.Errorf("list installed packages: %w", err)
	}
	return parseStatus(data)
}

// parseStatus reads dpkg's status file, stanzas as in deb-control(5).
func parseStatus(data []byte) ([]InstalledPackage, error) {
	var found []InstalledPackage
	for stanza := range strings.SplitSeq(string(data), "\n\n") {
		p, installed, err := parseStanza(stanza)
		if err != nil {
			return nil, fmt.Errorf("list installed packages: %w", err)
		}
		if installed {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b InstalledPackage) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Architecture, b.Architecture))
	})
	return found, nil
}

// parseStanza reads one package and says whether it is installed.
func parseStanza(stanza string) (p InstalledPackage, installed bool, err error) {
	size := "0"
	for line := range strings.Lines(stanza) {
		key, value, ok := strings.Cut(line, ":")
		if !ok || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		value = strings.TrimSpace(value)
		switch key {
		case "Package":
			p.Name = value
		case "Version":
			p.Version = value
		case "Architecture":
			p.Architecture = value
		case "Installed-Size":
			size = value
		case "Status":
			words := strings.Fields(value)
			installed = len(words) == 3 && words[2] == "installed"
		}
	}
	if !installed {
		return p, false, nil
	}
	if p.Name == "" || p.Version == "" {
		return p, false, fmt.Errorf("a stanza of dpkg's status has no name or no version (%q)", p.Name)
	}
	kib, err := strconv.ParseUint(size, 10, 40)
	if err != nil {
		return p, false, fmt.Errorf("%s has the size %q in dpkg's status", p.Name, size)
	}
	p.Size = int64(kib) << 10
	return p, true, nil
}

// describe writes what the image is and holds.
func (r *root) describe() error {
	installed, err := Installed(r.set)
	if err != nil {
		return err
	}
	var list strings.Builder
	for i, p := range installed {
		name := p.Name
		if i > 0 && installed[i-1].Name == name || i+1 < len(installed) && installed[i+1].Name == name {
			name += ":" + p.Architecture
		}
		fmt.Fprintf(&list, "%s %s\n", name, p.Version)
	}
	if err := r.write("etc/packages", list.String(), 0o644); err != nil {
		return err
	}
	name := strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, r.design.Name)
	return r.write("usr/lib/isowright/design", fmt.Sprintf("Name: %s\nPlan: %s\n", name, r.plan.ID), 0o644)
}
