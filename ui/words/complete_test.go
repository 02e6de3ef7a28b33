package words

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/isowright/isowright/assets"
)

// untranslated are sentences that the window never shows, or shows in English.
var untranslated = []*regexp.Regexp{
	// Marks in files of other programs.
	regexp.MustCompile(`^(SSH )?PRIVATE KEY|^SSH2 ENCRYPTED|^NO NAME +$`),
	// What is written into an image, or looked for in a table.
	regexp.MustCompile(`^\[Service\]|^\{ config|^boot\.loader|^evaluate = |^nixpkgs \? |^gzip -no|^wifi wlan$`),
	regexp.MustCompile(`^--|^deb |^Dir::|^Origin: |^passwd: |^Mon, |^isowright nixpkgs$`),
	// Commands, names of settings and what other programs print.
	regexp.MustCompile(`^(sudo|curl|scp|ssh HOST|ls -l|isowright (build|export)|nix-shell|exec:|export) |^(store|sandbox[a-z-]*|build-users-group) =|^\(\?s\)|^with pkgs;$|^isowright debian$|^Types: deb`),
	regexp.MustCompile(`^(An error occurred in stage 1|BdsDxe: |Kernel panic|Security Violation|UEFI Interactive Shell|Unable to find a medium|You are in emergency|grub rescue|KVM internal error)`),
	regexp.MustCompile(`^(Debian and Ubuntu|Determinate Nix)$`),
	// Faults of the program's own tables, which its tests find; makers' names.
	regexp.MustCompile(`^%q (before any group|has no component and sizes|has too many words|is no driver|is no size in megabytes)$|^unknown word %q$`),
	regexp.MustCompile(`^(Blackmagic Design|Qualcomm Atheros)$`),
	// A unit and a verb, which the window words itself.
	regexp.MustCompile(`^package steps$|^conflicts with$`),
	// Titles of the image's boot menu, which are the image's and in its language.
	regexp.MustCompile(`^(basic graphics|copy to RAM|debug messages|large text on .*|serial console|text mode|Other ways to start|UEFI firmware settings|%s \(copy to RAM\)|NixOS %s Installer.*)$`),
	// sudo's prompt in a terminal.
	regexp.MustCompile(`^Password of %p`),
	// The beginnings of reasons that are finished elsewhere, see spliced.
	regexp.MustCompile(` lies$|^%s on it`),
	// Names from HTTP.
	regexp.MustCompile(`^HTTP status`),
}

// spliced are sentences that the builder puts together from more than one place,
// as they read when they are finished.
func spliced() []string {
	return []string{
		// drives: what lies where, and through what.
		"%s lies on %s", "%s lies on it", "%s lies on it through %s", "%s lies on it through %s on %s",
		"swap space lies on %s", "swap space lies on it", "swap space lies on it through %s", "swap space lies on it through %s on %s",
		"the swap file %s", "the ZFS pool %s", "the file %s of %s", "%s, mounted on demand,",
		// opener: what could not be done.
		"%s could not be opened through UDisks", "%s could not be unmounted through UDisks", "%s could not be ejected through UDisks",
		"polkit does not let this user have %s opened", "polkit does not let this user have %s unmounted", "polkit does not let this user have %s ejected",
		// debian: why packages do not go together.
		"%s needs %s", "%s breaks %s", "%s conflicts with %s", "which %s provides",
		// nix: where no place is known.
		"The configuration goes in a circle.", "The configuration uses %s, which is outside of the flake.", "The file %s does not exist.",
		"There is a mistake in the Nix language: %s.", "There is no %s in %s.", "There is nothing called %s.",
		// design: values that are offered.
		"write %q", "write %s.UTF-8",
	}
}

// TestEverySentenceOfTheBuilderIsTranslated holds the sentences of the rooms
// below the window against each language's file.
func TestEverySentenceOfTheBuilderIsTranslated(t *testing.T) {
	found := sentences(t)
	if len(found) < 1000 {
		t.Fatalf("only %d sentences were found", len(found))
	}
	for _, key := range spliced() {
		found[key] = "put together"
	}
	for _, name := range Languages(assets.Words()) {
		if name == "en" {
			continue
		}
		texts := load(t, name)
		for _, key := range slices.Sorted(maps.Keys(found)) {
			text, ok := texts[key]
			switch {
			case !ok && !exempt(key):
				t.Errorf("%s: %q (%s) is missing", name, key, found[key])
			case ok && !slices.Equal(verbs(key), verbs(text)):
				t.Errorf("%s: %q has other verbs than %q", name, text, key)
			}
		}
	}
}

// TestExceptionsAreStillThere keeps the list of exceptions honest.
func TestExceptionsAreStillThere(t *testing.T) {
	found := sentences(t)
	for _, pattern := range untranslated {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(found)), pattern.MatchString) {
			t.Errorf("no sentence is like %s any more", pattern)
		}
	}
}

func exempt(key string) bool {
	return slices.ContainsFunc(untranslated, func(p *regexp.Regexp) bool { return p.MatchString(key) })
}
