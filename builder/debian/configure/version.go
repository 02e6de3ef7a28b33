package configure

import (
	"cmp"
	"strings"
)

// CompareVersions orders two package versions as dpkg does, deb-version(7):
// negative where a is the older.
func CompareVersions(a, b string) int {
	ea, ua, ra := splitVersion(a)
	eb, ub, rb := splitVersion(b)
	return cmp.Or(compareDigits(ea, eb), comparePart(ua, ub), comparePart(ra, rb))
}

// splitVersion gives epoch, upstream version and revision; what is absent
// counts as zero.
func splitVersion(v string) (epoch, upstream, revision string) {
	if e, rest, ok := strings.Cut(v, ":"); ok {
		epoch, v = e, rest
	}
	if i := strings.LastIndexByte(v, '-'); i >= 0 {
		return epoch, v[:i], v[i+1:]
	}
	return epoch, v, ""
}

// comparePart compares runs of non-digits and of digits in turn.
func comparePart(a, b string) int {
	for a != "" || b != "" {
		i, j := until(a, true), until(b, true)
		if c := compareText(a[:i], b[:j]); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
		i, j = until(a, false), until(b, false)
		if c := compareDigits(a[:i], b[:j]); c != 0 {
			return c
		}
		a, b = a[i:], b[j:]
	}
	return 0
}

// until is where digits begin (or end) in s.
func until(s string, begin bool) int {
	for i := range len(s) {
		if (s[i] >= '0' && s[i] <= '9') == begin {
			return i
		}
	}
	return len(s)
}

// compareDigits compares numbers of any length.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// compareText compares runs of non-digits: "~" before the end, the end before
// letters, letters before the rest.
func compareText(a, b string) int {
	for i := range max(len(a), len(b)) {
		if c := cmp.Compare(weight(a, i), weight(b, i)); c != 0 {
			return c
		}
	}
	return 0
}

func weight(s string, i int) int {
	switch {
	case i >= len(s):
		return 0
	case s[i] == '~':
		return -1
	case s[i] >= 'A' && s[i] <= 'Z', s[i] >= 'a' && s[i] <= 'z':
		return int(s[i])
	}
	return int(s[i]) + 256
}
