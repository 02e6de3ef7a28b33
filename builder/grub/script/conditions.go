package script

import (
	"io/fs"
	"strconv"
	"strings"
)

// test evaluates the words of test and [: comparisons of texts, numbers and
// files, joined with -a, -o, ! and parentheses. No words at all are true, as
// in GRUB.
func (m *Machine) test(args []string) bool {
	if len(args) == 0 {
		return true
	}
	t := tester{m: m, args: args}
	return t.either(0)
}

type tester struct {
	m    *Machine
	args []string
}

// word is the next one, "" at the end.
func (t *tester) word(i int) string {
	if i < len(t.args) {
		return t.args[i]
	}
	return ""
}

// either is conditions joined with -o.
func (t *tester) either(depth int) bool {
	result := t.both(depth)
	for t.word(0) == "-o" {
		t.args = t.args[1:]
		next := t.both(depth)
		result = result || next
	}
	return result
}

// both is conditions joined with -a, or just put behind each other.
func (t *tester) both(depth int) bool {
	result := t.one(depth)
	for len(t.args) > 0 && t.args[0] != "-o" && t.args[0] != ")" {
		if t.args[0] == "-a" {
			t.args = t.args[1:]
		}
		next := t.one(depth)
		result = result && next
	}
	return result
}

func (t *tester) one(depth int) bool {
	if len(t.args) == 0 || depth > maxNesting {
		t.args = nil
		return false
	}
	if len(t.args) >= 3 {
		if result, ok := t.compare(t.args[0], t.args[1], t.args[2]); ok {
			t.args = t.args[3:]
			return result
		}
	}
	if len(t.args) >= 2 {
		if result, ok := t.single(t.args[0], t.args[1]); ok {
			t.args = t.args[2:]
			return result
		}
	}
	word := t.args[0]
	t.args = t.args[1:]
	switch word {
	case "!":
		return !t.one(depth + 1)
	case "(":
		result := t.either(depth + 1)
		if t.word(0) == ")" {
			t.args = t.args[1:]
		}
		return result
	}
	return word != ""
}

func (t *tester) compare(a, op, b string) (result, known bool) {
	switch op {
	case "=", "==":
		return a == b, true
	case "!=":
		return a != b, true
	case "<":
		return a < b, true
	case "<=":
		return a <= b, true
	case ">":
		return a > b, true
	case ">=":
		return a >= b, true
	case "-eq":
		return number(a) == number(b), true
	case "-ne":
		return number(a) != number(b), true
	case "-lt":
		return number(a) < number(b), true
	case "-le":
		return number(a) <= number(b), true
	case "-gt":
		return number(a) > number(b), true
	case "-ge":
		return number(a) >= number(b), true
	case "-pgt":
		return suffix(a) > suffix(b), true
	case "-plt":
		return suffix(a) < suffix(b), true
	case "-nt", "-ot":
		one, errA := t.stat(a)
		two, errB := t.stat(b)
		if errA != nil || errB != nil {
			return false, true
		}
		if op == "-nt" {
			one, two = two, one
		}
		return one.ModTime().Before(two.ModTime()), true
	}
	return false, false
}

func (t *tester) single(op, arg string) (result, known bool) {
	switch op {
	case "-z":
		return arg == "", true
	case "-n":
		return arg != "", true
	case "-d", "-e", "-f", "-s":
		info, err := t.stat(arg)
		switch {
		case err != nil:
			return false, true
		case op == "-d":
			return info.IsDir(), true
		case op == "-f":
			return !info.IsDir(), true
		case op == "-s":
			return info.Size() > 0, true
		}
		return true, true
	}
	return false, false
}

func (t *tester) stat(arg string) (fs.FileInfo, error) {
	name, err := t.m.name(arg)
	if err != nil {
		return nil, err
	}
	return fs.Stat(t.m.o.Files, name)
}

// number reads as much of a text as is one.
func number(s string) int64 {
	s = strings.TrimSpace(s)
	end := 0
	for end < len(s) && (isDigit(s[end]) || end == 0 && s[end] == '-') {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64)
	return n
}

// suffix is the number behind a text's letters, as in "kernel-12".
func suffix(s string) int64 {
	return number(strings.TrimLeftFunc(s, func(r rune) bool { return r < '0' || r > '9' }))
}
