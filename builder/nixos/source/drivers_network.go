package source

// wirelessDrivers are Wi-Fi, mobile and Bluetooth adapters but for Realtek's.
func wirelessDrivers() []Driver {
	return []Driver{
		{Name: "broadcom_sta", Summary: "Broadcom Wi-Fi in MacBooks until 2015 and many Dell and HP laptops (wl: BCM4311 to BCM4360)",
			License: "unfree", Architectures: amd64, Unfree: []string{"broadcom-sta"}, Insecure: []string{"broadcom-sta"},
			KernelModules: []string{"wl"}, InitrdModules: []string{"wl"}, ModulePackages: []string{"broadcom_sta"},
			Blacklist: []string{"b43", "b43legacy", "bcma", "ssb", "brcmsmac", "brcmfmac"}},
		{Name: "b43", Summary: "older Broadcom Wi-Fi with the free driver (BCM4306 to BCM4331): its firmware", License: "unfree",
			Unfree: []string{"b43-firmware"}, KernelModules: []string{"b43"}, Options: switchOn("networking.enableB43Firmware")},
		{Name: "broadcom-bluetooth", Summary: "Bluetooth of Broadcom adapters: their firmware", License: "unfree",
			Unfree: []string{"broadcom-bt-firmware"}, Firmware: []string{"broadcom-bt-firmware"}},
		{Name: "iwlwifi", Summary: "Intel Wi-Fi and Bluetooth: firmware (Centrino, AX200, AX210, BE200)", License: "redistributable",
			Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "ipw2200", Summary: "Intel PRO/Wireless 2200BG and 2915ABG of old laptops", License: "redistributable",
			Options: switchOn("networking.enableIntel2200BGFirmware")},
		{Name: "mediatek-wifi", Summary: "MediaTek Wi-Fi: firmware (MT7601U, MT7610, MT7612, MT7921, MT7922, MT7925)", License: "redistributable",
			Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "atheros", Summary: "Qualcomm Atheros Wi-Fi: firmware (ath9k_htc, ath10k, ath11k, ath12k)", License: "redistributable",
			Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "zd1211", Summary: "ZyDAS ZD1211 Wi-Fi sticks: firmware", License: "GPL-2.0-only", Firmware: []string{"zd1211fw"}},
		{Name: "raspberrypi-wifi", Summary: "Wi-Fi and Bluetooth of the Raspberry Pi 3, 4 and Zero W: firmware", License: "redistributable",
			Architectures: []string{"arm64"}, Firmware: []string{"raspberrypiWirelessFirmware"}},
		{Name: "bluetooth", Summary: "Bluetooth keyboards, mice and headsets", License: "GPL-2.0-or-later", Options: switchOn("hardware.bluetooth.enable")},
		{Name: "usb-modeswitch", Summary: "mobile broadband sticks that first show up as a CD drive", License: "GPL-2.0-or-later",
			Options: switchOn("hardware.usb-modeswitch.enable")},
	}
}

// realtekDrivers are Realtek's Wi-Fi chips. Most have a driver in newer
// kernels, which then must stay away.
func realtekDrivers() []Driver {
	return []Driver{
		{Name: "rtw88", Summary: "Realtek Wi-Fi 5: firmware for the kernel's own driver (8723D, 8821C, 8822B, 8822C; 8812A and 8821A from Linux 6.14)",
			License: "redistributable", Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "rtw89", Summary: "Realtek Wi-Fi 6 and 7: firmware for the kernel's own driver (8851B, 8852A, 8852B, 8852C, 8922A)",
			License: "redistributable", Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "rtl8xxxu", Summary: "Realtek Wi-Fi 4 sticks: firmware for the kernel's own driver (8188, 8192, 8723, 8710B)",
			License: "redistributable", KernelModules: []string{"rtl8xxxu"}, Firmware: []string{"linux-firmware", "wireless-regdb"}},
		{Name: "rtl8192su", Summary: "Realtek 8188SU, 8191SU and 8192SU Wi-Fi sticks: firmware", License: "redistributable", Firmware: []string{"rtl8192su-firmware"}},
		{Name: "rtl8761b", Summary: "Realtek 8761B Bluetooth sticks: firmware", License: "redistributable", Firmware: []string{"rtl8761b-firmware"}},
		realtek("rtl88xxau-aircrack", "88XXau", "6.17", "8811AU, 8812AU, 8814AU and 8821AU Wi-Fi sticks (Alfa AWUS036ACH …) with monitor mode and injection",
			"rtw88_8812au", "rtw88_8814au", "rtw88_8821au"),
		realtek("rtl8188eus-aircrack", "8188eu", "6.17", "8188EUS Wi-Fi sticks (TP-Link TL-WN722N v2 and v3 …) with monitor mode and injection",
			"rtl8xxxu", "r8188eu"),
		realtek("rtl8812au", "8812au", "6.15", "8812AU Wi-Fi sticks", "rtw88_8812au"),
		realtek("rtl8814au", "8814au", "6.15", "8814AU Wi-Fi sticks", "rtw88_8814au"),
		realtek("rtl8821au", "8821au", "6.15", "8811AU and 8821AU Wi-Fi sticks", "rtw88_8821au"),
		x86(realtek("rtl8821ce", "8821ce", "", "8811CE and 8821CE Wi-Fi of many cheap laptops", "rtw88_8821ce")),
		realtek("rtl8821cu", "8821cu", "", "8811CU and 8821CU Wi-Fi sticks", "rtw88_8821cu"),
		realtek("rtl88x2bu", "88x2bu", "", "8812BU and 8822BU Wi-Fi sticks", "rtw88_8822bu"),
		x86(realtek("rtl8192eu", "8192eu", "6.17", "8192EU Wi-Fi sticks", "rtl8xxxu")),
		realtek("rtl8852au", "8852au", "6.17", "8832AU and 8852AU Wi-Fi 6 sticks", "rtw89_8852au"),
		realtek("rtl8852bu", "8852bu", "6.18", "8832BU and 8852BU Wi-Fi 6 sticks", "rtw89_8852bu"),
		realtek("rtl8189es", "8189es", "", "8189ES and 8189ETV Wi-Fi of single-board computers (SDIO)"),
		realtek("rtl8189fs", "8189fs", "", "8189FS and 8189FTV Wi-Fi of single-board computers (SDIO)"),
		realtek("rtl8723ds", "8723ds", "6.17", "8723DS Wi-Fi of tablets and single-board computers (SDIO)", "rtw88_8723ds"),
	}
}

// realtek is a driver of Realtek's own make, in place of the kernel's.
func realtek(name, module, before, chips string, instead ...string) Driver {
	return Driver{Name: name, Summary: "Realtek " + chips, License: "GPL-2.0-only", KernelBefore: before,
		KernelModules: []string{module}, Blacklist: instead, ModulePackages: []string{name}}
}

// x86 says that a driver is for PCs only.
func x86(d Driver) Driver {
	d.Architectures = amd64
	return d
}

// wiredDrivers are network cards.
func wiredDrivers() []Driver {
	return []Driver{
		{Name: "r8125", Summary: "Realtek 2.5 gigabit Ethernet (RTL8125), where the kernel's r8169 gives trouble", License: "GPL-2.0-or-later",
			KernelModules: []string{"r8125"}, Blacklist: []string{"r8169"}, ModulePackages: []string{"r8125"}},
		{Name: "r8168", Summary: "Realtek gigabit Ethernet (RTL8111, RTL8168), where the kernel's r8169 gives trouble", License: "GPL-2.0-or-later",
			KernelModules: []string{"r8168"}, Blacklist: []string{"r8169"}, ModulePackages: []string{"r8168"}},
		{Name: "yt6801", Summary: "Motorcomm gigabit Ethernet (YT6801) of TUXEDO and other laptops", License: "GPL-2.0-or-later",
			Architectures: amd64, KernelModules: []string{"yt6801"}, ModulePackages: []string{"yt6801"}},
		{Name: "ena", Summary: "Amazon's network adapter (EC2), newer than the kernel's", License: "GPL-2.0-only",
			KernelModules: []string{"ena"}, ModulePackages: []string{"ena"}},
		{Name: "infiniband", Summary: "InfiniBand and RDMA (Mellanox)", License: "GPL-2.0-only",
			KernelModules: []string{"mlx4_ib", "mlx5_ib", "ib_ipoib", "ib_umad"}},
		{Name: "batman_adv", Summary: "mesh networks (B.A.T.M.A.N. advanced)", License: "GPL-2.0-only",
			KernelModules: []string{"batman_adv"}, ModulePackages: []string{"batman_adv"}},
	}
}
