package source

// Drivers is the table of drivers that a design can name.
func Drivers() []Driver {
	return []Driver{
		{
			Name:           "broadcom_sta",
			Summary:        "Broadcom Wi-Fi with the maker's driver (wl): MacBooks, BCM4312, BCM4322, BCM43142, BCM4352, BCM4360",
			License:        "unfree",
			Unfree:         []string{"broadcom-sta"},
			Insecure:       []string{"broadcom-sta"},
			KernelModules:  []string{"wl"},
			InitrdModules:  []string{"wl"},
			Blacklist:      []string{"b43", "bcma", "ssb", "brcmsmac"},
			ModulePackages: []string{"broadcom_sta"},
		},
		{
			Name:     "sof_firmware",
			Summary:  "Sound of newer Intel laptops (Sound Open Firmware)",
			License:  "bsd3, isc",
			Firmware: []string{"sof-firmware"},
		},
	}
}
