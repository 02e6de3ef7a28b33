package flash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
)

// Kind sorts what may go wrong. Its text is kept stable.
type Kind string

// The kinds of errors.
const (
	// ImageFault: the image cannot be read or unpacked, or is not what its
	// header says.
	ImageFault Kind = "image"
	// WrongSum: the image is not the one that the checksum belongs to.
	WrongSum Kind = "wrong-sum"
	// TooSmall: the image does not fit.
	TooSmall Kind = "too-small"
	// NotTheOne: the stick is not the one that was chosen.
	NotTheOne Kind = "not-the-one"
	// ReadFault and WriteFault: the stick reports an error.
	ReadFault  Kind = "read"
	WriteFault Kind = "write"
	// SyncFault: the stick does not confirm what was written.
	SyncFault Kind = "sync"
	// CloseFault: closing reports an error.
	CloseFault Kind = "close"
	// EjectFault: the stick is written, but could not be ejected.
	EjectFault Kind = "eject"
	// NoSpace: the stick says that it is full, before its end.
	NoSpace Kind = "no-space"
	// Gone: the stick was pulled out, or its medium was.
	Gone Kind = "gone"
	// ReadOnly: the stick does not let itself be written.
	ReadOnly Kind = "read-only"
	// Silent: the stick has stopped answering.
	Silent Kind = "stopped-answering"
	// Mismatch: what is read back is not what was written.
	Mismatch Kind = "mismatch"
	// FakeCapacity: the stick is smaller than it says.
	FakeCapacity Kind = "fake-capacity"
	// FileFault: the file that a stick is saved to cannot be written.
	FileFault Kind = "file"
	// Unfit: what was asked for cannot be done on this stick.
	Unfit Kind = "unfit"
)

// Error is what went wrong with a stick or an image.
type Error struct {
	Kind Kind
	// Text says what failed and why, Advice what to do.
	Text, Advice string
	// Offset is where, in bytes from the beginning of the stick; -1: nowhere
	// in particular.
	Offset int64
	// Err is the cause, may be nil.
	Err error
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

// fault makes an Error that belongs to no place.
func fault(kind Kind, advice string, err error, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...), Advice: advice, Offset: -1, Err: err}
}

// IsKind tells whether err is of a kind.
func IsKind(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

const (
	badStickAdvice = "try another port or cable; if it happens again, the stick is worn out or broken"
	goneAdvice     = "plug the stick in again and start once more; what is already there will be kept"
)

// deviceFault sorts an error of an operation ("read", "write", "sync") at an
// offset; nil stays nil.
func deviceFault(op string, at int64, err error) error {
	var e *Error
	if err == nil || errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e = &Error{Offset: at, Err: err, Advice: badStickAdvice}
	where := ""
	if at >= 0 {
		where = " at " + place(at)
	}
	switch {
	case errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.ENOMEDIUM):
		e.Kind, e.Text, e.Advice = Gone, "the stick was pulled out, or has gone by itself"+where, goneAdvice
	case errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM), errors.Is(err, syscall.EBADF):
		e.Kind, e.Text = ReadOnly, "the stick does not let itself be written"+where
		e.Advice = "look for a switch for write protection; worn-out sticks protect themselves for good"
	case errors.Is(err, syscall.ENOSPC):
		e.Kind, e.Text = NoSpace, "the stick says that it is full"+where
		e.Advice = "it may be smaller than it claims; test its capacity"
	case op == "read":
		e.Kind, e.Text = ReadFault, "the stick cannot be read"+where
	case op == "sync":
		e.Kind, e.Text = SyncFault, "the stick does not confirm what was written"
	default:
		e.Kind, e.Text = WriteFault, "the stick cannot be written"+where
	}
	return e
}

// worthRetrying are errors that may pass: a glitch of the bus, a stick that is
// busy with itself.
func worthRetrying(err error) bool {
	for _, e := range []error{syscall.EIO, syscall.EAGAIN, syscall.EINTR, syscall.ETIMEDOUT, syscall.EBUSY, io.ErrShortWrite, io.ErrUnexpectedEOF} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// place is an offset for people, exact enough to be found.
func place(at int64) string {
	return fmt.Sprintf("%.1f MiB (byte %d)", float64(at)/(1<<20), at)
}

// amount is a size as sticks are sold.
func amount(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%d bytes", n)
}
