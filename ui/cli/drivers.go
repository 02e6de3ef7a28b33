package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
)

// driverFlags are those of the command drivers.
type driverFlags struct {
	distribution, release string
	here, all             bool
}

func (a *app) driversCommand() *cobra.Command {
	var f driverFlags
	c := &cobra.Command{
		Use:   "drivers [TEXT...]",
		Short: "List drivers by hardware, and find those of this computer",
		Long: "Drivers lists the drivers of a distribution by the hardware that people know;\n" +
			"with TEXT those that fit it. With --here it looks at the devices of this computer\n" +
			"and says which drivers an image for it wants, and why.\n\n" +
			"For NixOS a name goes into drivers of the design; for Debian it is a package, and\n" +
			"its component goes into components under [archive].",
		Example: "  isowright drivers macbook wi-fi\n  isowright drivers --here\n" +
			"  isowright drivers --here --distribution debian --json",
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(_ *cobra.Command, args []string) error { return a.drivers(strings.Join(args, " "), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.distribution, "distribution", "nixos", "`NAME`: nixos or debian")
	flags.StringVar(&f.release, "release", "", "`RELEASE` (26.05, unstable, trixie)")
	flags.BoolVar(&f.here, "here", false, "what this computer wants")
	flags.BoolVar(&f.all, "all", false, "with --here: also devices that want nothing")
	c.RegisterFlagCompletionFunc("distribution", cobra.FixedCompletions([]string{"nixos", "debian"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (a *app) drivers(query string, f driverFlags) error {
	d := design.WithDefaults(design.Design{Name: "drivers", Distribution: f.distribution, Base: "minimal", Release: f.release})
	for _, p := range design.Validate(d) {
		if p.Field == "release" || p.Field == "distribution" {
			return &usageError{text: p.Text, hint: p.Hint}
		}
	}
	t := hardware.TargetOf(d)
	if !f.here {
		if f.all {
			return &usageError{text: "--all goes with --here", hint: "Without --here all drivers are listed."}
		}
		labels, err := hardware.Find(hardware.Labels(t), query)
		if err != nil {
			return err
		}
		return a.printLabels(labels, query, t)
	}
	if query != "" {
		return &usageError{text: "--here takes no text", hint: "Leave " + quote(query) + " out, or --here."}
	}
	root := a.Root
	if root == nil {
		root = os.DirFS("/")
	}
	return a.driversHere(root, t, f.all)
}

// driversHere looks at the computer below root.
func (a *app) driversHere(root fs.FS, t hardware.Target, all bool) error {
	m, err := hardware.Read(root)
	if errors.Is(err, hardware.ErrNothing) {
		return &hintedError{fmt.Errorf("look for the devices of this computer: %w", err),
			"Run it on the computer itself, under Linux and not in a container."}
	}
	if err != nil {
		return err
	}
	found := hardware.Look(m, t, hardware.ReadNames(root, m))
	if a.json {
		return a.printJSON(map[string]any{"distribution": t.Distribution, "release": t.Release, "devices": found})
	}
	return a.printHere(found, t, all)
}

// printHere is what a computer wants, for people.
func (a *app) printHere(found []hardware.Found, t hardware.Target, all bool) error {
	var out strings.Builder
	quiet := 0
	for _, f := range found {
		if len(f.Wants)+len(f.Notes) == 0 && !all {
			quiet++
			continue
		}
		fmt.Fprintf(&out, "%s\n", plain(foundLine(f)))
		for _, s := range f.Wants {
			fmt.Fprintf(&out, "  %-8s  %s: %s\n", needWords[s.Need], plain(s.Driver), plain(s.Why))
			for _, fact := range labelFacts(s.Label) {
				fmt.Fprintf(&out, "            %s\n", plain(fact))
			}
		}
		for _, n := range f.Notes {
			fmt.Fprintf(&out, "  note      %s\n", plain(n))
		}
	}
	switch {
	case quiet == len(found):
		fmt.Fprintf(&out, "Nothing in this computer needs a driver besides those of %s.\n", systemName(t))
	case quiet > 0:
		fmt.Fprintf(&out, "\nNothing more is needed for %s (--all lists them).\n", count(quiet, "further device"))
	}
	_, err := io.WriteString(a.Stdout, out.String())
	return err
}

// needWords are a suggestion's need, short.
var needWords = map[string]string{hardware.Required: "needs", hardware.Better: "better", hardware.Instead: "or"}

// foundLine names a device and its state.
func foundLine(f hardware.Found) string {
	s := f.Device
	if f.Count > 1 {
		s = fmt.Sprintf("%d × %s", f.Count, s)
	}
	if f.ID == "" {
		return s
	}
	switch {
	case f.Works:
		return s + " (" + f.ID + ", driver " + f.Driver + ")"
	case f.Driver != "":
		return s + " (" + f.ID + ", " + f.Driver + " does not make it work)"
	}
	return s + " (" + f.ID + ", no driver now)"
}

// systemName is what people call a target.
func systemName(t hardware.Target) string {
	return map[string]string{"nixos": "NixOS", "debian": "Debian"}[t.Distribution] + " " + t.Release
}

// labelFacts are what a driver takes.
func labelFacts(l hardware.Label) []string {
	var facts []string
	if len(l.Unfree) > 0 {
		facts = append(facts, "not free: unfree = ["+quoted(l.Unfree)+"] under [nixos]")
	}
	if len(l.Insecure) > 0 {
		facts = append(facts, "known weaknesses: insecure = ["+quoted(l.Insecure)+"] under [nixos]")
	}
	if l.Component != "" && l.Component != "main" {
		facts = append(facts, "from "+l.Component+", "+size(l.Installed)+" installed")
	}
	if l.Cost != "" {
		facts = append(facts, l.Cost)
	}
	return append(facts, l.Warnings...)
}

// quoted is a list for a design.
func quoted(words []string) string {
	var all []string
	for _, w := range words {
		all = append(all, quote(w))
	}
	return strings.Join(all, ", ")
}

// printLabels is the list of drivers by hardware.
func (a *app) printLabels(labels []hardware.Label, query string, t hardware.Target) error {
	if a.json {
		if labels == nil {
			labels = []hardware.Label{}
		}
		return a.printJSON(map[string]any{"distribution": t.Distribution, "release": t.Release, "drivers": labels})
	}
	if len(labels) == 0 {
		_, err := fmt.Fprintf(a.Stdout, "No driver for %s fits %s.\n", systemName(t), quote(query))
		return err
	}
	var lines strings.Builder
	w := table(&lines)
	group := ""
	for _, l := range labels {
		if query == "" && l.Group != group {
			if group != "" {
				fmt.Fprintln(w)
			}
			fmt.Fprintln(w, l.Group)
			group = l.Group
		}
		mark := ""
		switch {
		case len(l.Insecure) > 0:
			mark = "unfree, insecure"
		case len(l.Unfree) > 0:
			mark = "unfree"
		case l.Included:
			mark = "in most bases"
		case l.Component != "" && l.Component != "main":
			mark = l.Component
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\n", plain(l.Driver), plain(l.Title), mark)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(lines.String()) {
		if _, err := fmt.Fprintln(a.Stdout, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
