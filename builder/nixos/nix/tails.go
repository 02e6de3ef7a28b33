package nix

import (
	"fmt"
	"strings"
)

// tails keeps the last lines of builds, also of some that ended, since their
// failure may be told later.
type tails struct {
	lines map[string][]string
	ended []string
}

const (
	tailLines  = 40
	tailBuilds = 64
	tailWidth  = 4096 // bytes of a line
)

func (t *tails) add(drv, line string) {
	if t.lines == nil {
		t.lines = map[string][]string{}
	}
	if len(line) > tailWidth {
		line = fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(line[:tailWidth], ""), len(line))
	}
	kept := append(t.lines[drv], line)
	if len(kept) > tailLines {
		kept = append(kept[:0:0], kept[len(kept)-tailLines:]...)
	}
	t.lines[drv] = kept
}

func (t *tails) close(drv string) {
	if _, ok := t.lines[drv]; !ok {
		return
	}
	if t.ended = append(t.ended, drv); len(t.ended) > tailBuilds {
		delete(t.lines, t.ended[0])
		t.ended = t.ended[1:]
	}
}

// of gives the kept lines of a derivation.
func (t *tails) of(drv string) string { return strings.Join(t.lines[drv], "\n") }
