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
		{KindHTTP, regexp.MustCompile(`unable to download '([^']+)': HTTP error (\d{3})`), httpError},
		{KindNetwork, regexp.MustCompile(`unable to download '([^']+)': (.*)`), network},
		{KindNetwork, regexp.MustCompile(`(?i)(?:Could ?n.t|Could not) resolve host(?:name)?:? ?([^\s(']*)|Network is unreachable|Timeout was reached|Name or service not known`), networkPlain},
		{KindNetwork, regexp.MustCompile(`(?s)Failed to fetch git repository[^\n]*?'?([^\s']+)'?|program 'git' failed|unable to access '([^']+)'`), networkGit},
	}
}

const networkHint = "check the network and its proxy; builds without a network work only with what is in the store already"

func remote(e *Error, group []string, _ string) {
	e.Subject = group[1] + group[3] + group[5]
	e.Text = "The remote machine " + e.Subject + " cannot be reached"
	if why := strings.Trim(group[2]+group[4], " '"); why != "" {
		e.Text += ": " + why
	}
	e.Text = strings.TrimSuffix(e.Text, ".") + "."
	e.Hint = "check that `ssh " + strings.TrimPrefix(strings.TrimPrefix(e.Subject, "ssh-ng://"), "ssh://") +
		" nix --version` works without a password for the user who builds (root, where there is a Nix daemon)"
}

func remoteSSH(e *Error, group []string, text string) {
	e.Subject = group[1] + group[2]
	e.Text = "A remote machine cannot be reached: " + group[0] + "."
	if i := strings.Index(text, group[0]); i >= 0 {
		line, _, _ := strings.Cut(text[i:], "\n")
		e.Text = "A remote machine cannot be reached: " + strings.TrimSuffix(strings.TrimSpace(line), ".") + "."
	}
	e.Hint = "check that ssh reaches it without a password for the user who builds"
}

func registry(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The name " + e.Subject + " is in no flake registry that can be reached."
	e.Hint = "give the whole reference (github:NixOS/nixpkgs/nixos-unstable), or connect to a network"
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
	e.Text = "Downloading " + e.Subject + " failed: " + strings.TrimSuffix(strings.TrimSpace(group[2]), ".") + "."
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
	e.Text = "Fetching with git failed: " + strings.TrimSuffix(line, ".") + "."
	e.Hint = networkHint
}
