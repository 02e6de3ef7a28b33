// Package design is the project file: what a person wants on an image. It
// loads, checks and saves designs and knows their identity.
//
// It resolves nothing: which packages exist, what they cost and whether they
// fit together is the business of builder/plan. It keeps no comments of a file
// that it loads and saves again, and it never puts a secret into a message.
package design

// Format is the version of the project file that this program writes.
const Format = 1

// Design is one project file (NAME.isowright, TOML). The order of the fields is
// the order in the file and part of the format: it decides the canonical form
// and with it the design's ID.
type Design struct {
	Format int `toml:"format" json:"format"`
	// Name is what people call the design; one line.
	Name string `toml:"name" json:"name"`
	// VolumeLabel is the ISO 9660 volume ID, 1 to 32 characters of A-Z, 0-9
	// and "_" ("-" and "." are tolerated by all readers we know). Empty: made
	// from Name.
	VolumeLabel string `toml:"volume_label,omitempty" json:"volume_label,omitempty"`
	// Distribution is "debian" or "nixos".
	Distribution string `toml:"distribution" json:"distribution"`
	// Release is the distribution's release ("trixie", "25.05").
	Release string `toml:"release,omitempty" json:"release,omitempty"`
	// Base is "minimal", "graphical" or "netboot".
	Base string `toml:"base" json:"base"`
	// Desktop of a graphical base ("xfce", "gnome", "plasma" …).
	Desktop string `toml:"desktop,omitempty" json:"desktop,omitempty"`
	// Architecture is "amd64" or "arm64".
	Architecture string `toml:"architecture,omitempty" json:"architecture,omitempty"`
	// Output is the file name of the image; empty: made from Name.
	Output string `toml:"output,omitempty" json:"output,omitempty"`
	// Packages are the distribution's package names.
	Packages []string `toml:"packages,omitempty" json:"packages,omitempty"`
	// Drivers are names of the driver catalogue ("broadcom_sta").
	Drivers []string `toml:"drivers,omitempty" json:"drivers,omitempty"`

	Archive     Archive     `toml:"archive,omitempty" json:"archive,omitempty"`
	Kernel      Kernel      `toml:"kernel,omitempty" json:"kernel,omitempty"`
	System      System      `toml:"system,omitempty" json:"system,omitempty"`
	Users       []User      `toml:"users,omitempty" json:"users,omitempty"`
	Root        Root        `toml:"root,omitempty" json:"root,omitempty"`
	SSH         SSH         `toml:"ssh,omitempty" json:"ssh,omitempty"`
	Texts       Texts       `toml:"texts,omitempty" json:"texts,omitempty"`
	Startup     Startup     `toml:"startup,omitempty" json:"startup,omitempty"`
	Network     Network     `toml:"network,omitempty" json:"network,omitempty"`
	Boot        Boot        `toml:"boot,omitempty" json:"boot,omitempty"`
	Files       []File      `toml:"files,omitempty" json:"files,omitempty"`
	Compression Compression `toml:"compression,omitempty" json:"compression,omitempty"`
	NixOS       *NixOS      `toml:"nixos,omitempty" json:"nixos,omitempty"`

	// Dir is the folder that relative paths in the design start from: that of
	// the project file. It is not saved and not part of the ID.
	Dir string `toml:"-" json:"-"`
}

// Archive says where a Debian image's packages come from.
type Archive struct {
	// Mirror is the archive's base URL; empty: the application's choice.
	Mirror string `toml:"mirror,omitempty" json:"mirror,omitempty"`
	// Security is the base URL of the security archive; empty: beside Mirror.
	Security string `toml:"security,omitempty" json:"security,omitempty"`
	// Components beyond "main" ("contrib", "non-free-firmware", "non-free").
	Components []string `toml:"components,omitempty" json:"components,omitempty"`
	// State pins the archive: the ID that `isowright plan` prints. Empty: the
	// newest.
	State string `toml:"state,omitempty" json:"state,omitempty"`
}

// Kernel is what the kernel is told.
type Kernel struct {
	// Parameters are words of the kernel's command line, for every entry.
	Parameters []string `toml:"parameters,omitempty" json:"parameters,omitempty"`
}

// System are the settings every system has.
type System struct {
	Hostname string `toml:"hostname,omitempty" json:"hostname,omitempty"`
	// Locale as in locale(1): "de_DE.UTF-8".
	Locale string `toml:"locale,omitempty" json:"locale,omitempty"`
	// Keyboard layout and variant in XKB's names ("de", "nodeadkeys").
	Keyboard Keyboard `toml:"keyboard,omitempty" json:"keyboard,omitempty"`
	// TimeZone in the names of the tz database ("Europe/Berlin").
	TimeZone string `toml:"time_zone,omitempty" json:"time_zone,omitempty"`
}

// Keyboard names a layout as XKB does.
type Keyboard struct {
	Layout  string `toml:"layout,omitempty" json:"layout,omitempty"`
	Variant string `toml:"variant,omitempty" json:"variant,omitempty"`
	Model   string `toml:"model,omitempty" json:"model,omitempty"`
	Options string `toml:"options,omitempty" json:"options,omitempty"`
}

// User is an account besides root.
type User struct {
	Name     string `toml:"name" json:"name"`
	FullName string `toml:"full_name,omitempty" json:"full_name,omitempty"`
	// PasswordHash is a crypt(5) hash, yescrypt ($y$) or SHA-512 ($6$); empty:
	// no login by password.
	PasswordHash string   `toml:"password_hash,omitempty" json:"password_hash,omitempty"`
	Groups       []string `toml:"groups,omitempty" json:"groups,omitempty"`
	// Sudo lets the user become root: "", "password" or "nopassword".
	Sudo    string   `toml:"sudo,omitempty" json:"sudo,omitempty"`
	SSHKeys []string `toml:"ssh_keys,omitempty" json:"ssh_keys,omitempty"`
	Shell   string   `toml:"shell,omitempty" json:"shell,omitempty"`
}

// Root is root's own access; without hash and keys root cannot log in.
type Root struct {
	PasswordHash string   `toml:"password_hash,omitempty" json:"password_hash,omitempty"`
	SSHKeys      []string `toml:"ssh_keys,omitempty" json:"ssh_keys,omitempty"`
}

// SSH is the server.
type SSH struct {
	Enable bool `toml:"enable,omitempty" json:"enable,omitempty"`
	// PasswordLogin lets people log in over the network by password.
	PasswordLogin bool `toml:"password_login,omitempty" json:"password_login,omitempty"`
	// Port; 0: 22.
	Port int `toml:"port,omitempty" json:"port,omitempty"`
}

// Texts that people read when they log in. They are shown as they stand here:
// nothing in them is expanded.
type Texts struct {
	// BeforeLogin stands above the console's login prompt (/etc/issue).
	BeforeLogin string `toml:"before_login,omitempty,multiline" json:"before_login,omitempty"`
	// OnSSH is sent before a login over ssh (/etc/issue.net).
	OnSSH string `toml:"on_ssh,omitempty,multiline" json:"on_ssh,omitempty"`
	// AfterLogin is shown after a login (/etc/motd).
	AfterLogin string `toml:"after_login,omitempty,multiline" json:"after_login,omitempty"`
}

// Startup is what runs without anybody typing.
type Startup struct {
	// Autologin names the user who is logged in on the first console.
	Autologin string `toml:"autologin,omitempty" json:"autologin,omitempty"`
	// Command is a shell command that takes the first console after start.
	Command string `toml:"command,omitempty" json:"command,omitempty"`
	// CommandUser runs it; empty: the autologin user, else root.
	CommandUser string `toml:"command_user,omitempty" json:"command_user,omitempty"`
}

// Network is how the image comes to its addresses.
type Network struct {
	// Mode is "dhcp" (also when empty), "static" or "off".
	Mode string `toml:"mode,omitempty" json:"mode,omitempty"`
	// Interface is a name or pattern ("en*"); empty: every wired interface.
	Interface string `toml:"interface,omitempty" json:"interface,omitempty"`
	// Addresses with prefix length ("192.0.2.10/24", "2001:db8::2/64").
	Addresses []string `toml:"addresses,omitempty" json:"addresses,omitempty"`
	Gateways  []string `toml:"gateways,omitempty" json:"gateways,omitempty"`
	DNS       []string `toml:"dns,omitempty" json:"dns,omitempty"`
	Search    []string `toml:"search,omitempty" json:"search,omitempty"`
	WiFi      []WiFi   `toml:"wifi,omitempty" json:"wifi,omitempty"`
}

// WiFi is a wireless network that is joined when it is in reach.
type WiFi struct {
	SSID string `toml:"ssid" json:"ssid"`
	// PSK is the 256-bit key in 64 hexadecimal digits (wpa_passphrase prints
	// it), never the passphrase; empty: an open network.
	PSK    string `toml:"psk,omitempty" json:"psk,omitempty"`
	Hidden bool   `toml:"hidden,omitempty" json:"hidden,omitempty"`
}

// Boot is the boot menu.
type Boot struct {
	// Title stands above the menu of a theme.
	Title string `toml:"title,omitempty" json:"title,omitempty"`
	// Timeout in seconds until the default entry starts; -1 waits for ever,
	// absent means 5.
	Timeout *int `toml:"timeout,omitempty" json:"timeout,omitempty"`
	// TimeoutStyle is "menu" (also when empty), "countdown" or "hidden".
	TimeoutStyle string `toml:"timeout_style,omitempty" json:"timeout_style,omitempty"`
	// Default is the title of the entry that starts by itself; "a>b" names an
	// entry of a submenu. Empty: the first.
	Default string `toml:"default,omitempty" json:"default,omitempty"`
	// Resolution as GRUB's gfxmode ("1024x768", "auto").
	Resolution string `toml:"resolution,omitempty" json:"resolution,omitempty"`
	// Serial puts the menu on the first serial line as well.
	Serial  bool       `toml:"serial,omitempty" json:"serial,omitempty"`
	Colours BootColour `toml:"colours,omitempty" json:"colours,omitempty"`
	// Background is a PNG or JPEG picture.
	Background string `toml:"background,omitempty" json:"background,omitempty"`
	// BackgroundColour is "#rrggbb" behind the text.
	BackgroundColour string `toml:"background_colour,omitempty" json:"background_colour,omitempty"`
	// Theme is a folder with a theme.txt, an archive of one, or "isowright:NAME"
	// for one of OwnThemes.
	Theme string `toml:"theme,omitempty" json:"theme,omitempty"`
	// Look are ticks of a theme of Isowright's own.
	Look BootLook `toml:"look,omitempty" json:"look,omitzero"`
	// Fonts are PF2, TrueType or OpenType files; the first is the menu's.
	Fonts []string `toml:"fonts,omitempty" json:"fonts,omitempty"`
	// FontSize is the height of fonts made from TrueType and OpenType files,
	// in pixels; 0 means 16.
	FontSize int `toml:"font_size,omitempty" json:"font_size,omitempty"`
	// Variants are further ways to start the system ("to-ram", "serial" …),
	// in a submenu of their own.
	Variants []string    `toml:"variants,omitempty" json:"variants,omitempty"`
	Entries  []BootEntry `toml:"entries,omitempty" json:"entries,omitempty"`
}

// BootColour are pairs in GRUB's names, "foreground/background".
type BootColour struct {
	Normal        string `toml:"normal,omitempty" json:"normal,omitempty"`
	Highlight     string `toml:"highlight,omitempty" json:"highlight,omitempty"`
	MenuNormal    string `toml:"menu_normal,omitempty" json:"menu_normal,omitempty"`
	MenuHighlight string `toml:"menu_highlight,omitempty" json:"menu_highlight,omitempty"`
}

// BootLook is what a person chooses about a theme of Isowright's own.
type BootLook struct {
	// Accent is the colour of what is chosen, "#rrggbb"; empty: the theme's.
	Accent string `toml:"accent,omitempty" json:"accent,omitempty"`
	// Layout is "left", with the menu at the left side; empty: the theme's.
	Layout string `toml:"layout,omitempty" json:"layout,omitempty"`
}

// BootEntry is one line of the menu.
type BootEntry struct {
	Title string `toml:"title" json:"title"`
	// Kind is "live" (also when empty), "submenu", "firmware", "disk",
	// "reboot", "poweroff", "memtest" or "iso".
	Kind string `toml:"kind,omitempty" json:"kind,omitempty"`
	// Parameters are added to the kernel's command line.
	Parameters []string `toml:"parameters,omitempty" json:"parameters,omitempty"`
	// ToRAM copies the image to memory so that the medium can be taken out.
	ToRAM bool `toml:"to_ram,omitempty" json:"to_ram,omitempty"`
	// Hotkey starts the entry.
	Hotkey string `toml:"hotkey,omitempty" json:"hotkey,omitempty"`
	// Class picks the icon in a theme.
	Class string `toml:"class,omitempty" json:"class,omitempty"`
	// Image is the ISO that an entry of the kind "iso" starts: a path on the
	// medium.
	Image string `toml:"image,omitempty" json:"image,omitempty"`
	// Entries of a submenu.
	Entries []BootEntry `toml:"entries,omitempty" json:"entries,omitempty"`
}

// File puts something from the person's computer on the image.
type File struct {
	// Source is a file or folder, relative to the project file.
	Source string `toml:"source" json:"source"`
	// Target is an absolute path.
	Target string `toml:"target" json:"target"`
	// On is "root" (also when empty), the running system's tree, or "medium",
	// the ISO beside it.
	On string `toml:"on,omitempty" json:"on,omitempty"`
	// Mode in octal ("0755"); empty: as on disk without write for others.
	Mode string `toml:"mode,omitempty" json:"mode,omitempty"`
	// Owner is "user" or "user:group" of the image; empty: root.
	Owner string `toml:"owner,omitempty" json:"owner,omitempty"`
}

// Compression of the root file system.
type Compression struct {
	// Method is "zstd" (also when empty), "gzip", "xz" or "none".
	Method string `toml:"method,omitempty" json:"method,omitempty"`
	// Level of the method; 0: its default.
	Level int `toml:"level,omitempty" json:"level,omitempty"`
	// BlockSize in bytes, a power of two from 4096 to 1048576; 0: 131072.
	BlockSize int `toml:"block_size,omitempty" json:"block_size,omitempty"`
}
