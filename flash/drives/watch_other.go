//go:build !linux

package drives

import "context"

// listen hears nothing: Watch looks every few seconds.
func listen(context.Context, chan<- struct{}) {}
