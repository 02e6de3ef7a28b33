{ ... }: { boot.kernelModules = [ "dummy" ]; }
