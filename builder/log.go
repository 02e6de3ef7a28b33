package builder

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/isowright/isowright/builder/plan"
)

// buildLog keeps a build's log for the file beside the image and passes it on.
type buildLog struct {
	next slog.Handler
	text slog.Handler
	kept *lockedBuffer
}

// newBuildLog begins a log with what is built.
func newBuildLog(next *slog.Logger, p plan.Plan) *buildLog {
	l := &buildLog{kept: &lockedBuffer{}}
	l.text = slog.NewTextHandler(l.kept, nil)
	if next != nil {
		l.next = next.Handler()
	}
	slog.New(l).Info("build", "design", p.DesignID, "plan", p.ID, "state", p.State.ID)
	return l
}

// Bytes is the log so far.
func (l *buildLog) Bytes() []byte {
	l.kept.Lock()
	defer l.kept.Unlock()
	return slices.Clone(l.kept.Bytes())
}

// Enabled takes everything from the level of information up, and what the next
// one wants.
func (l *buildLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || l.next != nil && l.next.Enabled(ctx, level)
}

// Handle keeps the record, if it is not for finding faults only, and passes it
// on.
func (l *buildLog) Handle(ctx context.Context, r slog.Record) error {
	var err error
	if r.Level >= slog.LevelInfo {
		err = l.text.Handle(ctx, r)
	}
	if l.next != nil && l.next.Enabled(ctx, r.Level) {
		err = errors.Join(err, l.next.Handle(ctx, r))
	}
	return err
}

// WithAttrs gives a log with fixed attributes.
func (l *buildLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return l.derive(func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs) })
}

// WithGroup gives a log whose attributes are in a group.
func (l *buildLog) WithGroup(name string) slog.Handler {
	return l.derive(func(h slog.Handler) slog.Handler { return h.WithGroup(name) })
}

func (l *buildLog) derive(f func(slog.Handler) slog.Handler) *buildLog {
	d := &buildLog{kept: l.kept, text: f(l.text)}
	if l.next != nil {
		d.next = f(l.next)
	}
	return d
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

// Write appends.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}
