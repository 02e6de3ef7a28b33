// Package diff tells in what two designs, plans or images differ.
//
// It prints nothing and judges nothing: dates of files, which differ between
// any two builds, are counted and not listed.
package diff

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// Result are the differences between A, the old, and B, the new.
type Result struct {
	Settings []Setting `json:"settings"`
	Packages []Package `json:"packages"`
	Sizes    []Size    `json:"sizes"`
	Files    []File    `json:"files"`
	// OnlyDates is the number of files that differ in their date alone.
	OnlyDates int `json:"only_dates"`
}

// Setting is a field whose value differs; nil stands for absent.
type Setting struct {
	Field string `json:"field"`
	Old   any    `json:"old"`
	New   any    `json:"new"`
	// Secret marks a value that is better not shown.
	Secret bool `json:"secret,omitempty"`
}

// Package is one that differs. Versions and sizes (in bytes) are empty where
// the package is absent or they are unknown.
type Package struct {
	Name    string `json:"name"`
	Change  string `json:"change"`
	Old     string `json:"old"`
	New     string `json:"new"`
	OldSize int64  `json:"old_size"`
	NewSize int64  `json:"new_size"`
}

// Size is a sum in bytes that both have.
type Size struct {
	Of  string `json:"of"`
	Old int64  `json:"old"`
	New int64  `json:"new"`
}

// empty is a result that says so in JSON, too.
func empty() Result {
	return Result{Settings: []Setting{}, Packages: []Package{}, Sizes: []Size{}, Files: []File{}}
}

// Same says whether nothing differs; dates do not count.
func (r Result) Same() bool {
	different := func(s Size) bool { return s.Old != s.New }
	return len(r.Settings)+len(r.Packages)+len(r.Files) == 0 && !slices.ContainsFunc(r.Sizes, different)
}

// Designs compares what two designs say, not what their defaults add.
func Designs(a, b design.Design) (Result, error) {
	r := empty()
	var err error
	r.Settings, err = settings(a, b)
	if err != nil {
		return r, err
	}
	r.Packages = packages(named(a.Packages), named(b.Packages))
	return r, nil
}

// Plans compares two plans.
func Plans(a, b plan.Plan) (Result, error) {
	r := empty()
	var err error
	if r.Settings, err = settings(a.Design, b.Design); err != nil {
		return r, err
	}
	r.Settings = append(r.Settings, compareFields(planFields(a), planFields(b))...)
	r.Packages = packages(a.Packages, b.Packages)
	r.Files = planFiles(a.Files, b.Files)
	r.Sizes = []Size{
		{"installed", a.Sizes.Installed, b.Sizes.Installed},
		{"package files", a.Sizes.Packages, b.Sizes.Packages},
		{"image", a.Sizes.Image, b.Sizes.Image},
	}
	return r, nil
}

func planFields(p plan.Plan) map[string]any {
	return map[string]any{
		"plan.state":       p.State.ID,
		"plan.volume_id":   p.VolumeID,
		"plan.kernel_line": p.KernelLine,
	}
}

// settings compares the canonical forms of two designs, package names apart.
func settings(a, b design.Design) ([]Setting, error) {
	a.Packages, b.Packages = nil, nil
	old, err := fields(a)
	if err != nil {
		return nil, err
	}
	new, err := fields(b)
	if err != nil {
		return nil, err
	}
	return compareFields(old, new), nil
}

// fields are a design's settings by their path in the file.
func fields(d design.Design) (map[string]any, error) {
	text, err := design.Encode(d)
	if err != nil {
		return nil, err
	}
	var root map[string]any
	if err := toml.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("read the canonical form: %w", err)
	}
	flat := map[string]any{}
	flatten(flat, "", root)
	return flat, nil
}

func flatten(flat map[string]any, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(flat, strings.TrimPrefix(path+"."+key, "."), inner)
		}
	case []any:
		tables := 0
		for i, inner := range v {
			if table, ok := inner.(map[string]any); ok {
				tables++
				flatten(flat, path+"["+elementName(v, table, i)+"]", table)
			}
		}
		if tables == 0 {
			flat[path] = v
		}
	default:
		flat[path] = v
	}
}

// elementName names an element of a list of tables by what people call it, so
// that inserting one does not change all that follow; by its place where that
// is missing or not unique.
func elementName(list []any, table map[string]any, place int) string {
	for _, key := range []string{"name", "title", "target", "ssid"} {
		name, ok := table[key].(string)
		if !ok {
			continue
		}
		same := 0
		for _, other := range list {
			if t, ok := other.(map[string]any); ok && t[key] == name {
				same++
			}
		}
		if same == 1 {
			return name
		}
	}
	return fmt.Sprint(place)
}

func compareFields(a, b map[string]any) []Setting {
	list := []Setting{}
	for _, field := range keysOf(a, b) {
		if !reflect.DeepEqual(a[field], b[field]) {
			secret := strings.HasSuffix(field, "password_hash") || strings.HasSuffix(field, "psk")
			list = append(list, Setting{field, a[field], b[field], secret})
		}
	}
	return list
}

// keysOf are the keys of both maps, sorted.
func keysOf[V any](a, b map[string]V) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// named are packages of which no more than the name is known.
func named(names []string) []catalog.Package {
	list := make([]catalog.Package, len(names))
	for i, name := range names {
		list[i].Name = name
	}
	return list
}

// packages compares by name, version and installed size.
func packages(a, b []catalog.Package) []Package {
	old, new := byName(a), byName(b)
	list := []Package{}
	for _, name := range keysOf(old, new) {
		x, inA := old[name]
		y, inB := new[name]
		p := Package{name, Changed, x.Version, y.Version, x.Installed, y.Installed}
		switch {
		case !inA:
			p.Change = Added
		case !inB:
			p.Change = Removed
		case p.Old == p.New && p.OldSize == p.NewSize:
			continue
		}
		list = append(list, p)
	}
	return list
}

// byName keys packages by name, and by architecture too where one name has
// several.
func byName(list []catalog.Package) map[string]catalog.Package {
	m := map[string]catalog.Package{}
	for _, p := range list {
		key := p.Name
		if _, twice := m[key]; twice {
			key += ":" + p.Architecture
		}
		m[key] = p
	}
	return m
}

// planFiles compares the person's own files.
func planFiles(a, b []plan.File) []File {
	old, new := byTarget(a), byTarget(b)
	list := []File{}
	for _, key := range keysOf(old, new) {
		x, inA := old[key]
		y, inB := new[key]
		where, path, _ := strings.Cut(key, ":")
		f := File{Where: where, Path: path, OldSize: x.Size, NewSize: y.Size}
		x.Source, y.Source = "", "" // only what comes out of it counts
		switch {
		case !inA:
			f.Change = Added
		case !inB:
			f.Change = Removed
		case x == y:
			continue
		default:
			f.Change, f.What = Changed, fileFaces(x, y)
		}
		list = append(list, f)
	}
	return list
}

func byTarget(files []plan.File) map[string]plan.File {
	m := map[string]plan.File{}
	for _, f := range files {
		where := Root
		if f.OnMedium {
			where = Medium
		}
		m[where+":"+f.Target] = f
	}
	return m
}

// fileFaces names in what two planned files differ.
func fileFaces(x, y plan.File) []string {
	var what []string
	note := func(name string, differs bool) {
		if differs {
			what = append(what, name)
		}
	}
	note("type", x.Dir != y.Dir || (x.Link == "") != (y.Link == ""))
	note("content", x.SHA256 != y.SHA256 || x.Size != y.Size)
	note("link", x.Link != y.Link)
	note("mode", x.Mode != y.Mode)
	note("owner", x.Owner != y.Owner)
	return what
}
