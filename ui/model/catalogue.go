package model

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/progress"
)

// OfferState is how far the offer of a distribution is known.
type OfferState int

// The states: it is being opened, it is there, there is no list of it on this
// computer yet, or the list cannot be read.
const (
	OfferLoading OfferState = iota
	OfferReady
	OfferAbsent
	OfferFailed
)

// Offer is what a distribution and release offers. It is kept as long as the
// session, also while other designs are in front.
type Offer struct {
	State OfferState
	// Catalogue is nil unless the offer is ready. It is never closed while it
	// is the offer's.
	Catalogue *offer.Catalogue
	// Notes are sentences about what a person should know of it.
	Notes []string
	// Err says why there is none, or why none could be fetched.
	Err error
	// Name is the distribution's with its release ("Debian trixie").
	Name string

	known known
}

// Catalogue is the offer for the design in front, nil where there is none. The
// first time it is opened from what is on this computer; observers hear of the
// end. Nothing is fetched for it but by FetchCatalogue.
func (s *Session) Catalogue() *Offer {
	if s.current == nil || s.env.Actions.Catalogue == nil {
		return nil
	}
	d := design.WithDefaults(s.current.design)
	key := offerKey(d)
	if o := s.offers[key]; o != nil {
		return o
	}
	o := &Offer{Name: offerName(d)}
	s.offers[key] = o
	s.openOffer(o, d)
	return o
}

// openOffer opens what is on this computer.
func (s *Session) openOffer(o *Offer, d design.Design) {
	o.State = OfferLoading
	options := s.Options()
	options.Offline = true
	go func() {
		c, notes, err := s.env.Actions.Catalogue(s.ctx, d, options, builder.Want{Everything: true})
		s.env.Post(func() { s.offerIs(o, c, notes, err, false) })
	}()
}

// offerIs takes what came of opening or fetching. What is there stays where a
// newer list cannot be fetched.
func (s *Session) offerIs(o *Offer, c *offer.Catalogue, notes []string, err error, fetched bool) {
	if err == nil && s.ctx.Err() != nil {
		c.Close()
		return
	}
	switch {
	case err == nil:
		if o.Catalogue != nil {
			o.Catalogue.Close()
		}
		o.State, o.Catalogue, o.Notes, o.Err = OfferReady, c, notes, nil
		o.known = known{}
	case fetched:
		o.Err = err
	case errors.Is(err, offer.ErrAbsent):
		o.State, o.Err = OfferAbsent, nil
	default:
		o.State, o.Err = OfferFailed, err
	}
	s.tell(Change{What: CatalogueChanged})
}

// FetchCatalogue fetches the newest list of the packages for the design in
// front. It is a job of the page of packages.
func (s *Session) FetchCatalogue() {
	o := s.Catalogue()
	if o == nil {
		return
	}
	d, options := design.WithDefaults(s.current.design), s.Options()
	options.Offline = false
	title := s.Words().Say("List of the packages of %s", o.Name)
	s.StartJob(Packages, title, func(ctx context.Context, sink progress.Sink, _ func(string)) (any, error) {
		options.Progress = sink
		c, notes, err := s.env.Actions.Catalogue(ctx, d, options, builder.Want{Newest: true, Everything: true})
		s.env.Post(func() {
			if err == nil || ctx.Err() == nil {
				s.offerIs(o, c, notes, err, true)
			}
		})
		return nil, err
	})
}

// ReopenCatalogue tries again to open the list on this computer.
func (s *Session) ReopenCatalogue() {
	if o := s.Catalogue(); o != nil && o.State == OfferFailed {
		s.openOffer(o, design.WithDefaults(s.current.design))
		s.tell(Change{What: CatalogueChanged})
	}
}

// closeOffers closes all catalogues.
func (s *Session) closeOffers() {
	for _, o := range s.offers {
		if o.Catalogue != nil {
			o.Catalogue.Close()
			o.Catalogue, o.State = nil, OfferLoading
		}
	}
}

// offerKey tells designs apart that see different lists.
func offerKey(d design.Design) string {
	parts := []string{d.Distribution, d.Release, d.Archive.Mirror, d.Archive.Security, d.Archive.State}
	if d.NixOS != nil {
		parts = append(parts, d.NixOS.Channel)
	}
	if d.Archive.State != "" {
		parts = append(parts, d.Archive.Components...)
	}
	return strings.Join(append(parts, d.Architecture), "\n")
}

// offerName is a distribution and release as people say it.
func offerName(d design.Design) string {
	name := map[string]string{"debian": "Debian", "nixos": "NixOS"}[d.Distribution]
	return strings.TrimSpace(name + " " + d.Release)
}

// known is what has been worked out about an offer for one state of a design.
type known struct {
	doc     *Document
	version int
	// set is what the design would install, nil where that is not known.
	set     *offer.Set
	present []string
	costs   map[string]offer.Cost
}

// Cost is what a package adds to the image of the design in front: an estimate.
// For one that is ticked it is what the image would be spared without it. A
// package that is Present comes in any case. ok is false where nothing is known.
func (s *Session) Cost(name string) (cost offer.Cost, ok bool) {
	o := s.Catalogue()
	if o == nil || o.Catalogue == nil {
		return cost, false
	}
	if k := &o.known; k.doc != s.current || k.version != s.current.version || k.costs == nil {
		present := builder.Present(design.WithDefaults(s.current.design))
		*k = known{s.current, s.current.version, o.Catalogue.Set(present), present, map[string]offer.Cost{}}
	}
	if cost, ok = o.known.costs[name]; ok {
		return cost, true
	}
	set := o.known.set
	if set != nil && slices.Contains(s.current.design.Packages, name) {
		set = o.Catalogue.Set(slices.DeleteFunc(slices.Clone(o.known.present), func(p string) bool { return p == name }))
	}
	if cost, ok = set.Added(name); ok {
		o.known.costs[name] = cost
	}
	return cost, ok
}
