package source

import (
	"embed"
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
		{text: "#   nix build '.#image'       the image"},
		{text: "#   nix eval --json '.#plan'  what it will be"},
		{text: "{"},
		{"  description = " + quoted(g.d.Name) + ";", "name"},
		{},
		{"  inputs.nixpkgs.url = " + quoted(g.nixpkgsURL()) + ";", "nixos.channel"},
	}
	inputs, own := "nixpkgs", ""
	if g.n.Flake.URL != "" {
		const field = "nixos.flake.url"
		out = append(out,
			line{"  inputs." + ownFlake + ".url = " + quoted(g.ownFlakeInput()) + ";", field},
			line{"  inputs." + ownFlake + ".inputs.nixpkgs.follows = \"nixpkgs\";", field})
		inputs, own = ownFlake+", nixpkgs", "\n        inherit "+ownFlake+";"
	}
	offered := "image"
	if g.iso() {
		offered = "image manifest"
	}
	rest := code(`
  outputs =
    { ` + inputs + `, ... }:
    let
      built = import ./outputs.nix {` + own + `
        inherit (nixpkgs.lib) nixosSystem;` + g.offlineArgument() + `
      };
    in
    {
      nixosConfigurations.image = built.nixos;
      packages.` + g.system() + ` = rec {
        inherit (built) ` + offered + `;
        default = image;
      };
      inherit (built) plan;
    };
}`)
	return append(out, rest.lines...)
}

// outputLines write outputs.nix, which evaluates the design's modules over the
// base and once more the base alone.
func (g *generator) outputLines() []line {
	final, manifest := "isoImage", "nixos.config.system.build.isoManifest"
	switch {
	case g.netboot():
		final, manifest = "netbootBundle", "null"
	case g.sd():
		final, manifest = "sdImage", "null"
	}
	args, own := "nixosSystem", g.ownFlakeModules()
	if g.n.Flake.URL != "" {
		args = ownFlake + ", nixosSystem"
	}
	lines := code("# What flake.nix and default.nix offer alike.\n{ " + args + g.offlineParameter() + " }:\nlet").lines
	lines = append(lines, own...)
	return append(lines, code(`  nixos = evaluate [
    ./base.nix
    ./image.nix`+g.offlineModule()+`
  ];
  # What the design's fields replace is looked up here.
  base = evaluate [ ./base.nix ];
  image = nixos.config.system.build.`+final+`;
  manifest = `+manifest+`;
in
{
  inherit nixos image manifest;
  plan = import ./plan.nix {
    inherit
      nixos
      base
      image
      manifest
      ;
    overrides = import ./overrides.nix;
  };
}`).lines...)
}

// ownFlakeModules define "evaluate", with the modules of the person's flake.
func (g *generator) ownFlakeModules() []line {
	f := g.n.Flake
	var lines []line
	modules := "modules"
	if len(f.Modules) > 0 {
		lines = append(lines, line{text: "  # Modules of the person's flake."}, line{"  own = [", "nixos.flake.modules"})
		for i, name := range f.Modules {
			lines = append(lines, line{"    " + packagePath(ownFlake+".nixosModules", name), element("nixos.flake.modules", i)})
		}
		lines = append(lines, line{"  ];", "nixos.flake.modules"})
		modules = "own ++ modules"
	}
	if f.Host == "" {
		return append(lines, line{text: "  evaluate = modules: nixosSystem { " + inherited(modules) + " };"})
	}
	return append(lines, line{text: "  # The machine's own modules with those of the image over them."},
		line{"  machine = " + ownFlake + ".nixosConfigurations." + attrName(f.Host) + ";", "nixos.flake.host"},
		line{"  evaluate = modules: machine.extendModules { " + inherited(modules) + " };", "nixos.flake.host"})
}

// inherited passes a list of modules on.
func inherited(modules string) string {
	if modules == "modules" {
		return "inherit modules;"
	}
	return "modules = " + modules + ";"
}

// classicLines write default.nix.
func (g *generator) classicLines() []line {
	lines := []line{{text: "# The image without flakes: nix-build -A image"}, {text: "{"}}
	if g.pin.Revision == "" {
		lines = append(lines, line{text: "  nixpkgs ? <nixpkgs>,"})
	} else {
		tarball := "https://github.com/NixOS/nixpkgs/archive/" + g.pin.Revision + ".tar.gz"
		if g.pin.Hash == "" {
			lines = append(lines, line{"  nixpkgs ? fetchTarball " + quoted(tarball) + ",", "nixos.revision"})
		} else {
			lines = append(lines,
				line{"  nixpkgs ? fetchTarball {", "nixos.revision"},
				line{"    url = " + quoted(tarball) + ";", "nixos.revision"},
				line{"    sha256 = " + quoted(g.pin.Hash) + ";", "nixos.hash"},
				line{"  },", "nixos.revision"})
		}
	}
	own := ""
	if url := g.n.Flake.URL; url != "" {
		from := quoted(url)
		if strings.HasPrefix(url, ".") {
			from = "(toString ./" + ownFlake + ")"
		}
		lines = append(lines, line{"  " + ownFlake + " ? builtins.getFlake " + from + ",", "nixos.flake.url"})
		own = "\n    inherit " + ownFlake + ";"
	}
	return append(lines, code(`}:
let
  built = import ./outputs.nix {`+own+`
    nixosSystem =
      args: import (nixpkgs + "/nixos/lib/eval-config.nix") ({ system = null; } // args);`+g.classicArgument()+`
  };
in
{
  inherit (built)
    nixos
    image
    manifest
    plan
    ;
  inherit (built.nixos) config options pkgs;
}`).lines...)
}
