// Package cli is the command line: it reads arguments, calls the builder and
// prints what comes back, as text for people or as JSON for programs.
//
// It holds no knowledge of images of its own and no state between runs; it
// neither exits the process nor reads the environment except through Env.
package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/ui/flashing"
)

// Env is what a run sees of the world.
type Env struct {
	// Args are the arguments without the program's name.
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Getenv reads an environment variable, "" where it is not set.
	Getenv func(string) string
	// Now is the time of the run; Date, unless zero, every date in an image
	// (SOURCE_DATE_EPOCH).
	Now, Date time.Time
	Actions   Actions
	// Window opens the window with files, at a page unless that is "", and
	// returns when it is closed; nil: this program has none.
	Window func(ctx context.Context, page string, files []string) error
	// Root is the computer's root folder, for looking at its devices; nil is /.
	Root fs.FS
}

// Actions are the builder's functions, as package builder documents them.
type Actions struct {
	Plan   func(context.Context, design.Design, builder.Options) (plan.Plan, error)
	Build  func(context.Context, plan.Plan, builder.Options) (builder.Image, error)
	Export func(ctx context.Context, d design.Design, dir string, o builder.Options) error
	// Catalogue gives what a design's distribution offers.
	Catalogue func(context.Context, design.Design, builder.Options, builder.Want) (*offer.Catalogue, []string, error)
	// Roots lists kept results of NixOS builds, FreeRoots gives some up.
	Roots     func(context.Context, builder.Options) ([]nix.Root, error)
	FreeRoots func(ctx context.Context, o builder.Options, names []string, all bool) ([]nix.Root, error)
}

// app is one run.
type app struct {
	Env
	json, quiet bool
	// page is the window's first.
	page string
	// ready is set once the arguments have been understood: errors before
	// that are about the usage.
	ready bool
}

// Run carries out one command and returns the exit code.
func Run(ctx context.Context, env Env) int {
	if len(env.Args) > 0 && env.Args[0] == flashing.OpenDevice {
		return opener.Child(env.Args[1:], env.Stderr)
	}
	a := &app{Env: env}
	root := a.root()
	root.SetArgs(env.Args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return codeDone
	}
	if !a.ready && !isFailure(err) {
		err = &usageError{text: err.Error()}
	}
	return a.fail(ctx, err)
}

// isFailure tells errors that carry their own exit code from cobra's.
func isFailure(err error) bool {
	var usage *usageError
	return errors.As(err, &usage)
}

// root is the command tree.
func (a *app) root() *cobra.Command {
	window := "Without a command it opens the window. The commands below do all that it does."
	if a.Window == nil {
		window = "This build of the program has no window; the commands below do everything."
	}
	root := &cobra.Command{
		Use:   "isowright [FILE]",
		Short: "Design, build, try and flash bootable Linux images",
		Long: "Isowright designs, builds, tries and flashes bootable Linux images: a design file\n" +
			"becomes a hybrid ISO that boots from CD and USB, under BIOS and UEFI.\n\n" +
			window,
		Example: "  isowright new rescue.isowright --template rescue\n" +
			"  isowright build rescue.isowright -o rescue.iso\n" +
			"  isowright try rescue.iso\n" +
			"  isowright flash rescue.iso /dev/sdb",
		Version:          version(),
		Args:             a.windowArguments,
		RunE:             a.window,
		PersistentPreRun: func(*cobra.Command, []string) { a.ready = true },
		SilenceErrors:    true,

		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		ValidArgsFunction:          cobra.NoFileCompletions,
	}
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print JSON; progress becomes JSON events on standard error")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "show no progress")
	root.Flags().StringVar(&a.page, "page", "", "`PAGE` that the window opens with: "+strings.Join(firstPages(), " or "))
	root.RegisterFlagCompletionFunc("page", cobra.FixedCompletions(firstPages(), cobra.ShellCompDirectiveNoFileComp))
	root.AddCommand(a.newCommand(), a.checkCommand(), a.planCommand(), a.previewCommand(), a.searchCommand(), a.driversCommand(), a.buildCommand(),
		a.exportCommand(), a.inspectCommand(), a.diffCommand(), a.tryCommand(), a.rootsCommand(), a.manCommand(),
		a.devicesCommand(), a.flashCommand(), a.verifyCommand(), a.restoreCommand(), a.saveCommand(),
		a.capacityCommand(), a.flashesCommand(), a.historyCommand())
	root.InitDefaultCompletionCmd()
	return root
}

// arguments refuses another number of arguments than the names in the usage
// line say; more of them may be left out, in their order from the end.
func arguments(optional int, names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names)-optional:
			return &usageError{
				text: c.Name() + ": " + names[len(args)] + " is missing",
				hint: "Usage: " + c.UseLine(),
			}
		case len(args) > len(names):
			return &usageError{
				text: c.Name() + ": unexpected argument " + quote(args[len(names)]),
				hint: "Usage: " + c.UseLine(),
			}
		}
		return nil
	}
}

// builderFlags are the surroundings of planning and building.
type builderFlags struct {
	offline                       bool
	mirror, securityMirror, cache string
	nix                           nixFlags
}

func (f *builderFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&f.offline, "offline", false, "use only what is in the cache")
	c.Flags().StringVar(&f.mirror, "mirror", "", "`URL` of the package archive, where the design names none")
	c.Flags().StringVar(&f.securityMirror, "security-mirror", "", "`URL` of the security archive, where the design names none")
	c.Flags().StringVar(&f.cache, "cache", "", "`FOLDER` for package files (default $XDG_CACHE_HOME/isowright)")
	c.Flags().StringVar(&f.nix.command, "nix", "", "`PATH` of the nix command, for NixOS designs")
	c.Flags().StringVar(&f.nix.nixpkgs, "nixpkgs", "", "flake `REF` of the nixpkgs to use instead of the design's")
	c.Flags().StringArrayVar(&f.nix.builders, "builder", nil, "`MACHINE` that builds for Nix, as in nix.conf; may be given again")
	c.Flags().StringVar(&f.nix.store, "store", "", "`URL` of a Nix store to build in (ssh-ng://user@host)")
	c.Flags().StringVar(&f.nix.container, "container", "", "where Nix runs: `PLACE` builtin, podman, docker, auto or never")
	c.MarkFlagDirname("cache")
	c.RegisterFlagCompletionFunc("container", cobra.FixedCompletions([]string{"auto", "builtin", "podman", "docker", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

// options are the builder's, without what one command alone decides.
func (a *app) options(f builderFlags, sink progress.Sink) (builder.Options, error) {
	cache := f.cache
	if cache == "" {
		var err error
		if cache, err = a.cacheDir(); err != nil {
			return builder.Options{}, err
		}
	}
	cache, err := filepath.Abs(cache)
	if err != nil {
		return builder.Options{}, err
	}
	s, err := a.settings()
	if err != nil {
		return builder.Options{}, err
	}
	o := builder.Options{
		CacheDir: cache,
		Offline:  f.offline,
		Now:      a.Now, Date: a.Date,
		Log:      slog.New(slog.DiscardHandler),
		Progress: sink,
	}
	err = apply(&o, s, f)
	return o, err
}

// cacheDir follows the XDG Base Directory Specification.
func (a *app) cacheDir() (string, error) {
	if dir := a.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "isowright"), nil
	}
	if home := a.Getenv("HOME"); home != "" {
		return filepath.Join(home, ".cache", "isowright"), nil
	}
	return "", &usageError{
		text: "there is no place for the cache: neither XDG_CACHE_HOME nor HOME is set",
		hint: "Name a folder with --cache.",
	}
}
