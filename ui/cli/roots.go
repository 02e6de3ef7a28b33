package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/nixos"
	"github.com/isowright/isowright/builder/nixos/nix"
)

// rootsFlags are those of the command roots.
type rootsFlags struct {
	delete  []string
	all     bool
	builder builderFlags
}

// keptRoot is one line of roots.
type keptRoot struct {
	Name string    `json:"name"`
	Made time.Time `json:"made"`
	// Size of the result and all it needs, in bytes.
	Size int64  `json:"size"`
	Path string `json:"path"`
	Link string `json:"link"`
	Gone bool   `json:"gone,omitempty"`
}

func (a *app) rootsCommand() *cobra.Command {
	var f rootsFlags
	c := &cobra.Command{
		Use:   "roots",
		Short: "List or give up the results that NixOS builds keep in the Nix store",
		Long: "Every NixOS build keeps its result in the Nix store, so that the next build of\n" +
			"the design is quick. Roots lists these results with the size of all that they\n" +
			"need, which they may share. With --delete or --all they are given up; Nix frees\n" +
			"the space when its garbage is collected (nix store gc).",
		Example:           "  isowright roots\n  isowright roots --delete rescue-0123456789abcdef\n  isowright roots --all",
		Args:              arguments(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return a.roots(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringArrayVar(&f.delete, "delete", nil, "give up the result with this `NAME`; may be given again")
	flags.BoolVar(&f.all, "all", false, "give up all results")
	flags.StringVar(&f.builder.cache, "cache", "", "`FOLDER` of the cache (default $XDG_CACHE_HOME/isowright)")
	flags.StringVar(&f.builder.nix.command, "nix", "", "`PATH` of the nix command")
	flags.StringVar(&f.builder.nix.container, "container", "", "run Nix in a container: `ENGINE` podman, docker, auto or never")
	c.MarkFlagDirname("cache")
	c.RegisterFlagCompletionFunc("delete", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return a.keptNames(f.builder), cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

// keptNames are the names that --delete may take, without asking Nix.
func (a *app) keptNames(f builderFlags) []string {
	o, err := a.options(f, nil)
	if err != nil {
		return nil
	}
	entries, err := os.ReadDir(nixos.RootsDir(o.CacheDir))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.Type() == fs.ModeSymlink {
			names = append(names, e.Name())
		}
	}
	return names
}

func (a *app) roots(ctx context.Context, f rootsFlags) error {
	if f.all && len(f.delete) > 0 {
		return &usageError{text: "--all and --delete are not for one run", hint: "Take one of them."}
	}
	show := a.startProgress()
	defer show.stop()
	o, err := a.options(f.builder, show.report)
	if err != nil {
		return err
	}
	giveUp := f.all || len(f.delete) > 0
	var roots []nix.Root
	if giveUp {
		roots, err = a.Actions.FreeRoots(ctx, o, f.delete, f.all)
	} else {
		roots, err = a.Actions.Roots(ctx, o)
	}
	show.stop()
	if err != nil {
		return rootsError(err)
	}
	list := make([]keptRoot, len(roots))
	for i, r := range roots {
		list[i] = keptRoot{filepath.Base(r.Link), r.Made.UTC(), r.ClosureSize, r.Path, r.Link, r.Gone}
	}
	if a.json {
		return a.printJSON(map[string]any{map[bool]string{true: "deleted", false: "roots"}[giveUp]: list})
	}
	return a.printRoots(list, giveUp)
}

// printRoots is the list for people.
func (a *app) printRoots(list []keptRoot, gaveUp bool) error {
	if len(list) == 0 {
		fmt.Fprintln(a.Stdout, "No result of a NixOS build is kept.")
		return nil
	}
	w := table(a.Stdout)
	for _, r := range list {
		kept := size(r.Size)
		if r.Gone {
			kept = "gone"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", plain(r.Name), date(r.Made), kept, plain(r.Path))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if gaveUp {
		fmt.Fprintf(a.Stdout, "\nGiven up: %s. To free their space run: nix store gc\n", count(len(list), "result"))
	}
	return nil
}

// rootsError tells which names there are.
func rootsError(err error) error {
	if unknown, ok := errors.AsType[*nixos.UnknownRootError](err); ok {
		hint := "None is kept."
		if len(unknown.Names) > 0 {
			hint = "Kept are: " + strings.Join(unknown.Names, ", ")
		}
		return &hintedError{unknown, hint}
	}
	return err
}
