package design

import (
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

const maxLabel = 32

// Validate finds every fault in the values of a design, without looking at any
// file, archive or network. What is absent and has a default is no fault. No
// message repeats a value that could be a secret.
func Validate(d Design) Problems {
	c := &checker{}
	c.everyText(reflect.ValueOf(d), "")
	c.identity(d)
	c.packages(d)
	c.archive(d)
	c.kernel(d)
	c.system(d.System)
	c.users(d)
	c.ssh(d.SSH)
	c.texts(d.Texts)
	c.startup(d)
	c.network(d.Network)
	c.boot(d)
	c.files(d)
	c.compression(d.Compression)
	c.nixos(d)
	return c.problems
}

// checker collects problems.
type checker struct {
	problems Problems
	// spoilt are fields that everyText has refused: nothing else about them is
	// reported, because another message might repeat their value.
	spoilt map[string]bool
}

// add reports a fault of a field.
func (c *checker) add(field, text, hint string) {
	if !c.spoilt[field] {
		c.problems = append(c.problems, Problem{Field: field, Text: text, Hint: hint})
	}
}

// spoil reports a fault that hides all others of the field.
func (c *checker) spoil(field, text, hint string) {
	c.add(field, text, hint)
	if c.spoilt == nil {
		c.spoilt = map[string]bool{}
	}
	c.spoilt[field] = true
}

// secretMarks are texts that only secrets contain.
var secretMarks = []string{
	"PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "PuTTY-User-Key-File-", "AGE-SECRET-KEY-1",
	"SSH PRIVATE KEY FILE FORMAT", "SSH2 ENCRYPTED PRIVATE KEY",
}

// everyText looks at each text of the design for what is wrong anywhere.
func (c *checker) everyText(v reflect.Value, field string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			c.everyText(v.Elem(), field)
		}
	case reflect.Struct:
		for _, k := range keysOf(v.Type()) {
			c.everyText(v.Field(k.index), join(field, k.name))
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.everyText(v.Index(i), element(field, i))
		}
	case reflect.Map:
		for _, name := range slices.Sorted(keysOfMap(v)) {
			c.everyText(v.MapIndex(reflect.ValueOf(name)), join(field, name))
		}
	case reflect.String:
		c.anyText(v.String(), field)
	}
}

func keysOfMap(v reflect.Value) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, k := range v.MapKeys() {
			if !yield(k.String()) {
				return
			}
		}
	}
}

func (c *checker) anyText(s, field string) {
	switch {
	case !utf8.ValidString(s):
		c.spoil(field, "the text is not UTF-8", "type it again")
	case strings.ContainsRune(s, 0):
		c.spoil(field, "the text contains a NUL character", "remove it")
	case containsAny(s, secretMarks):
		c.spoil(field, "this is a private key; an image is readable by everyone who holds it",
			"use the public key (the file ending in .pub), and put secrets on the machine itself")
	case hasURLPassword(s):
		c.spoil(field, "the address contains a user's password; an image is readable by everyone who holds it",
			"leave out user:password@")
	}
}

func containsAny(s string, marks []string) bool {
	return slices.ContainsFunc(marks, func(m string) bool { return strings.Contains(s, m) })
}

var urlPassword = regexp.MustCompile(`(?i)\b(https?|ssh|ftp)://[^/\s"'@:]*:[^/\s"'@]+@`)

func hasURLPassword(s string) bool { return urlPassword.MatchString(s) }

// line checks a text that has to be one line for people to read.
func (c *checker) line(field, s string, longest int) bool {
	before := len(c.problems)
	switch {
	case strings.ContainsAny(s, "\r\n"):
		c.add(field, "the text has more than one line", "write it on one line")
	case strings.ContainsFunc(s, isControl):
		c.add(field, "the text contains a control character", "remove it")
	case strings.ContainsFunc(s, isHidden):
		c.add(field, "the text contains invisible characters that change its direction or look", "type it again")
	case utf8.RuneCountInString(s) > longest:
		c.add(field, fmt.Sprintf("the text is longer than %d characters", longest), "shorten it")
	}
	return len(c.problems) == before && !c.spoilt[field]
}

// oneOf checks a word from a fixed list; "" is always accepted.
func (c *checker) oneOf(field, s string, words ...string) bool {
	if s == "" || slices.Contains(words, s) {
		return true
	}
	hint := "one of " + strings.Join(words, ", ")
	if similar := near(s, words); similar != "" {
		hint = "did you mean " + similar + "?"
	}
	c.add(field, show(s)+" is not known here", hint)
	return false
}

// unique reports the second and every further appearance of a word.
func (c *checker) unique(field string, words []string) {
	seen := map[string]bool{}
	for i, w := range words {
		if seen[w] {
			c.add(element(field, i), show(w)+" is there twice", "remove one of the two")
		}
		seen[w] = true
	}
}

// matches checks a word against a pattern; "" is always accepted.
func (c *checker) matches(field, s string, pattern *regexp.Regexp, what, hint string) bool {
	if s == "" || pattern.MatchString(s) {
		return true
	}
	c.add(field, show(s)+" is not "+what, hint)
	return false
}

// localPath checks the path of a file beside the project file.
func (c *checker) localPath(field, s string) bool {
	switch {
	case s == "":
		c.add(field, "the path is missing", "name a file relative to the project file")
	case strings.ContainsFunc(s, isControl):
		c.add(field, "the path contains a control character", "rename the file")
	case filepath.IsAbs(s) || path.IsAbs(s) || strings.HasPrefix(s, "~"):
		c.add(field, show(s)+" is not relative to the project file",
			"put the file into the project's folder, so that the design works on every machine")
	case !filepath.IsLocal(filepath.FromSlash(s)):
		c.add(field, show(s)+" leaves the project's folder", "put the file into the project's folder")
	default:
		return true
	}
	return false
}

// imagePath checks an absolute path on the image.
func (c *checker) imagePath(field, s string) bool {
	hint := "write an absolute path like /opt/tools/run.sh"
	switch {
	case s == "":
		c.add(field, "the path is missing", hint)
	case strings.ContainsFunc(s, isControl) || strings.ContainsFunc(s, isHidden):
		c.add(field, "the path contains a control or invisible character", hint)
	case !path.IsAbs(s):
		c.add(field, show(s)+" is not an absolute path", hint)
	case s == "/":
		c.add(field, "the path names the whole tree", hint)
	case path.Clean(s) != s:
		c.add(field, show(s)+" is not the shortest form of the path", "write "+show(path.Clean(s)))
	case slices.ContainsFunc(strings.Split(s, "/"), func(e string) bool { return len(e) > 255 }):
		c.add(field, "a name in the path is longer than 255 bytes", "shorten it")
	case len(s) > 4095:
		c.add(field, "the path is longer than 4095 bytes", "shorten it")
	default:
		return true
	}
	return false
}

// webAddress checks the base URL of an archive.
func (c *checker) webAddress(field, s string) {
	if s == "" {
		return
	}
	hint := "write it like http://ftp.debian.org/debian"
	u, err := url.Parse(s)
	switch {
	case err != nil || strings.ContainsAny(s, " \"'<>\\^`{|}") || strings.ContainsFunc(s, func(r rune) bool { return r > 0x7e }):
		c.add(field, "this is not a web address", hint)
	case u.Scheme != "http" && u.Scheme != "https":
		c.add(field, "the address must start with http:// or https://", hint)
	case u.Hostname() == "":
		c.add(field, "the address names no host", hint)
	case u.User != nil:
		c.add(field, "the address contains a user name", "leave out everything up to the @")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		c.add(field, "the address must not contain ? or #", hint)
	}
}
