package nixos

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
)

// fault is an error with what to do about it and a program's last lines.
type fault struct {
	err        error
	text       string
	hint, tail string
}

// Error says what went wrong.
func (f *fault) Error() string { return f.text }

// Hint says what to do.
func (f *fault) Hint() string { return f.hint }

// Tail are the last lines of the build that failed, if one did.
func (f *fault) Tail() string { return f.tail }

// Unwrap gives nix's error.
func (f *fault) Unwrap() error { return f.err }

// withHint lets nix's hints be found.
func withHint(err error) error {
	var failed *nix.Error
	if errors.As(err, &failed) {
		return &fault{err: err, text: failed.Text, hint: failed.Hint, tail: failed.Tail}
	}
	return err
}

// inDesign turns what nix says of a design's source into problems of the design.
// What is no fault of a field stays an error.
func inDesign(d design.Design, src source.Source, err error) error {
	var failed *nix.Error
	if !errors.As(err, &failed) {
		return err
	}
	if field := fieldOf(d, src, failed); field != "" {
		return design.Problems{{Field: field, Text: strings.TrimSuffix(failed.Text, "."), Hint: hintFor(failed)}}
	}
	return withHint(err)
}

// fieldOf finds the field of the design that nix complains of, "" for none.
func fieldOf(d design.Design, src source.Source, e *nix.Error) string {
	switch e.Kind {
	case nix.KindUnfree, nix.KindInsecure, nix.KindBroken, nix.KindUnsupported, nix.KindRefused:
		return packageField(d, slices.Concat([]string{e.Subject}, e.Names), "packages")
	case nix.KindNoAttribute, nix.KindUndefined:
		if field := packageField(d, []string{e.Subject}, ""); field != "" {
			return field
		}
	case nix.KindNoOption, nix.KindType, nix.KindConflict, nix.KindReadOnly, nix.KindNoValue:
		if field := src.FieldOf(e.Subject); field != "" {
			return field
		}
	}
	return placeField(src, e)
}

// placeField is the field that made the line nix points at.
func placeField(src source.Source, e *nix.Error) string {
	if field := src.FieldAt(e.File, e.Line); field != "" {
		return field
	}
	for _, file := range e.Files {
		if field := src.FieldAt(file, 1); field != "" {
			return field
		}
	}
	return ""
}

// packageField is where a design names one of the packages, which nix may call
// by attribute, by name or by name and version; otherwise if nowhere.
func packageField(d design.Design, names []string, otherwise string) string {
	lists := []struct {
		field string
		names []string
	}{{"packages", d.Packages}, {"drivers", d.Drivers}}
	if d.NixOS != nil {
		lists = append(lists, []struct {
			field string
			names []string
		}{{"nixos.module_packages", d.NixOS.ModulePackages}, {"nixos.store_contents", d.NixOS.StoreContents}}...)
	}
	for _, list := range lists {
		for i, attribute := range list.names {
			if slices.ContainsFunc(names, func(name string) bool { return same(attribute, name) }) {
				return fmt.Sprintf("%s[%d]", list.field, i)
			}
		}
	}
	return otherwise
}

// same says whether an attribute path and what nix calls a package mean the
// same: "python3Packages.requests" is "requests" and "requests-2.32", and
// "broadcom_sta" is "broadcom-sta-6.30".
func same(attribute, name string) bool {
	last := attribute[strings.LastIndexByte(attribute, '.')+1:]
	plain := func(s string) string { return strings.ReplaceAll(s, "_", "-") }
	attribute, last, name = plain(attribute), plain(last), plain(name)
	if name == attribute || name == last {
		return true
	}
	version, ok := strings.CutPrefix(name, last+"-")
	return ok && version != "" && version[0] >= '0' && version[0] <= '9'
}

// hintFor is the way out in the words of the project file.
func hintFor(e *nix.Error) string {
	name := e.Subject
	if len(e.Names) > 0 {
		name = e.Names[0]
	}
	switch e.Kind {
	case nix.KindUnfree:
		return fmt.Sprintf("if its licence suits you, add %q to nixos.unfree; else take it out", name)
	case nix.KindInsecure:
		return fmt.Sprintf("if you accept that, add %q to nixos.insecure; else take it out", name)
	case nix.KindBroken:
		return fmt.Sprintf("take it out, or add %q to nixos.broken to try it all the same", name)
	case nix.KindConflict:
		return "add this field to nixos.force, so that it replaces what the base or an import sets"
	}
	return e.Hint
}
