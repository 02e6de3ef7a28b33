package cli

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/store"
)

// library is what was done on this computer, in the user's data folder (XDG
// Base Directory Specification).
func (a *app) library() (*store.Library, error) {
	dir := a.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(dir) {
		home := a.Getenv("HOME")
		if home == "" {
			return nil, &usageError{
				text: "there is no place for the journal and the history: neither XDG_DATA_HOME nor HOME is set",
				hint: "Set one of them.",
			}
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return store.NewLibrary(filepath.Join(dir, "isowright", "library.db")), nil
}

// journal notes what was done to a drive. That it cannot be noted does not undo
// what was done: it is only told.
func (a *app) journal(f store.Flash) {
	l, err := a.library()
	if err == nil {
		err = l.AddFlash(f)
	}
	a.warn(err)
}

// warn tells of what does not stand in the way.
func (a *app) warn(err error) {
	if err != nil && !a.quiet && !a.json {
		fmt.Fprintf(a.Stderr, "isowright: %v\n", err)
	}
}

// salvaged takes a damaged library, which has been replaced, for a warning.
func (a *app) salvaged(err error) error {
	if errors.Is(err, store.ErrSetAside) {
		a.warn(err)
		return nil
	}
	return err
}

func (a *app) flashesCommand() *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "flashes",
		Short: "List what was written to which drive",
		Long: "Flashes lists the journal of this user: images that were flashed and verified,\n" +
			"drives that were restored, saved or tested, the newest first.",
		Example:           "  isowright flashes\n  isowright flashes --limit 1 --json",
		Args:              arguments(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			if limit < 0 {
				return &usageError{text: "--limit must not be negative"}
			}
			return a.flashes(limit)
		},
	}
	c.Flags().IntVar(&limit, "limit", 0, "at most `N` lines")
	return c
}

func (a *app) flashes(limit int) error {
	l, err := a.library()
	if err != nil {
		return err
	}
	all, err := l.Flashes(limit)
	if err := a.salvaged(err); err != nil {
		return err
	}
	if a.json {
		if all == nil {
			all = []store.Flash{}
		}
		return a.printJSON(map[string]any{"flashes": all})
	}
	if len(all) == 0 {
		fmt.Fprintln(a.Stdout, "Nothing was flashed yet.")
		return nil
	}
	t := table(a.Stdout)
	for _, f := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", date(f.Started), f.Action, f.Result, driveWords(f), plain(filepath.Base(f.Image)))
	}
	return t.Flush()
}

func driveWords(f store.Flash) string {
	name := f.Model
	if f.Serial != "" {
		name += " " + f.Serial
	}
	return plain(fmt.Sprintf("%s (%s)", f.Device, name))
}
