//go:build nixpkgs

package source_test

import (
	"image"
	"image/png"
	"strings"
)

func bootScenarios() []scenario {
	look := func(fields, lines string, want ...any) scenario {
		return field(fields, "[boot]\n"+lines, append(joined("/EFI", "look.grub"), has(written("menu/look.grub"), want...))...)
	}
	own := func(fields, lines string, checks ...check) scenario {
		return field(fields, "[boot]\n"+lines+"\n[nixos]\nassembler = \"isowright\"", append(checks, is("c.isoImage.volumeID", "TEST_IMAGE"))...)
	}
	entry := "[[boot.entries]]\ntitle = \"Rescue ${x}\"\n"
	return []scenario{
		field("boot.timeout", "[boot]\ntimeout = 3", is("c.boot.loader.timeout", 3)),
		field("boot.timeout", "[boot]\ntimeout = -1", is("c.boot.loader.timeout", nil)).named("never"),
		field("boot.timeout", "[boot]\ntimeout = 0", is("c.boot.loader.timeout", 0)).named("at once"),
		field("boot.title", "[boot]\ntitle = \"A/B & C stick\"",
			append(joined("/isolinux/isolinux.cfg", "edits.sed"), has(written("menu/edits.sed"), `MENU TITLE`, `A\/B \& C stick`))...),
		look("boot.timeout_style", `timeout_style = "countdown"`, "set timeout_style=countdown"),
		look("boot.serial", "serial = true", "serial --unit=0", "terminal_output --append serial"),
		look("boot.colours.normal", "[boot.colours]\nnormal = \"white/black\"", "set color_normal=white/black"),
		look("boot.colours.highlight", "[boot.colours]\nhighlight = \"white/black\"", "set color_highlight=white/black"),
		look("boot.colours.menu_normal", "[boot.colours]\nmenu_normal = \"white/black\"", "set menu_color_normal=white/black"),
		look("boot.colours.menu_highlight", "[boot.colours]\nmenu_highlight = \"white/black\"", "set menu_color_highlight=white/black"),
		field("boot.resolution", "[boot]\nresolution = \"1024x768\"",
			append(joined("/boot/efi.img", "edits.sed"), has(written("menu/edits.sed"), "set gfxmode", "1024x768"))...),
		field("boot.background", "[boot]\nbackground = \"art/back.png\"", is("c.isoImage.grubTheme", nil),
			has("toString c.isoImage.efiSplashImage", "back.png"), has("toString c.isoImage.splashImage", "back.png")).with(picture("art/back.png")),
		field("boot.theme", "[boot]\ntheme = \"art/theme\"", has("toString c.isoImage.grubTheme", "theme")).
			with(map[string]string{"art/theme/theme.txt": "title-text: \"\"\n"}),
		own("boot.default", "default = \"Second\"\n[[boot.entries]]\ntitle = \"First\"\n[[boot.entries]]\ntitle = \"Second\""),
		own("boot.fonts", "fonts = [\"art/a.pf2\"]").with(map[string]string{"art/a.pf2": "FILE\x00\x00\x00\x04PFF2"}),
		own("boot.variants", "variants = [\"to-ram\", \"serial\"]"),
		own("boot.background_colour", "background_colour = \"#204060\""),
		own("boot.font_size", "font_size = 20"),
		own("boot.entries.image", entry+"[[boot.entries]]\ntitle = \"Other\"\nkind = \"iso\"\nimage = \"/images/other.iso\""),
		own("boot.entries.title,boot.entries.kind", entry),
		own("boot.entries.parameters", entry+"parameters = [\"single\"]"),
		own("boot.entries.to_ram", entry+"to_ram = true"),
		own("boot.entries.hotkey", entry+"hotkey = \"r\""),
		own("boot.entries.class", entry+"class = \"nixos\""),
		own("boot.entries.entries", entry+"[[boot.entries]]\ntitle = \"More\"\nkind = \"submenu\"\n[[boot.entries.entries]]\ntitle = \"Off\"\nkind = \"poweroff\""),
	}
}

// written is the text of a file of the generated source.
func written(name string) string { return `builtins.readFile (f.outPath + "/` + name + `")` }

// joined wants the part of the medium at target to be made with a file.
func joined(target, file string) []check {
	return []check{has(`(builtins.head (builtins.filter (e: e.target == "`+target+`") c.isoImage.contents)).source.buildCommand`, file)}
}

// picture is a small PNG, under a name.
func picture(name string) map[string]string {
	var b strings.Builder
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		panic(err)
	}
	return map[string]string{name: b.String()}
}

func fileScenarios() []scenario {
	const home = "[[files]]\nsource = \"own/run.sh\"\ntarget = \"/opt/tools/run.sh\"\n"
	const script = "c.system.activationScripts.ownFiles.text"
	own := map[string]string{"own/run.sh": "#!/bin/sh\necho hello\n", "own/dir/a b.txt": "text\n"}
	return []scenario{
		field("files.source", "[[files]]\nsource = \"own/run.sh\"\ntarget = \"/etc/tools/run.sh\"",
			is(`builtins.readFile c.environment.etc."tools/run.sh".source`, "#!/bin/sh\necho hello\n")).with(own),
		field("files.target", home, has(script, " /opt/tools/run.sh ")).with(own),
		field("files.target", "[[files]]\nsource = \"own/dir\"\ntarget = \"/srv/with blank\"", has(script, "'/srv/with blank'")).named("folder").with(own),
		field("files.on", "[[files]]\nsource = \"own/run.sh\"\ntarget = \"/tools/run.sh\"\non = \"medium\"", has(targets, "/tools/run.sh"),
			is(`builtins.readFile (builtins.head (builtins.filter (e: e.target == "/tools/run.sh") c.isoImage.contents)).source`, "#!/bin/sh\necho hello\n")).with(own),
		field("files.mode", home+"mode = \"0750\"", has(script, " /opt/tools/run.sh 0750 ")).with(own),
		field("files.mode", "[[files]]\nsource = \"own/run.sh\"\ntarget = \"/etc/tools/run.sh\"\nmode = \"0750\"",
			is(`c.environment.etc."tools/run.sh".mode`, "0750")).named("etc").with(own).warned("files[0].mode"),
		field("files.owner", home+"owner = \"anna:users\"\n"+anna(""), has(script, " /opt/tools/run.sh ", " anna:users")).with(own),
	}
}
