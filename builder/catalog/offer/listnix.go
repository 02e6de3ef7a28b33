package offer

import "strings"

// nixList finds the list in a piece of Nix: what stands in the brackets after
// "with pkgs;", or after an option such as environment.systemPackages.
func nixList(text string) (before, list, after string, found bool) {
	clean := nixComments(text)
	start := -1
	for _, mark := range []string{"with pkgs;", "systemPackages", "home.packages", "packages =", "buildInputs"} {
		if i := strings.Index(clean, mark); i >= 0 && (start < 0 || i < start) {
			start = i
		}
	}
	if trimmed := strings.TrimSpace(clean); start < 0 && strings.HasPrefix(trimmed, "[") {
		start = 0 // a list alone
	}
	if start < 0 {
		return "", "", "", false
	}
	open := strings.IndexByte(clean[start:], '[')
	if open < 0 {
		return "", "", "", false
	}
	open += start
	depth := 0
	for i := open; i < len(clean); i++ {
		switch clean[i] {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			if depth--; depth == 0 {
				return clean[:open], clean[open+1 : i], clean[i+1:], true
			}
		}
	}
	return clean[:open], clean[open+1:], "", true // the end was cut off
}

// nixComments puts blanks in the place of comments, so that every line keeps
// its number.
func nixComments(text string) string {
	out := []byte(text)
	for i := 0; i < len(out); {
		switch {
		case out[i] == '#' && (i == 0 || strings.IndexByte(" \t\n[](){};", out[i-1]) >= 0):
			for i < len(out) && out[i] != '\n' {
				out[i] = ' '
				i++
			}
		case strings.HasPrefix(text[i:], "/*"):
			end := strings.Index(text[i+2:], "*/")
			if end < 0 {
				end = len(text)
			} else {
				end += i + 4
			}
			for ; i < end; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
		default:
			i++
		}
	}
	return string(out)
}

// outside is what stands around a list beyond what belongs to it.
func outside(text string) string {
	for _, word := range []string{"environment.systemPackages", "home.packages", "with pkgs;", "=", ";"} {
		text = strings.Replace(text, word, "", 1)
	}
	return strings.TrimSpace(text)
}

// nix reads the inside of a list that begins in line n.
func (p *listParser) nix(n int, list string) {
	for list != "" {
		switch c := list[0]; {
		case c == '\n':
			n++
			list = list[1:]
		case c == ' ' || c == '\t':
			list = list[1:]
		case strings.IndexByte("([{\"", c) >= 0:
			size := expression(list)
			p.problem("Line %d: %q is an expression of Nix; only names can be ticked.", n, short(list[:size]))
			n += strings.Count(list[:size], "\n")
			list = list[size:]
		default:
			end := strings.IndexAny(list, " \t\n([{\"")
			if end < 0 {
				end = len(list)
			}
			p.add(n, list[:end])
			list = list[end:]
		}
	}
}

// expression is the length of what stands in brackets or quotes at the
// beginning.
func expression(text string) int {
	if text[0] == '"' {
		if end := strings.IndexByte(text[1:], '"'); end >= 0 {
			return end + 2
		}
		return len(text)
	}
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[', '(', '{':
			depth++
		case ']', ')', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
