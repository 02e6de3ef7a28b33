package design

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// The schema is the struct types themselves, read by reflection: their toml
// tags name the keys.

// key is one field of a table.
type key struct {
	name      string
	index     int
	omitEmpty bool
	multiline bool
}

// keysOf lists the keys of a struct type in the order of its fields.
func keysOf(t reflect.Type) []key {
	keys := make([]key, 0, t.NumField())
	for i := range t.NumField() {
		words := strings.Split(t.Field(i).Tag.Get("toml"), ",")
		if words[0] == "-" || words[0] == "" {
			continue
		}
		keys = append(keys, key{words[0], i,
			slices.Contains(words, "omitempty"), slices.Contains(words, "multiline")})
	}
	return keys
}

// isBare says whether TOML takes a key without quotation marks.
func isBare(name string) bool {
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return name != ""
}

// join makes the path of a key in a table.
func join(path, name string) string {
	if !isBare(name) {
		name = strconv.Quote(name)
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// element makes the path of an element in a list.
func element(path string, i int) string {
	return path + "[" + strconv.Itoa(i) + "]"
}

// schemaCheck collects every key that does not exist and every value of the
// wrong type.
type schemaCheck struct {
	lines    map[string]int
	problems Problems
	// settled is how many of the problems no longer stand in the way of
	// filling a design: unknown keys, and values that were taken out.
	settled int
}

// checkSchema compares the tables of a file with the types and takes values of
// the wrong type out of them.
func checkSchema(raw map[string]any, lines map[string]int) Problems {
	c := schemaCheck{lines: lines}
	c.table(raw, reflect.TypeFor[Design](), "")
	slices.SortStableFunc(c.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Field, b.Field))
	})
	return c.problems
}

func (c *schemaCheck) add(path, text, hint string) {
	c.problems = append(c.problems, Problem{Field: path, Line: c.lines[path], Text: text, Hint: hint})
}

func (c *schemaCheck) table(raw map[string]any, t reflect.Type, path string) {
	if strings.Count(path, ".") > maxDepth {
		c.add(path, "the tables are nested too deep", "submenus may be 4 deep")
		return
	}
	keys := keysOf(t)
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
		if i < 0 {
			c.unknown(name, keys, path)
			continue
		}
		open := len(c.problems) - c.settled
		c.value(raw[name], t.Field(keys[i].index).Type, join(path, name))
		if len(c.problems)-c.settled > open {
			// Without the value that is wrong the rest can be filled in.
			delete(raw, name)
			c.settled = len(c.problems) - open
		}
	}
}

// unknown reports a key that no table has, or not this one.
func (c *schemaCheck) unknown(name string, keys []key, path string) {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.name
	}
	hint := ""
	if similar := near(name, names); similar != "" {
		hint = fmt.Sprintf("did you mean %s?", similar)
	} else if elsewhere := placesOf(name, path == ""); len(elsewhere) > 0 {
		hint = "did you mean " + strings.Join(elsewhere, " or ") + "?"
	} else if path == "" {
		hint = "docs/project-file.md lists all keys"
	} else {
		hint = "the keys here are " + strings.Join(names, ", ")
	}
	full := join(path, name)
	c.settled++
	c.problems = append(c.problems, Problem{Field: clip(full), Line: c.lines[full],
		Text: "there is no such key", Hint: hint})
}

func (c *schemaCheck) value(v any, t reflect.Type, path string) {
	switch t.Kind() {
	case reflect.Pointer:
		c.value(v, t.Elem(), path)
	case reflect.Struct:
		if table, ok := v.(map[string]any); ok {
			c.table(table, t, path)
		} else {
			c.add(path, "must be a table, not "+typeName(v), "write a section "+headerOf(path))
		}
	case reflect.Slice:
		c.list(v, t, path)
	case reflect.Map:
		c.settings(v, path)
	case reflect.String:
		if _, ok := v.(string); !ok {
			c.add(path, "must be a text, not "+typeName(v), "put it in quotes")
		}
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			c.add(path, "must be true or false, not "+typeName(v), "write true or false without quotes")
		}
	case reflect.Int:
		if _, ok := v.(int64); !ok {
			c.add(path, "must be a whole number, not "+typeName(v), "write the number without quotes")
		}
	}
}

func (c *schemaCheck) list(v any, t reflect.Type, path string) {
	list, ok := v.([]any)
	ofTables := t.Elem().Kind() == reflect.Struct
	switch {
	case !ok && ofTables:
		c.add(path, "must be a list of tables, not "+typeName(v), "start each one with [["+path+"]]")
	case !ok:
		c.add(path, "must be a list of texts, not "+typeName(v), `write ["a", "b"]`)
	}
	for i, v := range list {
		c.value(v, t.Elem(), element(path, i))
	}
}

// headerOf is the line that begins a table.
func headerOf(path string) string {
	name := withoutIndexes(path)
	if strings.HasSuffix(path, "]") {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

// settings are the only table with free keys.
func (c *schemaCheck) settings(v any, path string) {
	table, ok := v.(map[string]any)
	if !ok {
		c.add(path, "must be a table, not "+typeName(v), "write a section ["+path+"]")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		switch v := table[name].(type) {
		case string, bool, int64:
		case []any:
			for i, e := range v {
				c.value(e, reflect.TypeFor[string](), element(join(path, name), i))
			}
		default:
			c.add(join(path, name), "must be a text, a whole number, true or false, or a list of texts, not "+typeName(v), "")
		}
	}
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

// fill copies checked tables into a value. Empty lists and tables become
// absent ones, so that a design has one form only.
func fill(to reflect.Value, v any) {
	switch to.Kind() {
	case reflect.Pointer:
		p := reflect.New(to.Type().Elem())
		fill(p.Elem(), v)
		if !isEmpty(p) {
			to.Set(p)
		}
	case reflect.Struct:
		table := v.(map[string]any)
		for _, k := range keysOf(to.Type()) {
			if v, ok := table[k.name]; ok {
				fill(to.Field(k.index), v)
			}
		}
	case reflect.Slice:
		list := v.([]any)
		if len(list) == 0 {
			return
		}
		to.Set(reflect.MakeSlice(to.Type(), len(list), len(list)))
		for i := range list {
			fill(to.Index(i), list[i])
		}
	case reflect.Map:
		if len(v.(map[string]any)) > 0 {
			to.Set(reflect.ValueOf(settingsOf(v.(map[string]any))))
		}
	case reflect.String:
		to.SetString(v.(string))
	case reflect.Bool:
		to.SetBool(v.(bool))
	case reflect.Int:
		to.SetInt(v.(int64))
	}
}

// settingsOf gives the values of free keys their Go types: string, bool, int,
// []string.
func settingsOf(table map[string]any) map[string]any {
	out := make(map[string]any, len(table))
	for name, v := range table {
		switch v := v.(type) {
		case int64:
			out[name] = int(v)
		case []any:
			list := make([]string, len(v))
			for i := range v {
				list[i] = v[i].(string)
			}
			out[name] = list
		default:
			out[name] = v
		}
	}
	return out
}

// isEmpty says whether a value says nothing. A pointer to a number or a bool
// says something even if that is 0 or false.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || v.Elem().Kind() == reflect.Struct && isEmpty(v.Elem())
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for _, k := range keysOf(v.Type()) {
			if !isEmpty(v.Field(k.index)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// fieldPaths lists every key of the format without list indexes
// ("users.name"), tables before their keys.
func fieldPaths() []string {
	var paths []string
	var walk func(t reflect.Type, path string, depth int)
	walk = func(t reflect.Type, path string, depth int) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || depth > 4 { // submenus nest without end
			return
		}
		for _, k := range keysOf(t) {
			paths = append(paths, join(path, k.name))
			walk(t.Field(k.index).Type, join(path, k.name), depth+1)
		}
	}
	walk(reflect.TypeFor[Design](), "", 0)
	return paths
}

// placesOf lists the paths, three at most, that end in a key of this name, or,
// if there are none, of a similar one.
func placesOf(name string, similar bool) []string {
	leaves := map[string][]string{}
	for _, path := range fieldPaths() {
		leaf := path[strings.LastIndexByte(path, '.')+1:]
		if len(leaves[leaf]) < 3 && strings.Count(path, "entries.") < 2 {
			leaves[leaf] = append(leaves[leaf], path)
		}
	}
	if found, ok := leaves[name]; ok || !similar {
		return found
	}
	return leaves[near(name, slices.Sorted(maps.Keys(leaves)))]
}
