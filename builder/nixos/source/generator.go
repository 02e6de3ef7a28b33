package source

import (
	"cmp"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// generator collects what a design becomes.
type generator struct {
	// d has its defaults filled in, said is the design as it was written.
	d    design.Design
	said design.Design
	n    design.NixOS
	// saidNix is the section [nixos] as it was written.
	saidNix design.NixOS
	pin     Pin

	modules  []*module
	names    []string // files that image.nix imports, in this order
	imports  []importOf
	assets   map[string]string
	out      Source
	problems design.Problems
	obeyed   map[string]bool // entries of nixos.force that had an effect
	searched map[string]bool // paths that were looked at for secrets
}

// importOf is a module of the person's or of the base.
type importOf struct{ expression, field string }

func newGenerator(d design.Design, o Options) *generator {
	g := &generator{said: d, d: design.WithDefaults(d), assets: map[string]string{}, obeyed: map[string]bool{}, searched: map[string]bool{}}
	if d.NixOS != nil {
		g.saidNix = *d.NixOS
	}
	if g.d.NixOS != nil {
		g.n = *g.d.NixOS
	}
	g.pin = o.Pin
	g.pin.Channel = cmp.Or(g.pin.Channel, g.n.Channel)
	if g.pin.Revision == "" {
		g.pin.Revision, g.pin.Hash = g.n.Revision, g.n.Hash
	}
	g.out.lines = map[string][]string{}
	return g
}

// fault reports what keeps the design from becoming Nix.
func (g *generator) fault(field, text, hint string) {
	g.problems = append(g.problems, design.Problem{Field: field, Text: text, Hint: hint})
}

// warn tells the person something that they should know.
func (g *generator) warn(field, text, hint string) {
	g.out.Warnings = append(g.out.Warnings, design.Problem{Field: field, Text: text, Hint: hint})
}

// everything generates all parts in the order in which people read them.
func (g *generator) everything() {
	if g.d.Distribution != "nixos" {
		g.fault("distribution", "only a NixOS design becomes Nix", `set distribution = "nixos"`)
		return
	}
	g.problems = append(design.Validate(g.said), design.CheckFiles(g.said)...)
	if len(g.problems) > 0 {
		return
	}
	g.refusals()
	g.base()
	g.packages()
	g.drivers()
	g.kernel()
	g.users()
	g.ssh()
	g.texts()
	g.startup()
	g.locale()
	g.network()
	g.nixConf()
	g.image()
	g.menu()
	g.files()
	g.specialisations()
	g.ownModules()
	g.addOffline()
	g.flake()
	g.checkForce()
}

// module begins a module of its own file.
func (g *generator) module(file, about string) *module {
	m := &module{g: g, file: file, about: about}
	g.modules = append(g.modules, m)
	return m
}

// addLines adds a text file whose lines come from fields of the design.
func (g *generator) addLines(path string, lines []line) {
	text, fields := join(lines)
	g.add(File{Path: path, Text: text}, fields)
}

// add adds a file once.
func (g *generator) add(f File, fields []string) {
	if slices.ContainsFunc(g.out.Files, func(o File) bool { return o.Path == f.Path }) {
		return
	}
	g.out.Files = append(g.out.Files, f)
	if fields != nil {
		g.out.lines[f.Path] = fields
	}
}

// ownFile adds a text whose lines all come from one field.
func (g *generator) ownFile(path, text, field string) {
	n := strings.Count(text, "\n") + 1
	g.add(File{Path: path, Text: []byte(text)}, slices.Repeat([]string{field}, n))
}

// atLeast says whether the design's release is that one or newer.
func (g *generator) atLeast(release string) bool {
	return g.d.Release == "unstable" || g.d.Release >= release
}

func (g *generator) iso() bool     { return g.d.Base != "netboot" && g.n.Medium != "sd" }
func (g *generator) netboot() bool { return g.d.Base == "netboot" }
func (g *generator) sd() bool      { return g.n.Medium == "sd" }

// system is the platform in Nix's words.
func (g *generator) system() string {
	if g.d.Architecture == "arm64" {
		return "aarch64-linux"
	}
	return "x86_64-linux"
}

// finish renders the modules and sorts the files.
func (g *generator) finish() {
	g.imageModule()
	for _, m := range g.modules {
		if m.empty() {
			continue
		}
		g.addLines(m.file, m.render())
		for _, s := range m.settings {
			g.out.options = append(g.out.options, optionField{s.option, s.field})
		}
	}
	g.overrides()
	slices.SortFunc(g.out.Files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
}

// imageModule is the main module: it imports all others.
func (g *generator) imageModule() {
	var names []string
	for _, m := range g.modules {
		if !m.empty() {
			names = append(names, m.file)
		}
	}
	lines := []line{
		{text: "# " + commentText(g.d.Name) + ": the whole image. One file a subject; base.nix holds what it starts from."},
		{text: "{ ... }:"}, {text: "{"}, {text: "  imports = ["},
	}
	for _, name := range append(names, g.names...) {
		lines = append(lines, line{text: "    " + localPath(0, name)})
	}
	g.addLines("image.nix", append(lines, line{text: "  ];"}, line{text: "}"}))
}

// commentText is a text as part of a comment, which ends with its line.
func commentText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, s)
}
