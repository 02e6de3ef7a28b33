package design

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// maxDepth is how many keys deep lines are remembered; the format needs half.
const maxDepth = 16

// Locate fills in the lines of problems that Validate or CheckFiles found, from
// the text that the design was parsed from, and orders them by it. A field that
// is not in the text gets the line of the table it belongs to.
func Locate(data []byte, ps Problems) Problems {
	lines := lineIndex(bytes.TrimPrefix(data, []byte("\ufeff")))
	out := make(Problems, len(ps))
	for i, p := range ps {
		for path := p.Field; p.Line == 0 && path != ""; path = parentPath(path) {
			p.Line = lines[path]
		}
		if p.Line == 0 && p.Field != "" {
			// The table that the file itself is.
			p.Line = 1
		}
		out[i] = p
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

// parentPath cuts the last key or index off a path.
func parentPath(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// lineIndex finds the line, counted from 1, of every key, table and list
// element in a text that is valid TOML.
func lineIndex(data []byte) map[string]int {
	x := indexer{lines: map[string]int{}, counts: map[string]int{}}
	for i, b := range data {
		if b == '\n' {
			x.breaks = append(x.breaks, i)
		}
	}
	x.parser.Reset(data)
	table := ""
	for x.parser.NextExpression() {
		node := x.parser.Expression()
		switch node.Kind {
		case unstable.Table:
			table = x.header(node, false)
		case unstable.ArrayTable:
			table = x.header(node, true)
		case unstable.KeyValue:
			x.keyValue(node, table)
		}
	}
	return x.lines
}

type indexer struct {
	parser unstable.Parser
	breaks []int // offsets of line feeds
	lines  map[string]int
	counts map[string]int // elements so far of each list of tables
}

// line is the number of the line that an offset lies in.
func (x *indexer) line(offset uint32) int {
	return sort.SearchInts(x.breaks, int(offset)) + 1
}

// set remembers a path's first appearance.
func (x *indexer) set(path string, line int) {
	if _, ok := x.lines[path]; !ok && path != "" {
		x.lines[path] = line
	}
}

// keyPath extends a path by a node's dotted key, remembering each part; last
// names the list elements that parts of it refer to.
func (x *indexer) keyPath(node *unstable.Node, path string) (full string, line int, ok bool) {
	depth := strings.Count(path, ".")
	for it := node.Key(); it.Next(); depth++ {
		if depth > maxDepth {
			return "", 0, false
		}
		if n := x.counts[path]; n > 0 {
			path = element(path, n-1)
		}
		path = join(path, string(it.Node().Data))
		line = x.line(it.Node().Raw.Offset)
		x.set(path, line)
	}
	return path, line, true
}

// header enters a [table] or [[list element]] and gives its path.
func (x *indexer) header(node *unstable.Node, isElement bool) string {
	path, line, ok := x.keyPath(node, "")
	if !ok {
		return ""
	}
	if isElement {
		path = element(path, x.counts[path])
		x.counts[path[:strings.LastIndexByte(path, '[')]]++
		x.set(path, line)
	}
	return path
}

func (x *indexer) keyValue(node *unstable.Node, table string) {
	if path, line, ok := x.keyPath(node, table); ok {
		x.value(node.Value(), path, line)
	}
}

// value looks into lists and inline tables.
func (x *indexer) value(node *unstable.Node, path string, line int) {
	if strings.Count(path, ".") > maxDepth {
		return
	}
	switch node.Kind {
	case unstable.Array:
		i := 0
		for it := node.Children(); it.Next(); i++ {
			if at := it.Node().Raw; at.Length > 0 {
				line = x.line(at.Offset)
			}
			x.set(element(path, i), line)
			x.value(it.Node(), element(path, i), line)
		}
	case unstable.InlineTable:
		for it := node.Children(); it.Next(); {
			x.keyValue(it.Node(), path)
		}
	}
}
