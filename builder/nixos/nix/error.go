package nix

import (
	"errors"
	"os/exec"
	"strings"
	"syscall"

	"github.com/isowright/isowright/internal/run"
)

// Kind says what an error is about; stable, for programs.
type Kind string

// Kinds of errors.
const (
	// Packages that nixpkgs refuses; Subject is the name with version, Names
	// the name to allow.
	KindUnfree      Kind = "unfree"
	KindInsecure    Kind = "insecure"    // Details are the known issues
	KindBroken      Kind = "broken"      // Details are the problems
	KindUnsupported Kind = "unsupported" // not for this system
	KindRefused     Kind = "refused"     // for another reason

	// The module system; Subject is the option, Files where it is set.
	KindNoOption  Kind = "no-option" // Names are near ones
	KindType      Kind = "option-type"
	KindConflict  Kind = "conflict"
	KindReadOnly  Kind = "read-only-option"
	KindNoValue   Kind = "no-value"
	KindAssertion Kind = "assertion" // Details are the assertions
	KindRenamed   Kind = "renamed"   // a warning; Names is the new option
	KindWarning   Kind = "warning"   // another warning of the evaluation

	// The language; File and Line where it is known.
	KindNoAttribute Kind = "no-attribute"
	KindUndefined   Kind = "undefined-variable"
	KindSyntax      Kind = "syntax"
	KindRecursion   Kind = "recursion"
	KindNoFile      Kind = "no-file"
	KindEvaluation  Kind = "evaluation" // whatever else an expression says
	KindImpure      Kind = "impure"
	KindNoOutput    Kind = "no-output" // a flake without that attribute

	// Builds; Subject and Derivation are what failed, Tail its last lines.
	KindBuild      Kind = "build"
	KindDependency Kind = "dependency"
	KindHash       Kind = "hash" // Details are specified and got
	KindCollision  Kind = "collision"
	KindTimeout    Kind = "timeout"

	// This computer.
	KindDiskFull    Kind = "disk-full"
	KindMemory      Kind = "memory"
	KindDaemon      Kind = "daemon"
	KindPermission  Kind = "permission"
	KindUntrusted   Kind = "untrusted"
	KindFeature     Kind = "feature"
	KindReadOnlyRun Kind = "read-only-evaluation"
	KindDirty       Kind = "dirty" // a warning
	KindDamaged     Kind = "damaged"

	// Elsewhere; Subject is the URL or the machine.
	KindNetwork     Kind = "network"
	KindHTTP        Kind = "http"
	KindRegistry    Kind = "registry"
	KindCacheKey    Kind = "cache-key"
	KindCacheDown   Kind = "cache-down" // a warning
	KindNoBuilder   Kind = "no-builder"
	KindRemote      Kind = "remote"
	KindOfflinePath Kind = "offline-path"
	KindLock        Kind = "lock"

	KindInterrupted Kind = "interrupted"
	KindOther       Kind = "other"
)

// Error is a failure of nix, or a warning, in words for people.
type Error struct {
	Kind Kind
	// Text says what failed and why; Hint what to do, and may be empty.
	Text string
	Hint string
	// Subject is what it is about: an option, a package, an attribute, a URL,
	// a file, a machine.
	Subject string
	// Derivation is the store path of the derivation that failed.
	Derivation string
	// File and Line are the place in the Nix source; 0 where unknown.
	File string
	Line int
	// Files set the option that it is about. Names are what could be meant
	// instead. Details are the parts of the matter, one each.
	Files   []string
	Names   []string
	Details []string
	// Tail are the last lines of the build's log.
	Tail string
	// Raw is what nix said.
	Raw string
}

// Error is the text for people.
func (e *Error) Error() string { return e.Text }

// listed is the text with its details below it.
func listed(text string, details []string) string {
	if len(details) == 0 {
		return text + "."
	}
	return text + ":\n- " + strings.Join(details, "\n- ")
}

// failure makes the error of a call that failed from what was heard.
func (l *listener) failure(failed *run.Error) *Error {
	e := l.worst()
	if e == nil {
		e = l.unheard(failed)
	}
	return l.settle(e)
}

// settle adds the log of what failed, and tells from it what was no fault of
// the build.
func (l *listener) settle(e *Error) *Error {
	if e.Derivation != "" && e.Tail == "" {
		e.Tail = l.logs.of(e.Derivation)
	}
	if e.Kind != KindBuild || e.Tail == "" {
		return e
	}
	if inLog := classifyLog(e.Tail); inLog != nil {
		inLog.Derivation, inLog.Tail, inLog.Raw = e.Derivation, e.Tail, e.Raw
		if inLog.Subject == "" {
			inLog.Subject = e.Subject
		}
		return inLog
	}
	return e
}

// worst is the last error that is not the mere consequence of another.
func (l *listener) worst() *Error {
	var worst *Error
	for _, m := range l.faults {
		e := classify(m)
		consequence := e.Kind == KindDependency || e.Kind == KindInterrupted
		if worst == nil || !consequence {
			worst = e
		}
	}
	if worst != nil {
		return l.because(worst)
	}
	return worst
}

// because gives an error the cause that ssh or git told.
func (l *listener) because(e *Error) *Error {
	switch {
	case e.Kind == KindNoBuilder && l.machine != nil:
		cause := *l.machine
		cause.Text += " And no other machine may build this."
		cause.Derivation, cause.Raw = e.Derivation, e.Raw
		e = &cause
	case e.Kind == KindEvaluation && l.outside != nil && l.outside.Kind == KindNetwork && strings.Contains(e.Raw, "Git"):
		cause := *l.outside
		cause.Raw = e.Raw
		return &cause
	}
	if e.Kind == KindRemote && l.outside != nil && len(l.outside.Details) > 0 && len(e.Details) == 0 {
		e.Details = l.outside.Details
		e.Text = strings.Replace(e.Text, "cannot be reached.", "cannot be reached: "+e.Details[0]+".", 1)
	}
	return e
}

// unheard is for a program that ended without an error of its own.
func (l *listener) unheard(failed *run.Error) *Error {
	var exit *exec.ExitError
	if errors.As(failed.Err, &exit) {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			if status.Signal() == syscall.SIGKILL {
				return &Error{
					Kind: KindMemory,
					Text: "Nix was killed, most likely because the computer ran out of memory.",
					Hint: memoryHint,
				}
			}
			return &Error{Kind: KindOther, Text: "Nix ended unexpectedly: " + status.Signal().String() + "."}
		}
	}
	text := strings.Join(l.messages, "\n")
	if e := classifyKnown(message{text: text}); e != nil {
		return e
	}
	e := &Error{Kind: KindOther, Text: "Nix failed: " + failed.Err.Error() + ".", Raw: text}
	if n := len(l.messages); n > 0 {
		e.Text = "Nix failed: " + l.messages[n-1]
	}
	return e
}
