package model

import (
	"context"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
)

// Actions are what a session has done by others, as their packages document it.
type Actions struct {
	Plan  func(context.Context, design.Design, builder.Options) (plan.Plan, error)
	Build func(context.Context, plan.Plan, builder.Options) (builder.Image, error)
	// Loader finds the GRUB that shows a design's menu, as builder.FindLoader.
	Loader func(ctx context.Context, d design.Design, cacheDir string) (builder.Loader, error)
	Export func(ctx context.Context, d design.Design, dir string, o builder.Options) error
	// Trial is trial.Start.
	Trial func(context.Context, trial.Options) (Guest, error)
	// There tells whether there is a file; nil: the file system is asked.
	There func(path string) bool
	// Able tells what this computer builds a distribution with.
	Able func(ctx context.Context, distribution string, o builder.Options) (builder.Ability, error)
	// Catalogue gives what a distribution offers; nil: there is no offer.
	Catalogue func(context.Context, design.Design, builder.Options, builder.Want) (*offer.Catalogue, []string, error)
	// Sticks is where drives are found and opened.
	Sticks flashing.Computer
	// Write is flash.WriteAll; nil stands for it.
	Write func(ctx context.Context, sticks []flash.Stick, im flash.Image, o flash.Options) []flash.Result
}

// RealActions are those of the program; tests have others.
func RealActions() Actions {
	return Actions{
		Plan: builder.Plan, Build: builder.Build, Export: builder.Export, Able: builder.Able, Catalogue: builder.Catalogue,
		Loader: builder.FindLoader,
		Trial:  startTrial,
		Sticks: flashing.Here(false),
	}
}

// startTrial is trial.Start.
func startTrial(ctx context.Context, o trial.Options) (Guest, error) {
	t, err := trial.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// SetActions changes them, for tests that begin work later.
func (s *Session) SetActions(change func(*Env)) { change(&s.env) }
