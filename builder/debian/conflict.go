package debian

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/run"
)

// conflict reads from apt's output why packages cannot be together. Where the
// person ticked some of those that take part, only these are named as the ones
// to take out.
func conflict(err error, out string, ticked []string) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	var c catalog.ConflictError
	c.Reasons, c.Names = readDecisions(failed.Tail)
	if len(c.Reasons) == 0 {
		c.Reasons, c.Names = readUnmet(out)
	}
	if len(c.Reasons) == 0 {
		return err
	}
	theirs := slices.DeleteFunc(slices.Clone(c.Names), func(n string) bool { return !slices.Contains(ticked, n) })
	if len(theirs) > 0 {
		c.Names = theirs
	}
	return &c
}

// readDecisions reads the reasons that the solver of apt 3 gives on standard
// error:
//
//	E: Unable to satisfy dependencies. Reached two conflicting decisions:
//	   1. a:amd64 is not selected for install because:
//	      1. b:amd64=1 is selected for install
//	      2. a:amd64 Conflicts c
//	         [selected b:amd64=1]
//	   2. a:amd64=1 is selected for install
//	   3. d:amd64 Depends e
//	      but none of the choices are installable:
func readDecisions(text string) (reasons, names []string) {
	_, text, ok := strings.Cut(text, "conflicting decisions:\n")
	if !ok {
		return nil, nil
	}
	add := func(reason string, who ...string) {
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
		for _, n := range who {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	lines := strings.Split(text, "\n")
	refused := "" // the package that the decision being read is against
	for i, line := range lines {
		subject, rest, _ := strings.Cut(unnumbered(line), " ")
		verb, object, _ := strings.Cut(rest, " ")
		subject = bareName(subject)
		next := ""
		if i+1 < len(lines) {
			next = strings.TrimSpace(lines[i+1])
		}
		switch {
		case strings.HasPrefix(rest, "is not selected for install"):
			refused = subject
		case verb == "Conflicts", verb == "Breaks":
			other := bareName(object)
			if chosen, ok := strings.CutPrefix(next, "[selected "); ok {
				if other = bareName(strings.TrimSuffix(chosen, "]")); other == subject {
					other = refused
				}
			}
			add(clash(subject, strings.ToLower(verb), object, other), subject, other)
		case verb == "Depends", verb == "Pre-Depends":
			if strings.HasPrefix(next, "but none of the choices") {
				add(fmt.Sprintf("%s needs %s, which cannot be installed", subject, object), subject)
			} else {
				add(subject+" needs "+object, subject)
			}
		}
	}
	return reasons, names
}

// clash says that a package and another exclude each other; object is what the
// package's control file names, which the other may only provide.
func clash(subject, verb, object, other string) string {
	if verb == "conflicts" {
		verb = "conflicts with"
	}
	reason := subject + " " + verb + " " + object
	if bareName(object) != other {
		reason += ", which " + other + " provides"
	}
	return reason
}

// unnumbered is a line without its indent and "1. ".
func unnumbered(line string) string {
	line = strings.TrimSpace(line)
	if number, rest, ok := strings.Cut(line, ". "); ok && strings.Trim(number, "0123456789") == "" {
		return rest
	}
	return line
}

// bareName is the name in "name:arch=version" and "name (>= version)".
func bareName(text string) string {
	if i := strings.IndexAny(text, ":= "); i >= 0 {
		return text[:i]
	}
	return text
}

// readUnmet reads the reasons that apt before version 3 gives on standard
// output:
//
//	The following packages have unmet dependencies:
//	 a : Conflicts: b
//	     Depends: c but it is not installable
func readUnmet(text string) (reasons, names []string) {
	_, text, _ = strings.Cut(text, "have unmet dependencies:\n")
	last := ""
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, " ") {
			break
		}
		name, reason, ok := strings.Cut(strings.TrimSpace(line), " : ")
		if !ok {
			name, reason = last, name
		}
		last = name
		kind, object, ok := strings.Cut(reason, ": ")
		if !ok {
			continue
		}
		kind = strings.ToLower(kind)
		switch kind {
		case "conflicts":
			kind = "conflicts with"
		case "depends", "predepends":
			kind = "needs"
		}
		reasons = append(reasons, name+" "+kind+" "+object)
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return reasons, names
}
