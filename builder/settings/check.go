package settings

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/isowright/isowright/builder/design"
)

// Check finds every value that is not possible.
func Check(s Settings) design.Problems {
	c := checker{}
	c.nix(s.Nix)
	c.options(s.Nix.Options)
	c.url("debian.mirror", s.Debian.Mirror)
	c.url("debian.security_mirror", s.Debian.SecurityMirror)
	return c.problems
}

type checker struct{ problems design.Problems }

func (c *checker) add(field, text, hint string) {
	c.problems = append(c.problems, design.Problem{Field: field, Text: text, Hint: hint})
}

// plain refuses what no value may hold: secrets, and characters that no command
// line shows. It says whether the value may be looked at further.
func (c *checker) plain(field, value string) bool {
	switch {
	case value == "":
		return false
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		c.add(field, "holds a line break or another control character", "write it on one line")
	case holdsSecret(value):
		c.add(field, "secrets do not belong into this file", secretHint)
	default:
		return true
	}
	return false
}

func (c *checker) nix(n Nix) {
	if c.plain("nix.command", n.Command) && !filepath.IsAbs(n.Command) {
		c.add("nix.command", show(n.Command)+" is not an absolute path", `write the whole path, like "/opt/nix/bin/nix"`)
	}
	for i, b := range n.Builders {
		c.builder(fmt.Sprintf("nix.builders[%d]", i), b)
	}
	if n.MaxJobs != nil && (*n.MaxJobs < 0 || *n.MaxJobs > 1024) {
		c.add("nix.max_jobs", fmt.Sprintf("%d is not between 0 and 1024", *n.MaxJobs), "0 builds everything on the builders")
	}
	if n.MaxJobs != nil && *n.MaxJobs == 0 && len(n.Builders) == 0 && n.Store == "" {
		c.add("nix.max_jobs", "0 without builders: nothing could be built", "name machines in builders, or take the line out")
	}
	if c.plain("nix.store", n.Store) {
		if _, err := parseRemote(n.Store); err != nil {
			c.add("nix.store", err.Error(), `write a machine like "ssh-ng://user@host"`)
		}
	}
	for i, o := range n.SSHOptions {
		field := fmt.Sprintf("nix.ssh_options[%d]", i)
		switch {
		case o == "":
			c.add(field, "is empty", "take it out")
		case c.plain(field, o) && strings.ContainsAny(o, " '\"\\"):
			c.add(field, "holds a space or quotation mark, which Nix would split or read differently",
				`give each argument for itself, like ["-p", "2222"]; anything more belongs into ~/.ssh/config`)
		}
	}
	c.nixpkgs(n.Nixpkgs)
	c.container(n)
}

// builder checks a line as nix.conf(5) describes under `builders`: address,
// systems, key file, jobs, speed factor, features, required features, host key.
func (c *checker) builder(field, value string) {
	const hint = `a line reads "ssh-ng://user@host x86_64-linux /path/of/key 8 1 kvm,big-parallel"`
	if value == "" {
		c.add(field, "is empty", hint)
	}
	if !c.plain(field, value) {
		return
	}
	if file, ok := strings.CutPrefix(value, "@"); ok {
		if !filepath.IsAbs(file) {
			c.add(field, show(value)+" is not an absolute path", `write "@/etc/nix/machines"`)
		}
		return
	}
	words := strings.Fields(value)
	switch {
	case strings.Contains(value, ";"):
		c.add(field, "holds more than one machine", "each machine is a text of its own in the list")
	case len(words) == 0 || len(words) > 8:
		c.add(field, fmt.Sprintf("has %d words, a machine has 1 to 8", len(words)), hint)
	case strings.Contains(words[0], "://"):
		if _, err := parseRemote(words[0]); err != nil {
			c.add(field, err.Error(), hint)
		}
	}
}

// parseRemote reads a store that is reached by ssh.
func parseRemote(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is not an address", show(s))
	case u.Scheme != "ssh-ng" && u.Scheme != "ssh":
		return nil, fmt.Errorf("%s does not start with ssh-ng:// or ssh://", show(s))
	case u.Host == "":
		return nil, fmt.Errorf("%s names no host", show(s))
	}
	return u, nil
}

// flakeRef are the ways to name a flake that do not depend on a folder: a path,
// an address, a name in the registry.
var flakeRef = regexp.MustCompile(`^(/\S*|[a-z][a-z0-9+]*:[^\s:]\S*|[A-Za-z][A-Za-z0-9_-]*(/[A-Za-z0-9_./-]+)?)$`)

func (c *checker) nixpkgs(ref string) {
	if !c.plain("nix.nixpkgs", ref) {
		return
	}
	path, isPath := strings.CutPrefix(ref, "path:")
	if !flakeRef.MatchString(ref) || isPath && !filepath.IsAbs(path) {
		c.add("nix.nixpkgs", show(ref)+" is not a flake reference that holds everywhere",
			`write "github:NixOS/nixpkgs/nixos-25.11", "nixpkgs/nixos-unstable" or "path:/home/me/nixpkgs"`)
	}
}

var (
	// imageName follows the grammar of the OCI distribution specification 1.1:
	// host, repository, tag, digest.
	imageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`)
	// volumeName is what both podman and docker accept.
	volumeName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}$`)
)

// containers are the values of Nix.Container.
var containers = []string{"", "auto", "builtin", "podman", "docker"}

func (c *checker) container(n Nix) {
	if !slices.Contains(containers, n.Container) {
		c.add("nix.container", show(n.Container)+" is not known", `write "auto", "builtin", "podman" or "docker", or take the line out`)
	}
	if c.plain("nix.image", n.Image) && !imageName.MatchString(n.Image) {
		c.add("nix.image", show(n.Image)+" is not the name of an image", `write one like "docker.io/nixos/nix:2.31.2"`)
	}
	if c.plain("nix.volume", n.Volume) && !volumeName.MatchString(n.Volume) {
		c.add("nix.volume", show(n.Volume)+" is not the name of a volume", "use letters, digits, -, _ and ., at least two")
	}
	if n.Command != "" && n.Container != "" && n.Container != "auto" {
		c.add("nix.command", "does not go together with container", "take one of the two out")
	}
	if n.Container != "podman" && n.Container != "docker" {
		return
	}
	const hint = "ssh and its keys are not in the container: take one of the two out"
	if n.Store != "" {
		c.add("nix.store", "does not go together with container", hint)
	}
	if len(n.Builders) > 0 {
		c.add("nix.builders", "does not go together with container", hint)
	}
}

// url checks the address of an archive.
func (c *checker) url(field, value string) {
	if !c.plain(field, value) {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		c.add(field, show(value)+" is not the address of an archive", `write one like "https://deb.debian.org/debian"`)
	}
}

// optionName is how nix.conf(5) spells its settings.
var optionName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ownOptions are settings of nix.conf that we give ourselves, with the way to
// say them.
func ownOptions() map[string]string {
	return map[string]string{
		"builders": "write builders in the section [nix]", "max-jobs": "write max_jobs in the section [nix]",
		"store":                 "write store in the section [nix]",
		"experimental-features": "write extra-experimental-features, which adds to those that are needed",
		"json-log-path":         "the progress needs it", "eval-store": "it follows from store",
	}
}

func (c *checker) options(options map[string]string) {
	own := ownOptions()
	for _, name := range slices.Sorted(maps.Keys(options)) {
		field := "nix.options." + quoteKey(name)
		value := options[name]
		hint, isOwn := own[name]
		switch key, secret := secretKey(name); {
		case secret:
			c.add(field, key+" would put a secret into this file", secretHint)
		case !optionName.MatchString(name):
			c.add(clip(field), "this is not the name of a setting of nix.conf", "`nix config show` lists them")
		case isOwn:
			c.add(field, "this setting is given by Isowright itself", hint)
		default:
			c.plain(field, value)
		}
	}
}
