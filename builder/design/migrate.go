package design

import (
	"fmt"
	"maps"
)

// migration changes the tables of a project file from one format to the next.
// The values are those of the TOML reader: string, int64, float64, bool,
// []any, map[string]any.
type migration func(raw map[string]any) error

// migrations are the steps to today's format, by the format they start from.
// Format 1 is the first, so there is none yet. A step, once released, is never
// changed: every older file runs through all steps after its own.
func migrations() map[int]migration {
	return map[int]migration{}
}

// migrate brings raw from one format to another, step by step, and writes the
// reached format into it. After an error raw is as it was at its top level.
func migrate(raw map[string]any, from, to int, steps map[int]migration) error {
	before := maps.Clone(raw)
	for n := from; n < to; n++ {
		step, ok := steps[n]
		if !ok {
			restore(raw, before)
			return fmt.Errorf("format %d is no longer supported", from)
		}
		if err := step(raw); err != nil {
			restore(raw, before)
			return fmt.Errorf("convert format %d to %d: %w", n, n+1, err)
		}
		raw["format"] = int64(n + 1)
	}
	return nil
}

func restore(raw, before map[string]any) {
	clear(raw)
	maps.Copy(raw, before)
}
