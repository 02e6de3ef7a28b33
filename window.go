//go:build !nogui

package main

import (
	"context"
	"os"

	// It must come before everything that imports the toolkit.
	_ "github.com/isowright/isowright/internal/locale"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/ui/desktop"
	"github.com/isowright/isowright/ui/flashing"
	"github.com/isowright/isowright/ui/model"
)

// openWindow opens the window with designs or images, and returns when it is
// closed.
func openWindow(ctx context.Context, files []string) error {
	return desktop.Run(ctx, desktop.Options{
		Files:  files,
		Getenv: os.Getenv,
		Actions: model.Actions{
			Plan: builder.Plan, Build: builder.Build, Export: builder.Export,
			Sticks: flashing.Here(false),
		},
	})
}
