package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/diff"
	"github.com/isowright/isowright/builder/store"
)

// historyFlags are those of the command history.
type historyFlags struct {
	log     bool
	compare string
	limit   int
}

func (a *app) historyCommand() *cobra.Command {
	var f historyFlags
	c := &cobra.Command{
		Use:   "history [ID]",
		Short: "List earlier builds, show one, or compare two",
		Long: "History lists the builds of this user, the newest first, also those that failed\n" +
			"or were cancelled. With an ID it shows one of them, with --log its log, and with\n" +
			"--compare what changed from another build to it: settings, packages, sizes. The\n" +
			"last 200 builds are kept.",
		Example: "  isowright history\n  isowright history 12 --log\n  isowright history 12 --compare 11",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return arguments(0, "ID")(c, args)
		},
		ValidArgsFunction: a.completeBuilds,
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case f.limit < 0:
				return &usageError{text: "--limit must not be negative"}
			case f.log && f.compare != "":
				return &usageError{text: "--log and --compare exclude each other"}
			case len(args) == 0 && (f.log || f.compare != ""):
				return &usageError{text: "history: ID is missing", hint: "`isowright history` lists the builds with their ID."}
			case len(args) == 0:
				return a.history(f.limit)
			case f.compare != "":
				return a.compareBuilds(f.compare, args[0])
			}
			return a.showBuild(args[0], f.log)
		},
	}
	c.Flags().BoolVar(&f.log, "log", false, "print the build's log")
	c.Flags().StringVar(&f.compare, "compare", "", "tell what changed from the build `OTHER` to this one")
	c.Flags().IntVar(&f.limit, "limit", 0, "list at most `N` builds")
	c.RegisterFlagCompletionFunc("compare", func(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return a.completeBuilds(c, nil, word)
	})
	return c
}

// completeBuilds offers the builds by their ID.
func (a *app) completeBuilds(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var words []string
	if l, err := a.library(); err == nil && len(args) == 0 {
		all, _ := l.Builds(20) // there is nobody to tell of an error
		for _, r := range all {
			words = append(words, fmt.Sprintf("%d\t%s, %s", r.ID, plain(r.Name), date(r.Started)))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}

// remember keeps a build in the history. That it cannot be kept does not undo
// the build: it is only told.
func (a *app) remember(r store.BuildRecord) {
	l, err := a.library()
	if err == nil {
		_, err = l.AddBuild(r)
	}
	a.warn(err)
}

func (a *app) history(limit int) error {
	l, err := a.library()
	if err != nil {
		return err
	}
	all, err := l.Builds(limit)
	if err := a.salvaged(err); err != nil {
		return err
	}
	if a.json {
		if all == nil {
			all = []store.BuildRecord{}
		}
		return a.printJSON(map[string]any{"builds": all})
	}
	if len(all) == 0 {
		fmt.Fprintln(a.Stdout, "Nothing was built yet.")
		return nil
	}
	t := table(a.Stdout)
	for _, r := range all {
		what := ""
		if r.Result == store.Done {
			what = size(r.Size)
		}
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", r.ID, date(r.Started), r.Result, duration(r.Ended.Sub(r.Started)), what, plain(r.Name))
	}
	return t.Flush()
}

// readBuild finds a build by what a person calls it.
func (a *app) readBuild(word string) (store.BuildRecord, error) {
	id, err := strconv.ParseUint(word, 10, 64)
	if err != nil {
		return store.BuildRecord{}, &usageError{
			text: quote(word) + " is not the ID of a build", hint: "`isowright history` lists the builds with their ID.",
		}
	}
	l, err := a.library()
	if err != nil {
		return store.BuildRecord{}, err
	}
	r, err := l.Build(id)
	if errors.Is(err, store.ErrNotFound) {
		return r, &hintedError{fmt.Errorf("there is no build %d in the history", id), "`isowright history` lists those that are kept."}
	}
	return r, a.salvaged(err)
}

// buildJSON is a build with all that is kept of it.
type buildJSON struct {
	store.BuildRecord
	Log         string         `json:"log,omitempty"`
	DesignText  string         `json:"design_text"`
	PackageList []builtPackage `json:"package_list"`
}

// builtPackage is what the history knows of a package; Installed are bytes.
type builtPackage struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	Installed int64  `json:"installed"`
}

func (a *app) showBuild(word string, log bool) error {
	r, err := a.readBuild(word)
	if err != nil {
		return err
	}
	switch {
	case a.json:
		b := buildJSON{BuildRecord: r, DesignText: string(r.DesignText), PackageList: []builtPackage{}}
		for _, p := range catalog.ParseList(r.PackageList) {
			b.PackageList = append(b.PackageList, builtPackage{p.Name, p.Version, p.Installed})
		}
		if log {
			b.Log = string(r.Log)
		}
		return a.printJSON(b)
	case log && len(r.Log) == 0:
		a.warn(fmt.Errorf("build %d has no log", r.ID))
		return nil
	case log:
		for line := range strings.Lines(string(r.Log)) {
			if _, err := fmt.Fprintln(a.Stdout, plain(strings.TrimSuffix(line, "\n"))); err != nil {
				return err
			}
		}
		return nil
	}
	return printBuild(a.Stdout, r)
}

// printBuild is a build for people.
func printBuild(out io.Writer, r store.BuildRecord) error {
	w := table(out)
	row := func(head, text string) {
		if text != "" {
			fmt.Fprintf(w, "%s\t%s\n", head, text)
		}
	}
	row("Build", fmt.Sprint(r.ID))
	row("Name", plain(r.Name))
	row("Design", plain(r.Design))
	row("Started", date(r.Started))
	row("Result", fmt.Sprintf("%s after %s", r.Result, duration(r.Ended.Sub(r.Started))))
	row("Error", plain(r.Error))
	row("What to do", plain(r.Hint))
	if r.Result == store.Done {
		row("Image", plain(r.Image))
		row("Size", fmt.Sprintf("%s (%s bytes)", size(r.Size), group(r.Size)))
		row("SHA-256", plain(r.SHA256))
	}
	row("Packages", group(int64(r.Packages)))
	row("Plan", plain(r.PlanID))
	head := "Time"
	for _, phase := range r.Phases {
		fmt.Fprintf(w, "%s\t%s  %s\n", head, plain(phase.Step), duration(time.Duration(phase.Seconds*float64(time.Second))))
		head = ""
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nNext:\n  isowright history %d --log\n", r.ID)
	return err
}

func (a *app) compareBuilds(old, new string) error {
	x, err := a.readBuild(old)
	if err != nil {
		return err
	}
	y, err := a.readBuild(new)
	if err != nil {
		return err
	}
	result, err := diff.Builds(x, y)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(result)
	}
	return printDiff(a.Stdout, result, true)
}

// absolute is a file's path from the root on, as far as that can be told.
func absolute(file string) string {
	if path, err := filepath.Abs(file); err == nil {
		return path
	}
	return file
}
