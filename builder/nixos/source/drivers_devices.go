package source

// nvidia is NVIDIA's own driver with the kernel's part open.
func nvidia() Driver {
	return Driver{Name: "nvidia", Summary: "NVIDIA GeForce RTX and GTX 16 and newer, kernel part open", License: "unfree", Architectures: amd64,
		Unfree: []string{"nvidia-x11", "nvidia-settings"}, Options: []Option{
			{"services.xserver.videoDrivers", `[ "nvidia" ]`}, {"hardware.graphics.enable", "true"}, {"hardware.nvidia.open", "true"},
		}}
}

// closed is the same with the closed part.
func closed(d Driver, name, summary string, further ...Option) Driver {
	d.Name, d.Summary = name, summary
	d.Unfree = append([]string{"nvidia-kernel-modules"}, d.Unfree...)
	d.Options = append([]Option{d.Options[0], d.Options[1], {"hardware.nvidia.open", "false"}}, further...)
	return d
}

// graphicsDrivers are graphics cards. Those that the kernel serves by itself
// are here to give the whole screen from stage 1 on.
func graphicsDrivers() []Driver {
	return []Driver{
		{Name: "amdgpu", Summary: "AMD Radeon since 2015, at full resolution from the first second", License: "MIT",
			InitrdModules: []string{"amdgpu"}, Firmware: []string{"linux-firmware"}},
		{Name: "amdgpu-legacy", Summary: "AMD Radeon HD 7000 and 8000 with the newer driver amdgpu", License: "MIT",
			Options: switchOn("hardware.amdgpu.legacySupport.enable")},
		{Name: "radeon", Summary: "ATI and AMD Radeon until 2013, at full resolution from the first second", License: "MIT",
			InitrdModules: []string{"radeon"}, Firmware: []string{"linux-firmware"}},
		{Name: "i915", Summary: "Intel graphics, at full resolution from the first second", License: "MIT",
			Architectures: amd64, InitrdModules: []string{"i915"}, Firmware: []string{"linux-firmware"}},
		nvidia(),
		closed(nvidia(), "nvidia-proprietary", "NVIDIA, the newest driver with the closed kernel part"),
		closed(nvidia(), "nvidia-470", "NVIDIA Kepler (GeForce 600 and 700), driver 470, whose licence this accepts",
			Option{"hardware.nvidia.package", "config.boot.kernelPackages.nvidiaPackages.legacy_470"},
			Option{"nixpkgs.config.nvidia.acceptLicense", "true"}),
		{Name: "intel-media", Summary: "video decoding on Intel graphics since 2014 (VA-API)", License: "BSD-3-Clause",
			Architectures: amd64, Options: []Option{{"hardware.graphics.enable", "true"}, {"hardware.graphics.extraPackages", "[ pkgs.intel-media-driver ]"}}},
		{Name: "evdi", Summary: "additional virtual screens (the kernel's part of DisplayLink)", License: "GPL-2.0-only",
			KernelModules: []string{"evdi"}, ModulePackages: []string{"evdi"}},
		{Name: "ddcci", Summary: "brightness of external monitors (DDC/CI)", License: "GPL-2.0-or-later",
			KernelModules: []string{"i2c-dev", "ddcci-backlight"}, ModulePackages: []string{"ddcci-driver"}},
	}
}

// cameraDrivers are cameras, real and virtual, and video capture.
func cameraDrivers() []Driver {
	ipu6 := func(name, platform, processors string) Driver {
		return Driver{Name: name, Summary: "MIPI cameras of " + processors + " laptops (Intel IPU6)", License: "unfree", Architectures: amd64,
			Unfree:  []string{"ipu6-camera-bins", "ipu6-camera-bins-unstable", "ivsc-firmware", "ivsc-firmware-unstable"},
			Options: []Option{{"hardware.ipu6.enable", "true"}, {"hardware.ipu6.platform", `"` + platform + `"`}}}
	}
	return []Driver{
		{Name: "v4l2loopback", Summary: "virtual camera (OBS, DroidCam)", License: "GPL-2.0-only",
			KernelModules: []string{"v4l2loopback"}, ModulePackages: []string{"v4l2loopback"}},
		{Name: "facetimehd", Summary: "FaceTime HD camera of MacBooks 2013 to 2017", License: "unfree", Architectures: amd64,
			Unfree: []string{"facetimehd-firmware"}, Options: switchOn("hardware.facetimehd.enable")},
		ipu6("ipu6", "ipu6", "Tiger Lake"),
		ipu6("ipu6ep", "ipu6ep", "Alder Lake and Raptor Lake"),
		ipu6("ipu6epmtl", "ipu6epmtl", "Meteor Lake"),
		{Name: "decklink", Summary: "Blackmagic Design DeckLink capture cards", License: "unfree", Architectures: amd64,
			Unfree: []string{"decklink", "blackmagic-desktop-video"}, Options: switchOn("hardware.decklink.enable")},
	}
}

// laptopDrivers are for one maker's machines.
func laptopDrivers() []Driver {
	surface := []string{"surface_aggregator", "surface_aggregator_registry", "surface_aggregator_hub", "surface_hid_core", "surface_hid",
		"surface_kbd", "8250_dw", "intel_lpss", "intel_lpss_pci"}
	return []Driver{
		{Name: "applespi", Summary: "keyboard and touchpad of MacBooks 2015 to 2017, in stage 1 already", License: "GPL-2.0-only",
			Architectures: amd64, InitrdModules: []string{"applespi", "spi_pxa2xx_platform", "intel_lpss_pci"}},
		{Name: "apple-t2", Summary: "keyboard, touchpad and sound of MacBooks 2018 to 2020 (T2)", License: "GPL-2.0-only",
			Architectures: amd64, KernelModules: []string{"bce"}, ModulePackages: []string{"mbp2018-bridge-drv"}},
		{Name: "surface", Summary: "keyboard and touchpad of Microsoft Surface Laptop, in stage 1 already", License: "GPL-2.0-only",
			Architectures: amd64, InitrdModules: surface},
		{Name: "framework", Summary: "Framework Laptop: charge limit, lamps and fans", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"framework_laptop"}, ModulePackages: []string{"framework-laptop-kmod"}},
		{Name: "thinkpad", Summary: "older ThinkPads: battery and shock sensor (tp_smapi), ACPI calls", License: "GPL-2.0-or-later",
			Architectures: amd64, KernelModules: []string{"tp_smapi", "acpi_call"}, ModulePackages: []string{"tp_smapi", "acpi_call"}},
		{Name: "lenovo-legion", Summary: "Lenovo Legion: fans and power profiles", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"legion-laptop"}, ModulePackages: []string{"lenovo-legion-module"}},
		{Name: "system76", Summary: "System76 laptops and desktops", License: "GPL-2.0-or-later", Architectures: amd64,
			Options: switchOn("hardware.system76.enableAll")},
		{Name: "tuxedo", Summary: "TUXEDO and other Clevo laptops: keyboard, lamps, fans", License: "GPL-2.0-or-later", Architectures: amd64,
			Options: switchOn("hardware.tuxedo-drivers.enable")},
		{Name: "acer-battery", Summary: "Acer laptops: battery health", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"acer_wmi_battery"}, ModulePackages: []string{"acer-wmi-battery"}},
		{Name: "msi-ec", Summary: "MSI laptops: fans, charge limit, lamps", License: "GPL-2.0-or-later", Architectures: amd64,
			KernelModules: []string{"msi-ec"}, ModulePackages: []string{"msi-ec"}},
		{Name: "qc71", Summary: "Intel QC71 and its sisters (XMG, Schenker): fans and lamps", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"qc71_laptop"}, ModulePackages: []string{"qc71_laptop"}},
	}
}

// boardDrivers are sensors and lamps of main boards.
func boardDrivers() []Driver {
	return []Driver{
		{Name: "it87", Summary: "temperatures and fans of Gigabyte and other boards (ITE IT87)", License: "GPL-2.0-or-later", Architectures: amd64,
			KernelModules: []string{"it87"}, ModulePackages: []string{"it87"}},
		{Name: "nct6687d", Summary: "temperatures and fans of MSI and ASUS boards (Nuvoton NCT6687)", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"nct6687"}, Blacklist: []string{"nct6683"}, ModulePackages: []string{"nct6687d"}},
		{Name: "asus-ec-sensors", Summary: "temperatures and fans of ASUS boards", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"asus-ec-sensors"}, ModulePackages: []string{"asus-ec-sensors"}},
		{Name: "i2c", Summary: "I²C and SMBus devices for users of the group i2c (lamps, monitors)", License: "GPL-2.0-only", Options: switchOn("hardware.i2c.enable")},
	}
}

// inputDrivers are keyboards, tablets, controllers and wheels.
func inputDrivers() []Driver {
	return []Driver{
		{Name: "xone", Summary: "Xbox controllers by cable and by Microsoft's wireless dongle", License: "unfree",
			Unfree: []string{"xone-dongle-firmware"}, Options: switchOn("hardware.xone.enable")},
		{Name: "xpadneo", Summary: "Xbox controllers by Bluetooth", License: "GPL-3.0-or-later", Options: switchOn("hardware.xpadneo.enable")},
		{Name: "steam-hardware", Summary: "Steam Controller, Steam Deck, Valve Index and other controllers", License: "MIT",
			Options: switchOn("hardware.steam-hardware.enable")},
		{Name: "openrazer", Summary: "Razer keyboards and mice", License: "GPL-2.0-only", Options: switchOn("hardware.openrazer.enable")},
		{Name: "logitech", Summary: "Logitech wireless receivers (Unifying, Bolt)", License: "GPL-2.0-only", Options: switchOn("hardware.logitech.wireless.enable")},
		{Name: "digimend", Summary: "drawing tablets of Huion, XP-Pen, Gaomon and others", License: "GPL-2.0-only",
			KernelModules: []string{"hid-uclogic"}, ModulePackages: []string{"digimend"}},
		{Name: "opentabletdriver", Summary: "drawing tablets of most makers, set up by a program", License: "LGPL-3.0-only",
			Options: switchOn("hardware.opentabletdriver.enable")},
		{Name: "new-lg4ff", Summary: "Logitech steering wheels with force feedback", License: "GPL-2.0-only", Options: switchOn("hardware.new-lg4ff.enable")},
		{Name: "hid-tmff2", Summary: "Thrustmaster T300RS, T248 and TX steering wheels", License: "GPL-2.0-or-later",
			KernelModules: []string{"hid-tmff-new"}, ModulePackages: []string{"hid-tmff2"}},
		{Name: "hid-fanatecff", Summary: "Fanatec steering wheels", License: "GPL-2.0-only", Options: switchOn("hardware.hid-fanatecff.enable")},
		{Name: "qmk", Summary: "programming of QMK keyboards by any user", License: "GPL-2.0-or-later", Options: switchOn("hardware.keyboard.qmk.enable")},
	}
}

// deviceDrivers are what is plugged in besides.
func deviceDrivers() []Driver {
	return []Driver{
		{Name: "smartcard", Summary: "smart cards and YubiKeys for OpenPGP, ssh and PIV", License: "BSD-3-Clause", Options: switchOn("services.pcscd.enable", "hardware.gpgSmartcards.enable")},
		{Name: "nitrokey", Summary: "Nitrokeys", License: "GPL-3.0-only", Options: switchOn("hardware.nitrokey.enable")},
		{Name: "ledger", Summary: "Ledger hardware wallets", License: "Apache-2.0", Options: switchOn("hardware.ledger.enable")},
		{Name: "fingerprint", Summary: "fingerprint readers", License: "GPL-2.0-or-later", Options: switchOn("services.fprintd.enable")},
		{Name: "thunderbolt", Summary: "Thunderbolt and USB4 docks, allowed by the user", License: "LGPL-2.1-or-later",
			InitrdModules: []string{"thunderbolt"}, Options: switchOn("services.hardware.bolt.enable")},
		{Name: "iio-sensors", Summary: "orientation and light sensors of convertibles", License: "GPL-2.0-or-later", Options: switchOn("hardware.sensor.iio.enable")},
		{Name: "ch9344", Summary: "WCH CH9344 and CH348 serial adapters with many ports", License: "GPL-2.0-only",
			KernelModules: []string{"ch9344"}, ModulePackages: []string{"ch9344"}},
		{Name: "rtl-sdr", Summary: "radio receivers with RTL2832 (RTL-SDR)", License: "GPL-2.0-or-later", Options: switchOn("hardware.rtl-sdr.enable")},
		{Name: "hackrf", Summary: "HackRF radios", License: "GPL-2.0-only", Options: switchOn("hardware.hackrf.enable")},
		{Name: "coral", Summary: "Google Coral accelerators on PCI Express", License: "GPL-2.0-only", Options: switchOn("hardware.coral.pcie.enable")},
		{Name: "tenstorrent", Summary: "Tenstorrent accelerators", License: "GPL-2.0-only", Architectures: amd64,
			KernelModules: []string{"tenstorrent"}, ModulePackages: []string{"tt-kmd"}},
		{Name: "vhba", Summary: "virtual CD and DVD drives (CDEmu)", License: "GPL-2.0-or-later", Options: switchOn("programs.cdemu.enable")},
		{Name: "akvcam", Summary: "virtual camera (Webcamoid)", License: "GPL-2.0-only",
			KernelModules: []string{"akvcam"}, ModulePackages: []string{"akvcam"}},
	}
}
