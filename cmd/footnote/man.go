package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// manCommand is the hidden "footnote man", for those who package footnote.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man FOLDER",
		Short:  "Write the manual pages into FOLDER",
		Hidden: true,
		Args:   cobra.MatchAll(atLeast(1, "a folder"), atMost(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return fmt.Errorf("making the folder of the manual pages: %w", err)
			}
			return writeManual(args[0], cmd.Root())
		},
	}
}

// writeManual writes the page of cmd, and those of its commands, into folder.
func writeManual(folder string, cmd *cobra.Command) error {
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	if err := os.WriteFile(filepath.Join(folder, name+".1"), []byte(manPage(name, cmd)), 0o644); err != nil {
		return fmt.Errorf("writing the manual page %s: %w", name, err)
	}
	for _, c := range cmd.Commands() {
		if !c.IsAvailableCommand() {
			continue
		}
		if err := writeManual(folder, c); err != nil {
			return err
		}
	}
	return nil
}

// manPage is the manual page of cmd in roff: the help, set as it stands.
func manPage(name string, cmd *cobra.Command) string {
	var help strings.Builder
	writeHelp(&help, cmd)
	return fmt.Sprintf(".TH %s 1\n.SH NAME\n%s \\- %s\n.SH DESCRIPTION\n.nf\n%s.fi\n",
		roff(strings.ToUpper(name)), roff(name), roff(cmd.Short), roff(help.String()))
}

// roff is text that roff sets literally.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
