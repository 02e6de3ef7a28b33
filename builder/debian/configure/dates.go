package configure

import "github.com/isowright/isowright/builder/tree"

// clamp dates whatever is newer than the plan to the plan's date, so that the
// time of the bootstrap does not show.
func (r *root) clamp() error {
	var late []tree.Entry
	names := map[string][]tree.Entry{}
	for e := range r.set.Entries() {
		if e.Type == tree.HardLink {
			names[e.Link] = append(names[e.Link], e)
		}
		if e.ModTime > r.date && e.Type != tree.HardLink {
			late = append(late, e)
		}
	}
	for _, e := range late {
		if err := r.redate(e, r.date, names[e.Path]); err != nil {
			return err
		}
	}
	return nil
}

// redate changes the date of an entry. Replacing a file makes its next hard
// link the file, so its other names are put back after it.
func (r *root) redate(e tree.Entry, date int64, others []tree.Entry) error {
	e.ModTime = date
	if err := r.set.Put(e); err != nil {
		return err
	}
	for _, o := range others {
		o.ModTime = date
		if err := r.set.Put(o); err != nil {
			return err
		}
	}
	return nil
}
