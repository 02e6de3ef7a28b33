// Package words says what people read in their own language. The English text
// is the key: a language is one file (assets/words/LANGUAGE.json) that maps
// English texts, with fmt's verbs in them, to that language's.
//
// It translates what the window says. What the builder says of a design's faults
// is translated by the shape of its sentences (see Of).
package words

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Words speaks one language. A nil *Words speaks English.
type Words struct {
	tag     language.Tag
	printer *message.Printer
	// texts are those without verbs; shapes the others, see Of.
	texts  map[string]string
	shapes []shape
}

// English needs no file.
func English() *Words {
	return &Words{tag: language.BritishEnglish, printer: message.NewPrinter(language.BritishEnglish)}
}

// Languages are those that have a file in dir, English included, sorted.
func Languages(dir fs.FS) []string {
	names := []string{"en"}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return names
	}
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// New speaks the first of the wanted languages ("de_DE.UTF-8", "de") that dir
// has a file for, else English. It fails where that file is no map of texts.
func New(dir fs.FS, wanted ...string) (*Words, error) {
	for _, want := range wanted {
		name, _, _ := strings.Cut(want, ".")
		tag, err := language.Parse(strings.ReplaceAll(name, "_", "-"))
		if err != nil {
			continue
		}
		base, _ := tag.Base()
		if base.String() == "en" {
			return English(), nil
		}
		data, err := fs.ReadFile(dir, base.String()+".json")
		if err != nil {
			continue
		}
		texts := map[string]string{}
		if err := json.Unmarshal(data, &texts); err != nil {
			return nil, fmt.Errorf("read the texts of %s: %w", path.Base(base.String()+".json"), err)
		}
		return of(tag, texts)
	}
	return English(), nil
}

// of makes Words of a map from English.
func of(tag language.Tag, texts map[string]string) (*Words, error) {
	b := catalog.NewBuilder(catalog.Fallback(language.BritishEnglish))
	w := &Words{tag: tag, texts: map[string]string{}}
	for key, text := range texts {
		if err := b.SetString(tag, key, text); err != nil {
			return nil, fmt.Errorf("the text %q: %w", key, err)
		}
		if s, ok := shapeOf(key, text); ok {
			w.shapes = append(w.shapes, s)
		} else if len(s.kinds) == 0 {
			w.texts[unescape(key)] = unescape(text)
		}
	}
	slices.SortFunc(w.shapes, moreLiteral)
	w.printer = message.NewPrinter(tag, message.Catalog(b))
	return w, nil
}

// Language is the tag of the language spoken ("de-DE").
func (w *Words) Language() string { return w.or().tag.String() }

func (w *Words) or() *Words {
	if w == nil {
		return English()
	}
	return w
}

// Say is fmt.Sprintf in the person's language. Numbers get the language's
// separators.
func (w *Words) Say(format string, args ...any) string {
	return w.or().printer.Sprintf(format, args...)
}

// Count is Say with one or another text, by the number; both have one verb for
// it, which is the first.
func (w *Words) Count(n int, one, other string, args ...any) string {
	args = append([]any{n}, args...)
	if n == 1 {
		return w.Say(one, args...)
	}
	return w.Say(other, args...)
}

// Key marks a text that is said later, so that it is found when texts are
// collected for translation.
func Key(text string) string { return text }
