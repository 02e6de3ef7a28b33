package widgets

import (
	"os"
	"testing"

	"fyne.io/fyne/v2/test"
)

// TestMain makes the one application of these tests, in the window's own look.
func TestMain(m *testing.M) {
	a := test.NewApp()
	a.Settings().SetTheme(NewTheme(Light))
	code := m.Run()
	a.Quit()
	os.Exit(code)
}
