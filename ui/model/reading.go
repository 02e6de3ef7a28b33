package model

import (
	"fmt"
	"io"
	"os"
)

// maxText is the most that is read of a file with a list, in bytes.
const maxText = 1 << 20

// ReadText reads a file of text in the background; what is longer than a megabyte
// is cut. then is called on the model's goroutine.
func (s *Session) ReadText(path string, then func(text string, err error)) {
	go func() {
		text, err := readText(path)
		s.env.Post(func() { then(text, err) })
	}()
}

func readText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("open the list: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return "", fmt.Errorf("read the list: %w", err)
	}
	return string(text), nil
}
