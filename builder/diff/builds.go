package diff

import (
	"fmt"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
)

// Builds compares two builds of the history, with all that is kept of them. A
// size is compared where both have an image.
func Builds(a, b store.BuildRecord) (Result, error) {
	r := empty()
	x, err := builtDesign(a)
	if err != nil {
		return r, err
	}
	y, err := builtDesign(b)
	if err != nil {
		return r, err
	}
	if r.Settings, err = settings(x, y); err != nil {
		return r, err
	}
	old, new := catalog.ParseList(a.PackageList), catalog.ParseList(b.PackageList)
	r.Packages = packages(old, new)
	r.Sizes = append(r.Sizes, Size{"installed", installed(old), installed(new)})
	if a.Size > 0 && b.Size > 0 {
		r.Sizes = append(r.Sizes, Size{"image", a.Size, b.Size})
	}
	return r, nil
}

// builtDesign reads the design of a build.
func builtDesign(r store.BuildRecord) (design.Design, error) {
	d, err := design.Parse(r.DesignText, "")
	if err != nil {
		return d, fmt.Errorf("read the design of build %d: %w", r.ID, err)
	}
	return d, nil
}

func installed(list []catalog.Package) int64 {
	var sum int64
	for _, p := range list {
		sum += p.Installed
	}
	return sum
}
