package gfx

// fitted are sums of the RGB bytes of GRUB's screen at 640x480 by width, height,
// method and alignment of the background.
var fitted = map[string]string{
	"97 61 0 0":    "3be117b1f0b5cb50",
	"97 61 1 0":    "51747f2844457c7d",
	"97 61 1 1":    "26fc6d599eefe70c",
	"97 61 1 2":    "2cf891e9c9b11789",
	"97 61 2 1":    "000784e9a5b831e6",
	"97 61 3 2":    "d4321808728eaa9c",
	"97 61 4 1":    "26fc6d599eefe70c",
	"61 97 1 2":    "399f3ace9fa8f192",
	"61 97 2 2":    "f6b982599f025661",
	"61 97 3 1":    "b411b49b6d557eb2",
	"61 97 4 0":    "124e7575b7a9abe5",
	"1001 703 0 0": "9bd16bd3aaaf11ce",
	"1001 703 1 1": "d240962ac7f45c2b",
	"1001 703 2 1": "f47a542553ba9612",
	"1 1 0 0":      "1e9c6dd2b9b9cdca",
	"301 1503 2 1": "7e8c735448942df2",
}
