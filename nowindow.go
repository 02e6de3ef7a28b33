//go:build nogui

package main

import "context"

// openWindow is nil: this program has no window.
var openWindow func(ctx context.Context, page string, files []string) error
