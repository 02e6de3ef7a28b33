package nix

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version of a nix command.
type Version struct {
	// Name is "Nix", "Lix" or "Determinate Nix".
	Name string
	// Text is the version as the program prints it ("2.26.3", "2.91.1"); for
	// Determinate Nix that of the Nix in it, with its own in Product.
	Text    string
	Product string
	// Major and Minor are Text's first two numbers.
	Major, Minor int
}

// Oldest is the first version of Nix that serves.
func Oldest() Version { return Version{Name: "Nix", Text: "2.18", Major: 2, Minor: 18} }

var (
	// "nix (Nix) 2.26.3", "nix (Lix, like Nix) 2.91.1",
	// "nix (Determinate Nix 3.0.0) 2.26.3", "nix (Nix) 2.19.0pre20231003_abc"
	versionLine   = regexp.MustCompile(`^nix(?:-\S+)? \(([^()\n]{1,100})\) ((\d{1,6})\.(\d{1,6})[0-9A-Za-z._+-]{0,100})$`)
	productNumber = regexp.MustCompile(`\s+v?(\d[0-9A-Za-z._+-]*)$`)
)

// ParseVersion reads what `nix --version` prints.
func ParseVersion(text string) (Version, error) {
	for line := range strings.Lines(text) {
		m := versionLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		v := Version{Text: m[2]}
		var err error
		if v.Major, err = strconv.Atoi(m[3]); err != nil {
			return Version{}, fmt.Errorf("version of nix: %w", err)
		}
		if v.Minor, err = strconv.Atoi(m[4]); err != nil {
			return Version{}, fmt.Errorf("version of nix: %w", err)
		}
		v.Name, v.Product = product(m[1])
		return v, nil
	}
	return Version{}, fmt.Errorf("%.80q is no version of Nix", text)
}

// product tells whose Nix it is from the words in brackets.
func product(words string) (name, number string) {
	if m := productNumber.FindStringSubmatchIndex(words); m != nil {
		words, number = words[:m[0]], words[m[2]:m[3]]
	}
	switch {
	case strings.HasPrefix(words, "Lix"):
		return "Lix", number
	case strings.HasPrefix(words, "Determinate"):
		return "Determinate Nix", number
	case words == "Nix":
		return "Nix", number
	}
	return words, number
}

// Serves tells whether the version is new enough. Lix began at 2.90 from Nix
// 2.18.
func (v Version) Serves() bool { return v.AtLeast(Oldest().Major, Oldest().Minor) }

// AtLeast compares with a version of Nix.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

// String is the version as a person says it.
func (v Version) String() string {
	if v.Product != "" {
		return fmt.Sprintf("%s %s (Nix %s)", v.Name, v.Product, v.Text)
	}
	return v.Name + " " + v.Text
}
