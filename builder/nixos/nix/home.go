package nix

import (
	"net/url"
	"path/filepath"
	"strings"
)

// What a remote store built for us has no signature that this computer knows.
// Where the computer's store does not trust the user, as with a daemon and its
// usual settings, results go into a store of the user's own: a "chroot store"
// below a folder, in which nothing is built, so that it needs no namespaces.

// home is the URL of that store; empty where results go into this computer's.
func (n *Nix) home() string {
	if n.settings.Store == "" || n.Trusted || n.homeDir == "" || n.container != nil {
		return ""
	}
	// In a store's URL values are percent-encoded, and + is itself.
	return "local?root=" + strings.ReplaceAll(url.PathEscape(n.homeDir), "&", "%26")
}

// keeping are the arguments of what asks or changes the store that results are
// in.
func (n *Nix) keeping() []string {
	if home := n.home(); home != "" {
		return []string{"--store", home}
	}
	return nil
}

// settle looks where results can be read, now that settings and store are
// known.
func (n *Nix) settle() {
	n.places = n.own
	if n.home() != "" {
		n.places = &Places{folder: filepath.Join(n.homeDir, "nix"), store: n.StoreDir}
	}
}
