package nix

import (
	"regexp"
	"strings"
)

// nixpkgs's pkgs/stdenv/generic/check-meta.nix refuses packages in these
// words: "Refusing to evaluate package 'N' in F:L because it …" since 26.05,
// "Package ‘N’ in F:L …, refusing to evaluate." before.
const (
	refusing = `(?s)(?:Refusing to evaluate package '([^']+)' in (\S+) because it |Package [‘']([^’']+)[’'] in (\S+) )`
)

func packageRules() []rule {
	return []rule{
		{KindUnfree, regexp.MustCompile(refusing + `has an unfree license \([‘']?([^’')]*)`), unfree},
		{KindInsecure, regexp.MustCompile(refusing + `is marked as insecure`), insecure},
		{KindBroken, regexp.MustCompile(refusing + `has problems:`), problems},
		{KindBroken, regexp.MustCompile(refusing + `is marked as broken`), problems},
		{KindUnsupported, regexp.MustCompile(refusing + `is not (?:available|supported) on`), unsupported},
		{KindRefused, regexp.MustCompile(refusing + `([^\n]+)`), refused},
	}
}

// refusal fills in which package it is, and the name to consent to.
func refusal(e *Error, group []string) {
	e.Subject = group[1] + group[3]
	e.File, e.Line = fileLine(group[2] + group[4])
	e.Names = []string{packageName(e.Subject)}
}

func unfree(e *Error, group []string, _ string) {
	refusal(e, group)
	e.Text = "The package " + e.Subject + " is not free software"
	if group[5] != "" {
		e.Text += " (license: " + group[5] + ")"
		e.Details = []string{group[5]}
	}
	e.Text += "."
	e.Hint = "allow the unfree package " + e.Names[0] + " in the design, or take it out"
}

func insecure(e *Error, group []string, text string) {
	refusal(e, group)
	if _, issues, ok := strings.Cut(text, "Known issues:\n"); ok {
		e.Details = bullets(issues, "- ")
	}
	e.Text = listed("The package "+e.Subject+" has known security holes", e.Details)
	e.Hint = "allow the insecure package " + e.Names[0] + " in the design if you accept that, or take it out"
}

func problems(e *Error, group []string, text string) {
	refusal(e, group)
	if _, after, ok := strings.Cut(text, "has problems:\n"); ok {
		e.Details = bullets(after, "- ")
	}
	e.Text = listed("The package "+e.Subject+" is broken in this release", e.Details)
	e.Hint = "take " + e.Names[0] + " out of the design, choose another release or kernel, or allow the broken package and try"
}

func unsupported(e *Error, group []string, text string) {
	refusal(e, group)
	e.Text = "The package " + e.Subject + " does not exist for this system"
	if m := hostSystem.FindStringSubmatch(text); m != nil {
		e.Details = []string{m[1]}
		e.Text = "The package " + e.Subject + " does not exist for " + m[1]
	}
	e.Text += "."
	e.Hint = "take " + e.Names[0] + " out of the design, or build for another architecture"
}

var hostSystem = regexp.MustCompile(`hostPlatform\.(?:system|config) = "([^"\n]+)"|requested hostPlatform [‘']([^’']+)`)

func refused(e *Error, group []string, _ string) {
	refusal(e, group)
	e.Text = "nixpkgs refuses the package " + e.Subject + ": it " +
		strings.TrimSuffix(strings.TrimRight(group[5], " ."), ", refusing to evaluate") + "."
	e.Hint = "take " + e.Names[0] + " out of the design"
}

// packageName is a name without its version, which begins with the first dash
// before something that is no letter (builtins.parseDrvName).
func packageName(name string) string {
	for i := 0; i+1 < len(name); i++ {
		c := name[i+1]
		if name[i] == '-' && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return name[:i]
		}
	}
	return name
}

// fileLine cuts "FILE:LINE".
func fileLine(text string) (string, int) {
	m := trailingLine.FindStringSubmatch(text)
	if m == nil {
		return text, 0
	}
	return m[1], atoi(m[2])
}

var trailingLine = regexp.MustCompile(`^(.+?):(\d{1,9})(?::\d+)?$`)
