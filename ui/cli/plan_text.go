package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
)

// printPlan is a plan for people; with all it lists every package.
func printPlan(out io.Writer, p plan.Plan, all bool) error {
	w := table(out)
	planHead(w, p)
	planSystem(w, p.Design)
	planSizes(w, p)
	if err := w.Flush(); err != nil {
		return err
	}
	for _, section := range []func(io.Writer) error{
		func(out io.Writer) error { return planPackages(out, p.Packages, all) },
		func(out io.Writer) error { return planMenu(out, p.Menu) },
		func(out io.Writer) error { return planReplaced(out, p.Nix) },
		func(out io.Writer) error { return planOffline(out, p.Nix) },
		func(out io.Writer) error { return planFiles(out, p.Files) },
		func(out io.Writer) error { return planWarnings(out, p.Warnings) },
	} {
		if err := section(out); err != nil {
			return err
		}
	}
	return nil
}

// row writes one line of a two-column table, nothing where there is no value.
func row(w io.Writer, head string, values ...string) {
	values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
	if len(values) > 0 {
		fmt.Fprintf(w, "%s\t%s\n", head, strings.Join(values, ", "))
	}
}

func planHead(w io.Writer, p plan.Plan) {
	d := p.Design
	row(w, "Design", plain(d.Name))
	row(w, "Plan", p.ID)
	row(w, "System", strings.TrimSpace(d.Distribution+" "+d.Release), d.Base, d.Desktop, d.Architecture)
	if p.Nix != nil {
		planNixpkgs(w, p)
	} else {
		row(w, "Archive", "of "+date(p.State.Date), strings.Join(p.State.Sources, " + "))
		row(w, "State", p.State.ID)
	}
	row(w, "Image", plain(p.Output), "volume "+p.VolumeID)
}

func planNixpkgs(w io.Writer, p plan.Plan) {
	row(w, "Nixpkgs", strings.Join(p.State.Sources, " + "), prefixed("of ", date(p.State.Date)))
	row(w, "Revision", p.Nix.Revision, prefixed("hash ", p.Nix.Hash))
	row(w, "Derivation", p.Nix.Derivation)
	row(w, "Kernel", p.Nix.Kernel)
}

func planSystem(w io.Writer, d design.Design) {
	row(w, "Host name", plain(d.System.Hostname))
	k := d.System.Keyboard
	row(w, "Language", d.System.Locale, prefixed("keyboard ", strings.TrimSpace(k.Layout+" "+k.Variant)),
		prefixed("time zone ", d.System.TimeZone))
	for _, u := range d.Users {
		row(w, "User", userText(u)...)
	}
	row(w, "Root", access(d.Root.PasswordHash, d.Root.SSHKeys))
	if d.SSH.Enable {
		row(w, "SSH server", fmt.Sprintf("port %d", cmp.Or(d.SSH.Port, 22)),
			map[bool]string{true: "password or key", false: "keys only"}[d.SSH.PasswordLogin])
	}
	row(w, "First console", prefixed("logs in ", d.Startup.Autologin), prefixed("runs ", plain(d.Startup.Command)))
	row(w, "Network", networkText(d.Network)...)
	row(w, "Drivers", d.Drivers...)
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

func userText(u design.User) []string {
	words := []string{u.Name, plain(u.FullName), access(u.PasswordHash, u.SSHKeys)}
	switch u.Sudo {
	case "password":
		words = append(words, "sudo with password")
	case "nopassword":
		words = append(words, "sudo without password")
	}
	return append(words, prefixed("groups ", strings.Join(u.Groups, " ")))
}

// access tells how an account can be entered.
func access(hash string, keys []string) string {
	switch {
	case hash != "" && len(keys) > 0:
		return "password and " + count(len(keys), "ssh key")
	case hash != "":
		return "password"
	case len(keys) > 0:
		return count(len(keys), "ssh key")
	}
	return "no login"
}

func networkText(n design.Network) []string {
	words := []string{cmp.Or(n.Mode, "dhcp"), plain(n.Interface)}
	words = append(words, n.Addresses...)
	for _, wifi := range n.WiFi {
		words = append(words, "Wi-Fi "+plain(wifi.SSID))
	}
	return words
}

func planSizes(w io.Writer, p plan.Plan) {
	row(w, "Kernel line", plain(strings.Join(p.KernelLine, " ")))
	s := p.Sizes
	if p.Nix != nil {
		row(w, "Packages", group(int64(len(p.Packages))))
		row(w, "To fetch", count(len(p.Nix.Fetches), "store path"), size(s.Download))
		row(w, "To build", count(len(p.Nix.Builds), "derivation"))
		row(w, "Sizes", "system about "+size(s.Installed), "image about "+size(s.Image), "space in the Nix store "+size(s.Store))
		return
	}
	row(w, "Packages", group(int64(len(p.Packages))), size(s.Packages)+" of files", size(s.Download)+" still to be fetched")
	row(w, "Sizes", "installed "+size(s.Installed), "image about "+size(s.Image), "space for the work "+size(s.Work))
}

func planPackages(out io.Writer, packages []catalog.Package, all bool) error {
	listed := packages
	title := "All packages"
	if !all {
		title = "Packages the design names (all: --packages)"
		listed = slices.DeleteFunc(slices.Clone(packages), func(p catalog.Package) bool {
			return p.Reason != "ticked" && !strings.HasPrefix(p.Reason, "driver ")
		})
	}
	if len(listed) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\n%s\n", title)
	w := table(out)
	for _, p := range listed {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", p.Name, p.Version, size(p.Installed), p.Reason)
	}
	return w.Flush()
}

func planMenu(out io.Writer, m grub.Menu) error {
	if len(m.Entries) == 0 {
		return nil
	}
	start := fmt.Sprintf("starts by itself after %d s", m.Timeout)
	switch m.Timeout {
	case -1:
		start = "waits for ever"
	case 0:
		start = "starts at once"
	}
	fmt.Fprintf(out, "\nBoot menu (%s)\n", start)
	return menuTree(out, m.Entries, m.Default, "  ")
}

// menuTree prints entries as a tree; the default is the index path of the one
// that starts by itself, nil where it is elsewhere.
func menuTree(out io.Writer, entries []grub.Entry, def []int, margin string) error {
	for i, e := range entries {
		branch, below := "|- ", "|  "
		if i == len(entries)-1 {
			branch, below = "`- ", "   "
		}
		mark, inner := "", []int(nil)
		if len(def) > 0 && def[0] == i {
			if inner = def[1:]; len(inner) == 0 {
				mark = "  (default)"
			}
		}
		kind := ""
		if e.Kind != grub.Linux && e.Kind != grub.Submenu {
			kind = "  [" + string(e.Kind) + "]"
		}
		if _, err := fmt.Fprintf(out, "%s%s%s%s%s\n", margin, branch, plain(e.Title), kind, mark); err != nil {
			return err
		}
		if err := menuTree(out, e.Entries, inner, margin+below); err != nil {
			return err
		}
	}
	return nil
}

// planReplaced tells what a NixOS base had set that the design sets otherwise.
func planReplaced(out io.Writer, n *plan.Nix) error {
	if n == nil || len(n.Replaced) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nIn place of what the base sets\n")
	w := table(out)
	for _, field := range slices.Sorted(maps.Keys(n.Replaced)) {
		fmt.Fprintf(w, "  %s\t%s\n", field, plain(n.Replaced[field]))
	}
	return w.Flush()
}

// planOffline tells what each level of offline installation costs.
func planOffline(out io.Writer, n *plan.Nix) error {
	if n == nil || len(n.Offline) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nInstalling without a network\n")
	w := table(out)
	guessed := ""
	for _, c := range n.Offline {
		fmt.Fprintf(w, "  level %s\tadds about %s\timage about %s\tneeds %s of disk\n", c.Level, size(c.Added), size(c.Image), size(c.Space))
		guessed = c.Guessed
	}
	if err := w.Flush(); err != nil || guessed == "" {
		return err
	}
	_, err := fmt.Fprintf(out, "  Not measured but taken from what is usual: %s.\n", guessed)
	return err
}

func planFiles(out io.Writer, files []plan.File) error {
	if len(files) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nOwn files\n")
	w := table(out)
	for _, f := range files {
		where := "root tree"
		if f.OnMedium {
			where = "medium"
		}
		what := size(f.Size)
		switch {
		case f.Dir:
			what = "folder"
		case f.Link != "":
			what = "-> " + plain(f.Link)
		}
		source := shown(f.Source)
		if f.Theme && f.Source == "" {
			source = "drawn by Isowright"
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", plain(f.Target), where, what, plain(source))
	}
	return w.Flush()
}

func planWarnings(out io.Writer, warnings []design.Problem) error {
	if len(warnings) == 0 {
		return nil
	}
	fmt.Fprintf(out, "\nWarnings\n")
	for _, p := range warnings {
		if _, err := fmt.Fprintf(out, "  %s\n", plain(p.String())); err != nil {
			return err
		}
	}
	return nil
}
