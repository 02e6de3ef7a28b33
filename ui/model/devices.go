package model

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/isowright/isowright/builder/hardware"
)

// Devices is what is known of this computer's devices.
type Devices struct {
	// Looking: they are being read. Seen: they were.
	Looking, Seen bool
	// Err says why they cannot be read.
	Err error

	machine hardware.Machine
	names   hardware.Names
	// found is of target.
	found  []hardware.Found
	target hardware.Target
}

// Devices are what was found in this computer.
func (s *Session) Devices() Devices { return s.devices }

// LookAtComputer reads the devices of this computer. Observers hear of the end.
func (s *Session) LookAtComputer() {
	if s.devices.Looking {
		return
	}
	s.devices.Looking = true
	s.tell(Change{What: DevicesChanged})
	root := s.env.Devices
	go func() {
		c := look(root)
		s.env.Post(func() {
			s.devices = c
			s.tell(Change{What: DevicesChanged})
		})
	}()
}

// look reads the devices below a root folder.
func look(root fs.FS) Devices {
	if root == nil {
		return Devices{Err: errors.New("the devices of this computer cannot be read")}
	}
	m, err := hardware.Read(root)
	if err != nil {
		return Devices{Err: err}
	}
	return Devices{Seen: true, machine: m, names: hardware.ReadNames(root, m)}
}

// Found are this computer's devices and what each wants in the system of the
// design in front; none before LookAtComputer.
func (s *Session) Found() []hardware.Found {
	c := &s.devices
	if s.current == nil || !c.Seen {
		return nil
	}
	if t := hardware.TargetOf(s.current.design); c.found == nil || t != c.target {
		c.found, c.target = hardware.Look(c.machine, t, c.names), t
	}
	return c.found
}

// Drivers are what there is for the system of the design in front.
func (s *Session) Drivers() []hardware.Label {
	if s.current == nil {
		return nil
	}
	t := hardware.TargetOf(s.current.design)
	if s.labels.list == nil || t != s.labels.target {
		s.labels = labels{hardware.Labels(t), t}
	}
	return s.labels.list
}

// labels are the drivers of a target.
type labels struct {
	list   []hardware.Label
	target hardware.Target
}

// FindDrivers are the drivers to show for what a person browses.
func (s *Session) FindDrivers(b Browsing) []hardware.Label {
	list, err := hardware.Find(s.Drivers(), b.Query)
	if err != nil {
		s.env.Log.Warn("search the drivers", "error", err)
	}
	return slices.DeleteFunc(slices.Clone(list), func(l hardware.Label) bool {
		return b.Group != "" && l.Group != b.Group || b.Filter == FilterTicked && !l.Has(s.current.design)
	})
}
