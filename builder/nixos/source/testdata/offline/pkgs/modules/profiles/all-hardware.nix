{ boot.initrd.availableKernelModules = [ "all-hardware" ]; hardware.enableRedistributableFirmware = true; }
