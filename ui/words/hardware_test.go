package words

import (
	"regexp"
	"strings"
	"testing"

	"github.com/isowright/isowright/assets"
)

// label is a line of drivers.txt: a system, a driver and its title, perhaps with
// more words to find it by. (Package builder/hardware says what the lines mean.)
var label = regexp.MustCompile(`^(?:nixos|debian) .*? : ([^{]*[^{ ])`)

// hardwareTexts are what the tables of hardware say to people: titles, groups,
// reasons and warnings.
func hardwareTexts() []string {
	var all []string
	for line := range strings.Lines(assets.Drivers + "\n" + assets.Hardware) {
		line = strings.TrimSpace(line)
		for _, start := range []string{"== ", "warning : ", "hardware ", "group "} {
			if text, ok := strings.CutPrefix(line, start); ok {
				all = append(all, text)
			}
		}
		if m := label.FindStringSubmatch(line); m != nil {
			all = append(all, m[1])
		}
	}
	return all
}

// TestHardwareIsTranslated: the names that people know their hardware by, and
// why it wants what.
func TestHardwareIsTranslated(t *testing.T) {
	all := hardwareTexts()
	if len(all) < 400 {
		t.Fatalf("only %d texts were found", len(all))
	}
	for _, name := range Languages(assets.Words()) {
		if name == "en" {
			continue
		}
		texts := load(t, name)
		for _, text := range all {
			if _, ok := texts[text]; !ok {
				t.Errorf("%s: %q is missing", name, text)
			}
		}
	}
}
