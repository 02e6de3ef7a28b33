package source

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

// static are the parts of the source that are the same for every design.
//
//go:embed nix/*.nix
var static embed.FS

// addStatic adds one of them.
func (g *generator) addStatic(name string) {
	text, err := static.ReadFile("nix/" + name)
	if err != nil {
		panic("no embedded file " + name) // a mistake in this package
	}
	g.add(File{Path: name, Text: text}, nil)
}

// ownFlake is the name of the person's flake among the inputs.
const ownFlake = "configuration"

// flake writes the files around the modules: both ways into the source, what
// they offer, and the lock.
func (g *generator) flake() {
	g.addStatic("plan.nix")
	if g.iso() {
		g.addStatic("manifest.nix")
		g.names = append(g.names, "manifest.nix")
	}
	g.addLines("flake.nix", g.flakeLines())
	g.addLines("outputs.nix", g.outputLines())
	g.addLines("default.nix", g.classicLines())
	g.lock()
}

// nixpkgsURL is where flakes take nixpkgs from.
func (g *generator) nixpkgsURL() string {
	if g.pin.Revision != "" && g.pin.Hash == "" {
		return "github:NixOS/nixpkgs/" + g.pin.Revision
	}
	return "github:NixOS/nixpkgs/" + g.pin.Channel
}

func (g *generator) flakeLines() []line {
	out := []line{
		{text: "# " + commentText(g.d.Name) + ", a NixOS image."},
		{text: "#"},
		{text: "#   nix build " + quotedShell(".#image") + "       the image"},
		{text: "#   nix eval --json " + quotedShell(".#plan") + "  what it will be"},
		{text: "{"},
		{"  description = " + quoted(g.d.Name) + ";", "name"},
		{},
		{"  inputs.nixpkgs.url = " + quoted(g.nixpkgsURL()) + ";", "nixos.channel"},
	}
	args, own := "nixpkgs, ", ""
	if url := g.flakeInput(); url != "" {
		out = append(out,
			line{"  inputs." + ownFlake + ".url = " + quoted(url) + ";", "nixos.flake.url"},
			line{"  inputs." + ownFlake + ".inputs.nixpkgs.follows = \"nixpkgs\";", "nixos.flake.url"})
		args, own = args+ownFlake+", ", " inherit "+ownFlake+";"
	}
	out = append(out, line{}, line{text: "  outputs ="}, line{text: "    { " + args + "... }:"})
	sys := g.system()
	for l := range strings.SplitSeq(`    let
      built = import ./outputs.nix { inherit (nixpkgs.lib) nixosSystem;`+g.offlineArgument()+own+` };
    in
    {
      nixosConfigurations.image = built.nixos;
      packages.`+sys+` = rec {
        inherit (built) image;
        default = image;`, "\n") {
		out = append(out, line{text: l})
	}
	if g.iso() {
		out = append(out, line{text: "        inherit (built) manifest;"})
	}
	return append(out, line{text: "      };"}, line{text: "      inherit (built) plan;"}, line{text: "    };"}, line{text: "}"})
}

func quotedShell(s string) string { return "'" + s + "'" }

// flakeInput is the person's flake as an input.
func (g *generator) flakeInput() string { return g.n.Flake.URL }

func (g *generator) outputLines() []line {
	final := "isoImage"
	switch {
	case g.netboot():
		final = "netbootBundle"
	case g.sd():
		final = "sdImage"
	}
	manifest := "null"
	if g.iso() {
		manifest = "nixos.config.system.build.isoManifest"
	}
	s := `# What flake.nix and default.nix offer alike.
{ nixosSystem` + g.offlineParameter() + ` }:
let
  nixos = nixosSystem { modules = [ ./base.nix ./image.nix` + g.offlineModule() + ` ]; };
  # What the design's fields replace is looked up here.
  base = nixosSystem { modules = [ ./base.nix ]; };
  image = nixos.config.system.build.` + final + `;
  manifest = ` + manifest + `;
in
{
  inherit nixos image manifest;
  plan = import ./plan.nix {
    inherit nixos base image manifest;
    overrides = import ./overrides.nix;
  };
}`
	return code(s).lines
}

func (g *generator) classicLines() []line {
	nixpkgs := line{"  nixpkgs ? <nixpkgs>,", ""}
	if g.pin.Revision != "" && g.pin.Hash != "" {
		nixpkgs = line{"  nixpkgs ? builtins.fetchTarball {\n    url = " +
			quoted("https://github.com/NixOS/nixpkgs/archive/"+g.pin.Revision+".tar.gz") + ";\n    sha256 = " + quoted(g.pin.Hash) + ";\n  },", "nixos.revision"}
	}
	return []line{
		{text: "# The image without flakes: nix-build -A image"}, {text: "{"}, nixpkgs, {text: "}:"},
		{text: "let\n  built = import ./outputs.nix {\n    nixosSystem =\n      args: import (nixpkgs + \"/nixos/lib/eval-config.nix\") ({ system = null; } // args);" + g.classicArgument() + "\n  };\nin"},
		{text: "{\n  inherit (built) nixos image manifest plan;\n  inherit (built.nixos) config options pkgs;\n}"},
	}
}

// lock writes flake.lock, where the revision's hash is known. (Nix manual, "nix
// flake", "Lock files")
func (g *generator) lock() {
	if g.pin.Revision == "" || g.pin.Hash == "" {
		return
	}
	locked := map[string]any{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": g.pin.Revision, "narHash": g.pin.Hash}
	if g.pin.LastModified != 0 {
		locked["lastModified"] = g.pin.LastModified
	}
	lock := map[string]any{
		"version": 7, "root": "root",
		"nodes": map[string]any{
			"root": map[string]any{"inputs": map[string]any{"nixpkgs": "nixpkgs"}},
			"nixpkgs": map[string]any{
				"locked":   locked,
				"original": map[string]any{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": g.pin.Channel},
			},
		},
	}
	text, err := json.MarshalIndent(lock, "", "  ")
	if err != nil {
		panic(fmt.Sprint("encode flake.lock: ", err)) // only strings and numbers
	}
	g.add(File{Path: "flake.lock", Text: append(text, '\n')}, nil)
}
