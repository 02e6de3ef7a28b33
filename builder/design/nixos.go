package design

// NixOS are the settings that only a NixOS image has. A pointer to a bool that
// is absent leaves the matter to the base.
type NixOS struct {
	// Channel of nixpkgs ("nixos-26.05", "nixos-unstable"); empty: the
	// release's.
	Channel string `toml:"channel,omitempty" json:"channel,omitempty"`
	// Revision pins one commit of nixpkgs, 40 hexadecimal digits; empty: the
	// channel's newest.
	Revision string `toml:"revision,omitempty" json:"revision,omitempty"`
	// Hash is the NAR hash of that revision ("sha256-…="), which the lock file
	// wants; empty: asked for when the plan is made.
	Hash string `toml:"hash,omitempty" json:"hash,omitempty"`
	// Medium is "iso" (also when empty) or "sd", a card image for arm64.
	Medium string `toml:"medium,omitempty" json:"medium,omitempty"`
	// Assembler is "nix" (also when empty), which builds the image as nixpkgs
	// does, or "isowright", which lets Nix build the system only.
	Assembler string `toml:"assembler,omitempty" json:"assembler,omitempty"`
	// Installer puts Calamares on a graphical base; absent: yes.
	Installer *bool `toml:"installer,omitempty" json:"installer,omitempty"`
	// StateVersion of the live system; empty: the release.
	StateVersion string `toml:"state_version,omitempty" json:"state_version,omitempty"`

	// Kernel is "default" (also when empty), "latest" or the name of a kernel
	// package set ("linuxPackages_6_12").
	Kernel string `toml:"kernel,omitempty" json:"kernel,omitempty"`
	// ZFS support; absent: the base's, but off with a kernel that has none.
	ZFS *bool `toml:"zfs,omitempty" json:"zfs,omitempty"`
	// KernelModules are loaded at start, InitrdModules already in stage 1;
	// BlacklistedModules are never loaded by themselves.
	KernelModules      []string `toml:"kernel_modules,omitempty" json:"kernel_modules,omitempty"`
	InitrdModules      []string `toml:"initrd_modules,omitempty" json:"initrd_modules,omitempty"`
	BlacklistedModules []string `toml:"blacklisted_modules,omitempty" json:"blacklisted_modules,omitempty"`
	// ModulePackages are names in the kernel's package set ("broadcom_sta").
	ModulePackages []string `toml:"module_packages,omitempty" json:"module_packages,omitempty"`
	// Firmware is "" (the base's), "none", "redistributable" or "all" (unfree).
	Firmware string `toml:"firmware,omitempty" json:"firmware,omitempty"`

	// Unfree, Insecure and Broken name packages (pname) that the person has
	// consented to.
	Unfree   []string `toml:"unfree,omitempty" json:"unfree,omitempty"`
	Insecure []string `toml:"insecure,omitempty" json:"insecure,omitempty"`
	Broken   []string `toml:"broken,omitempty" json:"broken,omitempty"`

	// HelpLine is the text above the first prompt, where the installer explains
	// itself. It replaces the base's.
	HelpLine string `toml:"help_line,omitempty,multiline" json:"help_line,omitempty"`
	// PackageList writes /etc/packages; absent: yes.
	PackageList *bool `toml:"package_list,omitempty" json:"package_list,omitempty"`
	// Manual keeps the NixOS manual on the image; absent: the base's choice.
	Manual *bool `toml:"manual,omitempty" json:"manual,omitempty"`
	// ConsoleFont is a font of the console ("ter-v32n").
	ConsoleFont string `toml:"console_font,omitempty" json:"console_font,omitempty"`
	// EarlyConsole sets font and keyboard in stage 1 already.
	EarlyConsole bool `toml:"early_console,omitempty" json:"early_console,omitempty"`
	// ScriptedStage1 takes the old stage 1 of shell scripts.
	ScriptedStage1 bool `toml:"scripted_stage1,omitempty" json:"scripted_stage1,omitempty"`
	// PostBoot are shell commands that run as root late in stage 2.
	PostBoot string `toml:"post_boot,omitempty,multiline" json:"post_boot,omitempty"`

	// ImageName is the image's base name, without ".iso"; empty: Output's.
	ImageName string `toml:"image_name,omitempty" json:"image_name,omitempty"`
	// Edition is a word in the default names ("rescue").
	Edition string `toml:"edition,omitempty" json:"edition,omitempty"`
	// SquashfsCompression in mksquashfs's words ("zstd -Xcompression-level 6",
	// "none"), for the assembler "nix"; empty: from Compression.
	SquashfsCompression string `toml:"squashfs_compression,omitempty" json:"squashfs_compression,omitempty"`
	// CompressImage packs the finished image as .zst.
	CompressImage bool `toml:"compress_image,omitempty" json:"compress_image,omitempty"`

	// StoreContents are packages whose closure lies in the image's store
	// without being installed.
	StoreContents []string `toml:"store_contents,omitempty" json:"store_contents,omitempty"`
	// BuildDependencies puts everything that built the system on the image
	// (gigabytes).
	BuildDependencies bool `toml:"build_dependencies,omitempty" json:"build_dependencies,omitempty"`
	// ChannelOnMedium keeps a copy of nixpkgs on the image; absent: yes.
	ChannelOnMedium *bool `toml:"channel_on_medium,omitempty" json:"channel_on_medium,omitempty"`
	// CloneConfiguration writes a configuration.nix of the image into it;
	// absent: yes.
	CloneConfiguration *bool `toml:"clone_configuration,omitempty" json:"clone_configuration,omitempty"`

	// Imports are Nix files of the person's, relative to the project file, that
	// become part of the image's configuration.
	Imports []string `toml:"imports,omitempty" json:"imports,omitempty"`
	// Force names fields of the design ("boot.timeout", "texts.after_login")
	// that replace what the base or an import sets, also where both would be
	// joined.
	Force []string `toml:"force,omitempty" json:"force,omitempty"`

	Flake   NixFlake   `toml:"flake,omitempty" json:"flake,omitempty"`
	Menu    NixMenu    `toml:"menu,omitempty" json:"menu,omitempty"`
	Offline NixOffline `toml:"offline,omitempty" json:"offline,omitempty"`
	// Settings are lines of nix.conf: strings, whole numbers, true or false,
	// and lists of strings.
	Settings        map[string]any   `toml:"settings,omitempty" json:"settings,omitempty"`
	Contents        []NixContent     `toml:"contents,omitempty" json:"contents,omitempty"`
	Specialisations []Specialisation `toml:"specialisations,omitempty" json:"specialisations,omitempty"`
	Modules         []NixModule      `toml:"modules,omitempty" json:"modules,omitempty"`
}

// NixFlake is a flake of the person's that the image is combined with.
type NixFlake struct {
	// URL is a flake reference ("github:me/config", "./config").
	URL string `toml:"url,omitempty" json:"url,omitempty"`
	// Modules are attributes of its nixosModules that the image imports.
	Modules []string `toml:"modules,omitempty" json:"modules,omitempty"`
	// Host is a name in its nixosConfigurations whose modules the image
	// imports.
	Host string `toml:"host,omitempty" json:"host,omitempty"`
}

// NixMenu are the parts of the boot menu that nixpkgs's own image has.
type NixMenu struct {
	// DistributionName stands in every entry instead of "NixOS".
	DistributionName string `toml:"distribution_name,omitempty" json:"distribution_name,omitempty"`
	// Prepend and Append are put around it with their blanks; Append absent:
	// " Installer".
	Prepend string  `toml:"prepend,omitempty" json:"prepend,omitempty"`
	Append  *string `toml:"append,omitempty" json:"append,omitempty"`
	// Configuration is the name of the main entry's configuration.
	Configuration string `toml:"configuration,omitempty" json:"configuration,omitempty"`
	// Main shows the main entry beside the specialisations; absent: yes.
	Main *bool `toml:"main,omitempty" json:"main,omitempty"`
	// BIOS, EFI and USB are the ways in which the image starts; absent: all.
	BIOS *bool `toml:"bios,omitempty" json:"bios,omitempty"`
	EFI  *bool `toml:"efi,omitempty" json:"efi,omitempty"`
	USB  *bool `toml:"usb,omitempty" json:"usb,omitempty"`
	// Memtest in the menu; absent: the base's choice.
	Memtest *bool `toml:"memtest,omitempty" json:"memtest,omitempty"`
	// TextMode keeps GRUB out of graphics.
	TextMode bool `toml:"text_mode,omitempty" json:"text_mode,omitempty"`
	// SplashBIOS and SplashEFI are PNG pictures. SplashEFI is seen only without
	// a theme.
	SplashBIOS string `toml:"splash_bios,omitempty" json:"splash_bios,omitempty"`
	SplashEFI  string `toml:"splash_efi,omitempty" json:"splash_efi,omitempty"`
	// ThemePackage is a package that holds a GRUB theme, or "none"; empty:
	// the design's boot.theme, else the base's.
	ThemePackage string `toml:"theme_package,omitempty" json:"theme_package,omitempty"`
	// Syslinux are the lines of the BIOS menu's look; they replace the base's.
	Syslinux string `toml:"syslinux,omitempty,multiline" json:"syslinux,omitempty"`
	// GRUB and Isolinux are further entries in the programs' own language.
	GRUB     []GRUBEntry     `toml:"grub,omitempty" json:"grub,omitempty"`
	Isolinux []IsolinuxEntry `toml:"isolinux,omitempty" json:"isolinux,omitempty"`
}

// GRUBEntry is a menu entry in GRUB's own commands (UEFI).
type GRUBEntry struct {
	Title string `toml:"title" json:"title"`
	Class string `toml:"class,omitempty" json:"class,omitempty"`
	// Commands are the lines between the entry's braces.
	Commands string `toml:"commands,multiline" json:"commands"`
}

// IsolinuxEntry is a menu entry in isolinux's own commands (BIOS).
type IsolinuxEntry struct {
	// Label is the entry's word on the command line.
	Label string `toml:"label" json:"label"`
	Title string `toml:"title" json:"title"`
	// Commands are the lines below LABEL and MENU LABEL.
	Commands string `toml:"commands,multiline" json:"commands"`
}

// NixOffline is an image that installs without a network.
type NixOffline struct {
	// Level is "" (none), "A" (install exactly this system), "B" (evaluate and
	// change on the target) or "C" (rebuild everything).
	Level string `toml:"level,omitempty" json:"level,omitempty"`
	// Flake is the folder, relative to the project file, of the flake to
	// install; empty: the image's own system is installed.
	Flake string `toml:"flake,omitempty" json:"flake,omitempty"`
	// Host is the name in the flake's nixosConfigurations.
	Host string `toml:"host,omitempty" json:"host,omitempty"`
	// Configuration is a folder of the person's that lies on the medium and is
	// copied to the target's /etc/nixos.
	Configuration string `toml:"configuration,omitempty" json:"configuration,omitempty"`
	// BuildInputs are further packages whose build inputs are put on the image
	// (level B).
	BuildInputs []string `toml:"build_inputs,omitempty" json:"build_inputs,omitempty"`
	// Layout of the target's disk: "ext4" (also when empty), "btrfs", "xfs",
	// "disko" (from the flake) or "manual" (what is mounted on /mnt).
	Layout string `toml:"layout,omitempty" json:"layout,omitempty"`
	// Unattended installs without asking. It erases Disk.
	Unattended bool `toml:"unattended,omitempty" json:"unattended,omitempty"`
	// Disk is the target ("/dev/disk/by-id/…", "/dev/vda").
	Disk string `toml:"disk,omitempty" json:"disk,omitempty"`
	// After is "" (stay), "reboot" or "poweroff".
	After string `toml:"after,omitempty" json:"after,omitempty"`
}

// NixContent puts a text or a part of a package on the medium. Files of the
// person's own are in Design.Files.
type NixContent struct {
	// Target is an absolute path on the medium.
	Target string `toml:"target" json:"target"`
	// Package, and Path inside its output ("/share/doc"), or else Text.
	Package string `toml:"package,omitempty" json:"package,omitempty"`
	Path    string `toml:"path,omitempty" json:"path,omitempty"`
	Text    string `toml:"text,omitempty,multiline" json:"text,omitempty"`
}

// Specialisation is a variant of the system with an entry of its own in the
// boot menu.
type Specialisation struct {
	Name string `toml:"name" json:"name"`
	// Title is added to the entry; empty: Name in brackets.
	Title string `toml:"title,omitempty" json:"title,omitempty"`
	// Kernel as in NixOS.Kernel; empty: the main system's.
	Kernel     string   `toml:"kernel,omitempty" json:"kernel,omitempty"`
	Parameters []string `toml:"parameters,omitempty" json:"parameters,omitempty"`
	Packages   []string `toml:"packages,omitempty" json:"packages,omitempty"`
	// Desktop replaces the main system's.
	Desktop string `toml:"desktop,omitempty" json:"desktop,omitempty"`
	// Config is a NixOS module's body for the rest.
	Config string `toml:"config,omitempty,multiline" json:"config,omitempty"`
}

// NixModule is a NixOS module in the person's own words, for what the design
// has no field for.
type NixModule struct {
	// Name of its file in the generated source, without ".nix".
	Name string `toml:"name" json:"name"`
	Text string `toml:"text,multiline" json:"text"`
}
