// Package nixpkgs is the catalogue of NixOS: the packages and options of a
// channel, fetched from the channel's own lists (packages.json.br and
// options.json.br), kept in one bbolt file a channel, and found as one types.
//
// The lists say what a channel offers; they do not say everything that an
// expression can name. Aliases, sets that nixpkgs does not search
// (python3Packages, linuxPackages …) and overlays are known to an evaluation
// alone. The lists carry no signature: what they say is as trustworthy as the
// server's certificate, and nothing is built from it.
//
// Formats: pkgs/top-level/packages-info.nix and
// nixos/lib/make-options-doc/default.nix in nixpkgs.
package nixpkgs

import (
	"regexp"
	"time"
)

// DefaultBase is where the channels are.
const DefaultBase = "https://channels.nixos.org"

// Package is one package of a channel.
type Package struct {
	// Attr is the attribute that names it in nixpkgs ("python313Packages.numpy").
	Attr string `json:"attr"`
	// PName and Version are the package's own.
	PName   string `json:"pname,omitempty"`
	Version string `json:"version,omitempty"`
	Summary string `json:"summary,omitempty"`
	// Command is the program that it is about, if there is one.
	Command  string    `json:"command,omitempty"`
	Homepage string    `json:"homepage,omitempty"`
	Licenses []License `json:"licenses,omitempty"`
	// Unfree, Insecure and Broken packages need a person's consent, each of
	// its own kind; Unavailable ones do not exist for the list's system.
	Unfree      bool `json:"unfree,omitempty"`
	Insecure    bool `json:"insecure,omitempty"`
	Broken      bool `json:"broken,omitempty"`
	Unavailable bool `json:"unavailable,omitempty"`
	// Vulnerabilities are why it is insecure; Problems what else nixpkgs says
	// of it (that it will be removed …).
	Vulnerabilities []string `json:"vulnerabilities,omitempty"`
	Problems        []string `json:"problems,omitempty"`
	// Outputs besides "out" ("dev", "man").
	Outputs []string `json:"outputs,omitempty"`
	// Position is the file and line in nixpkgs.
	Position string `json:"position,omitempty"`
	// Group is the built-in list's ("Browsers"); empty for others.
	Group string `json:"group,omitempty"`
}

// License is one licence of a package.
type License struct {
	// ID is SPDX's, else nixpkgs's short name, else its full name.
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	Free bool   `json:"free"`
}

// Option is one option of NixOS.
type Option struct {
	Name string `json:"name"`
	// Type, Description (Markdown), Default and Example (mostly Nix) are as
	// the manual shows them.
	Type        string `json:"type,omitempty"`
	Description string `json:"description,omitempty"`
	Default     string `json:"default,omitempty"`
	Example     string `json:"example,omitempty"`
	ReadOnly    bool   `json:"readOnly,omitempty"`
	// Declarations are files of nixpkgs.
	Declarations []string `json:"declarations,omitempty"`
}

// Info says what a catalogue is of.
type Info struct {
	Channel string `json:"channel"`
	// Revision is the commit of nixpkgs that the lists were made of, empty
	// where the server does not say.
	Revision string `json:"revision,omitempty"`
	// Release is the channel's release at that time
	// ("nixos-26.05.1234.0123456789ab").
	Release string `json:"release,omitempty"`
	// Fetched is when the lists were downloaded, Checked when they were last
	// known to be the channel's newest.
	Fetched time.Time `json:"fetched,omitzero"`
	Checked time.Time `json:"checked,omitzero"`
	// Packages and Options are how many there are.
	Packages int `json:"packages"`
	Options  int `json:"options"`
	// BuiltIn is the small list inside the program, which knows no versions.
	BuiltIn bool `json:"builtIn,omitempty"`
}

// Is tells whether the catalogue may be of a revision of nixpkgs: it is not
// where both are known and differ, and then versions and names in it may be
// others than the revision's.
func (i Info) Is(revision string) bool {
	return i.Revision == "" || revision == "" || i.Revision == revision
}

// channelPattern is what may become part of a URL and of a file's name.
var channelPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+(\.[a-z0-9]+)*)*$`)

// revisionPattern is a commit.
var revisionPattern = regexp.MustCompile(`^[0-9a-f]{40}$`)
