// Package catalog describes what a distribution offers, seen from one pinned
// state of it. It holds types only; the distributions fill them.
package catalog

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// State identifies what a distribution's archive held at one moment.
type State struct {
	// ID is "sha256:" and the hash of everything that defines the state. Two
	// plans with one ID saw the same packages.
	ID string `json:"id"`
	// Date is when the distribution published the newest part of it.
	Date time.Time `json:"date"`
	// Sources are the parts in words ("trixie main", "trixie-security main").
	Sources []string `json:"sources"`
}

// Package is one package in one version.
type Package struct {
	Name         string `json:"name"`
	Version      string `json:"version"`
	Architecture string `json:"architecture"`
	Component    string `json:"component,omitempty"`
	Summary      string `json:"summary,omitempty"`
	// Download and Installed are bytes.
	Download  int64 `json:"download"`
	Installed int64 `json:"installed"`
	// URL is where the package's file is, Filename its place in the archive.
	URL      string `json:"url"`
	Filename string `json:"filename"`
	SHA256   string `json:"sha256"`
	// Reason is why it is there: ReasonBase, ReasonTicked or "needed by NAME".
	Reason string `json:"reason"`
}

// Listed is a package as a distribution's lists describe it.
type Listed struct {
	Package
	Section, Homepage string
	// Essential packages are in every system.
	Essential bool
	// Needs has for each dependency the names of the packages that satisfy it,
	// the preferred first; none where the lists have no such package.
	Needs [][]string
}

// List has one package a line: name, version, installed size in bytes, with
// tabs between them.
func List(packages []Package) []byte {
	var out bytes.Buffer
	for _, p := range packages {
		fmt.Fprintf(&out, "%s\t%s\t%d\n", p.Name, p.Version, p.Installed)
	}
	return out.Bytes()
}

// ParseList reads what List writes. Lines that are not of that form are left
// out.
func ParseList(list []byte) []Package {
	var packages []Package
	for line := range bytes.Lines(list) {
		fields := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		if len(fields) != 3 || fields[0] == "" {
			continue
		}
		installed, err := strconv.ParseInt(fields[2], 10, 64)
		if err != nil {
			continue
		}
		packages = append(packages, Package{Name: fields[0], Version: fields[1], Installed: installed})
	}
	return packages
}

// Reasons of packages that were asked for by name. The others are "needed by "
// and a name.
const (
	ReasonBase   = "base"
	ReasonTicked = "ticked"
)

// Request asks which packages a set of names brings.
type Request struct {
	// Base are the names a base needs, Ticked those a person asked for.
	Base, Ticked []string
}

// Base is what a distribution needs for one kind of image.
type Base struct {
	// Packages by name.
	Packages []string
	// Boot are packages of which only files are taken for the medium (GRUB).
	Boot []string
	// Parameters of the kernel that make the image start. "{id}" in them stands
	// for the folder of this image on the medium.
	Parameters []string
	// ToRAM are the parameters that copy the image to memory.
	ToRAM []string
	// BootSize is the estimated size of the initrd and kernel in bytes.
	BootSize int64
	// Ratio is the estimated packed size over the installed size.
	Ratio float64
}

// Index is a distribution's offer in one state.
type Index interface {
	State() State
	// Resolve gives every package that the request brings, sorted by name. Its
	// errors are *UnknownError and *ConflictError where the request is at
	// fault.
	Resolve(ctx context.Context, r Request) ([]Package, error)
	// Find gives packages by name without what they need. Its error is
	// *UnknownError for a name that does not exist.
	Find(names []string) ([]Package, error)
}

// Unknown is a name that the index does not have.
type Unknown struct {
	Name string
	// Near are names like it, Providers those that offer it under another
	// name.
	Near, Providers []string
}

// UnknownError says which names do not exist.
type UnknownError struct{ Unknown []Unknown }

// Error names them.
func (e *UnknownError) Error() string {
	names := make([]string, len(e.Unknown))
	for i, u := range e.Unknown {
		names[i] = u.Name
	}
	return fmt.Sprintf("unknown package: %s", strings.Join(names, ", "))
}

// ConflictError says why names cannot be together.
type ConflictError struct {
	// Reasons are sentences such as "a conflicts with b".
	Reasons []string
	// Names are the packages that take part.
	Names []string
}

// Error gives the reasons.
func (e *ConflictError) Error() string {
	return "packages that cannot be installed together: " + strings.Join(e.Reasons, "; ")
}
