package nix

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// record is one line of nix's log format "internal-json" without its prefix
// (src/libutil/logging.cc of Nix).
type record struct {
	// Action is "start", "stop", "result" or "msg".
	Action string  `json:"action"`
	ID     uint64  `json:"id"`
	Parent uint64  `json:"parent"`
	Level  int     `json:"level"`
	Type   int     `json:"type"`
	Text   string  `json:"text"`
	Fields []field `json:"fields"`

	Msg    string  `json:"msg"`
	RawMsg *string `json:"raw_msg"`
	File   *string `json:"file"`
	Line   *int    `json:"line"`
}

// field is a number or a text.
type field struct {
	Number int64
	Text   string
}

// UnmarshalJSON takes either; what is neither stays empty.
func (f *field) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &f.Text)
	}
	// Numbers are unsigned 64 bit; what does not fit is no size of anything.
	if json.Unmarshal(b, &f.Number) != nil {
		f.Number = 0
	}
	return nil
}

// Types of activities and results.
const (
	actCopyPath     = 100
	actFileTransfer = 101
	actRealise      = 102
	actCopyPaths    = 103
	actBuilds       = 104
	actBuild        = 105
	actSubstitute   = 108
	actFetchTree    = 112
	actFetchToStore = 113

	resBuildLogLine     = 101
	resSetPhase         = 104
	resProgress         = 105
	resSetExpected      = 106
	resPostBuildLogLine = 107
)

// Levels of messages.
const (
	levelError = 0
	levelWarn  = 1
)

// recordPrefix begins a record's line; others are plain text.
const recordPrefix = "@nix "

// parseRecord reads a line; false for plain text.
func parseRecord(line string) (record, bool) {
	text, ok := strings.CutPrefix(line, recordPrefix)
	if !ok {
		return record{}, false
	}
	var r record
	if err := json.Unmarshal([]byte(text), &r); err != nil || r.Action == "" {
		return record{}, false
	}
	return r, true
}

// number is field i, 0 where there is none or it is below 0.
func (r record) number(i int) int64 {
	if i >= len(r.Fields) {
		return 0
	}
	return max(0, r.Fields[i].Number)
}

// text is field i, empty where there is none.
func (r record) text(i int) string {
	if i >= len(r.Fields) {
		return ""
	}
	return r.Fields[i].Text
}

// ansi are the terminal's control sequences (ECMA-48): CSI, OSC with its end,
// and the short ones.
var ansi = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[()][A-Za-z0-9]|[@-Z\\-_=>])`)

// place is where in the source a message belongs; the file of Nix 2.26 has line
// and column behind it, and «string» is none.
func (r record) place() (file string, line int) {
	if r.File == nil || r.Line == nil || *r.Line <= 0 || strings.HasPrefix(*r.File, "«") {
		return "", 0
	}
	if m := filePlace.FindStringSubmatch(*r.File); m != nil && m[2] == strconv.Itoa(*r.Line) {
		return m[1], *r.Line
	}
	return *r.File, *r.Line
}

var filePlace = regexp.MustCompile(`^(.+?):(\d{1,9})(?::\d{1,9})?$`)

// plain takes control sequences and other control characters but line breaks
// and tabs from text.
func plain(text string) string {
	if strings.IndexByte(text, 0x1b) >= 0 {
		text = ansi.ReplaceAllString(text, "")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// storeName is what a person calls a store path: its name, without folder and
// hash, and without ".drv".
func storeName(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if len(name) > 33 && name[32] == '-' {
		name = name[33:]
	}
	return strings.TrimSuffix(name, ".drv")
}
