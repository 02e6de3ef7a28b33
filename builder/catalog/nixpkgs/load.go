package nixpkgs

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Want says how Load may come by a catalogue.
type Want struct {
	// Offline fetches nothing.
	Offline bool
	// Newest asks the server whether there is a newer one, and fails where it
	// cannot be asked.
	Newest bool
}

// Load gives the catalogue of a channel: the one on this computer, or a fetched
// one where there is none, where it is damaged (it is set aside then) or where
// the newest is wanted. Where nothing can be fetched for lack of a network it
// gives the built-in list. Notes are sentences about what a person should know
// of all this.
func Load(ctx context.Context, c Config, channel string, want Want) (cat *Catalogue, notes []string, err error) {
	if !want.Newest || want.Offline {
		cat, err = Open(c.Dir, channel)
		if err == nil || !replaceable(err) {
			return cat, nil, err
		}
		if errors.Is(err, ErrDamaged) {
			if notes, err = setAside(Path(c.Dir, channel), err); err != nil {
				return nil, nil, err
			}
		}
	}
	if want.Offline {
		note := fmt.Sprintf("The catalogue of %s is not on this computer; this is the small list inside the program.", channel)
		return BuiltIn(), append(notes, note), nil
	}
	_, _, err = Refresh(ctx, c, channel)
	if errors.Is(err, ErrUnreachable) && !want.Newest {
		note := fmt.Sprintf("The catalogue of %s could not be fetched (%v); this is the small list inside the program.", channel, err)
		return BuiltIn(), append(notes, note), nil
	}
	if err != nil {
		return nil, notes, err
	}
	cat, err = Open(c.Dir, channel)
	return cat, notes, err
}

// replaceable tells whether fetching the catalogue mends the error.
func replaceable(err error) bool {
	return errors.Is(err, ErrMissing) || errors.Is(err, ErrDamaged) || errors.Is(err, ErrVersion)
}

// setAside moves a damaged catalogue out of the way, where it can be looked at;
// the one before it goes.
func setAside(path string, why error) (notes []string, err error) {
	aside := path + ".damaged"
	if err := os.Rename(path, aside); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("set the damaged catalogue aside: %w", err)
	}
	return []string{fmt.Sprintf("%v; it was set aside as %s.", why, aside)}, nil
}
