package cli

import (
	"context"
	"strings"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog/search"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/source"
)

// driverHits finds drivers of the catalogue for NixOS.
func driverHits(query string, limit int) ([]hit, error) {
	drivers := source.Drivers()
	items := make([]search.Item, len(drivers))
	for i, d := range drivers {
		items[i] = search.Item{Name: d.Name, Summary: d.Summary}
	}
	x, err := search.New(search.Sets, items)
	if err != nil {
		return nil, err
	}
	var hits []hit
	for _, i := range x.Search(query, limit) {
		d := drivers[i]
		hits = append(hits, hit{
			Kind: kindDriver, Name: d.Name, Summary: d.Summary, Licenses: []string{d.License},
			Unfree: len(d.Unfree) > 0, Insecure: len(d.Insecure) > 0,
		})
	}
	return hits, nil
}

// searchDebian looks into the lists of the archive.
func (a *app) searchDebian(ctx context.Context, query string, f searchFlags) (found, error) {
	d := design.WithDefaults(design.Design{Name: "search", Distribution: "debian", Base: "minimal", Release: f.release})
	d.Archive.Components = f.components
	for _, p := range design.Validate(d) {
		if p.Field == "release" || strings.HasPrefix(p.Field, "archive.components") {
			return found{}, &usageError{text: p.Text, hint: p.Hint}
		}
	}
	show := a.startProgress()
	defer show.stop()
	o, err := a.options(f.builder, show.report)
	if err != nil {
		return found{}, err
	}
	cat, notes, err := a.Actions.Catalogue(ctx, d, o, builder.Want{Newest: f.refresh})
	if err != nil {
		return found{}, err
	}
	defer cat.Close()
	show.done()
	info := cat.Info()
	r := found{Query: query, Distribution: "debian", Release: d.Release, State: info.State, Date: info.Date, Notes: notes}
	r.Notes = append(r.Notes, a.oldNote(info.Date)...)
	for _, it := range cat.Search(query, f.limit) {
		r.Results = append(r.Results, hit{
			Kind: kindPackage, Name: it.Name, Version: it.Version, Summary: it.Summary, Group: it.Component,
			Command: it.Command, Homepage: it.Homepage, Unfree: it.Unfree, Download: it.Download, Installed: it.Installed,
		})
	}
	if len(r.Results) == 0 {
		r.Near = cat.Near(query)
	}
	return r, nil
}
