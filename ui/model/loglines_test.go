package model

import (
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"testing"
)

func TestLogIsForPeople(t *testing.T) {
	var lines []string
	log := slog.New(&logLines{add: func(line string) { lines = append(lines, line) }})
	log.Debug("not told")
	log.Info("planned", "packages", 7)
	log.With("step", "root").WithGroup("apt").Warn("slow", "mirror", "a b")
	log.Error("failed", "error", errors.New("no space"))
	want := []string{
		`^\d\d:\d\d:\d\d planned  packages=7$`,
		`^\d\d:\d\d:\d\d warning: slow  step=root  apt\.mirror="a b"$`,
		`^\d\d:\d\d:\d\d error: failed  error="no space"$`,
	}
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %s", len(lines), strings.Join(lines, "; "))
	}
	for i, pattern := range want {
		if !regexp.MustCompile(pattern).MatchString(lines[i]) {
			t.Errorf("%q is not like %s", lines[i], pattern)
		}
	}
}
