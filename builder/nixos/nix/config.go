package nix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// configAnswer are the parts of `nix config show --json` that matter.
type configAnswer struct {
	System         setting[string]   `json:"system"`
	ExtraPlatforms setting[[]string] `json:"extra-platforms"`
	Substituters   setting[[]string] `json:"substituters"`
	Sandbox        setting[any]      `json:"sandbox"`
}

// setting is one entry of it.
type setting[T any] struct {
	Value T `json:"value"`
}

// storeAnswer is what `nix store info --json` prints.
type storeAnswer struct {
	URL string `json:"url"`
	// Trusted is 1, 0, true, false, or absent where the store cannot tell.
	Trusted any `json:"trusted"`
}

// askConfig learns the settings.
func (n *Nix) askConfig(ctx context.Context) error {
	words := []string{"config", "show"}
	if !n.Version.AtLeast(2, 20) || n.Version.Name == "Lix" {
		words = []string{"show-config"}
	}
	var out bytes.Buffer
	if err := n.call(ctx, &out, append(words, "--json")...); err != nil {
		return fmt.Errorf("ask nix for its settings: %w", err)
	}
	var a configAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		return fmt.Errorf("settings of nix: %w", err)
	}
	if a.System.Value == "" {
		return fmt.Errorf("settings of nix: %w: no system", errNotOurs)
	}
	n.System, n.ExtraPlatforms, n.Substituters = a.System.Value, a.ExtraPlatforms.Value, a.Substituters.Value
	n.Sandbox = a.Sandbox.Value == true || a.Sandbox.Value == "true" || a.Sandbox.Value == "relaxed"
	return nil
}

// askStore learns about the store, and so whether it can be reached.
func (n *Nix) askStore(ctx context.Context) error {
	words := []string{"store", "info"}
	if !n.Version.AtLeast(2, 19) || n.Version.Name == "Lix" {
		words = []string{"store", "ping"}
	}
	var out bytes.Buffer
	if err := n.call(ctx, &out, append(words, "--json")...); err != nil {
		return fmt.Errorf("ask nix for its store: %w", err)
	}
	var a storeAnswer
	if err := json.Unmarshal(out.Bytes(), &a); err != nil {
		return fmt.Errorf("store of nix: %w", err)
	}
	n.Store = a.URL
	n.Trusted = a.Trusted == true || a.Trusted == float64(1)
	dir, err := n.storeDir(ctx)
	if err != nil {
		return err
	}
	n.StoreDir = dir
	return nil
}

// storeDir asks for the folder of store paths.
func (n *Nix) storeDir(ctx context.Context) (string, error) {
	var out bytes.Buffer
	if err := n.call(ctx, &out, "eval", "--raw", "--expr", "builtins.storeDir"); err != nil {
		return "", fmt.Errorf("ask nix for its store folder: %w", err)
	}
	dir := strings.TrimSpace(out.String())
	if !strings.HasPrefix(dir, "/") {
		return "", fmt.Errorf("store folder of nix: %w: %q", errNotOurs, dir)
	}
	return dir, nil
}
