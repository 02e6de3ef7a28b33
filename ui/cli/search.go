package cli

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/catalog/nixpkgs"
	"github.com/isowright/isowright/builder/design"
)

// searchFlags are those of the command search.
type searchFlags struct {
	distribution, release string
	components            []string
	options, refresh      bool
	limit                 int
	builder               builderFlags
}

// found is what search prints.
type found struct {
	Query        string `json:"query"`
	Distribution string `json:"distribution"`
	// Channel, Revision and Release are of NixOS, State of Debian.
	Channel  string `json:"channel,omitempty"`
	Revision string `json:"revision,omitempty"`
	Release  string `json:"release,omitempty"`
	State    string `json:"state,omitempty"`
	// Date is when the list was fetched (NixOS) or published (Debian).
	Date time.Time `json:"date,omitzero"`
	// BuiltIn: the small list inside the program was searched.
	BuiltIn bool     `json:"builtIn,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Results []hit    `json:"results"`
	// Near are names that may be meant where nothing was found.
	Near []string `json:"near,omitempty"`
}

// The kinds of a hit.
const (
	kindPackage = "package"
	kindDriver  = "driver"
	kindOption  = "option"
)

// hit is one thing that was found.
type hit struct {
	Kind string `json:"kind"`
	// Name is what a design says: the attribute of a NixOS package.
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`
	Summary  string   `json:"summary,omitempty"`
	Group    string   `json:"group,omitempty"`
	Command  string   `json:"command,omitempty"`
	Homepage string   `json:"homepage,omitempty"`
	Licenses []string `json:"licenses,omitempty"`
	// The flags are those of nixpkgs.Package.
	Unfree      bool     `json:"unfree,omitempty"`
	Insecure    bool     `json:"insecure,omitempty"`
	Broken      bool     `json:"broken,omitempty"`
	Unavailable bool     `json:"unavailable,omitempty"`
	Reasons     []string `json:"reasons,omitempty"`
	// Download and Installed are bytes, of Debian packages.
	Download  int64 `json:"download,omitempty"`
	Installed int64 `json:"installed,omitempty"`
	// Option is set for options of NixOS.
	Option *nixpkgs.Option `json:"option,omitempty"`
}

func (a *app) searchCommand() *cobra.Command {
	var f searchFlags
	c := &cobra.Command{
		Use:   "search TEXT...",
		Short: "Find packages, drivers and options by name, command or summary",
		Long: "Search looks for packages whose name, command or summary has all the words, or\n" +
			"the beginnings or parts of words, the likeliest first, and for drivers of the\n" +
			"catalogue. For NixOS it looks into the list of a channel, which is fetched once\n" +
			"and kept; packages that need a consent are marked unfree or insecure. With\n" +
			"--options it looks for options of NixOS instead. For Debian it looks into the\n" +
			"lists of the archive that are on this computer, or fetches them.",
		Example: "  isowright search ripgrep\n  isowright search web browser --limit 5\n" +
			"  isowright search openssh --options --release 26.05\n  isowright search htop --distribution debian --json",
		Args:              searchWords,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return a.search(c.Context(), strings.Join(args, " "), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.distribution, "distribution", "nixos", "`NAME`: nixos or debian")
	flags.StringVar(&f.release, "release", "", "`RELEASE` (26.05, unstable, trixie) or channel (nixos-26.05-small)")
	flags.StringArrayVar(&f.components, "component", nil, "a further `COMPONENT` of Debian's archive (contrib, non-free, non-free-firmware)")
	flags.BoolVar(&f.options, "options", false, "look for options of NixOS")
	flags.BoolVar(&f.refresh, "refresh", false, "ask whether there is a newer list")
	flags.IntVar(&f.limit, "limit", 20, "show at most `N`")
	flags.BoolVar(&f.builder.offline, "offline", false, "use only what is in the cache")
	flags.StringVar(&f.builder.mirror, "mirror", "", "`URL` of the channels or of the package archive")
	flags.StringVar(&f.builder.securityMirror, "security-mirror", "", "`URL` of Debian's security archive")
	flags.StringVar(&f.builder.cache, "cache", "", "`FOLDER` for the lists (default $XDG_CACHE_HOME/isowright)")
	c.MarkFlagDirname("cache")
	c.RegisterFlagCompletionFunc("distribution", cobra.FixedCompletions([]string{"nixos", "debian"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// searchWords wants something to look for.
func searchWords(c *cobra.Command, args []string) error {
	if strings.TrimSpace(strings.Join(args, "")) == "" {
		return &usageError{text: "search: TEXT is missing", hint: "Usage: " + c.UseLine()}
	}
	return nil
}

func (a *app) search(ctx context.Context, query string, f searchFlags) error {
	if f.limit < 1 {
		return &usageError{text: "--limit must be 1 or more", hint: "Leave it out for 20 results."}
	}
	var result found
	var err error
	switch f.distribution {
	case "nixos":
		if len(f.components) > 0 {
			return &usageError{text: "--component is for Debian", hint: "Add --distribution debian, or leave it out."}
		}
		result, err = a.searchNixOS(ctx, query, f)
	case "debian":
		if f.options {
			return &usageError{text: "--options is for NixOS", hint: "Leave it out, or take --distribution nixos."}
		}
		result, err = a.searchDebian(ctx, query, f)
	default:
		return &usageError{text: "there is no distribution " + quote(f.distribution), hint: "--distribution takes nixos or debian."}
	}
	if err != nil {
		return err
	}
	if a.json {
		if result.Results == nil {
			result.Results = []hit{}
		}
		return a.printJSON(result)
	}
	return a.printFound(result)
}

// searchNixOS looks into a channel's catalogue.
func (a *app) searchNixOS(ctx context.Context, query string, f searchFlags) (found, error) {
	channel := nixChannel(f.release)
	cat, notes, err := a.catalogue(ctx, channel, f)
	if err != nil {
		return found{}, catalogueError(err)
	}
	defer cat.Close()
	info := cat.Info()
	r := found{
		Query: query, Distribution: "nixos", Channel: channel, Revision: info.Revision, Release: info.Release,
		Date: info.Fetched, BuiltIn: info.BuiltIn, Notes: notes,
	}
	if !info.BuiltIn {
		r.Notes = append(r.Notes, a.oldNote(info.Checked)...)
	}
	if f.options {
		for _, o := range cat.SearchOptions(query, f.limit) {
			r.Results = append(r.Results, hit{Kind: kindOption, Name: o.Name, Summary: firstSentence(o.Description), Option: &o})
		}
		if len(r.Results) == 0 {
			r.Near = cat.NearOptions(query)
		}
		return r, nil
	}
	if r.Results, err = driverHits(query, f.limit); err != nil {
		return r, err
	}
	for _, p := range cat.Search(query, f.limit-len(r.Results)) {
		r.Results = append(r.Results, packageHit(cat, p))
	}
	if len(r.Results) == 0 {
		r.Near = cat.Near(query)
	}
	return r, nil
}

// oldNote says that a list may be out of date.
func (a *app) oldNote(since time.Time) []string {
	old := a.Now.Sub(since)
	if old <= 14*24*time.Hour {
		return nil
	}
	return []string{"The list is " + count(int(old.Hours()/24), "day") + " old; --refresh asks for a newer one."}
}

// nixChannel is the channel of a release; channels are taken as they are.
func nixChannel(release string) string {
	if release == "" {
		return design.WithDefaults(design.Design{Distribution: "nixos"}).NixOS.Channel
	}
	if strings.HasPrefix(release, "nixos-") || strings.HasPrefix(release, "nixpkgs-") {
		return release
	}
	return "nixos-" + release
}

// catalogue opens the channel's catalogue or fetches it, with progress.
func (a *app) catalogue(ctx context.Context, channel string, f searchFlags) (*nixpkgs.Catalogue, []string, error) {
	cache := f.builder.cache
	if cache == "" {
		var err error
		if cache, err = a.cacheDir(); err != nil {
			return nil, nil, err
		}
	}
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, nil, err
	}
	show := a.startProgress()
	defer show.stop()
	c := nixpkgs.Config{Dir: nixpkgs.Dir(cache), Base: f.builder.mirror, Now: a.Now, Progress: show.report}
	cat, notes, err := nixpkgs.Load(ctx, c, channel, nixpkgs.Want{Offline: f.builder.offline, Newest: f.refresh})
	if err == nil && !cat.Info().BuiltIn {
		show.done()
	}
	return cat, notes, err
}

// catalogueError tells what to do about an error of a catalogue.
func catalogueError(err error) error {
	var e *nixpkgs.Error
	switch {
	case errors.Is(err, nixpkgs.ErrChannel):
		return &usageError{text: err.Error(), hint: "--release takes 26.05, unstable or a channel's name such as nixos-26.05-small."}
	case errors.As(err, &e) && e.Hint != "":
		return &hintedError{err, e.Hint}
	}
	return err
}

// packageHit is a package of a catalogue.
func packageHit(cat *nixpkgs.Catalogue, p nixpkgs.Package) hit {
	h := hit{
		Kind: kindPackage, Name: p.Attr, Version: p.Version, Summary: p.Summary, Group: p.Group, Command: p.Command,
		Homepage: p.Homepage, Unfree: p.Unfree, Insecure: p.Insecure, Broken: p.Broken, Unavailable: p.Unavailable,
		Reasons: cat.Check([]string{p.Attr})[0].Reasons,
	}
	for _, l := range p.Licenses {
		h.Licenses = append(h.Licenses, l.ID)
	}
	return h
}

// marks are a hit's flags in words.
func (h hit) marks() []string {
	words := []string{"unfree", "insecure", "broken", "not for x86_64-linux"}
	flags := []bool{h.Unfree, h.Insecure, h.Broken, h.Unavailable}
	var out []string
	for i, word := range words {
		if flags[i] {
			out = append(out, word)
		}
	}
	if h.Kind == kindDriver {
		out = slices.Insert(out, 0, kindDriver)
	}
	return out
}
