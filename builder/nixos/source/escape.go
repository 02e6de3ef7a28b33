package source

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Each function here writes a text so that exactly that text arrives where it
// is meant for. They take any UTF-8 without NUL, which no design holds.

// quoted writes a Nix string in double quotes. (Nix manual, "String literal")
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '$' && strings.HasPrefix(s[i+1:], "{"):
			b.WriteString(`\$`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// indentable says whether a text survives in an indented string: Nix takes away
// the blanks that all lines have in common and does not count lines that have
// nothing else.
func indentable(s string) bool {
	flush := false
	for line := range strings.SplitSeq(s, "\n") {
		if line == "" {
			continue
		}
		if strings.Trim(line, " ") == "" || strings.Contains(line, "\r") {
			return false
		}
		flush = flush || line[0] != ' '
	}
	return flush && utf8.ValidString(s)
}

// indented writes the lines of a Nix string in two single quotes, without the
// quotes and without indentation. The text must be indentable.
func indented(s string) []string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		rest := s[i:]
		switch {
		case strings.HasPrefix(rest, "${"):
			b.WriteString("''${")
			i++
		case strings.HasPrefix(rest, "''") && !strings.HasPrefix(rest[2:], "'") && !strings.HasPrefix(rest[2:], "$") && rest != "''":
			b.WriteString("'''")
			i++
		case rest[0] == '\'' && (len(rest) == 1 || rest[1] == '\'' || rest[1] == '$'):
			b.WriteString(`''\'`)
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.Split(b.String(), "\n")
}

var (
	identifier = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_'-]*$`)
	keywords   = []string{"if", "then", "else", "assert", "with", "let", "in", "rec", "inherit", "or", "__curPos"}
	plainPath  = regexp.MustCompile(`^[A-Za-z0-9_+-][A-Za-z0-9._+-]*(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)*$`)
)

// attrName writes the name of an attribute.
func attrName(s string) string {
	if identifier.MatchString(s) && !slices.Contains(keywords, s) {
		return s
	}
	return quoted(s)
}

// attrPath writes a path of attribute names.
func attrPath(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = attrName(n)
	}
	return strings.Join(out, ".")
}

// packagePath writes a package of a set, given as in designs with dots.
func packagePath(set, name string) string {
	return set + "." + attrPath(strings.Split(name, "."))
}

// localPath writes a path beside the Nix file; up is how many folders lie
// between the file and the source's own folder.
func localPath(up int, path string) string {
	start := "./"
	if up > 0 {
		start = strings.Repeat("../", up)
	}
	if plainPath.MatchString(path) {
		return start + path
	}
	return "(" + start + ". + " + quoted("/"+path) + ")"
}

// shellWord writes one word of a POSIX shell.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-=", r)
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// issueText keeps agetty(8) from expanding what stands in /etc/issue.
func issueText(s string) string { return strings.ReplaceAll(s, `\`, `\\`) }

// grubWord writes one word of GRUB's script language. (GRUB manual, "Quoting")
func grubWord(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// isolinuxTitle is what may follow MENU LABEL: the line as it is, but for the
// caret, which would mark a hotkey. (Syslinux wiki, "Menu")
func isolinuxTitle(s string) string { return strings.ReplaceAll(s, "^", "^^") }

// keyfileSSID writes an SSID for NetworkManager: as text where nothing in it
// means anything to a keyfile or to envsubst, through which NixOS sends the
// profile, else as its bytes. (nm-settings-keyfile(5))
func keyfileSSID(s string) string {
	if simpleSSID.MatchString(s) {
		return s
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%d;", c)
	}
	return b.String()
}

var simpleSSID = regexp.MustCompile(`^[A-Za-z0-9_.-]([A-Za-z0-9 _.-]*[A-Za-z0-9_.-])?$`)
