// Package settings is the file of what holds for a person's computer and not for
// one design: where Nix is and builds, which archives to use. It holds no
// secrets: passwords, tokens and private keys stay with ssh and Nix.
package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/internal/safefile"
)

// Settings are all settings; the zero value is what holds without a file.
type Settings struct {
	Nix    Nix    `toml:"nix,omitempty"`
	Debian Debian `toml:"debian,omitempty"`
}

// Nix says which Nix builds the designs of NixOS, and where.
type Nix struct {
	// Command is the path of the program nix; "" looks for it.
	Command string `toml:"command,omitempty"`
	// Builders are remote machines as `nix --builders` takes them, one each.
	Builders []string `toml:"builders,omitempty,multiline"`
	// MaxJobs is how many derivations are built here at a time, 0 for all of
	// them elsewhere; nil is Nix's own setting.
	MaxJobs *int `toml:"max_jobs,omitempty"`
	// Store is a remote store that everything is built in ("ssh-ng://HOST").
	Store string `toml:"store,omitempty"`
	// SSHOptions are arguments of ssh for Builders and Store.
	SSHOptions []string `toml:"ssh_options,omitempty"`
	// Nixpkgs is a flake reference that is used in place of a design's channel.
	Nixpkgs string `toml:"nixpkgs,omitempty"`
	// Container is where Nix runs: "" on this computer; "podman" or "docker" in
	// a container of that; "builtin" is a Nix that we unpack; "auto" is the
	// first of these that works, if this computer has no Nix.
	Container string `toml:"container,omitempty"`
	// Image and Volume name the container's image and the volume that keeps
	// its store between builds; "" are our own choices.
	Image  string `toml:"image,omitempty"`
	Volume string `toml:"volume,omitempty"`
	// Options are settings of nix.conf, given with each call.
	Options map[string]string `toml:"options,omitempty"`
}

// Debian names the archives for designs that name none.
type Debian struct {
	Mirror         string `toml:"mirror,omitempty"`
	SecurityMirror string `toml:"security_mirror,omitempty"`
}

// BuildersLine is Builders as one argument of `nix --builders`, "" for none.
func (n Nix) BuildersLine() string { return strings.Join(n.Builders, " ; ") }

// SSHLine is SSHOptions as the environment variable NIX_SSHOPTS takes them.
func (n Nix) SSHLine() string { return strings.Join(n.SSHOptions, " ") }

// MaxSize is the size in bytes up to which a file is read.
const MaxSize = 1 << 18

// Path is the place of the file, given the person's environment: XDG_CONFIG_HOME
// (XDG Base Directory Specification 0.8), which counts only if it is absolute,
// else .config in the home folder.
func Path(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "isowright", "settings.toml"), nil
	}
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return "", errors.New("find the settings: neither XDG_CONFIG_HOME nor HOME names a folder")
	}
	return filepath.Join(home, ".config", "isowright", "settings.toml"), nil
}

// Load reads and checks the file at path. A missing file is the zero value. The
// error is design.Problems, with line numbers, if the file can be read but is
// not right.
func Load(path string) (Settings, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("load settings: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return Settings{}, fmt.Errorf("load settings: %w", err)
	}
	return Parse(data)
}

// Save writes the canonical form to path, all or nothing, and makes the folder.
// What Load would refuse is not written.
func Save(path string, s Settings) error {
	data, err := Encode(s)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	if err := safefile.Write(path, 0o644, data); err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	return nil
}
