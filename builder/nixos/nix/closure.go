package nix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Derivation is a store derivation as far as it concerns others.
type Derivation struct {
	// Outputs are the store paths of its outputs, by name; a path is empty where
	// only a build tells it.
	Outputs map[string]string
	// Inputs are the outputs that it is built from, by derivation.
	Inputs map[string][]string
}

// Graph are store derivations by path, with all that they are built from.
type Graph map[string]Derivation

// Output is one output of a derivation.
type Output struct {
	Derivation, Name, Path string
}

// Graph reads the derivations of installables and all that these are built from.
func (n *Nix) Graph(ctx context.Context, installables ...string) (Graph, error) {
	var out bytes.Buffer
	if err := n.call(ctx, &out, append([]string{"derivation", "show", "--recursive"}, installables...)...); err != nil {
		return nil, fmt.Errorf("read derivations: %w", err)
	}
	return decodeGraph(out.Bytes(), n.StoreDir)
}

// BuildInputs are the outputs that must be in a store so that what leads to
// changed derivations can be built there: a derivation has changed if it is in
// the graph of the one and not of the other. They are those outputs of
// derivations of both graphs that changed derivations are built from, sorted.
func BuildInputs(known, changed Graph) []Output {
	found := map[Output]bool{}
	for name, d := range changed {
		if _, ok := known[name]; ok {
			continue
		}
		for input, outputs := range d.Inputs {
			from, ok := known[input]
			if !ok {
				continue // is built there, too
			}
			for _, o := range outputs {
				found[Output{input, o, from.Outputs[o]}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(a, b Output) int {
		return strings.Compare(a.Derivation+"!"+a.Name, b.Derivation+"!"+b.Name)
	})
}

// shownDerivation is one derivation in all of nix's forms.
type shownDerivation struct {
	Outputs   map[string]struct{ Path string }
	InputDrvs map[string]json.RawMessage
	Inputs    struct{ Drvs map[string]json.RawMessage }
}

// decodeGraph reads what `nix derivation show` prints: an object by path, or one
// with a version and base names (2.32 and later). An input's outputs are a list,
// since 2.18 inside an object.
func decodeGraph(text []byte, storeDir string) (Graph, error) {
	var shown map[string]*shownDerivation
	var versioned struct{ Derivations map[string]*shownDerivation }
	if json.Unmarshal(text, &versioned) == nil && versioned.Derivations != nil {
		shown = versioned.Derivations
	} else if err := decode(text, &shown); err != nil {
		return nil, err
	}
	absolute := func(p string) string {
		if p == "" || strings.HasPrefix(p, "/") {
			return p
		}
		return path.Join(storeDir, p)
	}
	graph := Graph{}
	for name, s := range shown {
		if s == nil {
			return nil, fmt.Errorf("read nix's answer: nothing about %s", name)
		}
		d := Derivation{Outputs: map[string]string{}, Inputs: map[string][]string{}}
		for o, where := range s.Outputs {
			d.Outputs[o] = absolute(where.Path)
		}
		for _, inputs := range []map[string]json.RawMessage{s.InputDrvs, s.Inputs.Drvs} {
			for input, raw := range inputs {
				outputs, err := decodeOutputs(raw)
				if err != nil {
					return nil, err
				}
				d.Inputs[absolute(input)] = outputs
			}
		}
		graph[absolute(name)] = d
	}
	return graph, nil
}

func decodeOutputs(raw json.RawMessage) ([]string, error) {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list, nil
	}
	var object struct{ Outputs []string }
	err := decode(raw, &object)
	return object.Outputs, err
}
