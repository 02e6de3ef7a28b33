package nix

import (
	"regexp"
	"strings"
)

// message takes what nix itself says.
func (l *listener) message(r record) {
	m := message{text: r.Msg}
	if r.RawMsg != nil {
		m.text = *r.RawMsg
	}
	m.text = plain(m.text)
	// Nix's suggestions are in the long form only.
	if _, near, ok := strings.Cut(plain(r.Msg), "Did you mean "); ok && !strings.Contains(m.text, "Did you mean ") {
		m.text += "\nDid you mean " + near
	}
	m.file, m.line = r.place()
	l.log(plain(r.Msg))
	whole := message{text: plain(r.Msg), file: m.file, line: m.line}
	switch {
	case r.Level == levelError && (r.RawMsg != nil || strings.HasPrefix(plain(r.Msg), "error:")):
		l.faults = append(l.faults, m)
	case r.Level <= levelWarn && l.warning(whole):
	default:
		l.messages = append(l.messages, m.text)
	}
}

// text takes a line that is no record: ssh, a crash, an older Nix.
func (l *listener) text(line string) {
	l.log(line)
	switch {
	case strings.HasPrefix(line, "error:"):
		l.faults = append(l.faults, message{text: strings.TrimSpace(strings.TrimPrefix(line, "error:"))})
	case len(l.faults) > 0 && strings.HasPrefix(line, "  "):
		// What belongs to an error is indented.
		l.faults[len(l.faults)-1].text += "\n" + line
	case outside.MatchString(line):
		l.outside = classifyKnown(message{text: line})
		l.messages = append(l.messages, line)
	default:
		if !l.warning(message{text: line}) {
			l.messages = append(l.messages, line)
		}
	}
}

// outside are the words of ssh and git, which say more than nix does of their
// failure.
var outside = regexp.MustCompile(`^(?:ssh: |Host key verification failed|\S+: Permission denied \(|fatal: (?:unable to access|Could not read from))`)

// warning passes on a warning that a person should know of.
func (l *listener) warning(m message) bool {
	e, ok := classifyWarning(m)
	if ok && e.Kind == KindRemote {
		l.machine = e
	}
	if ok && l.watch.Warn != nil {
		l.watch.Warn(e)
	}
	return ok
}

func (l *listener) log(line string) {
	if l.watch.Log != nil {
		l.watch.Log(line)
	}
}
