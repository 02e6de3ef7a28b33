package nix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// Eval evaluates an installable ("path:/dir#plan") and decodes its JSON.
func (n *Nix) Eval(ctx context.Context, installable string, into any) error {
	n.watch.Progress.Report(progress.Event{Step: StepEvaluate, Text: "evaluating"})
	var out bytes.Buffer
	args := append([]string{"eval", "--json", installable}, n.settings.evaluating()...)
	if err := n.call(ctx, &out, args...); err != nil {
		return fmt.Errorf("evaluate %s: %w", installable, err)
	}
	return decode(out.Bytes(), into)
}

// EvalFile evaluates an attribute of a classic expression in a file or folder
// and decodes its JSON. It may look outside of its folder.
func (n *Nix) EvalFile(ctx context.Context, file, attribute string, into any) error {
	n.watch.Progress.Report(progress.Event{Step: StepEvaluate, Text: "evaluating"})
	var out bytes.Buffer
	args := []string{"eval", "--json", "--impure", "--file", file}
	if attribute != "" {
		args = append(args, attribute)
	}
	if err := n.call(ctx, &out, args...); err != nil {
		return fmt.Errorf("evaluate %s: %w", file, err)
	}
	return decode(out.Bytes(), into)
}

func decode(text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read nix's answer: %w", err)
	}
	return nil
}

// Locked is a flake reference resolved to one state.
type Locked struct {
	// URL is the reference with everything that pins it.
	URL string
	// Revision is the commit, empty for what is in no repository; Hash the NAR
	// hash ("sha256-…="), LastModified the commit's time.
	Revision     string
	Hash         string
	LastModified time.Time
	// Path is its source in the store.
	Path string
}

// metadataAnswer are the parts of `nix flake metadata --json` that matter.
type metadataAnswer struct {
	URL          string `json:"url"`
	Path         string `json:"path"`
	Revision     string `json:"revision"`
	LastModified int64  `json:"lastModified"`
	Locked       struct {
		NarHash      string `json:"narHash"`
		Rev          string `json:"rev"`
		LastModified int64  `json:"lastModified"`
	} `json:"locked"`
}

// Lock resolves a flake reference ("github:NixOS/nixpkgs/nixos-26.05") to what
// it is now. It asks the network anew, whatever was fetched before.
func (n *Nix) Lock(ctx context.Context, reference string) (Locked, error) {
	n.watch.Progress.Report(progress.Event{Step: StepInputs, Text: "asking for " + reference})
	var out bytes.Buffer
	if err := n.call(ctx, &out, "flake", "metadata", "--json", "--refresh", "--no-write-lock-file", reference); err != nil {
		return Locked{}, fmt.Errorf("resolve %s: %w", reference, err)
	}
	var a metadataAnswer
	if err := decode(out.Bytes(), &a); err != nil {
		return Locked{}, err
	}
	l := Locked{URL: a.URL, Revision: a.Locked.Rev, Hash: a.Locked.NarHash, Path: a.Path}
	if l.Revision == "" {
		l.Revision = a.Revision
	}
	if seconds := max(a.Locked.LastModified, a.LastModified); seconds > 0 {
		l.LastModified = time.Unix(seconds, 0).UTC()
	}
	if l.Hash == "" {
		return Locked{}, fmt.Errorf("resolve %s: %w: no hash", reference, errNotOurs)
	}
	return l, nil
}
