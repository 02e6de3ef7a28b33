package configure

import (
	"bufio"
	"bytes"
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
	var p InstalledPackage
	installed := false
	finish := func() error {
		if installed && (p.Name == "" || p.Version == "") {
			return fmt.Errorf("list installed packages: a stanza of dpkg's status has no name or no version (%q)", p.Name)
		}
		if installed {
			found = append(found, p)
		}
		p, installed = InstalledPackage{}, false
		return nil
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		line := lines.Text()
		if strings.TrimSpace(line) == "" {
			if err := finish(); err != nil {
				return nil, err
			}
			continue
		}
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
			kib, err := strconv.ParseInt(value, 10, 40)
			if err != nil || kib < 0 {
				return nil, fmt.Errorf("list installed packages: %s has the size %q", p.Name, value)
			}
			p.Size = kib << 10
		case "Status":
			words := strings.Fields(value)
			installed = len(words) == 3 && words[2] == "installed"
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("list installed packages: %w", err)
	}
	if err := finish(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b InstalledPackage) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Architecture, b.Architecture))
	})
	return found, nil
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
	return r.write("usr/lib/isowright/design", fmt.Sprintf("Name: %s\nDesign: %s\nPlan: %s\n",
		name, r.plan.DesignID, r.plan.ID), 0o644)
}
