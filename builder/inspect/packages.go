package inspect

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
)

// dpkgStatus is where dpkg keeps what is installed, dpkg(1).
const dpkgStatus = "var/lib/dpkg/status"

// packageLists are the names of package lists on media.
var packageLists = []string{"filesystem.packages", "filesystem.manifest"}

// maxLine is the longest line of a package list in bytes.
const maxLine = 1 << 20

// Packages are the installed packages with version and, where it is known,
// size: from dpkg's own record in the system's tree, else from the list on the
// medium. It gives none where there is neither.
func (i *Image) Packages() ([]catalog.Package, error) {
	root, err := i.Root()
	if err != nil && !errors.Is(err, ErrNoRoot) {
		return nil, err
	}
	if err == nil {
		status, err := root.Resolve(dpkgStatus, true)
		if err == nil {
			return parseStatus(status.Open())
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		registration, err := root.Resolve(nixRegistration, true)
		if err == nil {
			return parseRegistration(registration.Open())
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	if i.medium == nil {
		return nil, nil
	}
	for _, e := range i.medium.Entries {
		for _, name := range packageLists {
			if path.Base(e.Path) == name {
				return parseList(e.Open())
			}
		}
	}
	return nil, nil
}

// parseStatus reads paragraphs of fields, deb-status(5).
func parseStatus(r io.Reader) ([]catalog.Package, error) {
	var list []catalog.Package
	var p catalog.Package
	installed := false
	finish := func() {
		if installed && p.Name != "" {
			list = append(list, p)
		}
		p, installed = catalog.Package{}, false
	}
	lines := scanner(r)
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimSpace(value)
		switch field {
		case "":
			finish()
		case "Package":
			p.Name = value
		case "Version":
			p.Version = value
		case "Architecture":
			p.Architecture = value
		case "Installed-Size":
			kib, _ := strconv.ParseInt(value, 10, 54) // a size that is none counts as unknown
			p.Installed = kib << 10
		case "Status":
			installed = strings.HasSuffix(value, " installed")
		}
	}
	finish()
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read dpkg's status: %w", err)
	}
	return list, nil
}

// parseList reads lines of name, version and size in bytes, the size if it is
// there.
func parseList(r io.Reader) ([]catalog.Package, error) {
	var list []catalog.Package
	lines := scanner(r)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		p := catalog.Package{}
		p.Name, p.Architecture, _ = strings.Cut(fields[0], ":")
		if len(fields) > 1 {
			p.Version = fields[1]
		}
		if len(fields) > 2 {
			p.Installed, _ = strconv.ParseInt(fields[2], 10, 64) // as above
		}
		list = append(list, p)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the package list: %w", err)
	}
	return list, nil
}

func scanner(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	return s
}
