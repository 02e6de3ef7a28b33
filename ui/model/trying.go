package model

// TryImage takes an image to the page that boots it.
func (s *Session) TryImage(path string) {}
