package model

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
)

// smallOffer gives a catalogue of a few packages for a release.
func smallOffer(ctx context.Context, dir string, d design.Design) (*offer.Catalogue, error) {
	var all []catalog.Listed
	for _, line := range []string{"git main libc6 perl", "htop main libc6", "libc6 main", "perl main libc6", "rar non-free libc6"} {
		f := strings.Fields(line)
		p := catalog.Listed{Package: catalog.Package{Name: f[0], Version: "1", Component: f[1], Summary: "about " + f[0], Installed: 100, Download: 10}}
		for _, need := range f[2:] {
			p.Needs = append(p.Needs, []string{need})
		}
		all = append(all, p)
	}
	c, _, err := offer.Debian(ctx, dir, offer.Lists{
		State: catalog.State{ID: "sha256:" + fmt.Sprintf("%x", d.Release)}, Release: d.Release, Components: []string{"main", "non-free"},
		Packages: func(context.Context) (iter.Seq[catalog.Listed], error) { return slices.Values(all), nil },
	}, nil)
	return c, err
}

// offering is a session with that catalogue, and how often it was opened.
func offering(t *testing.T) (*Session, *loop, *int) {
	t.Helper()
	dir, opened := t.TempDir(), 0
	s, l := begin(t, Actions{})
	s.SetActions(func(e *Env) {
		e.Actions.Catalogue = func(ctx context.Context, d design.Design, o builder.Options, w builder.Want) (*offer.Catalogue, []string, error) {
			if !o.Offline || w.Newest || !w.Everything {
				return nil, nil, errors.New("it wants to fetch")
			}
			opened++
			c, err := smallOffer(ctx, dir, d)
			return c, []string{"a note"}, err
		}
	})
	return s, l, &opened
}

// ready waits for the offer of the design in front.
func ready(t *testing.T, s *Session, l *loop) *Offer {
	t.Helper()
	l.until(t, "the offer", func() bool { return s.Catalogue().State == OfferReady })
	return s.Catalogue()
}

func TestOfferIsOpenedOnceForDesignsThatShareIt(t *testing.T) {
	s, l, opened := offering(t)
	if s.Catalogue() != nil {
		t.Error("an offer without a design")
	}
	first := fresh(t, s)
	told := 0
	s.Listen(func(c Change) {
		if c.What == CatalogueChanged {
			told++
		}
	})
	if o := s.Catalogue(); o.State != OfferLoading || o.Name != "Debian trixie" {
		t.Errorf("at first %+v", o)
	}
	o := ready(t, s, l)
	if told != 1 || len(o.Notes) != 1 {
		t.Errorf("told %d times, notes %v", told, o.Notes)
	}
	second := fresh(t, s)
	if s.Catalogue() != o || *opened != 1 {
		t.Error("it was opened again for a design of the same release")
	}
	second.Edit(Act("x"), func(d *design.Design) { d.Release = "bookworm" })
	if s.Catalogue() == o {
		t.Error("another release has the same offer")
	}
	ready(t, s, l)
	s.Select(first)
	if s.Catalogue() != o || o.State != OfferReady || *opened != 2 {
		t.Errorf("back at the first: %d times opened", *opened)
	}
}

func TestCostFollowsTheDesign(t *testing.T) {
	s, l, _ := offering(t)
	doc := fresh(t, s)
	ready(t, s, l)
	cost, ok := s.Cost("git")
	if !ok || cost.Packages < 1 || cost.Installed != int64(100*cost.Packages) {
		t.Fatalf("git costs %+v", cost)
	}
	doc.Tick(Act("x"), nil, "perl")
	if less, _ := s.Cost("git"); less.Packages != 1 || cost.Packages != 3 {
		t.Errorf("with perl it still costs %+v", less)
	}
	if own, _ := s.Cost("perl"); own.Present || own.Installed < 100 {
		t.Errorf("what is ticked costs %+v", own)
	}
	doc.Tick(Act("x"), nil, "git")
	if perl, _ := s.Cost("perl"); !perl.Present || !slices.Contains(perl.NeededBy, "git") {
		t.Errorf("perl, which git needs, costs %+v", perl)
	}
	if _, ok := s.Cost("nothing"); ok {
		t.Error("what does not exist has a cost")
	}
}

func TestNamesOfWhatIsBrowsed(t *testing.T) {
	s, l, _ := offering(t)
	doc := fresh(t, s)
	doc.Tick(Act("x"), nil, "htop", "gti", "git")
	if got := s.Names(Browsing{}); !slices.Equal(got, []string{"git", "gti", "htop"}) {
		t.Errorf("before the offer is there: %v", got)
	}
	ready(t, s, l)
	for want, b := range map[string]Browsing{
		"git":          {Query: "gi"},
		"gti git htop": {Filter: FilterTicked},
		"htop":         {Filter: FilterTicked, Query: "about HTOP"},
		"":             {Group: "no such group"},
	} {
		if got := strings.Join(s.Names(b), " "); got != want {
			t.Errorf("%+v: %q", b, got)
		}
	}
	if got := s.Names(Browsing{}); len(got) != 5 {
		t.Errorf("all: %v", got)
	}
	if got := s.Unknown(); !slices.Equal(got, []string{"gti"}) {
		t.Errorf("unknown: %v", got)
	}
	doc.Browsing(Packages).Query = "kept"
	fresh(t, s)
	s.Select(doc)
	if doc.Browsing(Packages).Query != "kept" || doc.Browsing(Drivers).Query != "" {
		t.Error("the search is lost, or another page's")
	}
}

func TestConsentsAreKeptInTheSameStep(t *testing.T) {
	s, l, _ := offering(t)
	doc := fresh(t, s)
	ready(t, s, l)
	asked := s.Consents("git", "rar", "nothing")
	if len(asked) != 1 || asked[0].Field != "archive.components" {
		t.Fatalf("asked %+v", asked)
	}
	doc.Tick(Act("x"), asked, "git", "rar")
	if d := doc.Design(); !slices.Contains(d.Archive.Components, "non-free") || len(d.Packages) != 2 {
		t.Errorf("%v %v", d.Archive.Components, d.Packages)
	}
	if len(s.Consents("rar")) != 0 {
		t.Error("it asks again")
	}
	doc.Replace("git", "htop", nil)
	if d := doc.Design(); !slices.Equal(d.Packages, []string{"htop", "rar"}) {
		t.Errorf("replaced: %v", d.Packages)
	}
	doc.Replace("rar", "htop", nil)
	doc.Untick("htop")
	if d := doc.Design(); len(d.Packages) != 0 {
		t.Errorf("left: %v", d.Packages)
	}
	d := design.Design{}
	for _, c := range []offer.Consent{{Field: "nixos.unfree", Value: "a"}, {Field: "nixos.insecure", Value: "b"}, {Field: "nixos.broken", Value: "c"}} {
		if !agree(&d, c) || agree(&d, c) {
			t.Errorf("%+v is not agreed to once", c)
		}
	}
	if n := d.NixOS; n.Unfree[0] != "a" || n.Insecure[0] != "b" || n.Broken[0] != "c" {
		t.Errorf("%+v", n)
	}
}

func TestListsAreHeldAgainstTheOffer(t *testing.T) {
	s, l, _ := offering(t)
	doc := fresh(t, s)
	ready(t, s, l)
	doc.Tick(Act("x"), nil, "git")
	got := s.ReadList("apt install git htop gti")
	if !slices.Equal(got.New, []string{"htop"}) || !slices.Equal(got.Ticked, []string{"git"}) || !slices.Equal(got.Unknown, []string{"gti"}) {
		t.Errorf("%+v", got)
	}
	file := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(file, []byte(strings.Repeat("x", maxText+1)), 0o644); err != nil {
		t.Fatal(err)
	}
	read, failed := "", error(nil)
	s.ReadText(file, func(text string, err error) { read = text })
	s.ReadText(file+"2", func(text string, err error) { failed = err })
	l.until(t, "both files", func() bool { return read != "" && failed != nil })
	if len(read) != maxText {
		t.Errorf("%d bytes were read", len(read))
	}
}

func TestOfferThatCannotBeFetchedAnew(t *testing.T) {
	s, l, _ := offering(t)
	fresh(t, s)
	o := ready(t, s, l)
	s.FetchCatalogue()
	l.until(t, "the failure", func() bool { return o.Err != nil && s.Job(Packages).State == Failed })
	if o.State != OfferReady || o.Catalogue == nil || !strings.Contains(o.Err.Error(), "wants to fetch") {
		t.Errorf("%+v", o)
	}
	s.End()
	if o.Catalogue != nil {
		t.Error("it is open after the end")
	}
}

func TestDevicesAreReadInTheBackground(t *testing.T) {
	s, l := begin(t, Actions{})
	s.LookAtComputer()
	l.until(t, "the end", func() bool { return !s.Devices().Looking })
	if s.Devices().Err == nil || s.Devices().Seen {
		t.Error("there is nothing to read")
	}
	s.SetActions(func(e *Env) {
		e.Devices = fstest.MapFS{
			"proc/cpuinfo": {Data: []byte("vendor_id\t: GenuineIntel\n")},
			"sys/bus/pci/devices/0000:03:00.0/uevent": {Data: []byte("PCI_CLASS=28000\nPCI_ID=14E4:43A0\nPCI_SLOT_NAME=0000:03:00.0\n")},
		}
	})
	if s.Found() != nil {
		t.Error("found without a design")
	}
	doc := fresh(t, s)
	doc.Edit(Act("x"), func(d *design.Design) { d.Distribution, d.Release = "nixos", "26.05" })
	s.LookAtComputer()
	l.until(t, "the devices", func() bool { return s.Devices().Seen })
	found := s.Found()
	if len(found) != 2 || len(found[0].Wants) == 0 || found[0].Wants[0].Driver != "broadcom_sta" {
		t.Fatalf("%+v", found)
	}
	label := found[0].Wants[0].Label
	if !NeedsConsent(doc.Design(), label) {
		t.Error("nobody is asked")
	}
	doc.AddDrivers(Act("x"), label)
	if NeedsConsent(doc.Design(), label) || !label.Has(doc.Design()) {
		t.Error("the consent is not kept")
	}
	if got := s.FindDrivers(Browsing{Filter: FilterTicked}); len(got) != 1 {
		t.Errorf("ticked: %+v", got)
	}
	doc.DropDriver(label)
	if got := s.FindDrivers(Browsing{Query: "macbook wifi", Group: "Wi-Fi"}); len(got) == 0 || got[0].Group != "Wi-Fi" {
		t.Errorf("%+v", got)
	}
	doc.Edit(Act("x"), func(d *design.Design) { d.Distribution, d.Release = "debian", "trixie" })
	if again := s.Found(); len(again[0].Wants) != 0 && again[0].Wants[0].Driver == "broadcom_sta" {
		t.Error("what was found is not looked at for the other system")
	}
	firmware := hardware.Label{Driver: "firmware-iwlwifi", Package: true, Component: "non-free-firmware"}
	before := doc.Design()
	before.Archive.Components = nil
	if !NeedsConsent(before, firmware) {
		t.Error("a part of the archive needs no consent")
	}
}
