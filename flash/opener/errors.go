package opener

import (
	"context"
	"errors"
	"fmt"
)

// Problem sorts what keeps a device from being opened. Its text is kept stable.
type Problem string

// The problems.
const (
	// NoAgent: rights are needed, and nothing runs that could ask for a
	// password.
	NoAgent Problem = "no-agent"
	// Refused: the system's rules, or a wrong password, said no.
	Refused Problem = "refused"
	// Cancelled: the person dismissed the question for the password.
	Cancelled Problem = "cancelled"
	// Busy: something else uses the device.
	Busy Problem = "busy"
	// Gone: there is no such device any more, or no medium in it.
	Gone Problem = "gone"
	// Changed: it is not the device that was approved.
	Changed Problem = "changed"
	// SystemDisk: the running system needs the device.
	SystemDisk Problem = "system-disk"
	// ReadOnly: the device is write-protected.
	ReadOnly Problem = "read-only"
	// NoService: the way is not there (no bus, no UDisks, no such program).
	NoService Problem = "no-service"
	// Failed: anything else.
	Failed Problem = "failed"
)

// Error is why a device could not be opened, unmounted or ejected.
type Error struct {
	Problem Problem `json:"problem"`
	// Text says what failed and why, Advice what to do.
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
	// Err is the cause, may be nil.
	Err error `json:"-"`
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return e.Text + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do.
func (e *Error) Hint() string { return e.Advice }

// Is tells whether err is of a problem.
func Is(err error, p Problem) bool {
	var e *Error
	return errors.As(err, &e) && e.Problem == p
}

var advice = map[Problem]string{
	NoAgent: "start a polkit agent (desktops do by themselves; small window managers need polkit-gnome or the like), " +
		"or run the command in a terminal with sudo",
	Refused:    "ask an administrator of this computer, or try again with the right password",
	Cancelled:  "try again, and give the password when asked",
	Busy:       "close what uses it and try again",
	Gone:       "plug it in again and choose it anew",
	Changed:    "choose the drive anew",
	SystemDisk: "choose another drive; this one can only be written by another system",
	ReadOnly:   "take the write protection off; a stick that protects itself is worn out",
	NoService:  "install udisks2, or run the command with sudo",
}

func fault(p Problem, err error, format string, args ...any) *Error {
	return &Error{Problem: p, Text: fmt.Sprintf(format, args...), Advice: advice[p], Err: err}
}

// ended turns an error that came because ctx ended into ctx's.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
