package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// help shows how to use cmd on standard output: what it is for and examples
// first, as those are what most people came for.
func (a *app) help(cmd *cobra.Command, _ []string) { writeHelp(a.stdout, cmd) }

func writeHelp(w io.Writer, cmd *cobra.Command) {
	about := cmd.Long
	if about == "" {
		about = cmd.Short + "."
	}
	fmt.Fprintln(w, strings.TrimSpace(about))
	if !cmd.Runnable() && !cmd.HasAvailableSubCommands() {
		return
	}
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	fmt.Fprintf(w, "\nUsage:\n  %s\n", useLine(cmd))
	writeCommands(w, cmd)
	writeSection(w, "Flags", cmd.LocalNonPersistentFlags().FlagUsages())
	globals := cmd.InheritedFlags()
	if !cmd.HasParent() {
		globals = cmd.PersistentFlags()
	}
	writeSection(w, "Flags of all commands", globals.FlagUsages())
	if !cmd.HasParent() {
		fmt.Fprintln(w, "\nMore: footnote help COMMAND, footnote help exit-codes")
	}
}

func useLine(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "footnote COMMAND [ARGUMENTS] [flags]"
	}
	return cmd.UseLine()
}

func writeCommands(w io.Writer, cmd *cobra.Command) {
	var rows [][]string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			rows = append(rows, []string{"  " + c.Name(), c.Short})
		}
	}
	if len(rows) > 0 {
		writeSection(w, "Commands", strings.Join(columns(rows), "\n"))
	}
}

func writeSection(w io.Writer, title, text string) {
	if text = strings.TrimRight(text, "\n"); text != "" {
		fmt.Fprintf(w, "\n%s:\n%s\n", title, text)
	}
}

// helpCommand is "footnote help", which takes the path of a command.
func (a *app) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "How to use a command",
		Example: "  footnote help ask\n  footnote help exit-codes",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if cmd, rest, err := root.Find(args); err == nil && len(rest) == 0 {
				for _, c := range cmd.Commands() {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usage("see: footnote help", "there is no help on %q", oneLine(strings.Join(args, " ")))
			}
			return cmd.Help()
		},
	}
}

// exitCodesTopic is "footnote help exit-codes".
func exitCodesTopic() *cobra.Command {
	rows := [][]string{
		{"  0", "done"},
		{"  1", "failure"},
		{"  2", "footnote was called in a way it does not know"},
		{"  3", "ask: the articles do not answer; search: nothing was found"},
		{"  4", "ingest, reindex: some inputs were skipped"},
		{"  5", "check: damage was found"},
		{"  78", "the settings are wrong, or a key was refused"},
		{"  130", "interrupted"},
	}
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long:  "Exit codes:\n" + strings.Join(columns(rows), "\n"),
	}
}
