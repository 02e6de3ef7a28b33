package assets

import _ "embed"

// Lists of what a computer without them can be offered.
var (
	// Locales are glibc's for UTF-8, one a line, as in its file SUPPORTED
	// (glibc 2.36) without ".UTF-8": "de_DE", "sr_RS@latin".
	//
	//go:embed lists/locales.txt
	Locales string

	// Keyboards are the layouts and variants of xkb-data 2.35.1, in the form of
	// its file rules/evdev.lst.
	//
	//go:embed lists/keyboards.txt
	Keyboards string

	// Zones are the tz database's (2025b) of its file zone.tab, one a line: the
	// country's two letters (ISO 3166), a tab, the zone's name.
	//
	//go:embed lists/zones.txt
	Zones string
)
