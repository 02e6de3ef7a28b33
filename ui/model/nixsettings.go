package model

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// nixLists are the settings of nix.conf that are lists, also with one part.
func nixLists() []string {
	return []string{"substituters", "trusted-substituters", "trusted-public-keys", "experimental-features", "system-features",
		"trusted-users", "allowed-users", "sandbox-paths"}
}

// ParseNixSettings reads lines as in nix.conf, "name = value"; empty ones and
// those that begin with # say nothing. Whole numbers, true and false are read as
// such, values with blanks as lists. wrong is the first line that cannot be read,
// "" for none.
func ParseNixSettings(text string) (settings map[string]any, wrong string) {
	settings = map[string]any{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || value == "" {
			return nil, line
		}
		settings[name] = nixValue(name, value)
	}
	if len(settings) == 0 {
		settings = nil
	}
	return settings, ""
}

func nixValue(name, value string) any {
	parts := strings.Fields(value)
	if len(parts) > 1 || slices.Contains(nixLists(), strings.TrimPrefix(name, "extra-")) {
		return parts
	}
	if value == "true" || value == "false" {
		return value == "true"
	}
	if n, err := strconv.Atoi(value); err == nil && strconv.Itoa(n) == value {
		return n
	}
	return value
}

// NixSettingsText writes settings as ParseNixSettings reads them, sorted.
func NixSettingsText(settings map[string]any) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		value := fmt.Sprint(settings[name])
		if list, ok := settings[name].([]string); ok {
			value = strings.Join(list, " ")
		}
		b.WriteString(name + " = " + value + "\n")
	}
	return b.String()
}
