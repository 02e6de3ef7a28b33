package nixpkgs

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	// maxItems is far beyond the 150,000 packages that there are.
	maxItems = 2_000_000
	// maxName is the longest name of a package or option in bytes.
	maxName = 2048
)

// rawPackage is a member of "packages", as far as it is looked at.
type rawPackage struct {
	name, pname, version, description, command, position text

	outputs                             keys
	license                             licenses
	unfree, broken, insecure, available flag
	vulnerabilities, homepage           texts
	problems                            problems
}

// read takes a package off a list.
func (raw *rawPackage) read(s *stream) error {
	return s.object(func(key string) error {
		switch key {
		case "name":
			return s.text(&raw.name)
		case "pname":
			return s.text(&raw.pname)
		case "version":
			return s.text(&raw.version)
		case "outputs":
			return s.value(&raw.outputs)
		case "meta":
			return s.object(func(key string) error { return raw.meta(s, key) })
		}
		return s.skip()
	})
}

// meta takes one member of a package's meta.
func (raw *rawPackage) meta(s *stream, key string) error {
	switch key {
	case "description":
		return s.text(&raw.description)
	case "mainProgram":
		return s.text(&raw.command)
	case "position":
		return s.text(&raw.position)
	case "license":
		return s.value(&raw.license)
	case "unfree":
		return s.value(&raw.unfree)
	case "broken":
		return s.value(&raw.broken)
	case "insecure":
		return s.value(&raw.insecure)
	case "available":
		return s.value(&raw.available)
	case "knownVulnerabilities":
		return s.value(&raw.vulnerabilities)
	case "homepage":
		return s.value(&raw.homepage)
	case "problems":
		return s.value(&raw.problems)
	}
	return s.skip()
}

// decodePackages reads packages.json and gives each package as it comes.
func decodePackages(r io.Reader, give func(Package) error) (int, error) {
	s := newStream(r)
	n, found, version := 0, false, text("")
	err := s.members(func(key string) error {
		switch key {
		case "version":
			return s.text(&version)
		case "packages":
			found = true
			return s.members(func(attr string) error {
				var raw rawPackage
				if err := raw.read(s); err != nil {
					return fmt.Errorf("package %.100q: %w", attr, err)
				}
				if err := checkItem(attr, &n); err != nil {
					return err
				}
				return give(raw.result(attr))
			})
		}
		return s.skip()
	})
	switch {
	case err != nil:
		return n, err
	case !found:
		return n, errors.New("it has no packages in it")
	case version != "2":
		return n, fmt.Errorf("its layout is version %q and this program knows version 2", string(version))
	}
	return n, s.end()
}

// checkItem counts a member and refuses what no list of nixpkgs has.
func checkItem(name string, n *int) error {
	if *n++; *n > maxItems {
		return errTooLarge
	}
	if name == "" || len(name) > maxName {
		return fmt.Errorf("a name of %d bytes", len(name))
	}
	return nil
}

// result is the package in our words.
func (raw *rawPackage) result(attr string) Package {
	p := Package{
		Attr: attr, PName: string(raw.pname), Version: string(raw.version), Summary: line(string(raw.description)),
		Command: string(raw.command), Licenses: dedup(raw.license), Unfree: raw.unfree.set, Insecure: raw.insecure.set,
		Broken: raw.broken.set, Unavailable: raw.available.known && !raw.available.set,
		Vulnerabilities: raw.vulnerabilities, Problems: raw.problems, Position: string(raw.position),
	}
	if p.PName == "" {
		p.PName = string(raw.name)
	}
	if len(raw.homepage) > 0 {
		p.Homepage = raw.homepage[0]
	}
	for _, output := range raw.outputs {
		if output != "out" {
			p.Outputs = append(p.Outputs, output)
		}
	}
	if !raw.unfree.known {
		p.Unfree = slices.ContainsFunc(p.Licenses, func(l License) bool { return !l.Free })
	}
	// "available" is false for each of these reasons too; what is left is the
	// system.
	if p.Unfree || p.Insecure || p.Broken {
		p.Unavailable = false
	}
	return p
}

// line puts a text on one line.
func line(s string) string { return strings.Join(strings.Fields(s), " ") }

// dedup drops licences named twice.
func dedup(list licenses) []License {
	var out []License
	for _, l := range list {
		if !slices.ContainsFunc(out, func(o License) bool { return o.ID == l.ID }) {
			out = append(out, l)
		}
	}
	return out
}

// rawOption is a member of options.json, as far as it is looked at.
type rawOption struct {
	kind, description text
	initial, example  literal
	readOnly          flag
	declarations      texts
}

// read takes an option off a list.
func (raw *rawOption) read(s *stream) error {
	return s.object(func(key string) error {
		switch key {
		case "type":
			return s.text(&raw.kind)
		case "description":
			return s.text(&raw.description)
		case "default":
			return s.value(&raw.initial)
		case "example":
			return s.value(&raw.example)
		case "readOnly":
			return s.value(&raw.readOnly)
		case "declarations":
			return s.value(&raw.declarations)
		}
		return s.skip()
	})
}

// decodeOptions reads options.json and gives each option as it comes.
func decodeOptions(r io.Reader, give func(Option) error) (int, error) {
	s := newStream(r)
	n := 0
	err := s.members(func(name string) error {
		var raw rawOption
		if err := raw.read(s); err != nil {
			return fmt.Errorf("option %.100q: %w", name, err)
		}
		if err := checkItem(name, &n); err != nil {
			return err
		}
		return give(Option{
			Name: name, Type: string(raw.kind), Description: string(raw.description), Default: string(raw.initial),
			Example: string(raw.example), ReadOnly: raw.readOnly.set, Declarations: raw.declarations,
		})
	})
	if err != nil {
		return n, err
	}
	return n, s.end()
}
