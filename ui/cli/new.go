package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
)

// newFlags are those of the command new.
type newFlags struct {
	template, name     string
	named, list, force bool
}

func (a *app) newCommand() *cobra.Command {
	var f newFlags
	c := &cobra.Command{
		Use:   "new FILE",
		Short: "Write a new design from a template",
		Long:  "New writes a design to begin with. The file is plain TOML, to be changed with\nany editor and kept in git.",
		Example: "  isowright new --list\n" +
			"  isowright new rescue.isowright --template rescue --name \"Rescue stick\"",
		ValidArgsFunction: completeDesigns(1),
		Args: func(c *cobra.Command, args []string) error {
			if f.list {
				return arguments(0)(c, args)
			}
			return arguments(0, "FILE")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			f.named = c.Flags().Changed("name")
			if f.list {
				return a.listTemplates()
			}
			return a.newDesign(args[0], f)
		},
	}
	c.Flags().StringVarP(&f.template, "template", "t", "minimal", "`TEMPLATE` to begin with")
	c.Flags().StringVar(&f.name, "name", "", "`NAME` of the design (default: the template's)")
	c.Flags().BoolVar(&f.list, "list", false, "name the templates")
	c.Flags().BoolVar(&f.force, "force", false, "overwrite the file")
	c.RegisterFlagCompletionFunc("template", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var names []string
		for _, t := range assets.Templates() {
			names = append(names, t.Name+"\t"+t.Summary)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
	return c
}

// templateInfo is one line of new --list.
type templateInfo struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

func (a *app) listTemplates() error {
	if a.json {
		list := []templateInfo{}
		for _, t := range assets.Templates() {
			list = append(list, templateInfo{t.Name, t.Summary})
		}
		return a.printJSON(list)
	}
	w := table(a.Stdout)
	for _, t := range assets.Templates() {
		fmt.Fprintf(w, "%s\t%s\n", t.Name, t.Summary)
	}
	return w.Flush()
}

func (a *app) newDesign(file string, f newFlags) error {
	d, err := fromTemplate(f.template)
	if err != nil {
		return err
	}
	if f.named {
		d.Name, d.VolumeLabel, d.Output = f.name, "", ""
	}
	if problems := design.Validate(d); len(problems) > 0 {
		return &designError{file, problems}
	}
	if _, err := os.Lstat(file); !f.force {
		if err == nil {
			return &refusedError{
				text: file + " exists already",
				hint: "Take another name, or overwrite it with --force.",
			}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := design.Save(file, d); err != nil {
		return fmt.Errorf("write the design: %w", err)
	}
	if a.json {
		return a.printJSON(map[string]string{"file": file, "template": f.template, "id": design.ID(d)})
	}
	if a.quiet {
		return nil
	}
	_, err = fmt.Fprintf(a.Stdout, "%s is written. Change it with any editor, then:\n"+
		"  isowright check %s\n  isowright build %[2]s\n", file, shellWord(file))
	return err
}

// fromTemplate reads an embedded design.
func fromTemplate(name string) (design.Design, error) {
	var names []string
	for _, t := range assets.Templates() {
		if t.Name != name {
			names = append(names, t.Name)
			continue
		}
		d, err := design.Parse([]byte(t.Text), "")
		if err != nil {
			return d, fmt.Errorf("template %s: %w", name, err)
		}
		return d, nil
	}
	return design.Design{}, &usageError{
		text: "there is no template " + quote(name),
		hint: "The templates are: " + strings.Join(names, ", ") + ".",
	}
}
