package offer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The bounds of what is read as a list.
const (
	maxList     = 1 << 20 // bytes
	maxNames    = 10_000
	maxProblems = 20
)

// ParseList reads names of packages out of a text that a person has at hand:
// names by lines, blanks or commas, with comments; commands (apt install,
// nix-env -iA, nix-shell -p); what dpkg -l, dpkg --get-selections, apt list and
// nix-env -qaP print; and a list of Nix such as environment.systemPackages. Each
// name comes once, in the text's order. Problems are sentences about what was
// not understood, at most about twenty.
func ParseList(text string) (names, problems []string) {
	p := listParser{seen: map[string]bool{}}
	if len(text) > maxList {
		text = text[:maxList]
		p.problem("The text is longer than a megabyte; the rest of it was not read.")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if before, list, after, found := nixList(text); found {
		p.nix(strings.Count(before, "\n")+1, list)
		if rest := outside(before) + outside(after); rest != "" {
			p.problem("Only the list in brackets was read, not what stands around it.")
		}
		return p.names, p.problems
	}
	n := 0
	for line := range strings.Lines(joined(text)) {
		n++
		p.line(n, strings.TrimRight(line, "\n"))
	}
	return p.names, p.problems
}

// joined puts together lines that end in a backslash; each keeps its number by
// an empty line after them.
func joined(text string) string {
	var out strings.Builder
	empty := 0
	for line := range strings.Lines(text) {
		if part, ok := strings.CutSuffix(strings.TrimRight(line, " \t\n"), "\\"); ok {
			out.WriteString(part + " ")
			empty++
			continue
		}
		out.WriteString(strings.TrimRight(line, "\n") + "\n" + strings.Repeat("\n", empty))
		empty = 0
	}
	return out.String()
}

// listParser collects names.
type listParser struct {
	names, problems []string
	seen            map[string]bool
}

// problem notes what was not understood.
func (p *listParser) problem(format string, args ...any) {
	switch {
	case len(p.problems) < maxProblems:
		p.problems = append(p.problems, fmt.Sprintf(format, args...))
	case len(p.problems) == maxProblems:
		p.problems = append(p.problems, "There is more that was not understood.")
	}
}

// namePattern is what names of Debian's packages and attributes of nixpkgs look
// like.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.+'-]*[A-Za-z0-9_+'-])?$`)

// maxName is the length in bytes of the longest word that is looked at.
const maxName = 256

// bare takes away what is written around a name.
func bare(word string) string {
	name := strings.Trim(word, `"'`+"`")
	for _, prefix := range []string{"nixpkgs#", "nixos#", "nixos.", "nixpkgs.", "pkgs."} {
		name = strings.TrimPrefix(name, prefix)
	}
	name, _, _ = strings.Cut(name, "=") // apt's name=version
	name, _, _ = strings.Cut(name, ":") // dpkg's name:architecture
	if !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "/") {
		name, _, _ = strings.Cut(name, "/") // apt's name/release
	}
	if name != word {
		return bare(name)
	}
	return name
}

// add takes one word as a name.
func (p *listParser) add(n int, word string) {
	name := ""
	if len(word) <= maxName {
		name = bare(word)
	}
	switch {
	case !namePattern.MatchString(name):
		p.problem("Line %d: %q is not the name of a package.", n, short(word))
	case strings.HasSuffix(name, ".deb"):
		p.problem("Line %d: %q is a file; only packages of the distribution can be ticked.", n, short(word))
	case p.seen[name]:
	case len(p.names) == maxNames:
		p.problem("There are more than %d names; the rest of them was not read.", maxNames)
	default:
		p.seen[name] = true
		p.names = append(p.names, name)
	}
}

// short is a word as it can be shown.
func short(word string) string {
	if runes := []rune(word); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return word
}

// The lines that programs print.
var (
	// dpkg -l: "ii  name:arch  version  arch  summary"; wanted and actual
	// state are the first two letters.
	dpkgLine = regexp.MustCompile(`^([uihrp])([ncHUFWti])R? +([a-z0-9][a-z0-9.+-]+)(:[a-z0-9]+)? +[0-9]`)
	dpkgHead = regexp.MustCompile(`^(Desired=|\| ?Status=|\|/ Err|\|\|/ Name|\+\+\+-=|\+\+\+-)`)
	// dpkg --get-selections: "name  install".
	selection = regexp.MustCompile(`^([a-z0-9][a-z0-9.+-]+)(?::[a-z0-9]+)?[ \t]+(install|hold|deinstall|purge)$`)
	// apt list: "name/release,now version arch [installed]".
	aptList = regexp.MustCompile(`^([a-z0-9][a-z0-9.+-]+)/[^ ]* [0-9][^ ]* [a-z0-9]+( \[.*\])?$`)
	// nix-env -qaP: "nixos.name  name-version".
	nixQuery = regexp.MustCompile(`^(?:nixos|nixpkgs)\.([A-Za-z0-9_][A-Za-z0-9_.'+-]*) +[^ ]+`)
	// Bullets of lists.
	bullet = regexp.MustCompile(`^[-*•] +`)
)

// line reads one line.
func (p *listParser) line(n int, line string) {
	if before, _, ok := strings.Cut(line, "#"); ok && (before == "" || strings.ContainsAny(before[len(before)-1:], " \t")) {
		line = before
	}
	line = strings.TrimSpace(line)
	if line == "" || dpkgHead.MatchString(line) || line == "Listing..." {
		return
	}
	if m := dpkgLine.FindStringSubmatch(line); m != nil {
		if m[1] == "i" || m[1] == "h" {
			p.add(n, m[3])
		}
		return
	}
	if m := selection.FindStringSubmatch(line); m != nil {
		if m[2] == "install" || m[2] == "hold" {
			p.add(n, m[1])
		}
		return
	}
	for _, form := range []*regexp.Regexp{aptList, nixQuery} {
		if m := form.FindStringSubmatch(line); m != nil {
			p.add(n, m[1])
			return
		}
	}
	words := strings.FieldsFunc(bullet.ReplaceAllString(line, ""), func(r rune) bool {
		return r == ' ' || r == '\t' || r == ',' || r == ';'
	})
	if p.command(n, words) {
		return
	}
	for _, word := range words {
		p.add(n, word)
	}
}

// commands are the programs that install, with the words after which names
// come.
var commands = map[string][]string{
	"apt": {"install"}, "apt-get": {"install"}, "aptitude": {"install"}, "nala": {"install"},
	"nix-env": {"-iA", "-i", "--install"}, "nix-shell": {"-p", "--packages"}, "nix": {"install", "shell", "add"},
}

// command reads a line of a shell, and tells whether it begins with an
// installing command.
func (p *listParser) command(n int, words []string) bool {
	for first := true; ; first = false {
		end := slices.IndexFunc(words, func(w string) bool { return w == "&&" || w == "||" || w == "|" || w == "&" })
		one := words
		if end >= 0 {
			one = words[:end]
		}
		if known := p.install(n, one); first && !known {
			return false
		}
		if end < 0 {
			return true
		}
		words = words[end+1:]
	}
}

// install reads one command, and tells whether it installs.
func (p *listParser) install(n int, words []string) bool {
	for len(words) > 0 && (words[0] == "$" || words[0] == "sudo" || words[0] == "RUN" || variable.MatchString(words[0])) {
		words = words[1:]
	}
	if len(words) < 2 || commands[words[0]] == nil {
		return false
	}
	starts := commands[words[0]]
	names := false
	for _, word := range words[1:] {
		switch {
		case slices.Contains(starts, word):
			names = true
		case !names, strings.HasPrefix(word, "-"):
		case strings.HasSuffix(word, "-"):
			p.problem("Line %d: %q asks to take a package away.", n, short(word))
		default:
			p.add(n, word)
		}
	}
	return names || words[0] != "apt" && words[0] != "nix" // which may be packages
}

// variable is a setting before a command.
var variable = regexp.MustCompile(`^[A-Z_]+=`)
