package configure

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/tree"
)

// The archive that images get where the design names none.
const (
	publicArchive  = "http://ftp.debian.org/debian"
	publicSecurity = "http://ftp.debian.org/debian-security"
	sourcesFolder  = "etc/apt/sources.list.d"
	keyring        = "/usr/share/keyrings/debian-archive-keyring"
)

var archiveWord = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

// apt points the image at the public archive or at the design's own, and drops
// the jobs that would use the network and the medium in the background.
func (r *root) apt() error {
	for _, name := range r.set.Glob(sourcesFolder + "/0000*") {
		r.set.Remove(name)
	}
	r.set.Remove("etc/apt/sources.list")
	for _, timer := range []string{"apt-daily", "apt-daily-upgrade", "dpkg-db-backup", "fstrim"} {
		r.set.Remove(localUnits + "/timers.target.wants/" + timer + ".timer")
	}
	if err := r.foreignKeys(); err != nil {
		return err
	}
	return r.write(sourcesFolder+"/debian.sources", r.sources(), 0o644)
}

// foreignKeys removes archive keys that no package brought: the bootstrap
// copies those of the machine it runs on.
func (r *root) foreignKeys() error {
	const folder = "etc/apt/trusted.gpg.d"
	keys := r.children(folder)
	if len(keys) == 0 {
		return nil
	}
	owned := map[string]bool{}
	for _, name := range r.set.Glob("var/lib/dpkg/info/*.list") {
		data, err := r.set.ReadFile(name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(data)) {
			if strings.HasPrefix(line, "/"+folder+"/") {
				owned[strings.Trim(line, "/\n")] = true
			}
		}
	}
	for _, e := range keys {
		if e.Type != tree.Dir && !owned[e.Path] {
			r.set.Remove(e.Path)
		}
	}
	return nil
}

// sources is the image's sources.list(5) in deb822 style.
func (r *root) sources() string {
	a := r.design.Archive
	mirror, security := a.Mirror, a.Security
	if security == "" && mirror != "" {
		security = strings.TrimRight(mirror, "/") + "-security"
	}
	if mirror == "" {
		mirror = publicArchive
	}
	if security == "" {
		security = publicSecurity
	}
	r.checkURL(mirror, "archive.mirror")
	r.checkURL(security, "archive.security")
	release := r.design.Release
	if release == "" {
		release = "trixie"
	}
	if !archiveWord.MatchString(release) {
		r.fault("release", fmt.Sprintf("%q is no release", release), "use a name such as \"trixie\"")
	}
	components := []string{"main"}
	for i, c := range a.Components {
		if !archiveWord.MatchString(c) {
			r.fault(fmt.Sprintf("archive.components[%d]", i), fmt.Sprintf("%q is no component", c), "")
		}
		if !slices.Contains(components, c) {
			components = append(components, c)
		}
	}
	stanza := func(uri, suites string) string {
		return "Types: deb\nURIs: " + uri + "\nSuites: " + suites + "\nComponents: " +
			strings.Join(components, " ") + "\nSigned-By: " + r.keyring() + "\n"
	}
	if release == "sid" || release == "unstable" {
		return stanza(mirror, release)
	}
	return stanza(mirror, release+" "+release+"-updates") + "\n" + stanza(security, release+"-security")
}

// keyring is the archive's keys as this release names the file.
func (r *root) keyring() string {
	if r.exists(keyring + ".pgp") {
		return keyring + ".pgp"
	}
	return keyring + ".gpg"
}

func (r *root) checkURL(text, field string) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || hasControl(text) || strings.ContainsAny(text, " #") {
		r.fault(field, fmt.Sprintf("%q is no archive's address", text), "use one such as \""+publicArchive+"\"")
	}
}
