// Package locale gives the process a locale that can be parsed where it has
// "C", "POSIX" or none: the window's toolkit complains on standard error about
// these before main begins.
//
// It is the one package that works while packages are initialised, because
// that is when the complaint comes. Go initialises packages in the order of
// their paths as soon as what they import is ready, so this one, which needs
// nothing but os, comes before the toolkit's.
package locale

import "os"

func init() {
	switch os.Getenv("LANGUAGE") {
	case "C", "POSIX", "C.UTF-8", "C.utf8":
		os.Unsetenv("LANGUAGE")
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		switch value := os.Getenv(name); value {
		case "":
		case "C", "POSIX", "C.UTF-8", "C.utf8":
			os.Setenv(name, "en_US.UTF-8")
			return
		default:
			return
		}
	}
	os.Setenv("LANG", "en_US.UTF-8")
}
