package design

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// near is the name that somebody who typed s most likely meant, or "" if none
// is like it.
func near(s string, names []string) string {
	s = strings.ReplaceAll(strings.ToLower(s), "-", "_")
	if len(s) > 64 {
		return ""
	}
	best, least := "", max(1, len(s)/3)+1
	for _, name := range names {
		d := distance(s, strings.ReplaceAll(name, "-", "_"))
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is the least number of letters to insert, delete, replace or swap
// with their neighbour (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// show quotes a value for a message, with everything invisible spelled out.
// It must not be used for values that may be secret.
func show(s string) string {
	return fmt.Sprintf("%+q", clip(s))
}
