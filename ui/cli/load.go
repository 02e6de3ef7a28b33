package cli

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/design"
)

// designSuffix is the ending of project files.
const designSuffix = ".isowright"

// completeDesigns offers project files for as many arguments.
func completeDesigns(arguments int) cobra.CompletionFunc {
	return completeFiles(arguments, designSuffix[1:])
}

// completeFiles offers files for as many arguments, those with the suffixes if
// there are any.
func completeFiles(arguments int, suffixes ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		switch {
		case len(args) >= arguments:
			return nil, cobra.ShellCompDirectiveNoFileComp
		case len(suffixes) > 0:
			return suffixes, cobra.ShellCompDirectiveFilterFileExt
		}
		return nil, cobra.ShellCompDirectiveDefault
	}
}

// loadDesign reads a project file and reports everything that is wrong with
// it at once.
func loadDesign(file string) (design.Design, error) {
	d, err := design.Load(file)
	var problems design.Problems
	if errors.As(err, &problems) {
		return d, &designError{file, problems}
	}
	if err != nil {
		return d, err
	}
	problems = append(design.Validate(d), design.CheckFiles(d)...)
	if len(problems) > 0 {
		return d, &designError{file, locate(file, problems)}
	}
	return d, nil
}

// locate fills in lines, as far as the file can still be read.
func locate(file string, problems design.Problems) design.Problems {
	data, err := os.ReadFile(file)
	if err != nil {
		return problems
	}
	return design.Locate(data, problems)
}

// inFile names the project file in an error that is about the design.
func inFile(file string, err error) error {
	var located *designError
	if err == nil || errors.As(err, &located) {
		return err
	}
	if problems := designProblems(err); len(problems) > 0 {
		return &designError{file, locate(file, problems)}
	}
	return err
}
