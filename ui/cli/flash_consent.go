package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

// consentFlags say in advance what a person would be asked.
type consentFlags struct {
	yes, unmount bool
	model        string
}

func (f *consentFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.BoolVar(&f.yes, "yes", false, "do not ask; DEVICE must be the ID that `isowright devices` prints")
	flags.BoolVar(&f.unmount, "unmount", false, "with --yes: unmount what is mounted on the drive")
	flags.StringVar(&f.model, "model", "", "with --yes: the drive's `NAME`, which large and built-in drives want typed")
}

// choose finds the drives, holds them against the rules, and gets consent for
// each. verb says what will be done to them.
func (j *flashJob) choose(ctx context.Context, words []string, f consentFlags, verb string) error {
	all, err := j.listDrives(ctx)
	if err != nil {
		return err
	}
	for _, word := range words {
		d, sure, err := findDrive(all, word)
		if err != nil {
			return err
		}
		for _, other := range j.chosen {
			if other.Drive.Name == d.Name {
				return &usageError{text: d.Path + " is named twice", hint: "Name each drive once."}
			}
		}
		refusals := flash.Check(d, j.info, drives.Identity{})
		if err := refuse(d, refusals); err != nil {
			return err
		}
		agreed, err := j.consent(ctx, d, sure, refusals, f, verb)
		if err != nil {
			return err
		}
		j.chosen = append(j.chosen, flashing.Chosen{Drive: d, Consent: agreed})
	}
	return nil
}

// consent asks a person, or takes what the flags say.
func (a *app) consent(ctx context.Context, d drives.Drive, sure bool, refusals []flash.Refusal, f consentFlags, verb string) (flash.Consent, error) {
	for _, r := range refusals {
		if r.Level == flash.Warning || r.Level == flash.Note {
			fmt.Fprintf(a.Stderr, "isowright: %s: %s\n", r.Level, r.Text)
		}
	}
	if f.yes {
		return flash.Consent{Unmount: f.unmount, Typed: f.model}, consentByFlags(d, sure, refusals, f)
	}
	if !a.terminal() {
		return flash.Consent{}, &refusedError{text: "nobody is there to agree that everything on " + d.Path + " is lost",
			hint: "In scripts say --yes and name the drive by its ID: " + shellWord(flashing.DriveID(d))}
	}
	return a.ask(ctx, d, refusals, verb)
}

// refuse gives the hard refusals as an error.
func refuse(d drives.Drive, all []flash.Refusal) error {
	return flashing.Refuse(d, slices.DeleteFunc(slices.Clone(all), func(r flash.Refusal) bool { return r.Level != flash.Never }))
}

// consentByFlags: a path is the name of a place, and another stick may be in it.
func consentByFlags(d drives.Drive, sure bool, refusals []flash.Refusal, f consentFlags) error {
	if !sure {
		return &refusedError{text: "with --yes " + d.Path + " is not enough: another drive may have that name tomorrow",
			hint: "Name it by its ID: " + shellWord(flashing.DriveID(d))}
	}
	for _, r := range flash.Standing(refusals, d, flash.Consent{Unmount: f.unmount, Typed: f.model}) {
		switch r.Level {
		case flash.Unmount:
			return &refusedError{text: d.Path + ": " + r.Text, hint: "Unmount it, or add --unmount."}
		case flash.TypeName:
			return &refusedError{text: d.Path + ": " + r.Text, hint: "If you mean it, add --model " + shellWord(flash.NameToType(d))}
		}
	}
	return nil
}

// ask shows what will be lost and wants a word for it.
func (a *app) ask(ctx context.Context, d drives.Drive, refusals []flash.Refusal, verb string) (flash.Consent, error) {
	fmt.Fprintf(a.Stderr, "Erase %s (%s) and %s?\n\n", driveName(d), flash.HumanSize(d.Size), verb)
	writeLoss(a.Stderr, d)
	want, c := "erase", flash.Consent{}
	for _, r := range refusals {
		switch r.Level {
		case flash.Unmount:
			c.Unmount = true
			fmt.Fprintf(a.Stderr, "%s It will be unmounted.\n", r.Text)
		case flash.TypeName:
			want = flash.NameToType(d)
			fmt.Fprintln(a.Stderr, r.Text)
		}
	}
	fmt.Fprintf(a.Stderr, "\nThis cannot be undone. Type %s to go on: ", quote(want))
	typed, err := readLine(ctx, a.Stdin)
	if err != nil {
		return c, err
	}
	c.Typed = typed
	left := flash.Standing(refusals, d, c)
	for _, r := range left {
		if r.Level <= flash.TypeName {
			return c, &refusedError{text: "not agreed: nothing was written", hint: r.Text}
		}
	}
	if typed != want {
		return c, &refusedError{text: "not agreed: nothing was written", hint: "Type " + quote(want) + " to agree."}
	}
	return c, nil
}

// writeLoss says what lies on a drive.
func writeLoss(w io.Writer, d drives.Drive) {
	fmt.Fprintf(w, "  %s", d.Path)
	if d.Serial != "" {
		fmt.Fprintf(w, ", serial %s", d.Serial)
	}
	fmt.Fprintln(w)
	if len(d.Parts) == 0 {
		fmt.Fprintln(w, "  Nothing is known to be on it.")
		return
	}
	fmt.Fprintln(w, "  These will be lost:")
	for _, p := range d.Parts {
		fmt.Fprintf(w, "    %s\n", partLine(p))
	}
}

// terminal says whether a person can be asked.
func (a *app) terminal() bool {
	f, ok := a.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return false
	}
	_, ok = terminalWidth(a.Stderr)
	return ok
}

// readLine reads an answer; Ctrl-C ends the waiting.
func readLine(ctx context.Context, r io.Reader) (string, error) {
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := bufio.NewReader(r).ReadString('\n')
		got <- answer{strings.TrimSpace(text), err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-got:
		if errors.Is(a.err, io.EOF) {
			a.err = nil
		}
		return a.text, a.err
	}
}
