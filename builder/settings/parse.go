package settings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/isowright/isowright/builder/design"
)

// header is the first line of every saved file.
const header = "# Settings of Isowright; docs/settings.md explains every key.\n\n"

// Encode gives the canonical form: the same settings are always the same bytes,
// and Parse gives them back. The error is design.Problems for settings that
// Parse would refuse.
func Encode(s Settings) ([]byte, error) {
	if ps := Check(s); len(ps) > 0 {
		return nil, ps
	}
	data, err := toml.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode settings: %w", err)
	}
	return append([]byte(header), data...), nil
}

// Parse reads and checks the text of a settings file (TOML 1.0). Its error is
// design.Problems, ordered by line.
func Parse(data []byte) (Settings, error) {
	if len(data) > MaxSize {
		return Settings{}, design.Problems{{
			Text: fmt.Sprintf("the file is larger than %d bytes", MaxSize),
			Hint: "is this the settings file?",
		}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	raw := map[string]any{}
	if err := toml.Unmarshal(data, &raw); err != nil {
		return Settings{}, design.Problems{syntaxProblem(err)}
	}
	r := reader{}
	s := Settings{}
	r.sections(raw, reflect.ValueOf(&s).Elem())
	ps := r.problems
	for _, p := range Check(s) {
		if !slices.ContainsFunc(r.problems, func(q design.Problem) bool { return q.Field == p.Field }) {
			ps = append(ps, p)
		}
	}
	if len(ps) > 0 {
		return Settings{}, design.Locate(data, ps)
	}
	return s, nil
}

// syntaxProblem words an error of the TOML reader.
func syntaxProblem(err error) design.Problem {
	p := design.Problem{
		Text: "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: "),
		Hint: `a line reads key = "text", key = 5 or key = ["a", "b"], a section starts with [nix]`,
	}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		p.Line, _ = at.Position()
		p.Field = clip(strings.Join(at.Key(), "."))
	}
	return p
}

// reader fills settings from TOML's tables and collects what does not fit.
type reader struct{ problems design.Problems }

func (r *reader) add(field, text, hint string) {
	r.problems = append(r.problems, design.Problem{Field: field, Text: text, Hint: hint})
}

// sections fills the tables that the file consists of.
func (r *reader) sections(raw map[string]any, to reflect.Value) {
	keys := keysOf(to.Type())
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		i := slices.Index(keys, name)
		table, ok := raw[name].(map[string]any)
		switch {
		case i < 0:
			r.add(clip(quoteKey(name)), "there is no such section", "the sections are ["+strings.Join(keys, "], [")+"]")
		case !ok:
			r.add(name, "must be a section, not "+typeName(raw[name]), "write ["+name+"] on a line of its own")
		default:
			r.table(table, to.Field(i), name)
		}
	}
}

func (r *reader) table(raw map[string]any, to reflect.Value, section string) {
	keys := keysOf(to.Type())
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		field := section + "." + quoteKey(name)
		if i := slices.Index(keys, name); i >= 0 {
			r.value(raw[name], to.Field(i), field)
			continue
		}
		if _, secret := secretKey(name); secret {
			r.add(clip(field), "secrets do not belong into this file", secretHint)
			continue
		}
		hint := "the keys here are " + strings.Join(keys, ", ")
		if section == "nix" && strings.Contains(name, "-") {
			hint = "a setting of nix.conf belongs into the section [nix.options]"
		}
		r.add(clip(field), "there is no such key", hint)
	}
}

func (r *reader) value(v any, to reflect.Value, field string) {
	switch to.Kind() {
	case reflect.String:
		if s, ok := v.(string); ok {
			to.SetString(s)
		} else {
			r.add(field, "must be a text, not "+typeName(v), "put it in quotes")
		}
	case reflect.Pointer:
		if n, ok := v.(int64); ok {
			number := int(n)
			to.Set(reflect.ValueOf(&number))
		} else {
			r.add(field, "must be a whole number, not "+typeName(v), "write the number without quotes")
		}
	case reflect.Slice:
		if list := r.texts(v, field); len(list) > 0 {
			to.Set(reflect.ValueOf(list))
		}
	case reflect.Map:
		if table := r.options(v, field); len(table) > 0 {
			to.Set(reflect.ValueOf(table))
		}
	}
}

func (r *reader) texts(v any, field string) []string {
	list, ok := v.([]any)
	if !ok {
		r.add(field, "must be a list of texts, not "+typeName(v), `write ["a", "b"]`)
		return nil
	}
	var out []string
	for i, e := range list {
		s, ok := e.(string)
		if !ok {
			r.add(fmt.Sprintf("%s[%d]", field, i), "must be a text, not "+typeName(e), "put it in quotes")
		}
		out = append(out, s)
	}
	return out
}

// options reads the one table with free keys; nix.conf knows only texts, so
// numbers, true and false, and lists are written as it does.
func (r *reader) options(v any, field string) map[string]string {
	table, ok := v.(map[string]any)
	if !ok {
		r.add(field, "must be a section, not "+typeName(v), "write ["+field+"] on a line of its own")
		return nil
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		at := field + "." + quoteKey(name)
		switch v := table[name].(type) {
		case string:
			out[name] = v
		case int64:
			out[name] = strconv.FormatInt(v, 10)
		case bool:
			out[name] = strconv.FormatBool(v)
		case []any:
			out[name] = strings.Join(r.texts(v, at), " ")
		default:
			r.add(clip(at), "must be a text, a whole number, true or false, or a list of texts, not "+typeName(v), "")
		}
	}
	return out
}

// keysOf lists the keys of a table in the order of its fields.
func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i], _, _ = strings.Cut(t.Field(i).Tag.Get("toml"), ",")
	}
	return keys
}

// typeName words the type of a TOML value.
func typeName(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a fraction"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or time"
}

// quoteKey writes a key as it stands in a TOML file.
func quoteKey(name string) string {
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return strconv.Quote(name)
		}
	}
	if name == "" {
		return `""`
	}
	return name
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}

// show quotes a value for a message.
func show(s string) string { return strconv.Quote(clip(s)) }
