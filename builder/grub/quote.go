package grub

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainChars may stand in a GRUB script word without quotes. Everything else
// means something to GRUB somewhere: $ ; { } | & < > # quotes, backslash and
// blanks to its lexer, * and ? to the file name expansion of the regexp module.
const plainChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+%@"

// keywords are words of GRUB's grammar, which quotes turn into plain text.
var keywords = []string{
	"[[", "]]", "case", "do", "done", "elif", "else", "esac", "fi", "for",
	"function", "if", "in", "select", "then", "time", "until", "while",
}

// quote writes one word so that GRUB's script engine reads back exactly it.
// The word must have passed checkText.
func quote(word string) string {
	plain := word != "" && strings.Trim(word, plainChars) == "" && !slices.Contains(keywords, word)
	if plain {
		return word
	}
	return quoteText(word)
}

// quoteText puts a text in single quotes, in which GRUB expands nothing. A
// single quote itself stands outside of them, behind a backslash.
func quoteText(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// checkText refuses what no quoting carries through: a grub.cfg is lines of
// UTF-8, and GRUB draws no control characters.
func checkText(text string) error {
	if text == "" {
		return fmt.Errorf("is empty")
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("is not valid UTF-8: %q", short(text))
	}
	for _, r := range text {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return fmt.Errorf("holds the control character %U in %q: remove it", r, short(text))
		}
	}
	return nil
}

// checkWord refuses in addition what GRUB's linux command changes on its way
// to the kernel: it puts a backslash before each of \ ' and ".
func checkWord(word string) error {
	if err := checkText(word); err != nil {
		return err
	}
	if i := strings.IndexAny(word, `\'"`); i >= 0 {
		return fmt.Errorf("holds %q in %q, which GRUB passes to the kernel with a backslash before it: remove it",
			word[i], short(word))
	}
	return nil
}

// checkPath wants an absolute path on the medium.
func checkPath(path string) error {
	if err := checkText(path); err != nil {
		return err
	}
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("is not an absolute path on the medium: %q", short(path))
	}
	return nil
}

// short cuts a text for an error message.
func short(text string) string {
	const limit = 60
	if len(text) <= limit {
		return text
	}
	cut := limit
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}
