package nix

import (
	"regexp"
	"strings"
)

// classifyWarning recognises warnings that a person should know of; false for
// what is mere talk.
func classifyWarning(m message) (*Error, bool) {
	text := strings.TrimPrefix(strings.TrimSpace(m.text), "warning: ")
	for _, r := range warningRules {
		if group := r.match.FindStringSubmatch(text); group != nil {
			e := &Error{Kind: r.kind, Raw: m.text, File: m.file, Line: m.line}
			r.say(e, group, text)
			return e, true
		}
	}
	return nil, false
}

var warningRules = []rule{
	{KindCacheKey, regexp.MustCompile(`ignoring substitute for '([^']+)' from '([^']+)', as it's not signed by any of the keys in 'trusted-public-keys'`), func(e *Error, group []string, _ string) {
		e.Subject = group[2]
		e.Text = "The cache " + group[2] + " is not trusted here, so " + storeName(group[1]) + " is built instead of fetched."
		e.Hint = keyHint
	}},
	{KindUntrusted, regexp.MustCompile(`ignoring (?:the )?(?:client-specified setting|untrusted substituter|untrusted flake configuration setting)?\s*'?([^',]+)'?,?.*(?:not a trusted user|restricted setting)|.*restricted setting.*'([^']+)'`), func(e *Error, group []string, _ string) {
		e.Subject = strings.TrimSpace(group[1] + group[2])
		e.Text = "The Nix daemon ignores the setting " + e.Subject + " of this user."
		e.Hint = trustHint
	}},
	{KindRenamed, regexp.MustCompile("(?s)(?:evaluation warning|trace: warning): .*?The option [`'‘](.+?)['’] defined in [`'‘]?(.+?)['’]? has been renamed to [`'‘](.+?)['’]"), func(e *Error, group []string, _ string) {
		e.Subject, e.Files, e.Names = group[1], quotedOr(group[2]), []string{group[3]}
		if len(e.Files) > 0 {
			e.File = e.Files[0]
		}
		e.Text = "The option " + group[1] + " is called " + group[3] + " in this release."
		e.Hint = "use the new name"
	}},
	{KindWarning, regexp.MustCompile(`(?s)(?:evaluation warning|trace: warning): (.+)`), func(e *Error, group []string, _ string) {
		e.Text = strings.TrimSpace(group[1])
	}},
	{KindDirty, regexp.MustCompile(`Git tree '([^']+)' (?:is dirty|has uncommitted changes)`), func(e *Error, group []string, _ string) {
		e.Subject = group[1]
		e.Text = "The git repository " + group[1] + " has changes that are not committed; files that git does not know are left out."
		e.Hint = "add new files with git add"
	}},
	{KindCacheDown, regexp.MustCompile(`(?:unable to download '([^']+)'.*|substituter '([^']+)' does not appear to be a binary cache.*|.*disabling (?:binary cache|substituter) '([^']+)'.*|cannot open connection to (?:remote store|store) '([^']+)'.*)`), func(e *Error, group []string, text string) {
		for _, g := range group[1:] {
			e.Subject += g
		}
		e.Text = "A cache or source does not answer: " + text
		e.Hint = "what it has is built instead, which may take hours; check the network"
		if strings.Contains(text, "retrying in") {
			e.Hint = "Nix tries again"
		}
	}},
	{KindRemote, regexp.MustCompile(`cannot build on '([^']+)': (?:error: )?(.*)`), func(e *Error, group []string, _ string) {
		remote(e, []string{group[0], group[1], group[2], "", "", ""}, "")
	}},
}

// quotedOr is what is quoted in text, else text itself.
func quotedOr(text string) []string {
	if all := quoted(text); len(all) > 0 {
		return all
	}
	return []string{text}
}
