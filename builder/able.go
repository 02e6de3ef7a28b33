package builder

import (
	"context"
	"errors"

	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
)

// Choice is a way to build on a computer that has no Nix of its own.
type Choice = nix.Choice

// Builtin is the engine that brings a Nix without installing it.
const Builtin = nix.Builtin

// Ability is what this computer builds images of a distribution with.
type Ability struct {
	// Program is the Nix that was found, with its version; both empty for
	// Debian, which needs nothing of the host.
	Program, Version string
	// Engine is what Nix will run in ("podman", "docker", "builtin"); empty:
	// none. It is not started to find that out.
	Engine string
	// Choices are the ways to build nonetheless, where there is no Nix.
	Choices []Choice
}

// Able says whether this computer can build images of a distribution, and with
// what. Unlike a plan it fetches and starts nothing that would take long. Its
// error is a *StepError, with Choices beside it where there is no Nix.
func Able(ctx context.Context, distribution string, o Options) (Ability, error) {
	a, err := able(ctx, distribution, o)
	return a, explain("look at this computer", err, plan.Plan{})
}

func able(ctx context.Context, distribution string, o Options) (Ability, error) {
	if distribution != "nixos" {
		sys, err := newSystem(distribution, o)
		if err != nil {
			return Ability{}, err
		}
		return Ability{}, sys.Available(ctx)
	}
	search := newNixOS(o).Nix
	engine := search.Container.Engine
	if engine != "" && engine != nix.Auto {
		return Ability{Engine: engine}, nil
	}
	search.Container.Engine = ""
	n, err := nix.Find(ctx, search)
	var missing *nix.MissingError
	if !errors.As(err, &missing) {
		missing = &nix.MissingError{}
	}
	for _, c := range missing.Choices {
		if engine == nix.Auto && c.Possible && c.Engine != "" {
			return Ability{Engine: c.Engine}, nil
		}
	}
	if err != nil {
		return Ability{Choices: missing.Choices}, err
	}
	return Ability{Program: n.Path, Version: n.Version.String()}, nil
}
