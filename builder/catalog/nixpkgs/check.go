package nixpkgs

import (
	"fmt"
	"strings"
)

// Finding is what a catalogue says of an attribute that someone wants to
// install. The zero value but for Attr: nothing is against it.
type Finding struct {
	Attr string
	// Unknown: the channel's list does not have it. It is misspelled or an
	// alias (which an evaluation knows). Near are names that may be meant.
	Unknown bool
	Near    []string
	// Unlisted: it lies in a set that the lists leave out
	// (linuxPackages, python3Packages …); only an evaluation knows.
	Unlisted bool
	// Unfree, Insecure, Broken and Unavailable are as in Package.
	Unfree, Insecure, Broken, Unavailable bool
	// Reasons are sentences: the licences, the vulnerabilities, the problems.
	Reasons []string
}

// Fine tells that the package can be installed without anybody's consent.
func (f Finding) Fine() bool {
	return !f.Unknown && !f.Unlisted && !f.Unfree && !f.Insecure && !f.Broken && !f.Unavailable
}

// Check looks attributes up, in their order. The built-in list knows too little
// to call anything unknown.
func (c *Catalogue) Check(attrs []string) []Finding {
	out := make([]Finding, len(attrs))
	for i, attr := range attrs {
		out[i] = c.check(attr)
	}
	return out
}

func (c *Catalogue) check(attr string) Finding {
	f := Finding{Attr: attr}
	p, ok := c.lookUp(attr)
	if !ok {
		set, _, nested := strings.Cut(attr, ".")
		switch {
		case c.info.BuiltIn:
			f.Unlisted = true
		case nested && !c.packages.HasSet(set):
			f.Unlisted = true
		default:
			f.Unknown, f.Near = true, c.Near(attr)
		}
		return f
	}
	f.Unfree, f.Insecure, f.Broken, f.Unavailable = p.Unfree, p.Insecure, p.Broken, p.Unavailable
	f.Reasons = p.Reasons()
	return f
}

// lookUp finds a package, also where one of its outputs is named
// ("openssl.dev").
func (c *Catalogue) lookUp(attr string) (Package, bool) {
	if p, ok := c.Package(attr); ok {
		return p, true
	}
	i := strings.LastIndexByte(attr, '.')
	if i < 0 {
		return Package{}, false
	}
	p, ok := c.Package(attr[:i])
	if !ok {
		return Package{}, false
	}
	for _, output := range append(p.Outputs, "out") {
		if output == attr[i+1:] {
			return p, true
		}
	}
	return Package{}, false
}

// Reasons are sentences on why a package needs consent or cannot be had.
func (p Package) Reasons() []string {
	var out []string
	if p.Unfree {
		var names []string
		for _, l := range p.Licenses {
			if !l.Free {
				names = append(names, l.ID)
			}
		}
		if len(names) > 0 {
			out = append(out, "its licence is not free: "+strings.Join(names, ", "))
		} else {
			out = append(out, "its licence is not free")
		}
	}
	for _, v := range p.Vulnerabilities {
		out = append(out, "known to be insecure: "+line(v))
	}
	if p.Broken {
		out = append(out, "nixpkgs has marked it as broken: it does not build")
	}
	if p.Unavailable {
		out = append(out, fmt.Sprintf("nixpkgs does not have %s for x86_64-linux", p.Attr))
	}
	for _, problem := range p.Problems {
		out = append(out, line(problem))
	}
	return out
}
