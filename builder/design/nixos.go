package design

// NixOS are the settings that only a NixOS image has.
type NixOS struct{}
