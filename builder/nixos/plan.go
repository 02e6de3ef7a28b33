package nixos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/nixos/assemble"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
	"github.com/isowright/isowright/builder/plan"
)

// evaluated is what the source's output "plan" says.
type evaluated struct {
	Release    string   `json:"release"`
	Image      string   `json:"image"`
	Manifest   *string  `json:"manifest"`
	ImageName  string   `json:"imageName"`
	VolumeID   string   `json:"volumeID"`
	Timeout    *int     `json:"timeout"`
	Parameters []string `json:"kernelParams"`
	Toplevel   struct {
		Drv string `json:"drv"`
		Out string `json:"out"`
	} `json:"toplevel"`
	Kernel struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"kernel"`
	Packages []struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"packages"`
	Menu     []assemble.SystemBoot `json:"menu"`
	Replaced map[string]string     `json:"replaced"`
	Warnings []string              `json:"warnings"`
}

// Plan evaluates a design and asks what building it would take.
func (s *System) Plan(ctx context.Context, d design.Design, date time.Time) (plan.Plan, error) {
	var warnings []design.Problem
	n, err := s.find(ctx, func(e *nix.Error) {
		warnings = append(warnings, design.Problem{Text: e.Text, Hint: e.Hint})
	})
	if err != nil {
		return plan.Plan{}, err
	}
	whole := design.WithDefaults(d)
	pin, err := s.pin(ctx, n, whole)
	if err != nil {
		return plan.Plan{}, err
	}
	src, err := source.Generate(d, source.Options{Pin: pin.Pin})
	if err != nil {
		return plan.Plan{}, err
	}
	e, err := s.evaluate(ctx, n, src)
	if err != nil {
		return plan.Plan{}, inDesign(d, src, err)
	}
	p := e.plan(whole, pin, n)
	if p.Menu, err = e.menu(whole); err != nil {
		return plan.Plan{}, err
	}
	p.Warnings = append(append(src.Warnings, p.Warnings...), warnings...)
	if date.IsZero() {
		date = pin.state.Date
	}
	p.Date = date.UTC()
	if p, err = plan.Evaluated(ctx, p); err != nil {
		return plan.Plan{}, err
	}
	err = s.cost(ctx, n, &p)
	return p, err
}

// cost fills in what building a plan takes, and warns where this computer has
// not enough of it.
func (s *System) cost(ctx context.Context, n *nix.Nix, p *plan.Plan) error {
	dry, err := n.DryRun(ctx, p.Nix.Derivation+"^*")
	if err != nil {
		return withHint(err)
	}
	p.Nix.Builds, p.Nix.Fetches = dry.Build, dry.Fetch
	if p.Nix.Offline, err = s.offline(ctx, n, *p); err != nil {
		return err
	}
	if p.Sizes, err = s.sizes(ctx, n, *p, dry); err != nil {
		return err
	}
	var small *fault
	err = s.storeSpace(n, *p)
	if errors.As(err, &small) {
		p.Warnings = append(p.Warnings, design.Problem{Text: small.text, Hint: small.hint})
		return nil
	}
	return err
}

// evaluate writes the source into a folder of its own and evaluates its plan.
// The derivations are in the store afterwards.
func (s *System) evaluate(ctx context.Context, n *nix.Nix, src source.Source) (evaluated, error) {
	var e evaluated
	dir, remove, err := s.write(src)
	if err != nil {
		return e, err
	}
	defer remove()
	err = n.Eval(ctx, nix.Flake(dir, "plan"), &e)
	return e, err
}

// staleSource is the age after which a source's folder belongs to no living
// run.
const staleSource = 24 * time.Hour

// write writes the source into a new folder of the cache. Folders that killed
// runs left are removed.
func (s *System) write(src source.Source) (dir string, remove func(), err error) {
	base := filepath.Join(s.CacheDir, "nixos", "sources")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", nil, fmt.Errorf("make the folder of the source: %w", err)
	}
	old, err := os.ReadDir(base)
	if err != nil {
		return "", nil, fmt.Errorf("look for what earlier runs left: %w", err)
	}
	for _, e := range old {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleSource {
			_ = os.RemoveAll(filepath.Join(base, e.Name())) // the next run tries again
		}
	}
	if dir, err = os.MkdirTemp(base, "plan-"); err != nil {
		return "", nil, fmt.Errorf("make the folder of the source: %w", err)
	}
	remove = func() { os.RemoveAll(dir) }
	if err := src.Write(dir); err != nil {
		remove()
		return "", nil, err
	}
	return dir, remove, nil
}

// plan is what the evaluation says, in the words of all plans.
func (e evaluated) plan(d design.Design, pin pinned, n *nix.Nix) plan.Plan {
	p := plan.Plan{
		Design: d, State: pin.state, VolumeID: e.VolumeID, Output: output(d),
		KernelLine: e.Parameters,
		Nix: &plan.Nix{
			Version: n.Version.String(), Revision: pin.Revision, Hash: pin.Hash,
			Output: "image", Derivation: e.Image, Toplevel: e.Toplevel.Out,
			Kernel: e.Kernel.Name, Replaced: e.Replaced,
		},
	}
	if e.Manifest != nil && d.NixOS.Assembler == "isowright" {
		p.Nix.Output, p.Nix.Derivation = "manifest", *e.Manifest
	}
	ticked := map[string]bool{}
	for _, name := range d.Packages {
		ticked[name] = true
	}
	for _, k := range e.Packages {
		one := catalog.Package{Name: k.Name, Version: k.Version, Architecture: d.Architecture, Reason: catalog.ReasonBase}
		if ticked[k.Name] {
			one.Reason = catalog.ReasonTicked
		}
		p.Packages = append(p.Packages, one)
	}
	for _, text := range e.Warnings {
		p.Warnings = append(p.Warnings, design.Problem{Text: text})
	}
	if system := nixSystem(d); !n.Builds(system) {
		p.Warnings = append(p.Warnings, design.Problem{
			Field: "architecture", Text: "this computer cannot build for " + system,
			Hint: "name a remote machine that can in the settings (nix.builders or nix.store), or build there",
		})
	}
	return p
}

// menu is the design's, where Isowright puts the image together; else the one
// that nixpkgs makes: an entry for the system and for each specialisation.
func (e evaluated) menu(d design.Design) (grub.Menu, error) {
	if d.NixOS.Assembler == "isowright" {
		var systems assemble.Manifest
		systems.Boot.Menu, systems.Boot.Timeout = e.Menu, e.Timeout
		return assemble.Menu(d, systems)
	}
	m := grub.Menu{Title: d.Boot.Title, Timeout: -1, TimeoutStyle: "menu", Default: []int{0}}
	if e.Timeout != nil {
		m.Timeout = *e.Timeout
	}
	for _, one := range e.Menu {
		m.Entries = append(m.Entries, grub.Entry{Title: one.Label, Kind: grub.Linux, Parameters: one.Params})
	}
	return m, nil
}

// output is the name of the image's file or folder.
func output(d design.Design) string {
	if d.NixOS.CompressImage && d.Base != "netboot" {
		return d.Output + ".zst"
	}
	return d.Output
}

// nixSystem is the platform in Nix's words.
func nixSystem(d design.Design) string {
	if d.Architecture == "arm64" {
		return "aarch64-linux"
	}
	return "x86_64-linux"
}
