package model

import (
	"strings"
	"sync"
)

// lineBuffer collects lines from any goroutine until the window takes them.
type lineBuffer struct {
	mu    sync.Mutex
	lines []string
}

func (b *lineBuffer) add(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, strings.Split(strings.TrimRight(text, "\n"), "\n")...)
	if over := len(b.lines) - maxLog; over > 0 {
		b.lines = b.lines[over:]
	}
}

func (b *lineBuffer) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	lines := b.lines
	b.lines = nil
	return lines
}
