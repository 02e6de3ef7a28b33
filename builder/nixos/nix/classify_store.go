package nix

import (
	"regexp"
	"strconv"
	"strings"
)

func storeRules() []rule {
	return []rule{
		{KindDaemon, regexp.MustCompile(`cannot connect to (?:socket|daemon) at '([^']+)'(?:: (.*))?`), daemon},
		{KindUntrusted, regexp.MustCompile(`(?:you are|user '([^']*)' is|because it is) not (?:privileged|a trusted user|trusted)|not a trusted user`), untrusted},
		{KindFeature, regexp.MustCompile(`experimental (?:Nix )?feature '([^']+)' is disabled`), feature},
		{KindReadOnlyRun, regexp.MustCompile(`path '([^']+\.drv)' is not valid`), readOnlyRun},
		{KindNoBuilder, regexp.MustCompile(`a '([^']+)' with features \{([^}]*)\} is required to build '([^']+)', but I am a '([^']+)'`), noBuilderOld},
		{KindNoBuilder, regexp.MustCompile(`(?s)(?:[Uu]nable to start any build|required \(system, features\)|Failed to find a machine for remote build|unable to build derivation).*`), noBuilder},
		{KindCacheKey, regexp.MustCompile(`cannot add path '([^']+)' because it lacks a (?:valid )?signature by a trusted key|path '([^']+)' lacks a (?:valid )?signature`), lacksSignature},
		{KindOfflinePath, regexp.MustCompile(`path '([^']+)' is required, but there is no substituter that can build it|(?:path|derivation) '([^']+)' is not valid and (?:cannot be|there is no)|path '([^']+)' is not (?:valid|in the Nix store)$|don't know how to build (?:these paths|path '([^']+)')`), offlinePath},
		{KindDamaged, regexp.MustCompile(`(?:error: )?(?:(?:store )?path '([^']+)' (?:is corrupted|was modified|disappeared)|database disk image is malformed|path '([^']+)' .*hash mismatch)`), damaged},
		{KindLock, regexp.MustCompile(`cannot (?:write modified|update) lock file|requires lock file changes|lock file contains unlocked|unlocked flake reference`), lock},
		{KindPermission, regexp.MustCompile(`(?:opening|creating|writing|cannot open|cannot create|getting status of|reading)[^\n]*'([^']+)'[^\n]*: Permission denied|'([^']+)': Permission denied`), permission},
		{KindPermission, regexp.MustCompile(`'([^']+)': Read-only file system`), permission},
		{KindInterrupted, regexp.MustCompile(`interrupted by the user`), interrupted},
	}
}

func daemon(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The Nix daemon does not answer at " + e.Subject + "."
	e.Hint = "start it (sudo systemctl start nix-daemon), or install Nix anew if it is not there"
	if strings.Contains(group[2], "Permission denied") {
		e.Kind = KindPermission
		e.Text = "This user may not use the Nix daemon at " + e.Subject + "."
		e.Hint = "add the user to the group that may (often nix-users), or to allowed-users in nix.conf, and log in again"
	}
}

func untrusted(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "The Nix daemon does not let this user change its settings."
	e.Hint = trustHint
}

const trustHint = "add the user to trusted-users in /etc/nix/nix.conf and restart the daemon, " +
	"or set the caches and builders there"

func feature(e *Error, group []string, _ string) {
	e.Subject = group[1]
	e.Text = "Nix's feature " + e.Subject + " is turned off."
	e.Hint = "add it to experimental-features in nix.conf, or to the settings' option extra-experimental-features"
}

func readOnlyRun(e *Error, group []string, _ string) {
	e.Subject, e.Derivation = storeName(group[1]), group[1]
	e.Text = "The evaluation needs the derivation " + e.Subject + " in the store, where it is not."
	e.Hint = "try again: the store may have been cleaned meanwhile; an evaluation with --read-only cannot do it"
}

func noBuilderOld(e *Error, group []string, _ string) {
	e.Subject, e.Derivation = group[1], group[3]
	e.Details = strings.Fields(strings.ReplaceAll(group[2], ",", " "))
	e.Text = "This computer (" + group[4] + ") cannot build " + storeName(group[3]) + ", which is for " + group[1]
	if len(e.Details) > 0 {
		e.Text += " and needs " + strings.Join(e.Details, ", ")
	}
	e.Text += "."
	e.Hint = builderHint
}

const builderHint = "name a remote builder for that system in the settings, or emulate it " +
	"(boot.binfmt.emulatedSystems, qemu-user) and add it to extra-platforms in nix.conf"

func noBuilder(e *Error, group []string, text string) {
	if len(group) > 1 {
		e.Derivation = group[1]
	}
	if m := drvPath.FindString(text); m != "" {
		e.Derivation = m
	}
	e.Text = "No computer may build this"
	if e.Derivation != "" {
		e.Subject = storeName(e.Derivation)
		e.Text = "No computer may build " + e.Subject
	}
	if m := needed.FindStringSubmatch(text); m != nil {
		e.Details = []string{m[1] + m[2] + m[3]}
		e.Text += ", which needs " + e.Details[0]
	}
	e.Text += "."
	e.Hint = builderHint
	if strings.Contains(text, "max-jobs") || strings.Contains(text, "local builds are disabled") {
		e.Hint = "raise max-jobs above 0, or name a remote builder that can be reached in the settings"
	}
}

// needed finds the system or the features in the texts of several versions.
var needed = regexp.MustCompile(`Required system: '([^']+)'|required \(system, features\): \(([^)]+)\)|Required features: \{([^}]+)\}`)

func lacksSignature(e *Error, group []string, _ string) {
	e.Subject = group[1]
	if len(group) > 2 {
		e.Subject += group[2]
	}
	e.Text = "Nix does not take " + storeName(e.Subject) + ": it is not signed with a key that is trusted here."
	e.Hint = keyHint
}

const keyHint = "add the cache's public key to trusted-public-keys in nix.conf"

func offlinePath(e *Error, group []string, text string) {
	e.Subject = group[1] + group[2] + group[3] + group[4]
	if e.Subject == "" {
		e.Subject = storePath.FindString(text)
	}
	e.Text = "The store path " + e.Subject + " is needed, but it is neither here nor in a cache that can be reached."
	e.Hint = "connect to a network, or add a cache (substituters) that has it"
}

var storePath = regexp.MustCompile(`/[^\s']+/[0-9a-z]{32}-[^\s']+`)

func damaged(e *Error, group []string, _ string) {
	e.Subject = group[1] + group[2]
	e.Text = "The Nix store is damaged"
	if e.Subject != "" {
		e.Text += " at " + e.Subject
	}
	e.Text += "."
	e.Hint = "repair it with: nix-store --verify --check-contents --repair"
}

func lock(e *Error, _ []string, _ string) {
	e.Text = "The lock file of the flake does not fit its inputs."
	e.Hint = "update it with: nix flake lock"
}

func permission(e *Error, group []string, text string) {
	e.Subject = group[1]
	if len(group) > 2 {
		e.Subject += group[2]
	}
	e.Text = "Nix may not use " + e.Subject + "."
	if strings.Contains(text, "Read-only file system") {
		e.Text = "Nix cannot write " + e.Subject + ": the file system is read-only."
	}
	e.Hint = "check who owns it; with a Nix of several users the daemon must run (sudo systemctl start nix-daemon)"
}

func interrupted(e *Error, _ []string, _ string) {
	e.Text = "Nix was interrupted."
}

// atoi reads digits; 0 where they are too many.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}
