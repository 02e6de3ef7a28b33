package builder

import "github.com/isowright/isowright/builder/design"

// Refuse says what a design, of a known distribution, asks for that this version
// cannot build. It looks at nothing but the design.
func Refuse(d design.Design) design.Problems {
	sys, err := newSystem(d.Distribution, Options{})
	if err != nil {
		// What distributions there are is a matter of design.Validate.
		return nil
	}
	return sys.Refuse(design.WithDefaults(d))
}
