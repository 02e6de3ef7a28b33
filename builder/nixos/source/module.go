package source

import (
	"fmt"
	"slices"
	"strings"
)

// priority is how a definition stands against others of the same option.
type priority int

const (
	// plain is a definition without a priority (100).
	plain priority = iota
	// weak yields to the person's own modules and beats what the base only
	// suggests (900, before mkDefault's 1000).
	weak
	// force replaces what the base sets (50).
	force
	// variant replaces, in a specialisation, what the main system forces (40).
	variant
)

// setting is one definition of an option.
type setting struct {
	field   string
	option  []string
	value   expr
	how     priority
	comment string
	parts   []expr // of several definitions, see merged
}

// module is a NixOS module that is being written.
type module struct {
	g        *generator
	file     string
	about    string
	note     string
	lets     []pair
	settings []setting
	args     []string
}

// comment stands above the next setting.
func (m *module) comment(s string) { m.note = s }

// let binds a name for the module's settings.
func (m *module) let(name string, value expr) { m.lets = append(m.lets, at(name, value)) }

// set defines an option. Dots separate the names in option; further names, which
// may hold dots, follow.
func (m *module) set(field, option string, value expr, further ...string) {
	m.add(field, option, value, plain, further)
}

// setWeakly defines an option so that the person's own modules win.
func (m *module) setWeakly(field, option string, value expr, further ...string) {
	m.add(field, option, value, weak, further)
}

// replace defines an option in place of what the base sets.
func (m *module) replace(field, option string, value expr, further ...string) {
	m.add(field, option, value, force, further)
}

// vary defines an option of a specialisation in place of the main system's.
func (m *module) vary(field, option string, value expr) { m.add(field, option, value, variant, nil) }

// setBy is set where the design says something, else setWeakly.
func (m *module) setBy(said bool, field, option string, value expr) {
	if said {
		m.set(field, option, value)
	} else {
		m.setWeakly(field, option, value)
	}
}

func (m *module) add(field, option string, value expr, how priority, further []string) {
	if m.g.forced(field) && how != variant {
		how = force
	}
	path := append(strings.Split(option, "."), further...)
	m.settings = append(m.settings, setting{field: field, option: path, value: value.of(field), how: how, comment: m.note})
	m.note = ""
}

// empty says whether the module would say nothing.
func (m *module) empty() bool { return len(m.settings) == 0 }

// render writes the module.
func (m *module) render() []line {
	var body []line
	settings := merged(m.settings)
	for i, s := range settings {
		if i > 0 && (s.comment != "" || s.option[0] != settings[i-1].option[0] || len(s.value.lines) > 1) {
			body = append(body, line{})
		}
		for l := range strings.SplitSeq(s.comment, "\n") {
			if l != "" {
				body = append(body, line{"# " + l, s.field})
			}
		}
		body = append(body, s.wrapped().assigned(attrPath(s.option)).of(s.field).lines...)
	}
	var out []line
	for l := range strings.SplitSeq(m.about, "\n") {
		out = append(out, line{text: "# " + l})
	}
	out = append(out, line{text: m.head(body)})
	if len(m.lets) > 0 {
		out = append(out, line{text: "let"})
		for _, p := range m.lets {
			out = append(out, p.value.assigned(attrPath(p.name)).indent()...)
		}
		out = append(out, line{text: "in"})
	}
	out = append(out, line{text: "{"})
	out = append(out, expr{lines: body}.indent()...)
	return append(out, line{text: "}"})
}

// merged joins definitions of the same option into one, because a Nix set names
// each attribute once.
func merged(all []setting) []setting {
	var out []setting
	for _, s := range all {
		i := slices.IndexFunc(out, func(o setting) bool { return slices.Equal(o.option, s.option) })
		switch {
		case i < 0:
			out = append(out, s)
		case out[i].parts == nil:
			out[i].parts = []expr{out[i].wrapped().of(out[i].field), s.wrapped().of(s.field)}
		default:
			out[i].parts = append(out[i].parts, s.wrapped().of(s.field))
		}
	}
	for i, s := range out {
		if s.parts != nil {
			out[i].value, out[i].how = list(s.parts...).apply("lib.mkMerge"), plain
		}
	}
	return out
}

// wrapped is the value with its priority.
func (s setting) wrapped() expr {
	switch s.how {
	case force:
		return s.value.apply("lib.mkForce")
	case variant:
		return s.value.apply("lib.mkOverride 40")
	case weak:
		return s.value.apply("lib.mkOverride 900")
	}
	return s.value
}

// head names the arguments that the module uses.
func (m *module) head(body []line) string {
	var used []string
	for _, name := range []string{"config", "lib", "modulesPath", "options", "pkgs"} {
		mentions := func(l line) bool { return mentioned(l.text, name) }
		lets := slices.ContainsFunc(m.lets, func(p pair) bool { return slices.ContainsFunc(p.value.lines, mentions) })
		if slices.Contains(m.args, name) || lets || slices.ContainsFunc(body, mentions) {
			used = append(used, name)
		}
	}
	if len(used) == 0 {
		return "{ ... }:"
	}
	return "{ " + strings.Join(used, ", ") + ", ... }:"
}

// mentioned says whether a line may use a name. It errs on the side of yes.
func mentioned(text, name string) bool {
	for rest := text; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		after := rest[i+len(name):]
		before := byte(' ')
		if i > 0 {
			before = rest[i-1]
		}
		if !isNameByte(before) && (after == "" || !isNameByte(after[0])) {
			return true
		}
		rest = after
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '-' || c == '\'' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// join puts lines together and returns the field of each.
func join(lines []line) (text []byte, fields []string) {
	var b strings.Builder
	for _, l := range lines {
		for part := range strings.SplitSeq(l.text, "\n") {
			fmt.Fprintln(&b, part)
			fields = append(fields, l.field)
		}
	}
	return []byte(b.String()), fields
}
