package design

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// MaxSize is the size in bytes up to which a project file is read.
const MaxSize = 1 << 20

// Load reads the project file at path. The error is Problems, with line
// numbers, if the file can be read but is no design; see Parse. The values are
// not checked; that is what Validate and CheckFiles do.
func Load(path string) (Design, error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return Design{}, fmt.Errorf("load design %s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return Design{}, fmt.Errorf("load design: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return Design{}, fmt.Errorf("load design: %w", err)
	}
	return Parse(data, dir)
}

// Parse reads a project file from memory; dir is the folder that its relative
// paths start from. Whatever is wrong with the file's form (TOML 1.0 syntax,
// keys that do not exist, values of the wrong type, a format that this program
// does not know) is returned as Problems, ordered by line.
func Parse(data []byte, dir string) (Design, error) {
	return parse(data, dir, Format, migrations())
}

// parse is Parse for any current format and set of migrations.
func parse(data []byte, dir string, current int, steps map[int]migration) (Design, error) {
	if len(data) > MaxSize {
		return Design{}, Problems{{
			Text: fmt.Sprintf("the file is larger than %d bytes", MaxSize),
			Hint: "a design only names files, it does not hold them; is this a project file?",
		}}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	raw := map[string]any{}
	if err := toml.Unmarshal(data, &raw); err != nil {
		return Design{}, Problems{syntaxProblem(err)}
	}
	lines := lineIndex(data)
	format, problem := formatOf(raw, lines, current)
	if problem != nil {
		return Design{}, Problems{*problem}
	}
	if format < current {
		if err := migrate(raw, format, current, steps); err != nil {
			return Design{}, Problems{{Field: "format", Line: lines["format"], Text: err.Error(),
				Hint: "open the file with the version of Isowright that made it"}}
		}
		lines = nil // the tables are no longer those of the file
	}
	ps := checkSchema(raw, lines)
	d := Design{}
	fill(reflect.ValueOf(&d).Elem(), raw)
	d.Dir = dir
	if len(ps) > 0 && lines != nil && current == Format {
		ps = append(ps, beyond(ps, Locate(data, Validate(d)))...)
	}
	if len(ps) > 0 {
		return Design{}, ps
	}
	return d, nil
}

// beyond are the problems of what could be read that do not follow from those
// of what could not.
func beyond(ps, more Problems) Problems {
	return slices.DeleteFunc(more, func(m Problem) bool {
		return slices.ContainsFunc(ps, func(p Problem) bool {
			return m.Field == "" || strings.HasPrefix(m.Field, p.Field) || strings.HasPrefix(p.Field, m.Field)
		})
	})
}

// syntaxProblem words an error of the TOML reader.
func syntaxProblem(err error) Problem {
	p := Problem{Text: "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		p.Line, _ = at.Position()
		p.Field = clip(strings.Join(at.Key(), "."))
	}
	switch {
	case strings.Contains(p.Text, "already"):
		p.Hint = "a key or table may stand only once; for a further user or entry write [[users]], [[boot.entries]]"
	case strings.Contains(p.Text, "UTF-8") || strings.Contains(p.Text, "utf8"):
		p.Hint = "save the file as UTF-8"
	default:
		p.Hint = `a line reads key = "text", key = 5, key = true or key = ["a", "b"], a section starts with [name]`
	}
	return p
}

// formatOf finds the file's format and refuses what cannot be read.
func formatOf(raw map[string]any, lines map[string]int, current int) (int, *Problem) {
	p := Problem{Field: "format", Line: lines["format"],
		Hint: fmt.Sprintf("a project file starts with the line format = %d", current)}
	value, there := raw["format"]
	n, isInt := value.(int64)
	switch {
	case !there:
		p.Text = "the file does not say its format"
	case !isInt:
		p.Text = "the format must be a whole number"
	case n < 1:
		p.Text = fmt.Sprintf("there is no format %d", n)
	case n > int64(current):
		p.Text = fmt.Sprintf("the file was made by a newer Isowright: it has format %d, this program knows up to %d", n, current)
		p.Hint = "update Isowright, or save the design in the older format there"
	default:
		return int(n), nil
	}
	return 0, &p
}
