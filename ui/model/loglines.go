package model

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// logLines writes a log's records as lines for people: the time of the day, what
// is wrong with it, the message, and the attributes.
type logLines struct {
	add   func(line string)
	attrs string
	group string
}

// Enabled takes everything from the level of information up.
func (l *logLines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// Handle adds a line.
func (l *logLines) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(r.Time.Format("15:04:05"))
	switch {
	case r.Level >= slog.LevelError:
		b.WriteString(" error:")
	case r.Level >= slog.LevelWarn:
		b.WriteString(" warning:")
	}
	b.WriteString(" " + r.Message + l.attrs)
	r.Attrs(func(a slog.Attr) bool {
		b.WriteString(l.text(a))
		return true
	})
	l.add(b.String())
	return nil
}

// WithAttrs adds attributes to every line.
func (l *logLines) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := *l
	for _, a := range attrs {
		with.attrs += l.text(a)
	}
	return &with
}

// WithGroup puts a name before those of attributes.
func (l *logLines) WithGroup(name string) slog.Handler {
	with := *l
	with.group += name + "."
	return &with
}

// text is an attribute as it stands in a line. Values with spaces are quoted.
func (l *logLines) text(a slog.Attr) string {
	value := a.Value.String()
	if strings.ContainsAny(value, " \t\n\"") {
		value = fmt.Sprintf("%q", value)
	}
	return "  " + l.group + a.Key + "=" + value
}
