package nix

import (
	"regexp"
	"strings"
)

// The module system (nixpkgs's lib/modules.nix and lib/options.nix) names
// options and files as `name'.
func moduleRules() []rule {
	return []rule{
		{KindNoOption, regexp.MustCompile("(?s)The option [`'‘](.+?)['’] does not exist\\. Definition values:"), noOption},
		{KindType, regexp.MustCompile("(?s)A definition for option [`'‘](.+?)['’] is not of type [`'‘]?(.+?)['’]\\. (?:Definition values:|TypeError: ([^\n]*))"), wrongType},
		{KindConflict, regexp.MustCompile("(?s)The option [`'‘](.+?)['’] has conflicting definition values:"), conflict},
		{KindConflict, regexp.MustCompile("(?s)The (?:unique )?option [`'‘](.+?)['’] is defined (?:multiple times|both)"), conflict},
		{KindReadOnly, regexp.MustCompile("The option [`'‘](.+?)['’] is read-only"), readOnly},
		{KindNoValue, regexp.MustCompile("The option [`'‘](.+?)['’] (?:was accessed but has no value defined|is used but not defined)"), noValue},
		{KindAssertion, regexp.MustCompile(`(?s)Failed assertions:\n(.+)`), assertions},
	}
}

// definedIn is one of the places that nixpkgs's showDefs names: "`FILE': VALUE"
// or "`FILE, via option NAME'".
var definedIn = regexp.MustCompile("^[`'‘]([^\n]+?)(?:, via option [^\n]*?)?['’](?::\\s*(?s:(.*)))?$")

// definitions fills in where the option is set, and to what.
func definitions(e *Error, text string) {
	for _, place := range bullets(text, "- In ") {
		m := definedIn.FindStringSubmatch(place)
		if m == nil {
			continue
		}
		e.Files = append(e.Files, m[1])
		e.Details = append(e.Details, strings.TrimSuffix(inSource(m[1])+": "+m[2], ": "))
	}
	if len(e.Files) > 0 && e.File == "" {
		e.File = e.Files[0]
	}
}

func noOption(e *Error, group []string, text string) {
	e.Subject = group[1]
	definitions(e, text)
	e.Text = "There is no option " + e.Subject + " in this release."
	e.Hint = "take it out, or look for its name in this release"
	if _, near, ok := strings.Cut(text, "Did you mean "); ok {
		near, _, _ = strings.Cut(near, "?")
		if e.Names = quoted(near); len(e.Names) > 0 {
			e.Hint = "did you mean " + either(e.Names) + "?"
		}
	}
	e.Details = nil
}

func wrongType(e *Error, group []string, text string) {
	e.Subject = inList.ReplaceAllString(group[1], "")
	definitions(e, text)
	e.Text = "The option " + e.Subject + " does not take this value"
	e.Text = listed(e.Text, e.Details)
	e.Hint = "it must be of type: " + group[2]
	if group[3] != "" {
		e.Hint += " (" + strings.TrimSpace(group[3]) + ")"
	}
}

// inList is how a member of a list is called; for a person it is the option.
var inList = regexp.MustCompile(`\."?\[definition \d+-entry \d+\]"?`)

func conflict(e *Error, group []string, text string) {
	e.Subject = group[1]
	text, _, _ = strings.Cut(text, "Use `lib.mkForce")
	definitions(e, text)
	e.Text = listed("The option "+e.Subject+" is set to different values in several places", e.Details)
	e.Hint = "set it in one place only, or let the design's value win (lib.mkForce)"
}

func readOnly(e *Error, group []string, text string) {
	e.Subject = group[1]
	definitions(e, text)
	e.Text = "The option " + e.Subject + " cannot be set: NixOS computes it."
	e.Hint = "take the setting out"
}

func noValue(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The option " + e.Subject + " needs a value and has none."
	e.Hint = "set it"
}

func assertions(e *Error, group []string, _ string) {
	for part := range strings.SplitSeq("\n"+group[1], "\n- ") {
		if part = strings.TrimSpace(part); part != "" {
			e.Details = append(e.Details, part)
		}
	}
	e.Text = listed("NixOS refuses this combination of settings", e.Details)
	e.Hint = "change the settings that it names"
}
