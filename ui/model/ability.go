package model

import (
	"github.com/isowright/isowright/builder"
)

// Ability is whether this computer can build images of a distribution.
type Ability struct {
	// Known says that it was looked at; Err why it cannot.
	Known bool
	With  builder.Ability
	Err   error
}

// Ability looks, in the background and once, whether this computer can build
// images of a distribution; AbilityChanged follows.
func (s *Session) Ability(distribution string) Ability {
	if a := s.abilities[distribution]; a != nil {
		return *a
	}
	if s.env.Actions.Able == nil {
		return Ability{}
	}
	if s.abilities == nil {
		s.abilities = map[string]*Ability{}
	}
	a := &Ability{}
	s.abilities[distribution] = a
	o := s.Options()
	go func() {
		with, err := s.env.Actions.Able(s.ctx, distribution, o)
		s.env.Post(func() {
			*a = Ability{Known: true, With: with, Err: err}
			s.tell(Change{What: AbilityChanged})
		})
	}()
	return *a
}

// LookAgain forgets what this computer can build, because a person has changed
// something about it.
func (s *Session) LookAgain(distribution string) {
	delete(s.abilities, distribution)
	s.tell(Change{What: AbilityChanged})
}

// UseEngine has Nix run in an engine of nix.ContainerSearch from now on, until
// the window is closed: what the settings say stays as it is.
func (s *Session) UseEngine(distribution, engine string) {
	s.env.Settings.Nix.Container = engine
	s.LookAgain(distribution)
}
