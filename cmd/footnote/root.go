package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// rootCommand is footnote with all its commands.
func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:     "footnote",
		Short:   "Answers from news articles, each sentence with the exact words of a dated source",
		Version: moduleVersion(),
		Example: `  footnote ask "Is South Korea sending lethal aid?"
  footnote sources
  footnote ingest articles/`,
		Args:              a.noSuchCommand,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: a.begin,
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetIn(a.input)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.SetFlagErrorFunc(explainFlag)
	root.SetHelpFunc(a.help)
	a.addGlobalFlags(root.PersistentFlags())
	root.AddCommand(
		a.askCommand(), a.searchCommand(), a.sourcesCommand(), a.chatCommand(), a.botCommand(),
		a.articlesCommand(), a.ingestCommand(), a.reindexCommand(), a.modelCommand(),
		a.checkCommand(), a.evalCommand(),
		a.doctorCommand(), a.configCommand(), a.completionCommand(), a.versionCommand(), a.manCommand(),
		exitCodesTopic(),
	)
	root.SetHelpCommand(a.helpCommand(root))
	return root
}

func (a *app) addGlobalFlags(set *pflag.FlagSet) {
	set.StringVar(&a.flags.config, "config", "", "read the settings from `FILE`")
	set.StringVar(&a.flags.data, "data", "", "keep the store in `FOLDER`")
	set.BoolVar(&a.flags.json, "json", false, "print one JSON document on standard output")
	set.BoolVarP(&a.flags.quiet, "quiet", "q", false, "no notes, no progress")
	set.BoolVarP(&a.flags.verbose, "verbose", "v", false, "log everything")
	set.BoolVar(&a.flags.noColor, "no-color", false, "no colour")
	set.BoolVar(&a.flags.noInput, "no-input", false, "never ask back")
}

// begin runs before every command, once its arguments were understood.
func (a *app) begin(cmd *cobra.Command, _ []string) error {
	a.started = true
	for _, name := range []string{"config", "data"} {
		if f := cmd.Flag(name); f != nil && f.Changed && f.Value.String() == "" {
			return usage("", "--%s is empty; give it a name, or leave it out", name)
		}
	}
	return nil
}

// noSuchCommand refuses arguments where only a command can stand.
func (a *app) noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	hint := "see: " + cmd.CommandPath() + " --help"
	if near := nearest(args[0], names); near != "" {
		hint = "did you mean: " + cmd.CommandPath() + " " + near
	}
	return usage(hint, "there is no command %q", oneLine(args[0]))
}

// explainFlag says what is wrong with a flag in words that name no Go.
func explainFlag(cmd *cobra.Command, err error) error {
	hint := "see: " + cmd.CommandPath() + " --help"
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var bad *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return noSuchFlag(cmd, unknown.GetSpecifiedName(), hint)
	case errors.As(err, &bare):
		return usage(hint, "--%s needs a value", bare.GetFlag().Name)
	case errors.As(err, &bad):
		return usage(hint, "--%s wants %s, not %q", bad.GetFlag().Name, wanted(bad.GetFlag()), oneLine(bad.GetValue()))
	}
	return usage(hint, "the flags cannot be read: %w", err)
}

func noSuchFlag(cmd *cobra.Command, name, hint string) error {
	dashes := "--"
	if len(name) == 1 {
		dashes = "-"
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := nearest(name, names); near != "" && len(name) > 1 {
		hint = "did you mean: --" + near
	}
	return usage(hint, "there is no flag %s%s", dashes, oneLine(name))
}

func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	}
	return strings.ToLower(f.Value.Type())
}

// atLeast refuses fewer than n arguments, which names describe.
func atLeast(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usage("see: "+cmd.CommandPath()+" --help", "%s needs %s", cmd.CommandPath(), names)
		}
		return nil
	}
}

// atMost refuses more than n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("see: "+cmd.CommandPath()+" --help", "%s does not know what to do with %q", cmd.CommandPath(), oneLine(args[n]))
		}
		return nil
	}
}
