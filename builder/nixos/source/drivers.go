package source

// switchOn turns options on.
func switchOn(names ...string) []Option {
	var options []Option
	for _, name := range names {
		options = append(options, Option{name, "true"})
	}
	return options
}

// forceOn turns options on that a base turns off.
func forceOn(names ...string) []Option {
	var options []Option
	for _, name := range names {
		options = append(options, Option{name, "lib.mkForce true"})
	}
	return options
}

// Drivers lists every driver by subject, and within one from the usual to the
// rare. Names and attributes are those of nixpkgs; each entry is evaluated
// against the real tree by the tests.
func Drivers() []Driver {
	var all []Driver
	for _, part := range [][]Driver{
		firmwareDrivers(), processorDrivers(), wirelessDrivers(), realtekDrivers(), wiredDrivers(),
		graphicsDrivers(), cameraDrivers(), guestDrivers(), storageDrivers(), laptopDrivers(),
		boardDrivers(), inputDrivers(), deviceDrivers(),
	} {
		all = append(all, part...)
	}
	return all
}
