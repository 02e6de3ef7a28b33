package model

import (
	"cmp"
	"slices"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

// driveList is what is known of the computer's drives.
type driveList struct {
	all []drives.Drive
	// listed: they are known. err says why they are not.
	listed bool
	err    error
	// plugged are the names of those that came while the page was there.
	plugged map[string]bool
	// chosen are drives in the order in which they were chosen. What is known of
	// each is kept up to date as long as it is the same drive.
	chosen []drives.Drive
}

// drivesAre takes a newer list. What was chosen and is not the same any more is
// not chosen any more.
func (f *Flashing) drivesAre(u drives.Update) {
	l := &f.drives
	known := map[string]drives.Identity{}
	for _, d := range l.all {
		known[d.Name] = d.Identity()
	}
	first := !l.listed
	l.all, l.err, l.listed = u.Drives, u.Err, u.Err == nil
	if l.plugged == nil {
		l.plugged = map[string]bool{}
	}
	for _, d := range u.Drives {
		if id, there := known[d.Name]; !first && (!there || id.Changed(d) != "") {
			l.plugged[d.Name] = true
		}
	}
	f.forgetUnfit()
	f.session.tell(Change{What: DrivesChanged})
}

// forgetUnfit takes back the choice of drives that are gone, were exchanged, or
// cannot be written.
func (f *Flashing) forgetUnfit() {
	l := &f.drives
	var kept []drives.Drive
	said := ""
	for _, chosen := range l.chosen {
		now, err := flashing.StillThere(l.all, chosen)
		name := cmp.Or(flashing.DriveName(chosen), chosen.Path)
		w := f.session.Words()
		text := ""
		switch {
		case err != nil:
			text = w.Say("%s was pulled out, so it is not chosen any more.", name)
		case chosen.Identity().Changed(now) != "":
			text = w.Say("%s was exchanged, so it is not chosen any more.", name)
		case !f.Writable(now):
			text = w.Say("%s cannot be written any more, so it is not chosen any more.", name)
		default:
			kept = append(kept, now)
			continue
		}
		said = text
	}
	l.chosen = kept
	if said != "" && l.err == nil && !f.Busy() {
		f.session.Tell(Message{Kind: "warning", Text: said})
	}
}

// Drives are all of them, those that can be written first, the newest of these
// first.
func (f *Flashing) Drives() []drives.Drive {
	all := slices.Clone(f.drives.all)
	rank := func(d drives.Drive) int {
		switch {
		case f.Writable(d) && f.drives.plugged[d.Name]:
			return 0
		case f.Writable(d) && !f.fixed(d):
			return 1
		case !f.fixed(d):
			return 2
		}
		return 3
	}
	slices.SortStableFunc(all, func(a, b drives.Drive) int { return rank(a) - rank(b) })
	return all
}

// Listed tells whether the drives are known, and why not.
func (f *Flashing) Listed() (bool, error) { return f.drives.listed, f.drives.err }

// Ours tells that a drive is one of the computer's own disks rather than a stick:
// the system needs it, or nobody plugs it in and out.
func (f *Flashing) Ours(d drives.Drive) bool { return f.fixed(d) && !f.Chosen(d.Name) }

func (f *Flashing) fixed(d drives.Drive) bool {
	return len(d.System) > 0 || d.Optical || !d.Removable && d.Bus != "usb"
}

// Plugged tells that a drive came while the page was there.
func (f *Flashing) Plugged(name string) bool { return f.drives.plugged[name] }

// Against are what stands against writing a drive, with the image that is chosen.
func (f *Flashing) Against(d drives.Drive) []flash.Refusal {
	return flash.Check(d, f.imageInfo(), drives.Identity{})
}

// imageInfo is of the chosen image; without one, of one that fits everywhere.
func (f *Flashing) imageInfo() flash.ImageInfo {
	if f.image.Usable() {
		return f.image.Info
	}
	return anyImage()
}

// anyImage fits everywhere and says nothing of itself.
func anyImage() flash.ImageInfo { return flash.ImageInfo{Boot: flash.BootDisk} }

// Writable tells that nothing stands against a drive for good.
func (f *Flashing) Writable(d drives.Drive) bool {
	return !slices.ContainsFunc(f.Against(d), func(r flash.Refusal) bool { return r.Level == flash.Never })
}

// Chosen tells whether a drive is chosen.
func (f *Flashing) Chosen(name string) bool {
	return slices.ContainsFunc(f.drives.chosen, func(d drives.Drive) bool { return d.Name == name })
}

// Choose chooses a drive, or takes that back. A drive that cannot be written
// cannot be chosen: then it is false.
func (f *Flashing) Choose(name string, on bool) bool {
	l := &f.drives
	l.chosen = slices.DeleteFunc(l.chosen, func(d drives.Drive) bool { return d.Name == name })
	at := slices.IndexFunc(l.all, func(d drives.Drive) bool { return d.Name == name })
	done := at >= 0 && f.Writable(l.all[at])
	if on && done {
		l.chosen = append(l.chosen, l.all[at])
	}
	f.session.tell(Change{What: DrivesChanged})
	return done
}
