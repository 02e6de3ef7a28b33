package desktop

import (
	"testing"
)

// TestMouse does what a person does from the first start to a written stick, by
// mouse and keyboard.
func TestMouse(t *testing.T) {
	p := newPerson(t, 1280, 800)
	p.open("../../examples/rescue.isowright")
	p.picture("opened")
	p.clicks("Packages")
	p.picture("packages")
	p.clicks("Build")
	p.picture("build")
	p.quits()
}
