package hardware

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/assets"
)

// An entry is one kind of hardware of the table: what it is known by and what
// it wants. assets/hardware.txt holds them, one after the other, as lines of
// words; # begins a comment line:
//
//	hardware TITLE          begins an entry, in words that people know
//	group NAME              Wi-Fi, Graphics …
//	pci VENDOR PRODUCT...   hex; a range "1e00-ffff", or * for all of a vendor
//	class PREFIX            of PCI's class, which the device must have besides
//	usb VENDOR PRODUCT...   as pci
//	interface PREFIX        of a USB interface's class ("e00101"), besides
//	bound NAME...           the kernel drives it with one of these
//	idle NAME...            drivers that take the device without serving it
//	cpu MAKER               the processor's vendor_id
//	metal                   not in a virtual machine
//	machine FIELD PATTERN   what the firmware says (path.Match); all must hold
//
// A device is of the entry if pci and class, or usb and interface, or bound
// fit; a computer is if cpu and metal, or machine fit. Then what it wants:
//
//	DISTRIBUTION NEED DRIVER [CONDITION...] : WHY
//	DISTRIBUTION note [CONDITION...] : TEXT
//
// NEED is required, better or instead; a condition is release=A,B, kernel<6.14
// or kernel>=6.14.
type entry struct {
	title, group    string
	pci, usb        []span
	class, usbClass []string
	bound, idle     []string
	cpu             string
	metal           bool
	machine         []field
	wants           []want
}

// span is a range of products of a vendor.
type span struct{ vendor, from, to uint16 }

func (s span) has(d Device) bool {
	return d.Vendor == s.vendor && s.from <= d.Product && d.Product <= s.to
}

// field is a pattern for what the firmware says.
type field struct{ name, pattern string }

// want is a line of what hardware wants.
type want struct {
	distribution, need, driver string
	releases                   []string
	// before and since are kernel series, zero for any.
	before, since series
	why           string
}

// The needs of a Suggestion.
const (
	// Required: without it the device does not work, or not well.
	Required = "required"
	// Better: it works, and does more with this.
	Better = "better"
	// Instead: another way, for when the usual one gives trouble.
	Instead = "instead"
	note    = "note"
)

// series is a kernel's major and minor number.
type series struct{ major, minor int }

func (s series) less(t series) bool {
	return s.major < t.major || s.major == t.major && s.minor < t.minor
}

func parseSeries(s string) (series, error) {
	a, b, ok := strings.Cut(s, ".")
	major, err1 := strconv.ParseUint(a, 10, 8)
	minor, err2 := strconv.ParseUint(b, 10, 8)
	if !ok || err1 != nil || err2 != nil {
		return series{}, fmt.Errorf("%q is no kernel series such as 6.12", s)
	}
	return series{int(major), int(minor)}, nil
}

// table is the one in the program, which the tests hold to be well formed.
func table() []entry {
	t, err := parseTable(assets.Hardware)
	if err != nil {
		panic(err)
	}
	return t
}

// parseTable reads a table. Errors name the line.
func parseTable(text string) ([]entry, error) {
	var all []entry
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if word == "hardware" {
			all = append(all, entry{title: rest})
		}
		err := fmt.Errorf("%q before any hardware", word)
		if len(all) > 0 {
			err = all[len(all)-1].line(word, rest)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	for _, e := range all {
		if err := e.whole(); err != nil {
			return nil, fmt.Errorf("hardware %s: %w", e.title, err)
		}
	}
	return all, nil
}

// whole tells what an entry lacks.
func (e entry) whole() error {
	known := len(e.pci) + len(e.usb) + len(e.class) + len(e.usbClass) + len(e.bound) + len(e.machine) + len(e.cpu)
	switch {
	case e.title == "" || e.group == "":
		return fmt.Errorf("without a title or a group")
	case known == 0:
		return fmt.Errorf("nothing tells it from other hardware")
	case len(e.wants) == 0:
		return fmt.Errorf("it wants nothing")
	}
	return nil
}

// line takes one line of an entry.
func (e *entry) line(word, rest string) (err error) {
	words := strings.Fields(rest)
	if len(words) == 0 && word != "metal" {
		return fmt.Errorf("nothing after %q", word)
	}
	switch word {
	case "hardware":
	case "group":
		e.group = rest
	case "pci":
		e.pci, err = appendSpans(e.pci, words)
	case "usb":
		e.usb, err = appendSpans(e.usb, words)
	case "class":
		e.class, err = appendHex(e.class, words)
	case "interface":
		e.usbClass, err = appendHex(e.usbClass, words)
	case "bound":
		e.bound = append(e.bound, words...)
	case "idle":
		e.idle = append(e.idle, words...)
	case "cpu":
		e.cpu = rest
	case "metal":
		e.metal = true
	case "machine":
		name, pattern, _ := strings.Cut(rest, " ")
		if _, err := path.Match(pattern, ""); err != nil || pattern == "" {
			return fmt.Errorf("%q is no pattern", pattern)
		}
		e.machine = append(e.machine, field{name, pattern})
	case nixos, debian:
		var w want
		w, err = parseWant(word, rest)
		e.wants = append(e.wants, w)
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return err
}

// appendSpans reads a vendor and products.
func appendSpans(all []span, words []string) ([]span, error) {
	vendor, err := hex16(words[0])
	if err != nil {
		return nil, err
	}
	if len(words) == 1 {
		return nil, fmt.Errorf("no product after vendor %s", words[0])
	}
	for _, w := range words[1:] {
		s := span{vendor, 0, 0xffff}
		if w != "*" {
			from, to, isRange := strings.Cut(w, "-")
			if !isRange {
				to = from
			}
			if s.from, err = hex16(from); err != nil {
				return nil, err
			}
			if s.to, err = hex16(to); err != nil {
				return nil, err
			}
			if s.from > s.to {
				return nil, fmt.Errorf("the range %s goes backwards", w)
			}
		}
		all = append(all, s)
	}
	return all, nil
}

// hex16 reads exactly four hex digits in small letters.
func hex16(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 16, 16)
	if err != nil || hex4(uint16(n)) != s {
		return 0, fmt.Errorf("%q is not four hex digits", s)
	}
	return uint16(n), nil
}

func appendHex(all, words []string) ([]string, error) {
	for _, w := range words {
		if len(w) > 6 || strings.Trim(w, "0123456789abcdef") != "" {
			return nil, fmt.Errorf("%q is no class", w)
		}
	}
	return append(all, words...), nil
}

// parseWant reads "required iwlwifi kernel<6.14 : why".
func parseWant(distribution, rest string) (want, error) {
	head, why, ok := strings.Cut(rest, " : ")
	if !ok || strings.TrimSpace(why) == "" {
		return want{}, fmt.Errorf(`%q has no " : " and a reason`, rest)
	}
	words := strings.Fields(head)
	if len(words) == 0 || !slices.Contains([]string{Required, Better, Instead, note}, words[0]) {
		return want{}, fmt.Errorf("%q begins with no need", head)
	}
	w := want{distribution: distribution, need: words[0], why: why}
	words = words[1:]
	if w.need != note {
		if len(words) == 0 {
			return want{}, fmt.Errorf("%q names no driver", head)
		}
		w.driver, words = words[0], words[1:]
	}
	for _, word := range words {
		if err := w.condition(word); err != nil {
			return want{}, err
		}
	}
	return w, nil
}

func (w *want) condition(word string) (err error) {
	if list, ok := strings.CutPrefix(word, "release="); ok && list != "" {
		w.releases = strings.Split(list, ",")
	} else if s, ok := strings.CutPrefix(word, "kernel<"); ok {
		w.before, err = parseSeries(s)
	} else if s, ok := strings.CutPrefix(word, "kernel>="); ok {
		w.since, err = parseSeries(s)
	} else {
		err = fmt.Errorf("unknown condition %q", word)
	}
	return err
}
