package nix

import (
	"regexp"
	"strings"
)

func networkRules() []rule {
	return []rule{
		{KindRemote, regexp.MustCompile(`failed to start SSH (?:master )?connection to '([^']+)'(?:: (.*))?|cannot (?:build on|connect to) '([^']+)'(?:: (.*))?|failed to connect to (?:remote )?(?:store|builder|host) '([^']+)'`), remote},
		{KindRemote, regexp.MustCompile(`(?m)^(?:ssh: (?:connect to host|Could not resolve hostname) ([^\s:]+)|(\S+): Permission denied \(|Host key verification failed)`), remoteSSH},
		{KindRegistry, regexp.MustCompile(`cannot find flake '(?:flake:)?([^']+)' in the flake registries`), registry},
		{KindRegistry, regexp.MustCompile(`unable to download '[^']*/(flake-registry\.json)': (.*)`), registryAway},
		{KindHTTP, regexp.MustCompile(`unable to download '([^']+)': HTTP error (\d{3})`), httpError},
		{KindNetwork, regexp.MustCompile(`unable to download '([^']+)': (.*)`), network},
		{KindNetwork, regexp.MustCompile(`(?i)(?:Could ?n.t|Could not) resolve host(?:name)?:? ?([^\s(']*)|Network is unreachable|Timeout was reached|Name or service not known`), networkPlain},
		{KindNetwork, regexp.MustCompile(`(?i:failed to fetch git repository)[^\n]*?'([^\s']+)'|program 'git' failed|unable to access '([^']+)'`), networkGit},
	}
}

const networkHint = "check the network and its proxy; builds without a network work only with what is in the store already"

func remote(e *Error, group []string, _ string) {
	e.Subject, _, _ = strings.Cut(group[1]+group[3]+group[5], "?")
	if _, machine, ok := strings.Cut(e.Subject, "://"); ok {
		e.Subject = machine
	}
	e.Text = "The remote machine " + e.Subject + " cannot be reached"
	why := strings.Trim(group[2]+group[4], " '")
	if why != "" && !strings.Contains(why, "failed to start SSH") {
		e.Text += ": " + strings.TrimSuffix(why, ".")
	}
	e.Text += "."
	e.Hint = "check that `ssh " + e.Subject + " nix --version` works without a password for the user who builds (root, where there is a Nix daemon)"
}

func remoteSSH(e *Error, group []string, text string) {
	e.Subject = group[1] + group[2]
	_, line, _ := strings.Cut("\n"+text, "\n"+group[0])
	line, _, _ = strings.Cut(group[0]+line, "\n")
	e.Details = []string{strings.TrimPrefix(strings.TrimRight(line, ". "), "ssh: ")}
	e.Text = "A remote machine cannot be reached: " + e.Details[0] + "."
	e.Hint = "check that ssh reaches it without a password for the user who builds"
}

func registry(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The name " + e.Subject + " is in no flake registry that can be reached."
	e.Hint = registryHint
}

func registryAway(e *Error, group []string, _ string) {
	e.Text = "The list of flake names cannot be downloaded: " + tidy(group[2]) + "."
	e.Hint = registryHint
}

const registryHint = "give the whole reference (github:NixOS/nixpkgs/nixos-unstable), or connect to a network"

// tidy cuts curl's words to one clause.
func tidy(text string) string {
	text, _, _ = strings.Cut(text, "; retrying")
	text = strings.TrimSpace(text)
	if strings.HasSuffix(text, ")") && strings.Count(text, ")") > strings.Count(text, "(") {
		text = strings.TrimSuffix(text, ")")
	}
	return strings.TrimRight(text, ".,; ")
}

func httpError(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The server refused " + e.Subject + " (HTTP " + group[2] + ")."
	switch {
	case group[2] == "404" || group[2] == "410" || group[2] == "422":
		e.Text = "There is nothing at " + e.Subject + " (HTTP " + group[2] + ")."
		e.Hint = "check the channel, the revision or the address for a slip"
	case group[2] == "429" || strings.Contains(e.Subject, "api.github.com") && group[2] == "403":
		e.Hint = "too many requests: wait an hour, or set access-tokens in nix.conf"
	case group[2][0] == '5':
		e.Hint = "the server has trouble: try again later"
	case group[2] == "407":
		e.Hint = "the proxy wants a password"
	default:
		e.Hint = "the server wants a permission that is missing (access-tokens, netrc-file)"
	}
}

func network(e *Error, group []string, text string) {
	e.Subject = group[1]
	e.Text = "Downloading " + e.Subject + " failed: " + tidy(group[2]) + "."
	e.Hint = networkHint
	if strings.Contains(text, "certificate") || strings.Contains(text, "SSL") {
		e.Hint = "check the clock of this computer and its certificates (ssl-cert-file)"
	}
}

func networkPlain(e *Error, group []string, _ string) {
	e.Subject = strings.TrimRight(group[1], ".,;")
	e.Text = "There is no way to the network: " + group[0] + "."
	e.Hint = networkHint
}

func networkGit(e *Error, group []string, text string) {
	e.Subject = group[1] + group[2]
	line, _, _ := strings.Cut(text, "\n")
	e.Text = "Fetching with git failed: " + strings.TrimPrefix(strings.TrimSuffix(line, "."), "fatal: ") + "."
	e.Hint = networkHint
}
