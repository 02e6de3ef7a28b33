package design

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/isowright/isowright/internal/safefile"
)

// The canonical form is written here and not by a TOML library, because the
// design's ID is its hash: a library's new taste in quotes must not give every
// design a new ID. Any TOML 1.0 reader reads it.

// header is the first line of every saved design.
const header = "# A design of Isowright; docs/project-file.md explains every key.\n"

// Encode gives the canonical form of a design: the same design is always the
// same bytes. Parse gives the design back. It fails only for what no project
// file can hold: texts that are not UTF-8 and settings of a foreign type.
func Encode(d Design) ([]byte, error) {
	e := encoder{}
	e.out.WriteString(header)
	e.table(reflect.ValueOf(d), "")
	if e.err != nil {
		return nil, fmt.Errorf("encode design: %w", e.err)
	}
	if e.out.Len() > MaxSize {
		return nil, fmt.Errorf("encode design: it is larger than %d bytes", MaxSize)
	}
	return e.out.Bytes(), nil
}

// Save writes the canonical form to path, all or nothing. A new file is
// readable by all; an existing one keeps its permissions.
func Save(path string, d Design) error {
	data, err := Encode(d)
	if err != nil {
		return err
	}
	if err := safefile.Write(path, 0o644, data); err != nil {
		return fmt.Errorf("save design: %w", err)
	}
	return nil
}

// ID is the design's identity: the SHA-256 of its canonical form in
// hexadecimal. It is what sha256sum prints for a saved design. A design that
// cannot be encoded has the ID "".
func ID(d Design) string {
	data, err := Encode(d)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

type encoder struct {
	out bytes.Buffer
	err error
}

// table writes the keys of a struct, then the tables below it.
func (e *encoder) table(v reflect.Value, path string) {
	keys := keysOf(v.Type())
	for _, k := range keys {
		field := v.Field(k.index)
		if isTable(field.Type()) || k.omitEmpty && isEmpty(field) {
			continue
		}
		e.out.WriteString(k.name + " = ")
		e.value(field, k)
		e.out.WriteByte('\n')
	}
	for _, k := range keys {
		if field := v.Field(k.index); isTable(field.Type()) && !isEmpty(field) {
			e.subtable(field, join(path, k.name))
		}
	}
}

// isTable says whether a type is written as one or more sections.
func isTable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return true
	case reflect.Pointer, reflect.Slice:
		return t.Elem().Kind() == reflect.Struct
	}
	return false
}

func (e *encoder) subtable(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		e.subtable(v.Elem(), path)
	case reflect.Slice:
		for i := range v.Len() {
			e.out.WriteString("\n[[" + path + "]]\n")
			e.table(v.Index(i), path)
		}
	case reflect.Map:
		e.out.WriteString("\n[" + path + "]\n")
		e.settings(v.Interface().(map[string]any))
	case reflect.Struct:
		if hasOwnKeys(v) {
			e.out.WriteString("\n[" + path + "]\n")
		}
		e.table(v, path)
	}
}

// hasOwnKeys says whether a table has more than tables below it.
func hasOwnKeys(v reflect.Value) bool {
	for _, k := range keysOf(v.Type()) {
		if field := v.Field(k.index); !isTable(field.Type()) && !(k.omitEmpty && isEmpty(field)) {
			return true
		}
	}
	return false
}

func (e *encoder) settings(table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		switch table[name].(type) {
		case string, bool, int, []string:
		default:
			e.fail(fmt.Errorf("setting %s has the type %T", show(name), table[name]))
			return
		}
		e.checkText(name)
		if isBare(name) {
			e.out.WriteString(name)
		} else {
			e.out.WriteString(quote(name))
		}
		e.out.WriteString(" = ")
		e.value(reflect.ValueOf(table[name]), key{})
		e.out.WriteByte('\n')
	}
}

func (e *encoder) value(v reflect.Value, k key) {
	switch v.Kind() {
	case reflect.Pointer:
		e.value(v.Elem(), k)
	case reflect.Bool:
		e.out.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int:
		e.out.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.String:
		e.checkText(v.String())
		if k.multiline && strings.Contains(v.String(), "\n") {
			e.out.WriteString(quoteLines(v.String()))
		} else {
			e.out.WriteString(quote(v.String()))
		}
	case reflect.Slice:
		e.list(v.Interface().([]string))
	}
}

// list writes short lists on one line and long ones with a line for each
// element, which is what a version control system shows best.
func (e *encoder) list(values []string) {
	const lineLength = 80
	quoted, length := make([]string, len(values)), 0
	for i, s := range values {
		e.checkText(s)
		quoted[i] = quote(s)
		length += len(quoted[i]) + 2
	}
	if length <= lineLength {
		e.out.WriteString("[" + strings.Join(quoted, ", ") + "]")
		return
	}
	e.out.WriteString("[\n  " + strings.Join(quoted, ",\n  ") + ",\n]")
}

func (e *encoder) checkText(s string) {
	if !utf8.ValidString(s) {
		e.fail(errors.New("a text is not UTF-8"))
	}
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// quote writes a text as a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		escape(&b, r)
	}
	b.WriteByte('"')
	return b.String()
}

// quoteLines writes a text as a TOML multi-line basic string, every quotation
// mark that could be taken for its end escaped.
func quoteLines(s string) string {
	var b strings.Builder
	b.WriteString("\"\"\"\n")
	quotes := 0
	for i, r := range s {
		if r != '"' {
			quotes = 0
		} else if quotes++; quotes < 3 && i < len(s)-1 {
			b.WriteByte('"')
			continue
		} else {
			quotes = 0
		}
		if r == '\n' || r == '\t' {
			b.WriteRune(r)
		} else {
			escape(&b, r)
		}
	}
	b.WriteString("\"\"\"")
	return b.String()
}

// escape writes one character of a basic string. What TOML forbids and what an
// editor would hide is spelled out.
func escape(b *strings.Builder, r rune) {
	switch {
	case r == '"' || r == '\\':
		b.WriteByte('\\')
		b.WriteRune(r)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\t':
		b.WriteString(`\t`)
	case r == '\r':
		b.WriteString(`\r`)
	case isControl(r) || isHidden(r):
		fmt.Fprintf(b, `\u%04X`, r)
	default:
		b.WriteRune(r)
	}
}

// isControl says whether r is a C0 or C1 control character or DEL.
func isControl(r rune) bool {
	return r < 0x20 || 0x7f <= r && r < 0xa0
}

// isHidden says whether r changes how the text around it looks without being
// seen: direction marks, line and paragraph separators, the byte order mark.
// The list is fixed because the canonical form depends on it.
func isHidden(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || 0x2028 <= r && r <= 0x202e ||
		0x2066 <= r && r <= 0x2069 || r == 0xfeff
}
