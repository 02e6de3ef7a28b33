// Package flashing is what the command line and the window have in common when
// they work on sticks: the list of drives, what is compared once more between
// choosing and opening, the opening, one progress of several sticks, and the
// journal's lines. It asks nobody and prints nothing.
package flashing

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
)

// OpenDevice is the program's hidden command that opener.Child is.
const OpenDevice = "open-device"

// Computer is where drives are found and opened.
type Computer struct {
	// Source is where the drives are read; without one there are none.
	Source drives.Source
	// Open opens a drive that passed all checks, and Eject lets go of it.
	Open  func(ctx context.Context, d drives.Drive, o opener.Options) (flash.Stick, error)
	Eject func(ctx context.Context, d drives.Drive, o opener.Options) error
	// Options are those of every opening.
	Options opener.Options
}

// Here is this computer, with this program as its own helper. terminal tells
// that a person sits at one, where sudo can ask.
func Here(terminal bool) Computer {
	c := Computer{Source: drives.Live(), Open: open, Eject: opener.Eject, Options: opener.Options{Terminal: terminal}}
	if self, err := os.Executable(); err == nil {
		c.Options.Child = []string{self, OpenDevice}
	}
	return c
}

// open opens a drive for real.
func open(ctx context.Context, d drives.Drive, o opener.Options) (flash.Stick, error) {
	file, err := opener.Open(ctx, d, o)
	if err != nil {
		return flash.Stick{}, err
	}
	target, err := flash.OpenFile(file)
	if err != nil {
		return flash.Stick{}, err
	}
	return flash.Stick{Target: target, Same: func() error { return opener.Same(file, d) }}, nil
}

// Error is why nothing was done to a drive.
type Error struct {
	// Text says what failed and why, Advice what to do.
	Text, Advice string
	// Refused tells that something would have been destroyed that must not be.
	Refused bool
	Err     error
}

func (e *Error) Error() string { return e.Text }

// Hint says what to do.
func (e *Error) Hint() string { return e.Advice }

// Unwrap gives the cause, may be nil.
func (e *Error) Unwrap() error { return e.Err }

// Refused tells whether err is a refusal.
func Refused(err error) bool {
	e := (*Error)(nil)
	return errors.As(err, &e) && e.Refused
}

// Drives lists all drives.
func (c Computer) Drives(ctx context.Context) ([]drives.Drive, error) {
	all, err := drives.List(ctx, c.Source)
	if err != nil {
		return nil, listError(err)
	}
	return all, nil
}

// listError says what a list that cannot be made means.
func listError(err error) error {
	return &Error{Text: fmt.Sprintf("list the drives: %v", err), Err: err,
		Advice: "Without a full list no drive is taken for a free one. Run it on the computer itself, not in a container."}
}

// Chosen is a drive as it was when a person agreed to what is done to it.
type Chosen struct {
	Drive   drives.Drive
	Consent flash.Consent
}

// OpenSticks opens drives to write them. Each is looked at once more, since
// people take their time to answer: it must be the one that was chosen, and
// nothing may stand against it that was not agreed to. Either all are opened or
// none.
func (c Computer) OpenSticks(ctx context.Context, chosen []Chosen, image flash.ImageInfo, eject bool) ([]flash.Stick, error) {
	now, err := c.Drives(ctx)
	if err != nil {
		return nil, err
	}
	var sticks []flash.Stick
	for _, one := range chosen {
		stick, err := c.openStick(ctx, now, one, image)
		if err != nil {
			for _, s := range sticks {
				_ = s.Target.Close() // nothing was written to them
			}
			return nil, err
		}
		if eject && c.Eject != nil {
			stick.Eject = func(ctx context.Context) error { return c.Eject(ctx, one.Drive, c.Options) }
		}
		sticks = append(sticks, stick)
	}
	return sticks, nil
}

func (c Computer) openStick(ctx context.Context, now []drives.Drive, one Chosen, image flash.ImageInfo) (flash.Stick, error) {
	d, err := StillThere(now, one.Drive)
	if err != nil {
		return flash.Stick{}, err
	}
	if err := Refuse(d, flash.Standing(flash.Check(d, image, one.Drive.Identity()), d, one.Consent)); err != nil {
		return flash.Stick{}, err
	}
	o := c.Options
	o.ReadOnly, o.Unmount = false, one.Consent.Unmount
	return c.Open(ctx, d, o)
}

// OpenToRead opens a drive of which nothing will change. Any may be read.
func (c Computer) OpenToRead(ctx context.Context, chosen drives.Drive) (flash.Target, error) {
	now, err := c.Drives(ctx)
	if err != nil {
		return nil, err
	}
	d, err := StillThere(now, chosen)
	if err != nil {
		return nil, err
	}
	if changed := chosen.Identity().Changed(d); changed != "" {
		return nil, &Error{Refused: true, Text: fmt.Sprintf("%s is not the drive that was chosen: %s", d.Path, changed), Advice: "choose the drive again"}
	}
	o := c.Options
	o.ReadOnly, o.Unmount = true, false
	stick, err := c.Open(ctx, d, o)
	return stick.Target, err
}

// StillThere finds a drive in a newer list.
func StillThere(now []drives.Drive, chosen drives.Drive) (drives.Drive, error) {
	for _, d := range now {
		if d.Name == chosen.Name {
			return d, nil
		}
	}
	return chosen, &Error{Text: chosen.Path + " is gone", Advice: "Plug it in and try again."}
}

// Refuse makes an error of the hardest refusal, nil of none. Warnings and notes
// stop nothing.
func Refuse(d drives.Drive, all []flash.Refusal) error {
	for _, r := range all {
		if r.Level <= flash.TypeName {
			return &Error{Refused: true, Text: d.Path + ": " + r.Text, Advice: r.Hint}
		}
	}
	return nil
}
