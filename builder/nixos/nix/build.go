package nix

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/internal/progress"
)

// Spec is what to build.
type Spec struct {
	// Installable is a flake reference with attribute ("path:/dir#image"), a
	// store path, or "DRV^out".
	Installable string
	// File makes Installable an attribute of this classic expression.
	File string
	// OutLink is the link to the result that keeps it from the garbage
	// collector; empty: none. Further outputs have links with "-OUTPUT".
	OutLink string
	// Rebuild builds anew what is there and compares.
	Rebuild bool
	// Keep goes on with other builds where one fails.
	Keep bool
}

// Build builds and returns the store paths of the outputs. Where Settings.Store
// names a store, the build happens in it and the results are copied here.
func (n *Nix) Build(ctx context.Context, s Spec) ([]string, error) {
	n.watch.Progress.Report(progress.Event{Step: StepEvaluate, Text: "evaluating"})
	var out bytes.Buffer
	args := slices.Concat(base(), []string{"build", "--print-out-paths"}, s.arguments(n.settings),
		n.settings.building(), n.settings.options())
	if _, err := n.run(ctx, command{args: args, out: &out, watch: n.watch}); err != nil {
		return nil, fmt.Errorf("build %s: %w", s.Installable, err)
	}
	paths := strings.Fields(out.String())
	if len(paths) == 0 {
		return nil, fmt.Errorf("build %s: %w: no result", s.Installable, errNotOurs)
	}
	if n.settings.Store != "" {
		if err := n.bringHome(ctx, paths, s.OutLink); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// arguments of `nix build`. A link to another store's path leads nowhere, so
// there is none then.
func (s Spec) arguments(settings Settings) []string {
	var args []string
	if s.OutLink != "" && settings.Store == "" {
		args = append(args, "--out-link", s.OutLink)
	} else {
		args = append(args, "--no-link")
	}
	if s.File != "" {
		args = append(args, "--impure", "--file", s.File)
	} else {
		args = append(args, settings.evaluating()...)
	}
	if s.Rebuild {
		args = append(args, "--rebuild")
	}
	if s.Keep {
		args = append(args, "--keep-going")
	}
	return append(args, s.Installable)
}

// bringHome copies results from the remote store and links them here.
func (n *Nix) bringHome(ctx context.Context, paths []string, link string) error {
	// The person named the store, so it is trusted where nix lets us say so.
	args := slices.Concat(base(), []string{"copy", "--from", n.settings.Store}, paths, n.settings.options())
	if home := n.home(); home != "" {
		args = append(args, "--to", home)
	}
	if n.Trusted || n.home() != "" {
		args = append(args, "--no-check-sigs")
	}
	if _, err := n.run(ctx, command{args: args, watch: n.watch, copies: StepCopy}); err != nil {
		return fmt.Errorf("copy the result from %s: %w", n.settings.Store, err)
	}
	if link == "" {
		return nil
	}
	args = slices.Concat(base(), []string{"build", "--out-link", link, paths[0]}, n.keeping(), n.settings.options())
	if _, err := n.run(ctx, command{args: args, watch: n.watch}); err != nil {
		return fmt.Errorf("keep the result: %w", err)
	}
	return nil
}
