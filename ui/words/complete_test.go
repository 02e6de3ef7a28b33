package words

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/isowright/isowright/assets"
)

func TestEverySentenceOfTheBuilderIsTranslated(t *testing.T) {
	found := sentences(t)
	for _, name := range Languages(assets.Words()) {
		if name == "en" {
			continue
		}
		texts := load(t, name)
		for _, key := range slices.Sorted(maps.Keys(found)) {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s: %q (%s) is missing", name, key, found[key])
			}
		}
	}
	_ = os.Args
}
