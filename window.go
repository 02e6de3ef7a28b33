//go:build !nogui

package main

import (
	"context"
	"os"

	// It must come before everything that imports the toolkit.
	_ "github.com/isowright/isowright/internal/locale"

	"github.com/isowright/isowright/ui/desktop"
)

// openWindow opens the window with designs or images, at a page unless that is
// "", and returns when it is closed.
func openWindow(ctx context.Context, page string, files []string) error {
	return desktop.Run(ctx, desktop.Options{
		Page:   page,
		Files:  files,
		Getenv: os.Getenv,
	})
}
