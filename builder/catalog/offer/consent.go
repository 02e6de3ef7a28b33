package offer

import (
	"fmt"
	"strings"
)

// Consent is what a person has to agree to before a package is ticked.
type Consent struct {
	// What is one sentence.
	What string
	// Field of the design keeps the consent, Value is what it gets added
	// ("nixos.unfree", "archive.components").
	Field, Value string
}

// The sentences of consents.
const (
	askComponent = "%s comes from %s, a part of Debian's archive of its own: it is free, but needs something that is not."
	askFirmware  = "%s is firmware and not free software: its source is not open, and Debian cannot mend faults in it."
	askNonFree   = "%s is not free software: its licence forbids some uses, changes or copies, and Debian cannot mend faults in it."
	askUnfree    = "%s is not free software (licence: %s): read what its licence allows before you pass the image on."
	askUnfreeNow = "%s is not free software: read what its licence allows before you pass the image on."
	askInsecure  = "%s has known security holes, and nobody has mended them."
	askHoles     = "%s has known security holes, and nobody has mended them: %s"
	askBroken    = "%s is marked as broken: it probably cannot be built."
)

// Consents are what a person has to agree to for an item, none for most. Those
// that the design's field has already need not be asked for again.
func Consents(it Item) []Consent {
	if it.Component != "" {
		return component(it)
	}
	pname := it.PName
	if pname == "" {
		pname = it.Name[strings.LastIndexByte(it.Name, '.')+1:]
	}
	var out []Consent
	ask := func(field, format string, args ...any) {
		out = append(out, Consent{fmt.Sprintf(format, args...), field, pname})
	}
	switch {
	case it.Unfree && len(it.Licences) > 0:
		ask("nixos.unfree", askUnfree, it.Name, strings.Join(it.Licences, ", "))
	case it.Unfree:
		ask("nixos.unfree", askUnfreeNow, it.Name)
	}
	if holes := holes(it); it.Insecure && holes != "" {
		ask("nixos.insecure", askHoles, it.Name, holes)
	} else if it.Insecure {
		ask("nixos.insecure", askInsecure, it.Name)
	}
	if it.Broken {
		ask("nixos.broken", askBroken, it.Name)
	}
	return out
}

// component is the consent to a part of Debian's archive.
func component(it Item) []Consent {
	what := ""
	switch it.Component {
	case "main":
		return nil
	case "non-free":
		what = fmt.Sprintf(askNonFree, it.Name)
	case "non-free-firmware":
		what = fmt.Sprintf(askFirmware, it.Name)
	default:
		what = fmt.Sprintf(askComponent, it.Name, it.Component)
	}
	return []Consent{{what, "archive.components", it.Component}}
}

// holes are the known security holes of an item.
func holes(it Item) string {
	var known []string
	for _, r := range it.Reasons {
		if r, ok := strings.CutPrefix(r, "known to be insecure: "); ok {
			known = append(known, r)
		}
	}
	return strings.Join(known, "; ")
}

// Licence is an item's licence in words.
func (it Item) Licence() string {
	switch it.Component {
	case "":
		return strings.Join(it.Licences, ", ")
	case "main":
		return "free software"
	case "contrib":
		return "free, needs what is not"
	case "non-free-firmware":
		return "firmware, not free"
	}
	return "not free"
}
