package model

// FlashImage takes an image to the page that flashes.
func (s *Session) FlashImage(path string) {}
