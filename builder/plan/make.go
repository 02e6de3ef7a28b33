package plan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
)

// Make resolves a design. base is what the distribution needs for the design's
// base and settings; ix is its offer; date is every date in the image, the
// state's where it is zero. Faults of the design (unknown packages,
// conflicts, unreadable files) come together as design.Problems.
func Make(ctx context.Context, d design.Design, base catalog.Base, ix catalog.Index, date time.Time) (Plan, error) {
	if date.IsZero() {
		date = ix.State().Date
	}
	d = design.WithDefaults(d)
	p := Plan{
		DesignID: design.ID(d), Design: d, State: ix.State(), Date: date.UTC(),
		VolumeID: d.VolumeLabel, Output: d.Output,
	}
	packages, err := ix.Resolve(ctx, catalog.Request{Base: base.Packages, Ticked: d.Packages})
	problems, err := asProblems(d, err)
	if err != nil {
		return Plan{}, err
	}
	p.Packages = packages
	if p.Boot, err = ix.Find(base.Boot); err != nil {
		return Plan{}, fmt.Errorf("find the boot loader's packages: %w", err)
	}
	files, faults, err := listFiles(ctx, d)
	if err != nil {
		return Plan{}, err
	}
	p.Files = files
	if problems = append(problems, faults...); len(problems) > 0 {
		return Plan{}, problems
	}
	p.Sizes = estimate(p, base)
	if err := p.identify(base); err != nil {
		return Plan{}, err
	}
	p.KernelLine = kernelLine(p, base, design.BootEntry{})
	p.Menu = menu(p, base)
	return p, nil
}

// Evaluated completes a plan that the distribution's own language has worked out:
// it looks at the person's files and sets the ID. Faults of the design come
// together as design.Problems.
func Evaluated(ctx context.Context, p Plan) (Plan, error) {
	files, faults, err := listFiles(ctx, p.Design)
	if err != nil {
		return Plan{}, err
	}
	if len(faults) > 0 {
		return Plan{}, faults
	}
	p.DesignID, p.Files = design.ID(p.Design), files
	return p, p.identify(catalog.Base{})
}

// identify sets the plan's ID from everything that decides the image. Places
// on this computer and on the network are left out: they do not.
func (p *Plan) identify(base catalog.Base) error {
	same := *p
	same.Sizes = Sizes{}
	same.Output = ""
	same.Design.Output = ""
	same.Design.Archive.State = ""
	same.Packages, same.Boot = withoutPlaces(p.Packages), withoutPlaces(p.Boot)
	same.Files = slices.Clone(p.Files)
	for i := range same.Files {
		same.Files[i].Source = ""
	}
	same.Design.Dir = ""
	same.Warnings = nil
	if p.Nix != nil {
		same.Nix = &Nix{Derivation: p.Nix.Derivation}
	}
	same.DesignID = ""
	data, err := json.Marshal(struct {
		Plan Plan
		Base catalog.Base
	}{same, base})
	if err != nil {
		return fmt.Errorf("make the plan's ID: %w", err)
	}
	sum := sha256.Sum256(data)
	p.ID = hex.EncodeToString(sum[:])
	p.LiveID = p.ID[:16]
	return nil
}

func withoutPlaces(packages []catalog.Package) []catalog.Package {
	packages = slices.Clone(packages)
	for i := range packages {
		packages[i].URL = ""
	}
	return packages
}

// asProblems turns the faults that a request may have into problems of the
// design; other errors stay errors.
func asProblems(d design.Design, err error) (design.Problems, error) {
	var unknown *catalog.UnknownError
	var conflict *catalog.ConflictError
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &unknown):
		var ps design.Problems
		for _, u := range unknown.Unknown {
			ps = append(ps, unknownProblem(d, u))
		}
		return ps, nil
	case errors.As(err, &conflict):
		return design.Problems{{
			Field: "packages", Text: conflict.Error(),
			Hint: "take one of them out: " + strings.Join(conflict.Names, ", "),
		}}, nil
	}
	return nil, fmt.Errorf("resolve the packages: %w", err)
}

func unknownProblem(d design.Design, u catalog.Unknown) design.Problem {
	p := design.Problem{
		Field: "packages",
		Text:  fmt.Sprintf("%s %s has no package %q", d.Distribution, d.Release, u.Name),
		Hint:  "look for the name with the distribution's package search",
	}
	if i := slices.Index(d.Packages, u.Name); i >= 0 {
		p.Field = fmt.Sprintf("packages[%d]", i)
	}
	switch {
	case len(u.Providers) > 0:
		p.Text = fmt.Sprintf("%q is no package of its own but a name for several", u.Name)
		p.Hint = "choose one of: " + strings.Join(u.Providers, ", ")
	case len(u.Near) > 0:
		p.Hint = "did you mean " + strings.Join(u.Near, ", ") + "?"
	}
	return p
}

// estimate sums up what the plan costs. Download is filled in by whoever knows
// what is in the cache.
func estimate(p Plan, base catalog.Base) Sizes {
	var s Sizes
	for _, k := range p.Packages {
		s.Packages += k.Download
		s.Installed += k.Installed
	}
	for _, k := range p.Boot {
		s.Packages += k.Download
	}
	var root, medium int64
	for _, f := range p.Files {
		if f.OnMedium {
			medium += f.Size
		} else {
			root += f.Size
		}
	}
	s.Download = s.Packages
	s.Installed += root
	s.Image = int64(float64(s.Installed)*base.Ratio) + base.BootSize + medium
	// The unpacked root and the same as a tar, both with what maintainer
	// scripts make, and the image.
	s.Work = 2*(s.Installed*5/4+base.BootSize) + s.Image
	return s
}
