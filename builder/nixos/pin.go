package nixos

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
)

// pinned is the nixpkgs that a design is evaluated against.
type pinned struct {
	source.Pin
	state catalog.State
}

// pin finds out which nixpkgs a design means now.
func (s *System) pin(ctx context.Context, n *nix.Nix, d design.Design) (pinned, error) {
	if own := s.Nix.Settings.Nixpkgs; own != "" {
		l, err := n.Lock(ctx, own)
		if err != nil {
			return pinned{}, withHint(err)
		}
		return pinned{state: state(l, own)}, nil
	}
	x := *d.NixOS
	if s.Offline && x.Revision == "" {
		return pinned{}, &fault{
			err: errors.New("offline"), text: "offline, nobody can say what " + x.Channel + " is now",
			hint: "set nixos.revision and nixos.hash in the design, or leave out --offline",
		}
	}
	l, err := n.Lock(ctx, reference(x))
	if err != nil {
		return pinned{}, withHint(err)
	}
	p := source.Pin{Channel: x.Channel, Revision: l.Revision, Hash: l.Hash}
	if !l.LastModified.IsZero() {
		p.LastModified = l.LastModified.Unix()
	}
	return pinned{Pin: p, state: state(l, x.Channel)}, nil
}

// reference is the flake reference of the design's nixpkgs.
func reference(n design.NixOS) string {
	if n.Revision == "" {
		return "github:NixOS/nixpkgs/" + n.Channel
	}
	ref := "github:NixOS/nixpkgs/" + n.Revision
	if n.Hash != "" {
		// With its hash nix takes it from the store if it is there.
		ref += "?narHash=" + url.QueryEscape(n.Hash)
	}
	return ref
}

func state(l nix.Locked, name string) catalog.State {
	st := catalog.State{ID: l.Hash, Date: l.LastModified, Sources: []string{name}}
	if st.Date.IsZero() {
		// The first date that all file systems of an image can hold.
		st.Date = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return st
}
