package nix

import (
	"regexp"
	"strings"
)

func languageRules() []rule {
	return []rule{
		{KindNoOutput, regexp.MustCompile(`flake '([^']+)' does not provide attribute ([^\n]+)`), noOutput},
		{KindSyntax, regexp.MustCompile(`syntax error, ([^\n]+)|^(path has a trailing slash[^\n]*|invalid token[^\n]*)`), syntax},
		{KindUndefined, regexp.MustCompile(`undefined variable '([^']+)'`), undefined},
		{KindNoAttribute, regexp.MustCompile(`attribute '([^']+)' (?:missing|in selection path '([^']+)' not found)`), noAttribute},
		{KindRecursion, regexp.MustCompile(`infinite recursion encountered|stack overflow|call depth exceeded`), recursion},
		{KindImpure, regexp.MustCompile(`access to (?:absolute path|URI|canonical path) '([^']+)' is forbidden|cannot look up '(<[^']+>)' in pure`), impure},
		{KindNoFile, regexp.MustCompile(`(?i:path|file) '([^']+)' (?:does not exist|(?:in the repository [^\n]+ )?is not tracked|was not found)|getting status of '([^']+)': No such file|opening file '([^']+)': No such file|getting status of '"([^"]+)"': No such file|file '([^']+)' was not found in the Nix search path`), noFile},
		{KindNoFile, regexp.MustCompile(`cannot read '([^']+)'|'([^']+)' is not a flake|does not contain a '([^']*flake\.nix)' file`), noFile},
		{KindEvaluation, regexp.MustCompile(`(?s)^(value is .+? while .+? was expected|cannot coerce .+|expected .+ but found .+|attempt to call .+|function '.+' called .+|assertion '.+' failed|evaluation aborted.+)$`), wrongValue},
	}
}

func noOutput(e *Error, group []string, _ string) {
	names := quoted(group[2])
	e.Names = names
	e.Subject = group[1]
	e.Text = "The flake " + group[1] + " has no " + either(names) + "."
	if len(names) == 0 {
		e.Text = "The flake " + group[1] + " has no " + group[2] + "."
	}
	e.Hint = "check the name; `nix flake show` lists what is there"
}

func syntax(e *Error, group []string, _ string) {
	e.Text = "There is a mistake in the Nix language" + e.at() + ": " + strings.TrimSpace(group[1]+group[2]) + "."
	e.Hint = "correct the text at that place; often a semicolon, a bracket or a quote is missing before it"
}

func undefined(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "There is nothing called " + e.Subject + e.at() + "."
	e.Hint = "check the name; a package may have another one in this release"
}

func noAttribute(e *Error, group []string, text string) {
	e.Subject = group[1]
	e.Text = "There is no " + e.Subject + e.at() + "."
	if group[2] != "" && group[2] != group[1] {
		e.Text = "There is no " + e.Subject + " in " + group[2] + e.at() + "."
	}
	e.Hint = "check the name; a package or attribute may be called differently in this release"
	if _, near, ok := strings.Cut(text, "Did you mean "); ok {
		near, _, _ = strings.Cut(near, "?")
		for name := range strings.FieldsFuncSeq(strings.TrimPrefix(near, "one of "), func(r rune) bool { return r == ',' || r == ' ' }) {
			if name != "or" {
				e.Names = append(e.Names, name)
			}
		}
		if len(e.Names) > 0 {
			e.Hint = "did you mean " + either(e.Names) + "?"
		}
	}
}

func recursion(e *Error, _ []string, _ string) {
	e.Text = "The configuration goes in a circle" + e.at() + "."
	e.Hint = "a module may use config or pkgs to decide what it imports, or set an option from itself; " +
		"use specialArgs for what imports need"
}

func impure(e *Error, group []string, _ string) {
	e.Subject = group[1] + group[2]
	e.Text = "The configuration uses " + e.Subject + ", which is outside of the flake" + e.at() + "."
	e.Hint = "copy the file into the design's folder and name it from there, or pin the URL with its hash"
}

func noFile(e *Error, group []string, _ string) {
	for _, g := range group[1:] {
		e.Subject += g
	}
	e.Text = "The file " + e.Subject + " does not exist" + e.at() + "."
	e.Hint = "put it back or correct its path; in a git repository a new file must be added with git add before Nix sees it"
}

func wrongValue(e *Error, group []string, _ string) {
	e.Text = capital(strings.TrimSpace(group[1]))
	if at := e.at(); at != "" {
		e.Text += at
	}
	if !strings.HasSuffix(e.Text, ".") {
		e.Text += "."
	}
}
