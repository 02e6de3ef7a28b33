package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/safefile"
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
	d, beside, err := fromTemplate(f.template)
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
	if err := writeBeside(filepath.Dir(file), beside, f.force); err != nil {
		return err
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

// writeBeside writes the files that belong to a template. None that is there
// already is overwritten unasked, and then nothing is written at all.
func writeBeside(dir string, files []assets.TemplateFile, force bool) error {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if _, err := os.Lstat(path); err == nil && !force {
			return &refusedError{
				text: path + " exists already",
				hint: "Take another folder, or overwrite it with --force.",
			}
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write the template's files: %w", err)
		}
		if err := safefile.Write(path, 0o644, []byte(f.Text)); err != nil {
			return fmt.Errorf("write the template's files: %w", err)
		}
	}
	return nil
}

// fromTemplate reads an embedded design and the files that lie beside it.
func fromTemplate(name string) (design.Design, []assets.TemplateFile, error) {
	var names []string
	for _, t := range assets.Templates() {
		if t.Name != name {
			names = append(names, t.Name)
			continue
		}
		d, err := design.Parse([]byte(t.Text), "")
		if err != nil {
			return d, nil, fmt.Errorf("template %s: %w", name, err)
		}
		return d, t.Files, nil
	}
	return design.Design{}, nil, &usageError{
		text: "there is no template " + quote(name),
		hint: "The templates are: " + strings.Join(names, ", ") + ".",
	}
}
