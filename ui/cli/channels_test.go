package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/rogpeppe/go-internal/testscript"
)

// channels starts a server of NixOS channels that has one, nixos-26.05, with
// the files of a folder in it: packages.json and options.json as they are
// unpacked, and git-revision. Its address is $CHANNELS: channels FOLDER.
func channels(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: channels FOLDER")
	}
	dir := os.DirFS(ts.MkAbs(args[0]))
	mux := http.NewServeMux()
	mux.HandleFunc("/nixos-26.05/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/nixos-26.05/")
		http.Redirect(w, r, "/nixos/26.05/nixos-26.05.42.feedfacefeed/"+name, http.StatusFound)
	})
	mux.Handle("/nixos/26.05/nixos-26.05.42.feedfacefeed/", http.StripPrefix("/nixos/26.05/nixos-26.05.42.feedfacefeed/",
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			name, packed := strings.CutSuffix(r.URL.Path, ".br")
			f, err := http.FS(dir).Open(name)
			if err != nil {
				http.NotFound(w, r)
				return
			}
			defer f.Close()
			if !packed {
				http.ServeFileFS(w, r, dir, name)
				return
			}
			out := brotli.NewWriter(w)
			defer out.Close()
			_, _ = io.Copy(out, f)
		})))
	server := httptest.NewServer(mux)
	ts.Defer(server.Close)
	ts.Setenv("CHANNELS", server.URL)
}
