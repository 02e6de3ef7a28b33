{ ... }: { services.qemuGuest.enable = true; }
