package model

import (
	"context"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
)

// Actions are what a session has done by others, as their packages document it.
type Actions struct {
	Plan   func(context.Context, design.Design, builder.Options) (plan.Plan, error)
	Build  func(context.Context, plan.Plan, builder.Options) (builder.Image, error)
	Export func(ctx context.Context, d design.Design, dir string, o builder.Options) error
	// Sticks is where drives are found and opened.
	Sticks flashing.Computer
	// Write is flash.WriteAll; nil stands for it.
	Write func(ctx context.Context, sticks []flash.Stick, im flash.Image, o flash.Options) []flash.Result
}

// SetActions changes them, for tests that begin work later.
func (s *Session) SetActions(change func(*Env)) { change(&s.env) }
