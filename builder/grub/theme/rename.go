package theme

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// rename puts the new names of pictures into theme.txt, and leaves every other
// byte of it alone.
func (out *Imported) rename(renamed map[string]string) error {
	if len(renamed) == 0 {
		return nil
	}
	text := out.Files[themeFile]
	f, err := Parse(text)
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		return nil // Load tells of it
	} else if err != nil {
		return err
	}
	var all []Property
	all = append(all, f.Globals...)
	var walk func(*Node)
	walk = func(n *Node) {
		all = append(all, n.Properties...)
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(f.Root)
	var b strings.Builder
	done := 0
	slices.SortFunc(all, func(a, b Property) int { return a.at - b.at })
	for _, p := range all {
		if value, ok := newName(p.Value, renamed); ok {
			b.Write(text[done:p.at])
			b.WriteString(value)
			done = p.at + len(p.Value)
		}
	}
	b.Write(text[done:])
	out.Files[themeFile] = []byte(b.String())
	return nil
}

// newName is what a value becomes that names a picture, or with "*" those of a
// box, which got other names.
func newName(value string, renamed map[string]string) (string, bool) {
	names := []string{value}
	if before, after, ok := strings.Cut(value, "*"); ok {
		names = nil
		for _, slice := range sliceNames() {
			names = append(names, before+slice+after)
		}
	}
	for _, name := range names {
		if target, ok := renamed[path.Clean(name)]; ok {
			return strings.TrimSuffix(value, path.Ext(value)) + path.Ext(target), true
		}
	}
	return "", false
}
