package archive

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
)

// source is one entry of apt's configuration.
type source struct {
	uris, suites, components []string
	signedBy                 string
}

// HostMirrors gives the archives that the host's own apt uses, read from
// etc/apt below root (sources.list(5), both forms); the public ones where
// there is none. Only archives of Debian itself count, reached by HTTP or
// HTTPS. Unreadable files are passed over.
func HostMirrors(root fs.FS) (mirror, security string) {
	best := [2]int{}
	for _, s := range readSources(root) {
		rank := s.rank()
		for _, suite := range s.suites {
			i, ok := suiteKind(suite)
			if !ok || rank <= best[i] {
				continue
			}
			for _, uri := range s.uris {
				if web, ok := webAddress(uri); ok {
					best[i] = rank
					if i == 0 {
						mirror = web
					} else {
						security = web
					}
					break
				}
			}
		}
	}
	return orElse(mirror, DefaultMirror), orElse(security, DefaultSecurity)
}

// rank tells how surely an entry is Debian's own archive: 2 by its key or its
// path, 1 for one without a key of its own, 0 for another's.
func (s source) rank() int {
	if len(s.components) > 0 && !slices.Contains(s.components, "main") && !slices.Contains(s.components, "updates/main") {
		return 0
	}
	if strings.Contains(s.signedBy, "debian-archive-") {
		return 2
	}
	for _, uri := range s.uris {
		if last := path.Base(strings.TrimRight(uri, "/")); last == "debian" || last == "debian-security" {
			return 2
		}
	}
	if s.signedBy == "" {
		return 1
	}
	return 0
}

// suiteKind is 0 for a suite of the main archive and 1 for one of the security
// archive.
func suiteKind(suite string) (kind int, ok bool) {
	name := strings.TrimSuffix(suite, "/updates") // up to Debian 10
	for _, end := range []string{"-security", "-updates", "-backports", "-proposed-updates"} {
		if base, found := strings.CutSuffix(name, end); found {
			if end == "-security" {
				kind = 1
			}
			name = base
			break
		}
	}
	if name != suite && strings.HasSuffix(suite, "/updates") {
		kind = 1
	}
	names := []string{
		"stable", "oldstable", "oldoldstable", "testing", "unstable", "sid",
		"buster", "bullseye", "bookworm", "trixie", "forky", "duke",
	}
	return kind, slices.Contains(names, name)
}

func webAddress(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", false
	}
	return strings.TrimRight(uri, "/"), true
}

// readSources reads all of apt's sources in apt's order.
func readSources(root fs.FS) []source {
	names := []string{"etc/apt/sources.list"}
	for _, pattern := range []string{"etc/apt/sources.list.d/*.list", "etc/apt/sources.list.d/*.sources"} {
		found, err := fs.Glob(root, pattern)
		if errors.Is(err, path.ErrBadPattern) {
			panic(fmt.Sprintf("BUG: pattern %s", pattern))
		}
		names = append(names, found...)
	}
	var out []source
	for _, name := range names {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		if strings.HasSuffix(name, ".sources") {
			out = append(out, parseSourceStanzas(string(data))...)
		} else {
			out = append(out, parseSourceLines(string(data))...)
		}
	}
	return out
}

// parseSourceLines reads the one-line form:
// deb [options] URI suite components….
func parseSourceLines(text string) []source {
	var out []source
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		rest, ok := strings.CutPrefix(line, "deb")
		if !ok || strings.TrimLeft(rest, " \t") == rest {
			continue
		}
		rest = strings.TrimSpace(rest)
		var s source
		if strings.HasPrefix(rest, "[") {
			var options string
			if options, rest, ok = strings.Cut(rest[1:], "]"); !ok {
				continue
			}
			for option := range strings.FieldsSeq(options) {
				if value, ok := strings.CutPrefix(strings.ToLower(option), "signed-by="); ok {
					s.signedBy = value
				}
			}
		}
		if words := strings.Fields(rest); len(words) >= 2 {
			s.uris, s.suites, s.components = words[:1], words[1:2], words[2:]
			out = append(out, s)
		}
	}
	return out
}

// parseSourceStanzas reads the deb822 form.
func parseSourceStanzas(text string) []source {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		kept.WriteString(strings.TrimRight(line, " \t\r\n"))
		kept.WriteByte('\n')
	}
	var out []source
	for _, stanza := range stanzas(kept.String()) {
		var s source
		types, enabled := []string(nil), true
		for name, value := range fields(stanza) {
			switch strings.ToLower(name) {
			case "types":
				types = strings.Fields(value)
			case "uris":
				s.uris = strings.Fields(value)
			case "suites":
				s.suites = strings.Fields(value)
			case "components":
				s.components = strings.Fields(value)
			case "signed-by":
				s.signedBy = value
			case "enabled":
				enabled = !slices.Contains([]string{"no", "false", "off", "0", "without", "disable"}, strings.ToLower(value))
			}
		}
		if enabled && slices.Contains(types, "deb") {
			out = append(out, s)
		}
	}
	return out
}
