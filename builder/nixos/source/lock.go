package source

import (
	"encoding/json"
	"fmt"
)

// lock writes flake.lock, where the revision's hash is known. (Nix manual, "nix
// flake", "Lock files")
func (g *generator) lock() {
	if g.pin.Revision == "" || g.pin.Hash == "" {
		return
	}
	locked := map[string]any{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": g.pin.Revision, "narHash": g.pin.Hash}
	if g.pin.LastModified != 0 {
		locked["lastModified"] = g.pin.LastModified
	}
	lock := map[string]any{
		"version": 7, "root": "root",
		"nodes": map[string]any{
			"root": map[string]any{"inputs": map[string]any{"nixpkgs": "nixpkgs"}},
			"nixpkgs": map[string]any{
				"locked":   locked,
				"original": map[string]any{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": g.pin.Channel},
			},
		},
	}
	text, err := json.MarshalIndent(lock, "", "  ")
	if err != nil {
		panic(fmt.Sprint("encode flake.lock: ", err)) // only strings and numbers
	}
	g.add(File{Path: "flake.lock", Text: append(text, '\n')}, nil)
}
