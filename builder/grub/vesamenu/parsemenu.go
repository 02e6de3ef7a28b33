package vesamenu

import (
	"image/color"
	"strconv"
	"strings"
)

// menuCommand reads a line that begins with MENU.
func (p *parser) menuCommand(line string, depth int) {
	key, rest := word(line)
	m := &p.config.Menus[p.menu]
	switch strings.ToLower(key) {
	case "title":
		m.Title = rest
	case "hidden":
		m.Hidden = true
	case "background":
		m.Background, _ = word(rest)
	case "resolution":
		w, h := word(rest)
		p.number(&m.Width, w)
		p.number(&m.Height, h)
	case "color", "colour":
		p.colour(m, rest)
	case "autoboot":
		m.AutoBoot = rest
	case "tabmsg":
		m.TabMessage = rest
	case "notabmsg":
		m.NoTabMessage = rest
	case "begin":
		p.begin(rest)
	case "end":
		p.end()
	case "start":
		p.config.Start = p.menu
	case "include":
		p.include(rest, depth)
	case "separator":
		p.add(Entry{Hotkey: -1, Kind: Separator, Disabled: true})
		p.entry = nil
	case "shiftkey", "clear", "save", "nosave", "master", "passwd", "passprompt", "hiddenkey", "immediate", "msgcolor",
		"passwordmargin", "cmdlinerow", "passwordrow", "help":
	default:
		if to := layoutField(&m.Layout, key); to != nil {
			p.number(to, rest)
		} else if !p.entryCommand(m, key, rest) {
			p.warn("MENU %s is not known here", key)
		}
	}
}

func layoutField(l *Layout, key string) *int {
	switch strings.ToLower(key) {
	case "width":
		return &l.Width
	case "margin":
		return &l.Margin
	case "rows":
		return &l.Rows
	case "tabmsgrow":
		return &l.TabMessageRow
	case "timeoutrow":
		return &l.TimeoutRow
	case "helpmsgrow":
		return &l.HelpRow
	case "helpmsgendrow":
		return &l.HelpEndRow
	case "hiddenrow":
		return &l.HiddenRow
	case "hshift":
		return &l.HShift
	case "vshift":
		return &l.VShift
	}
	return nil
}

// entryCommand reads what is valid after LABEL only, and says whether it is.
func (p *parser) entryCommand(m *Menu, key, rest string) bool {
	e := p.entry
	if e == nil {
		return false
	}
	switch strings.ToLower(key) {
	case "label":
		e.Title, e.Hotkey = caret(rest)
	case "indent":
		p.number(&e.Indent, rest)
		e.Indent = min(max(e.Indent, 0), 1000)
	case "disable":
		e.Disabled = true
	case "hide":
		p.hide = true
	case "default":
		m.Default = len(m.Entries) - 1
	case "goto":
		e.Kind, e.Target = Goto, rest
	case "exit":
		e.Kind, e.Target = Exit, rest
	case "quit":
		e.Kind = Quit
	default:
		return false
	}
	return true
}

// colour reads "element ansi foreground background shadow".
func (p *parser) colour(m *Menu, line string) {
	words := strings.Fields(line)
	if len(words) == 0 {
		p.warn("MENU COLOR needs an element")
		return
	}
	found := false
	for e := range names {
		if words[0] != "*" && !strings.EqualFold(words[0], names[e]) {
			continue
		}
		found = true
		s := &m.Styles[e]
		if len(words) > 2 {
			p.hex(&s.Fore, words[2])
		}
		if len(words) > 3 {
			p.hex(&s.Back, words[3])
		}
		if len(words) > 4 {
			p.shadow(&s.Shadow, words[4])
		}
	}
	if !found && !strings.HasPrefix(strings.ToLower(words[0]), "msg") {
		p.warn("there is no element %q", words[0])
	}
}

func (p *parser) hex(to *color.NRGBA, text string) {
	if text == "*" {
		return
	}
	c, ok := parseColour(text)
	if !ok {
		p.warn("%q is no colour #AARRGGBB", text)
		return
	}
	*to = c
}

// parseColour reads #AARRGGBB.
func parseColour(text string) (color.NRGBA, bool) {
	digits, ok := strings.CutPrefix(text, "#")
	v, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || len(digits) != 8 {
		return color.NRGBA{}, false
	}
	return argb(uint32(v)), true
}

func (p *parser) shadow(to *Shadow, text string) {
	switch strings.ToLower(text) {
	case "*":
	case "none":
		*to = flat
	case "std", "standard":
		*to = raiseFore
	case "all":
		*to = raiseAll
	case "rev", "reverse":
		*to = raiseBack
	default:
		p.warn("%q is no shadow", text)
	}
}
