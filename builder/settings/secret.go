package settings

import (
	"net/url"
	"regexp"
	"strings"
)

// secretHint is where secrets belong.
const secretHint = "put access tokens into ~/.config/nix/nix.conf, passwords into its netrc-file, keys into ~/.ssh: Nix and ssh read them there"

// secretWords in a key's name say that its value is one. Names of files that
// hold secrets are none.
var secretWords = regexp.MustCompile(`(?i)(access[-_]?tokens?|api[-_]?key|token|passw(or)?d|secret|passphrase|credential)`)

// secretKey says whether a key asks for a secret.
func secretKey(name string) (string, bool) {
	if strings.HasSuffix(name, "-file") || strings.HasSuffix(name, "-files") {
		return name, false
	}
	return clip(name), secretWords.MatchString(name)
}

// secretShapes are texts that are secrets wherever they stand: private keys,
// tokens of GitHub, GitLab, Slack and AWS, Nix's signing keys (NAME:BASE64 of 64 bytes).
var secretShapes = regexp.MustCompile(`PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bgl(pat|oat|ptt)-[A-Za-z0-9_-]{16,}|` +
	`\bxox[abpr]-[A-Za-z0-9-]{10,}|\bAKIA[0-9A-Z]{16}\b|:[A-Za-z0-9+/]{86}==`)

// address finds addresses in a text, from the scheme to the next space.
var address = regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^\s'"]+`)

// secretQuery are parts of an address that carry a token.
var secretQuery = regexp.MustCompile(`(?i)[?&](access_token|private_token|token|password|secret|api_key|auth)=`)

// holdsSecret says whether a value holds something that looks like a secret: one
// of the known shapes, or an address with a password or token.
func holdsSecret(value string) bool {
	if secretShapes.MatchString(value) || secretQuery.MatchString(value) {
		return true
	}
	for _, s := range address.FindAllString(value, -1) {
		u, err := url.Parse(s)
		if err != nil {
			continue
		}
		if _, has := u.User.Password(); has {
			return true
		}
	}
	return false
}
