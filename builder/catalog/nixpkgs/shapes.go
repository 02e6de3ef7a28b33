package nixpkgs

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// The members of meta are free for packages to fill, and some do so in ways of
// their own. These types take the shapes that are known and pass over others,
// so that one odd package does not cost the whole list.

// maxText is the longest text in bytes that is kept.
const maxText = 64 << 10

// text is a string, or an object with a string in "text" (mdDoc,
// literalExpression); another value in literal is kept as it is written.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*t = text(clip(strings.TrimSpace(s)))
		return nil
	}
	var typed struct {
		Text *string `json:"text"`
	}
	if json.Unmarshal(data, &typed) == nil && typed.Text != nil {
		*t = text(clip(strings.TrimSpace(*typed.Text)))
	}
	return nil
}

// clip cuts a text at a letter's end.
func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// literal is a value as Nix or JSON writes it.
type literal string

func (l *literal) UnmarshalJSON(data []byte) error {
	var t text
	if err := t.UnmarshalJSON(data); err != nil {
		return err
	}
	if *l = literal(t); t == "" && !bytes.Equal(data, []byte(`""`)) && !bytes.HasPrefix(data, []byte(`{"_type"`)) {
		*l = literal(clip(string(data)))
	}
	return nil
}

// texts is one text or a list of them; of an object among them the name
// counts.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		list = []json.RawMessage{data}
	}
	for _, item := range list {
		var s string
		var named struct {
			Name text `json:"name"`
		}
		if json.Unmarshal(item, &s) != nil && json.Unmarshal(item, &named) == nil {
			s = string(named.Name)
		}
		if s = clip(strings.TrimSpace(s)); s != "" {
			*t = append(*t, s)
		}
	}
	return nil
}

// flag is true where it says so; known tells whether it says anything.
type flag struct{ set, known bool }

func (f *flag) UnmarshalJSON(data []byte) error {
	f.known = json.Unmarshal(data, &f.set) == nil && !isNull(data)
	return nil
}

// keys are the names of an object's members.
type keys []string

func (k *keys) UnmarshalJSON(data []byte) error {
	var m map[string]json.RawMessage
	if json.Unmarshal(data, &m) == nil {
		for name := range m {
			*k = append(*k, name)
		}
		slices.Sort(*k)
	}
	return nil
}

// problems are what nixpkgs says of a package under meta.problems.
type problems []string

func (p *problems) UnmarshalJSON(data []byte) error {
	var m map[string]struct {
		Kind    text `json:"kind"`
		Message text `json:"message"`
	}
	if json.Unmarshal(data, &m) != nil {
		return nil
	}
	for name, problem := range m {
		// These two have flags of their own or are no matter of the person's.
		if kind := string(problem.Kind); kind == "broken" || kind == "maintainerless" || problem.Message == "" {
			continue
		}
		*p = append(*p, name+": "+string(problem.Message))
	}
	slices.Sort(*p)
	return nil
}

// licenses takes a name, a licence, an expression of several (since 2026), and
// lists of all these.
type licenses []License

func (l *licenses) UnmarshalJSON(data []byte) error {
	var v any
	if json.Unmarshal(data, &v) == nil {
		l.add(v, 0)
	}
	return nil
}

// maxDepth is how far expressions of licences are followed.
const maxDepth = 16

func (l *licenses) add(v any, depth int) {
	if depth > maxDepth {
		return
	}
	switch v := v.(type) {
	case string:
		if id := clip(strings.TrimSpace(v)); id != "" {
			// A bare name says nothing of freedom; nixpkgs takes it for free.
			*l = append(*l, License{ID: id, Free: id != "unfree"})
		}
	case []any:
		for _, one := range v {
			l.add(one, depth+1)
		}
	case map[string]any:
		l.addObject(v, depth)
	}
}

// addObject takes a licence, or the parts of an expression: "licenses" of a
// "compound", "license" and "exception" of an "exception", "license" of a
// "plus".
func (l *licenses) addObject(v map[string]any, depth int) {
	name, _ := v["fullName"].(string)
	free, known := v["free"].(bool)
	for _, key := range []string{"spdxId", "shortName", "fullName"} {
		if id, _ := v[key].(string); id != "" {
			*l = append(*l, License{ID: clip(id), Name: clip(name), Free: free || !known})
			break
		}
	}
	for _, key := range []string{"licenses", "license", "exception"} {
		l.add(v[key], depth+1)
	}
}
