package source

var amd64 = []string{"amd64"}

// firmwareDrivers are whole sets of firmware, and single ones.
func firmwareDrivers() []Driver {
	unfree := []string{"broadcom-bt-firmware", "b43-firmware", "xone-dongle-firmware", "facetimehd-calibration", "facetimehd-firmware"}
	return []Driver{
		{Name: "firmware", Summary: "all firmware that may be passed on: most Wi-Fi, Bluetooth, sound and graphics",
			License: "redistributable", Options: forceOn("hardware.enableRedistributableFirmware")},
		{Name: "firmware-all", Summary: "all firmware, also what may not be passed on (Broadcom, FaceTime cameras, Xbox dongle)",
			License: "unfree", Unfree: unfree, Options: forceOn("hardware.enableRedistributableFirmware", "hardware.enableAllFirmware")},
		{Name: "sof-firmware", Summary: "sound of most laptops since 2019 (Intel, AMD and MediaTek signal processors)",
			License: "BSD-3-Clause AND ISC", Firmware: []string{"sof-firmware"}},
		{Name: "alsa-firmware", Summary: "older sound cards that load firmware (Emu10k1, Echo, Digigram, ESI)",
			License: "GPL-2.0-or-later", Firmware: []string{"alsa-firmware"}},
		{Name: "dvb-firmware", Summary: "TV receivers: DVB sticks and cards", License: "redistributable", Firmware: []string{"libreelec-dvb-firmware"}},
		{Name: "regulatory", Summary: "rules of each country for Wi-Fi channels and power", License: "ISC", Firmware: []string{"wireless-regdb"}},
	}
}

// processorDrivers serve what is inside the processor.
func processorDrivers() []Driver {
	return []Driver{
		{Name: "kvm-intel", Summary: "virtual machines at full speed on Intel processors (VT-x)", License: "GPL-2.0-only",
			Architectures: amd64, KernelModules: []string{"kvm-intel"}},
		{Name: "kvm-amd", Summary: "virtual machines at full speed on AMD processors (AMD-V)", License: "GPL-2.0-only",
			Architectures: amd64, KernelModules: []string{"kvm-amd"}},
		{Name: "intel-microcode", Summary: "corrections for Intel processors, loaded first thing at start", License: "redistributable",
			Architectures: amd64, Options: switchOn("hardware.cpu.intel.updateMicrocode")},
		{Name: "amd-microcode", Summary: "corrections for AMD processors, loaded first thing at start", License: "redistributable",
			Architectures: amd64, Options: switchOn("hardware.cpu.amd.updateMicrocode")},
		{Name: "msr", Summary: "registers of the processor, for power and frequency tools", License: "GPL-2.0-only",
			Architectures: amd64, KernelModules: []string{"msr"}},
		{Name: "ryzen_smu", Summary: "power management unit of AMD Ryzen, for tuning tools", License: "GPL-2.0-or-later",
			Architectures: amd64, Options: switchOn("hardware.cpu.amd.ryzen-smu.enable")},
		{Name: "zenpower", Summary: "temperature, voltage and current of AMD Zen processors", License: "GPL-2.0-or-later",
			Architectures: amd64, KernelModules: []string{"zenpower"}, Blacklist: []string{"k10temp"}, ModulePackages: []string{"zenpower"}},
	}
}

// guestDrivers make an image at home inside a virtual machine.
func guestDrivers() []Driver {
	virtio := []string{"virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_balloon", "virtio_console", "virtio_gpu", "virtio_rng"}
	return []Driver{
		{Name: "qemu-guest", Summary: "inside QEMU, KVM, Proxmox or GNOME Boxes: virtio, shutdown from outside, shared clipboard",
			License: "GPL-2.0-or-later", InitrdModules: virtio, Options: switchOn("services.qemuGuest.enable", "services.spice-vdagentd.enable")},
		{Name: "virtualbox-guest", Summary: "inside VirtualBox: screen size, clipboard, shared folders", License: "GPL-3.0-only",
			Architectures: amd64, Options: forceOn("virtualisation.virtualbox.guest.enable")},
		{Name: "vmware-guest", Summary: "inside VMware Workstation, Fusion or ESXi", License: "GPL-2.0-only",
			Architectures: amd64, Options: switchOn("virtualisation.vmware.guest.enable")},
		{Name: "hyperv-guest", Summary: "inside Microsoft Hyper-V", License: "GPL-2.0-only",
			Options: switchOn("virtualisation.hypervGuest.enable")},
		{Name: "xen-guest", Summary: "inside XenServer or XCP-ng", License: "LGPL-2.1-only",
			Architectures: amd64, Options: switchOn("services.xe-guest-utilities.enable")},
		{Name: "parallels-guest", Summary: "inside Parallels Desktop on a Mac", License: "unfree", Unfree: []string{"prl-tools"},
			Options: switchOn("hardware.parallels.enable")},
		{Name: "kvmfr", Summary: "Looking Glass: the screen of a virtual machine through shared memory", License: "GPL-2.0-or-later",
			Architectures: amd64, KernelModules: []string{"kvmfr"}, ModulePackages: []string{"kvmfr"}},
		{Name: "vendor-reset", Summary: "resets AMD graphics cards that are handed to a virtual machine", License: "GPL-2.0-only",
			Architectures: amd64, KernelModules: []string{"vendor-reset"}, ModulePackages: []string{"vendor-reset"}},
	}
}

// storageDrivers are controllers and file systems.
func storageDrivers() []Driver {
	return []Driver{
		{Name: "zfs", Summary: "ZFS pools; needs a kernel that ZFS knows, not the newest", License: "CDDL-1.0",
			Options: forceOn("boot.supportedFilesystems.zfs")},
		{Name: "bcachefs", Summary: "file system bcachefs", License: "GPL-2.0-only", Options: forceOn("boot.supportedFilesystems.bcachefs")},
		{Name: "apfs", Summary: "file system of Macs since 2017 (APFS)", License: "GPL-2.0-only", Options: forceOn("boot.supportedFilesystems.apfs")},
		{Name: "exfat", Summary: "file system of large cards and sticks (exFAT)", License: "GPL-2.0-only", Options: forceOn("boot.supportedFilesystems.exfat")},
		{Name: "ntfs", Summary: "file system of Windows (NTFS)", License: "GPL-2.0-only", Options: forceOn("boot.supportedFilesystems.ntfs")},
		{Name: "nfs", Summary: "shares of Unix servers (NFS)", License: "GPL-2.0-only", Options: forceOn("boot.supportedFilesystems.nfs")},
		{Name: "mdraid", Summary: "Linux software RAID, also Intel RST arrays", License: "GPL-2.0-only", Options: forceOn("boot.swraid.enable")},
		{Name: "vmd", Summary: "NVMe drives behind Intel VMD or RST, found in stage 1 already", License: "GPL-2.0-only",
			Architectures: amd64, InitrdModules: []string{"vmd"}},
		{Name: "hpsa", Summary: "HP and HPE Smart Array RAID controllers", License: "GPL-2.0-only", InitrdModules: []string{"hpsa"}},
		{Name: "megaraid", Summary: "Broadcom, LSI and Dell PERC RAID controllers", License: "GPL-2.0-only",
			InitrdModules: []string{"megaraid_sas", "mpt3sas"}},
		{Name: "nvme-fabrics", Summary: "NVMe over TCP and RDMA", License: "GPL-2.0-only", KernelModules: []string{"nvme-tcp", "nvme-rdma"}},
		{Name: "drbd", Summary: "mirrored block devices between servers (DRBD 9)", License: "GPL-2.0-or-later",
			KernelModules: []string{"drbd"}, ModulePackages: []string{"drbd"}},
	}
}
