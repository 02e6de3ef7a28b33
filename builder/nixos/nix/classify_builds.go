package nix

import (
	"regexp"
	"strings"
)

const memoryHint = "close other programs, add swap, lower the number of builds at once (max-jobs), " +
	"or build on a computer with more memory"

const diskHint = "free some space where the Nix store and its build folder are (`nix store gc` removes what nothing needs), " +
	"or build in a store on another disk"

func buildRules() []rule {
	return []rule{
		{KindDiskFull, regexp.MustCompile(`No space left on device|database or disk is full|lack of free disk space|Disk quota exceeded`), diskFull},
		{KindHash, regexp.MustCompile(`(?s)hash mismatch in fixed-output derivation '([^']+)'.*?specified:\s*(\S+)\s+got:\s*(\S+)`), hashMismatch},
		{KindHash, regexp.MustCompile(`(?s)(?:NAR )?hash mismatch in (?:input|file downloaded from|flake input) '([^']+)'.*?(?:expected|specified|wanted):?\s+'?([^\s',]+)'?,?\s+(?:but )?got:?\s+'?([^\s']+)`), hashMismatch},
		{KindHash, regexp.MustCompile(`(?s)hash mismatch importing path '([^']+)';\s*specified:\s*(\S+)\s+got:\s*(\S+)`), hashMismatch},
		{KindMemory, regexp.MustCompile(`(?i)^(?:error: )?out of memory|std::bad_alloc|Cannot allocate memory|GC_?HEAP|failed due to signal 9 `), memory},
		{KindTimeout, regexp.MustCompile(`(?:building of )?'?(\S+?\.drv)'?\S* (?:timed out|.*?timed out) after (\d+) seconds`), timedOut},
		{KindBuild, regexp.MustCompile(`builder for '([^']+\.drv)' failed with exit code (\d+)`), buildFailed},
		{KindBuild, regexp.MustCompile(`(?s)Cannot build '([^']+\.drv)'\.\s+Reason: builder failed with exit code (\d+)`), buildFailed},
		{KindBuild, regexp.MustCompile(`builder for '([^']+\.drv)' failed(?: due to (signal \d+ \([^)]*\)))?`), buildDied},
		{KindBuild, regexp.MustCompile(`(?s)Cannot build '([^']+\.drv)'\.\s+Reason: builder failed(?: due to (signal \d+ \([^)]*\)))?`), buildDied},
		{KindNoBuilder, regexp.MustCompile(`(?s)Cannot build '([^']+\.drv)'\.\s+Reason: (?:platform mismatch|local builds are disabled|missing system features|[^\n]*required system or feature)`), noBuilder},
		{KindDependency, regexp.MustCompile(`(?:\d+|some) dependenc(?:y|ies) of derivation '([^']+)' failed to build|(?s:Cannot build '([^']+\.drv)'\.\s+Reason: (?:\d+|some) dependenc)|^build of .+ failed$`), dependency},
		{KindBuild, regexp.MustCompile(`(?s)Cannot build '([^']+\.drv)'\.\s+Reason: ([^\n]+)`), buildDied},
		{KindBuild, regexp.MustCompile(`(?:failed to produce output path|builder for '([^']+\.drv)' failed to produce output path) `), buildDied},
	}
}

func diskFull(e *Error, _ []string, text string) {
	e.Text = "A disk is full"
	if m := drvPath.FindString(text); m != "" {
		e.Derivation, e.Subject = m, storeName(m)
		e.Text += ": " + e.Subject + " could not be built"
	} else if m := diskFile.FindStringSubmatch(text); m != nil {
		e.Subject = m[1]
		e.Text += ": writing " + e.Subject + " failed"
	}
	e.Text += "."
	e.Hint = diskHint
}

var (
	drvPath  = regexp.MustCompile(`/[^\s']+/[0-9a-z]{32}-[^\s']+\.drv`)
	diskFile = regexp.MustCompile(`(?:file|path|database|to) '([^']+)'`)
)

func hashMismatch(e *Error, group []string, _ string) {
	e.Subject, e.Details = group[1], []string{"specified: " + group[2], "got: " + group[3]}
	if strings.HasSuffix(group[1], ".drv") {
		e.Derivation, e.Subject = group[1], storeName(group[1])
	}
	e.Text = "The file of " + e.Subject + " is not what nixpkgs expects: it was changed at its source, or the download is damaged.\n" +
		"specified: " + group[2] + "\ngot:       " + group[3]
	e.Hint = "try again, or take a newer revision of nixpkgs, where this may be repaired"
}

func memory(e *Error, _ []string, text string) {
	e.Text = "The computer ran out of memory."
	if m := drvPath.FindString(text); m != "" {
		e.Derivation, e.Subject = m, storeName(m)
		e.Text = "Building " + e.Subject + " was killed, most likely because the computer ran out of memory."
	}
	e.Hint = memoryHint
}

func timedOut(e *Error, group []string, _ string) {
	e.Derivation, e.Subject = group[1], storeName(group[1])
	e.Text = "Building " + e.Subject + " took longer than the " + group[2] + " seconds that Nix's settings allow."
	e.Hint = "raise the setting timeout or max-silent-time"
}

func buildFailed(e *Error, group []string, text string) {
	e.Derivation, e.Subject = group[1], storeName(group[1])
	e.Text = "Building " + e.Subject + " failed with exit code " + group[2] + "."
	e.Hint = logHint(group[1])
	e.Tail = quotedLog(text)
}

func buildDied(e *Error, group []string, text string) {
	e.Derivation, e.Subject = group[1], storeName(group[1])
	e.Text = "Building " + e.Subject + " failed"
	if len(group) > 2 && group[2] != "" {
		e.Text += ": " + strings.TrimSuffix(group[2], ".")
	}
	e.Text += "."
	if group[1] != "" {
		e.Hint = logHint(group[1])
	}
	e.Tail = quotedLog(text)
}

func logHint(drv string) string { return "the whole log is shown by: nix log " + drv }

func dependency(e *Error, group []string, _ string) {
	e.Derivation = group[1] + group[2]
	e.Subject = storeName(e.Derivation)
	e.Text = "Something that " + e.Subject + " needs could not be built."
	if e.Subject == "" {
		e.Text = "Something could not be built."
	}
	e.Hint = "the log names it"
}

// quotedLog are the lines of a log that an error carries: "       > line".
func quotedLog(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), "> "); ok {
			lines = append(lines, strings.TrimRight(rest, "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

// classifyLog finds in a failed build's log what is no fault of the build.
func classifyLog(tail string) *Error {
	for _, r := range logRules {
		if group := r.match.FindStringSubmatch(tail); group != nil {
			e := &Error{Kind: r.kind}
			r.say(e, group, tail)
			return e
		}
	}
	return nil
}

var logRules = []rule{
	{KindDiskFull, regexp.MustCompile(`No space left on device|Disk quota exceeded`), func(e *Error, _ []string, _ string) {
		e.Text, e.Hint = "A disk is full: a build could not write its files.", diskHint
	}},
	{KindMemory, regexp.MustCompile(`Cannot allocate memory|out of memory|std::bad_alloc`), func(e *Error, _ []string, _ string) {
		e.Text, e.Hint = "The computer ran out of memory during a build.", memoryHint
	}},
	{KindCollision, regexp.MustCompile("(?:pkgs\\.buildEnv error: two given paths contain a conflicting subpath:\\s+`?([^\\s'`]+)'? and\\s+`?([^\\s'`]+)|collision between [`']([^\\s'`]+)' and [`']([^\\s'`]+))"), func(e *Error, group []string, _ string) {
		e.Details = []string{group[1] + group[3], group[2] + group[4]}
		e.Text = listed("Two packages bring the same file", e.Details)
		e.Hint = "take one of the packages out of the design"
	}},
}
