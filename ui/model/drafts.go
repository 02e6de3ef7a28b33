package model

// draft is what is kept of a design that is not saved.
type draft struct{}

func (d *Document) keepDraft() {}
func (d *Document) dropDraft() {}

// forget ends what goes on for a document.
func (d *Document) forget() {
	d.stopPlanning()
	if d.checked.cancel != nil {
		d.checked.cancel()
	}
	if d.measured.cancel != nil {
		d.measured.cancel()
	}
	d.dropDraft()
}

// remember notes a design among the recent ones.
func (s *Session) remember(d *Document) {}

// KeepDrafts writes what is unsaved at once, before the program ends.
func (s *Session) KeepDrafts() {}
