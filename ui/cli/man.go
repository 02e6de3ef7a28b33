package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "man",
		Short:             "Print the manual page",
		Long:              "Man prints the manual page of all commands in roff.",
		Example:           "  isowright man | man -l -\n  isowright man > /usr/local/share/man/man1/isowright.1",
		Args:              arguments(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			date := a.Now
			if !a.Date.IsZero() {
				date = a.Date
			}
			m := &manual{date: date.UTC().Format("2006-01-02")}
			m.write(c.Root())
			_, err := io.WriteString(a.Stdout, m.out.String())
			return err
		},
	}
}

// manual writes a page in the man macros of roff, man(7).
type manual struct {
	out  strings.Builder
	date string
}

func (m *manual) write(root *cobra.Command) {
	m.macro("TH", "ISOWRIGHT", "1", m.date, "Isowright", "User Commands")
	m.macro("SH", "NAME")
	m.line("isowright - " + lowerFirst(root.Short))
	m.macro("SH", "SYNOPSIS")
	m.macro("B", "isowright")
	m.line("COMMAND [OPTIONS] [ARGUMENTS]")
	m.macro("SH", "DESCRIPTION")
	m.text(root.Long)
	m.macro("SH", "OPTIONS OF ALL COMMANDS")
	m.flags(root.PersistentFlags())
	m.macro("SH", "COMMANDS")
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			m.command(c)
		}
	}
	m.macro("SH", "EXIT STATUS")
	for _, e := range exitCodes {
		m.macro("TP")
		m.macro("B", fmt.Sprint(e.code))
		m.line(e.text)
	}
	m.macro("SH", "ENVIRONMENT")
	m.definition("XDG_CACHE_HOME", "The cache is the folder isowright in it; ~/.cache where it is not set.")
	m.definition("XDG_DATA_HOME", "The history of builds and the journal of flashed drives are in the folder isowright in it; ~/.local/share where it is not set.")
	m.definition("SOURCE_DATE_EPOCH", "Seconds since 1970-01-01 UTC: the date of everything in an image. Unset: that of the archive.")
	m.definition("DISPLAY, WAYLAND_DISPLAY", "Where one is set, try opens a window.")
	m.macro("SH", "EXAMPLES")
	m.example(root.Example)
}

func (m *manual) command(c *cobra.Command) {
	m.macro("SS", c.UseLine())
	m.text(c.Long)
	m.flags(c.LocalFlags())
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			m.definition(sub.CommandPath(), sub.Short+".")
		}
	}
	m.example(c.Example)
}

func (m *manual) flags(flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		value, usage := pflag.UnquoteUsage(f)
		m.definition(strings.TrimSpace(name+" "+value), upperFirst(usage)+".")
	})
}

func (m *manual) definition(term, text string) {
	m.macro("TP")
	m.macro("B", term)
	m.line(text)
}

func (m *manual) example(text string) {
	if text == "" {
		return
	}
	m.macro("PP")
	m.macro("nf")
	m.macro("RS", "4")
	for line := range strings.SplitSeq(text, "\n") {
		m.line(strings.TrimPrefix(line, "  "))
	}
	m.macro("RE")
	m.macro("fi")
}

// text writes paragraphs that are separated by empty lines.
func (m *manual) text(s string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(s), "\n\n") {
		if i > 0 {
			m.macro("PP")
		}
		for line := range strings.SplitSeq(paragraph, "\n") {
			m.line(strings.TrimSpace(line))
		}
	}
}

func (m *manual) macro(name string, arguments ...string) {
	m.out.WriteString("." + name)
	for _, argument := range arguments {
		m.out.WriteString(` "` + strings.ReplaceAll(roff(argument), `"`, `\(dq`) + `"`)
	}
	m.out.WriteByte('\n')
}

func (m *manual) line(s string) {
	s = roff(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s // else it would be a macro
	}
	m.out.WriteString(s + "\n")
}

// roff escapes what roff would take for its own.
func roff(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
