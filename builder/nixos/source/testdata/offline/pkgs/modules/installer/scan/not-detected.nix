{ boot.initrd.availableKernelModules = [ "not-detected" ]; hardware.enableRedistributableFirmware = true; }
