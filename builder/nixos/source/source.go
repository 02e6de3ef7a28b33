// Package source turns a design into Nix: one way, from the design to a folder
// with a flake, a classic expression and readable modules that build the image
// without Isowright.
//
// It evaluates nothing. Which packages and options exist is known only to the
// revision of nixpkgs that evaluates the result; FieldAt and FieldOf lead its
// complaints back to the design.
package source

import (
	"errors"
	"os"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// Pin is one revision of nixpkgs.
type Pin struct {
	// Channel is its branch ("nixos-26.05"); empty: the design's.
	Channel string
	// Revision is the commit, 40 hexadecimal digits; empty: not pinned.
	Revision string
	// Hash is the NAR hash of the unpacked revision, "sha256-…=".
	Hash string
	// LastModified is the commit's date in seconds since 1970; 0: unknown.
	LastModified int64
}

// Options of Generate.
type Options struct {
	// Pin replaces what the design says about the revision.
	Pin Pin
}

// File is one file or folder of the source.
type File struct {
	// Path in the source, with slashes.
	Path string
	// Mode are the permissions, 0: 0644.
	Mode uint32
	// Text of the file, unless Copy is set.
	Text []byte
	// Copy is the absolute path, on this computer, of a file or folder to copy.
	Copy string
}

// Source is a design as Nix.
type Source struct {
	// Files in the order of their paths.
	Files []File
	// Warnings are for the person; nothing of them keeps the image from being
	// built.
	Warnings []design.Problem

	lines   map[string][]string
	options []optionField
}

// optionField says which field of the design sets an option.
type optionField struct {
	path  []string
	field string
}

// Generate makes the source of a NixOS design. Pass the design as it was
// loaded, without defaults filled in: what a design leaves out yields to the
// person's own modules, what it says does not.
//
// Faults are returned as design.Problems, all at once. Nothing is written, and
// of the computer only the person's files are looked at.
func Generate(d design.Design, o Options) (Source, error) {
	g := newGenerator(d, o)
	g.everything()
	if len(g.problems) > 0 {
		return Source{}, g.problems
	}
	g.finish()
	return g.out, nil
}

// FieldAt names the design's field that made a line of the source
// ("packages[3]"), "" if none did. Lines count from 1; file is relative to the
// source's folder or ends in such a path.
func (s Source) FieldAt(file string, line int) string {
	file = strings.TrimPrefix(strings.ReplaceAll(file, `\`, "/"), "./")
	fields, ok := s.lines[file]
	for name := range s.lines {
		if !ok && strings.HasSuffix(file, "/"+name) && len(s.lines[name]) > 0 {
			if best := s.longestName(file); best == name {
				fields = s.lines[name]
			}
		}
	}
	if line < 1 || line > len(fields) {
		return ""
	}
	return fields[line-1]
}

// longestName is the longest of our paths that a foreign path ends in.
func (s Source) longestName(file string) string {
	best := ""
	for name := range s.lines {
		if strings.HasSuffix(file, "/"+name) && len(name) > len(best) {
			best = name
		}
	}
	return best
}

// FieldOf names the design's field that sets a NixOS option
// ("boot.loader.timeout" → "boot.timeout"), also where the option given lies
// inside or around the one that is set; "" if none does.
func (s Source) FieldOf(option string) string {
	option = strings.ReplaceAll(option, `"`, "")
	best, length := "", 0
	for _, o := range s.options {
		path := strings.Join(o.path, ".")
		if (option == path || strings.HasPrefix(option, path+".")) && len(path) > length {
			best, length = o.field, len(path)
		}
	}
	if best != "" {
		return best
	}
	for _, o := range s.options {
		if strings.HasPrefix(strings.Join(o.path, "."), option+".") {
			return o.field
		}
	}
	return ""
}

// missing says whether an error means that a file is not there.
func missing(err error) bool { return errors.Is(err, os.ErrNotExist) }
