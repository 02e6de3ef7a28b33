// Package assets holds the files that travel inside the program. It has no
// code of its own.
package assets

import _ "embed"

// DebianArchiveKeyring are the OpenPGP keys that sign the Debian archive, in
// binary form: /usr/share/keyrings/debian-archive-keyring.pgp of the package
// debian-archive-keyring 2025.1.
//
//go:embed debian-archive-keyring.pgp
var DebianArchiveKeyring []byte

// NixpkgsList is the built-in list of packages for NixOS, by group; package
// builder/catalog/groups says what its lines mean.
//
//go:embed nixpkgs.txt
var NixpkgsList string

// DebianList is the list of Debian's packages that people look for, by group;
// package builder/catalog/groups says what its lines mean.
//
//go:embed debian.txt
var DebianList string

// Hardware says which hardware wants which driver, Drivers what hardware a
// driver is for; package builder/hardware says what their lines mean.
var (
	//go:embed hardware.txt
	Hardware string
	//go:embed drivers.txt
	Drivers string
)
