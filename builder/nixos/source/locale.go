package source

import (
	"strconv"
	"strings"
)

// locale sets language, keyboard, time zone and the console's look.
func (g *generator) locale() {
	m := g.module("locale.nix", "Language, keyboard, time and console.")
	s, said := g.d.System, g.said.System
	if s.Locale == "C" || s.Locale == "POSIX" {
		s.Locale = "C.UTF-8" // NixOS makes no other form of it
	}
	if !strings.Contains(s.Locale, ".UTF-8") {
		g.fault("system.locale", "NixOS's locales are in UTF-8, and "+strconv.Quote(s.Locale)+" is not", "write it with .UTF-8")
	}
	m.setBy(said.Locale != "", "system.locale", "i18n.defaultLocale", text(s.Locale))
	m.setBy(said.TimeZone != "", "system.time_zone", "time.timeZone", text(s.TimeZone))
	k, saidKeys := s.Keyboard, said.Keyboard.Layout != "" || said.Keyboard.Variant != "" || said.Keyboard.Model != "" || said.Keyboard.Options != ""
	m.setBy(saidKeys, "system.keyboard.layout", "services.xserver.xkb.layout", text(k.Layout))
	if k.Variant != "" {
		m.set("system.keyboard.variant", "services.xserver.xkb.variant", text(k.Variant))
	}
	if k.Model != "" {
		m.set("system.keyboard.model", "services.xserver.xkb.model", text(k.Model))
	}
	if k.Options != "" {
		m.set("system.keyboard.options", "services.xserver.xkb.options", text(k.Options))
	}
	if saidKeys {
		m.comment("The console has the same keyboard.")
		m.set("system.keyboard.layout", "console.useXkbConfig", boolean(true))
	}
	if f := g.n.ConsoleFont; f != "" {
		m.set("nixos.console_font", "console.font", text(f))
		if strings.HasPrefix(f, "ter-") {
			m.set("nixos.console_font", "console.packages", list(code("pkgs.terminus_font")))
		}
	}
	if g.n.EarlyConsole {
		m.set("nixos.early_console", "console.earlySetup", boolean(true))
	}
}
