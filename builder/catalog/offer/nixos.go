package offer

import (
	"iter"
	"strings"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/nixpkgs"
)

// NixOS makes a catalogue of a channel's. Closing it closes the channel's.
func NixOS(cat *nixpkgs.Catalogue) *Catalogue {
	about := cat.Info()
	return newCatalogue(channel{cat}, Info{
		Distribution: "nixos", Channel: about.Channel, Release: strings.TrimPrefix(about.Channel, "nixos-"),
		Revision: about.Revision, Date: about.Fetched, BuiltIn: about.BuiltIn,
	}, assets.NixpkgsList)
}

// channel is the part of NixOS.
type channel struct{ cat *nixpkgs.Catalogue }

func (c channel) size() int                 { return c.cat.Info().Packages }
func (c channel) names() iter.Seq[string]   { return c.cat.Attrs() }
func (c channel) near(name string) []string { return c.cat.Near(name) }
func (c channel) graph() *graph             { return nil }
func (c channel) close() error              { return c.cat.Close() }

func (c channel) find(query string, limit int) []string { return c.cat.Find(query, limit) }

func (c channel) get(name string) (Item, bool) {
	p, ok := c.cat.Package(name)
	if !ok {
		return Item{}, false
	}
	it := Item{
		Name: p.Attr, Version: p.Version, Summary: p.Summary, PName: p.PName, Command: p.Command, Homepage: p.Homepage,
		Unfree: p.Unfree, Insecure: p.Insecure, Broken: p.Broken, Unavailable: p.Unavailable, Reasons: p.Reasons(),
	}
	for _, l := range p.Licenses {
		it.Licences = append(it.Licences, l.ID)
	}
	return it, true
}
