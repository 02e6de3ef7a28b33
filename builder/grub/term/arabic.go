package term

// forms are runs of Arabic letters whose presentation forms follow one another
// (Unicode, blocks Arabic Presentation Forms A and B). A digit says how many
// forms the letter before it has: 1 alone, 2 alone and final, 4 these and
// initial and medial.
var forms = []struct {
	first   rune
	letters string
}{
	{0xFB50, "ٱ2ٻ4پ4ڀ4ٺ4ٿ4ٹ4ڤ4ڦ4ڄ4ڃ4چ4ڇ4ڍ2ڌ2ڎ2ڈ2ژ2ڑ2ک4گ4ڳ4ڱ4ں2ڻ4ۀ2ہ4ھ4ے2ۓ2"},
	{0xFBD3, "ڭ4ۇ2ۆ2ۈ2"},
	{0xFBDE, "ۋ2ۅ2ۉ2ې4"},
	{0xFBFC, "ی4"},
	{0xFE80, "ء1آ2أ2ؤ2إ2ئ4ا2ب4ة2ت4ث4ج4ح4خ4د2ذ2ر2ز2س4ش4ص4ض4ط4ظ4ع4غ4ف4ق4ك4ل4م4ن4ه4و2ى2ي4"},
}

// presentation is the first form of a letter and how many there are.
func presentation(r rune) (first rune, n int) {
	if r < 0x621 || r > 0x6FF {
		return 0, 0
	}
	for _, run := range forms {
		at, letter := run.first, rune(0)
		for _, c := range run.letters {
			if c > '9' {
				letter = c
				continue
			}
			if letter == r {
				return at, int(c - '0')
			}
			at += c - '0'
		}
	}
	return 0, 0
}

const (
	tatweel = 0x640
	joiner  = 0x200D
)

// joins says whether a letter joins the one before it and the one after it.
func joins(r rune) (before, after bool) {
	switch r {
	case tatweel, joiner, 0x649: // alef maksura has its other forms elsewhere
		return true, true
	}
	_, n := presentation(r)
	return n >= 2, n == 4
}

// join gives Arabic letters their forms.
func join(text []Cluster) {
	for i := range text {
		first, n := presentation(text[i].Base)
		if n == 0 {
			continue
		}
		takesBefore, takesAfter := joins(text[i].Base)
		before, after := false, false
		if i > 0 {
			_, gives := joins(text[i-1].Base)
			before = takesBefore && gives
		}
		if i+1 < len(text) {
			gives, _ := joins(text[i+1].Base)
			after = takesAfter && gives
		}
		text[i].Form = formOf(text[i].Base, first, before, after)
	}
}

func formOf(r, first rune, before, after bool) rune {
	switch {
	case before && after && r == 0x649:
		return 0xFBE9
	case after && r == 0x649:
		return 0xFBE8
	case before && after:
		return first + 3
	case after:
		return first + 2
	case before:
		return first + 1
	}
	return r
}
