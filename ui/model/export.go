package model

import (
	"context"

	"github.com/isowright/isowright/internal/progress"
)

// Export writes the distribution's own source of the design in front into a
// folder, which must be empty.
func (s *Session) Export(dir string) {
	doc := s.current
	if doc == nil {
		return
	}
	d, o := doc.design, s.Options()
	s.StartJob(Overview, s.Words().Say("Export of %s", doc.Title()), func(ctx context.Context, sink progress.Sink, _ func(string)) (any, error) {
		o.Progress = sink
		return dir, s.env.Actions.Export(ctx, d, dir, o)
	})
}
