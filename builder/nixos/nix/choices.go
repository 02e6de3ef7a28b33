package nix

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// Choice is a way to build a design on a computer that has no Nix of its own.
type Choice struct {
	// Title says what it is, in a few words.
	Title string
	// Commands do it, in order, for a shell. HOST in them is another computer.
	Commands []string
	// Possible tells whether it can work on this computer as it is.
	Possible bool
	// Why is what speaks for it, or what is missing.
	Why string
	// Engine is the ContainerSearch.Engine that does it; empty: it is not done
	// by one.
	Engine string
}

// computer is what choices are made from.
type computer struct {
	// files are the computer's.
	files fs.FS
	goos  string
	env   []string
	// design is the project file, empty where it is not known.
	design string
	// brings tells whether this program can unpack a Nix of its own, root
	// whether it runs as root.
	brings, root bool
}

// choices lists the ways, those that are easiest first.
func choices(ctx context.Context, h computer) []Choice {
	var all []Choice
	if h.brings {
		all = append(all, h.unpacked())
	}
	all = append(all, h.containers(ctx)...)
	all = append(all, h.installs()...)
	all = append(all, h.elsewhere())
	return append(all, Choice{
		Title:    "Build on a remote store",
		Commands: []string{"isowright build " + h.file() + " --store ssh-ng://HOST"},
		Why:      "The design is evaluated here before it is built there, so this needs a Nix on this computer too.",
	})
}

// file is the project file for a shell.
func (h computer) file() string {
	if h.design == "" {
		return "DESIGN"
	}
	return quoteShell(h.design)
}

// unpacked is the Nix that Isowright unpacks for itself.
func (h computer) unpacked() Choice {
	c := Choice{
		Title: "Build with a Nix that Isowright brings", Possible: true, Engine: Builtin,
		Commands: []string{"isowright build " + h.file() + " --container " + Builtin},
		Why:      "It is fetched from Debian (about 60 MB) and unpacked into the cache; nothing is installed.",
	}
	if hint, forbidden := namespacesForbidden(h.files); forbidden && !h.root {
		c.Possible, c.Why = false, "This system does not let ordinary users make namespaces; `"+hint+"` changes that."
	}
	return c
}

// containers looks which engine works. Of two that do not, the one that is
// installed is told of; of none, podman.
func (h computer) containers(ctx context.Context) []Choice {
	var works, broken, absent []Choice
	for _, engine := range []string{Podman, Docker} {
		c := Choice{Title: "Build in a container of " + engine, Engine: engine, Commands: []string{"isowright build " + h.file() + " --container " + engine}}
		_, err := ContainerSearch{Env: h.env}.engine(ctx, engine)
		e, known := err.(*Error)
		switch {
		case err == nil:
			c.Possible, c.Why = true, engine+" works here. Nix and all that it builds stay in a volume of it; nothing is installed."
			works = append(works, c)
		case known && e.Subject == "missing":
			if install, ok := h.installPackage(engine); ok {
				c.Commands = append([]string{install}, c.Commands...)
			}
			c.Why = e.Text
			absent = append(absent, c)
		case known:
			c.Why = e.Text + " " + sentence(e.Hint)
			broken = append(broken, c)
		}
	}
	switch {
	case len(works)+len(broken) > 0:
		return append(works, broken...)
	case len(absent) > 0:
		return absent[:1]
	}
	return nil
}

// sentence makes a hint a sentence.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// installs are the ways to get Nix onto this computer.
func (h computer) installs() []Choice {
	if h.goos == "linux" && h.release()["ID"] == "nixos" {
		return []Choice{{
			Title: "Use the Nix of NixOS", Commands: []string{"ls -l /run/current-system/sw/bin/nix"},
			Why: "NixOS always has a Nix. Here it is not in its usual place, as in a container: run isowright outside of it, or name the program as command in the settings.",
		}}
	}
	var all []Choice
	if c, ok := h.distributionNix(); ok {
		all = append(all, c)
	}
	official := Choice{
		Title: "Install Nix with the official installer", Possible: true,
		Commands: []string{"curl --proto '=https' --tlsv1.2 -L https://nixos.org/nix/install | sh -s -- --daemon"},
		Why:      "For all users, with a daemon; it asks for your password.",
	}
	switch {
	case h.goos == "linux" && h.has("sys/fs/selinux/enforce"):
		official.Possible, official.Why = false, "It does not support SELinux, which is on here; Lix and Determinate do."
	case h.goos == "linux" && !h.has("run/systemd/system"):
		official.Commands[0] = strings.Replace(official.Commands[0], "--daemon", "--no-daemon", 1)
		official.Why = "For you alone, because its daemon needs systemd, which does not run here."
	}
	return append(all, official, Choice{
		Title: "Install Lix", Possible: true,
		Commands: []string{"curl --proto '=https' --tlsv1.2 -sSf -L https://install.lix.systems/lix | sh -s -- install"},
		Why:      "A variant of Nix; its installer can also remove it again.",
	}, Choice{
		Title: "Install Determinate Nix", Possible: true,
		Commands: []string{"curl --proto '=https' --tlsv1.2 -sSf -L https://install.determinate.systems/nix | sh -s -- install"},
		Why:      "A company's variant of Nix; its installer can also remove it again.",
	})
}

// distributionNix is Nix as a package, where the distribution's is new enough:
// Debian has 2.26 since 13 ("trixie"), Ubuntu 2.18 since 24.04; Arch has the
// newest.
func (h computer) distributionNix() (Choice, bool) {
	r := h.release()
	c := Choice{
		Title: "Install Nix from " + r["NAME"], Possible: true,
		Why: "Only members of the group nix-users may use it: log in again after this.",
	}
	version, err := strconv.ParseFloat(r["VERSION_ID"], 64)
	switch id := r["ID"]; {
	case id == "debian" && (r["VERSION_ID"] == "" || err == nil && version >= 13),
		id == "ubuntu" && err == nil && version >= 24.04:
		c.Commands = []string{"sudo apt install nix-setup-systemd", "sudo usermod --append --groups nix-users $USER"}
	case id == "arch":
		c.Commands = []string{"sudo pacman -S nix", "sudo systemctl enable --now nix-daemon.service", "sudo usermod --append --groups nix-users $USER"}
	default:
		return Choice{}, false
	}
	return c, true
}

// installPackage is the command for a package that has the same name
// everywhere.
func (h computer) installPackage(name string) (string, bool) {
	r := h.release()
	for _, id := range append([]string{r["ID"]}, strings.Fields(r["ID_LIKE"])...) {
		switch id {
		case "debian", "ubuntu":
			if name == Docker {
				name = "docker.io"
			}
			return "sudo apt install " + name, true
		case "fedora", "rhel", "centos":
			return "sudo dnf install " + name, name == Podman
		case "suse", "opensuse":
			return "sudo zypper install " + name, true
		case "arch":
			return "sudo pacman -S " + name, true
		case "alpine":
			return "sudo apk add " + name, true
		case "nixos":
			return "", false
		}
	}
	return "", false
}

// unsafe is what a name must not hold that goes through two shells.
var unsafe = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// elsewhere hands the design's source to a computer that has Nix.
func (h computer) elsewhere() Choice {
	name := strings.Trim(unsafe.ReplaceAllString(strings.TrimSuffix(path.Base(h.design), path.Ext(h.design)), "-"), "-.")
	if name == "" {
		name = "design"
	}
	return Choice{
		Title: "Build on another computer that has Nix", Possible: true,
		Commands: []string{
			fmt.Sprintf("isowright export %s -o %s-source", h.file(), name),
			fmt.Sprintf("scp -r %s-source HOST:", name),
			fmt.Sprintf(`ssh HOST 'nix --extra-experimental-features "nix-command flakes" build "path:$HOME/%s-source#image" --out-link %s-result'`, name, name),
			fmt.Sprintf("scp -r 'HOST:%s-result/*' .", name),
		},
		Why: "The exported flake needs Nix alone, not Isowright. HOST is that computer; its processor must be of the design's kind.",
	}
}

func (h computer) has(name string) bool {
	_, err := fs.Stat(h.files, name)
	return err == nil
}

// release reads os-release(5); what cannot be read is empty.
func (h computer) release() map[string]string {
	for _, name := range []string{"etc/os-release", "usr/lib/os-release"} {
		if text, err := fs.ReadFile(h.files, name); err == nil {
			return parseRelease(text)
		}
	}
	return map[string]string{}
}

// parseRelease reads the lines NAME=VALUE, whose values may be quoted as for a
// shell.
func parseRelease(text []byte) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			quote := value[0]
			value = value[1 : n-1]
			if quote == '"' {
				value = regexp.MustCompile("\\\\([\"$`\\\\])").ReplaceAllString(value, "$1")
			}
		}
		values[name] = value
	}
	return values
}

// quoteShell makes one word for sh.
func quoteShell(s string) string {
	if s != "" && !regexp.MustCompile(`[^A-Za-z0-9_./:@%+=,-]`).MatchString(s) && !strings.HasPrefix(s, "-") {
		return s
	}
	if strings.HasPrefix(s, "-") {
		s = "./" + s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
