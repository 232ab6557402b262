package main

import (
	"context"
	"slices"

	"footnote/corpus"

	"github.com/spf13/cobra"
)

// completionCommand is "footnote completion".
func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "fish", "powershell", "zsh"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Completion for bash, fish, powershell or zsh",
		Long:      "Prints the script that makes SHELL (bash, fish, powershell or zsh) complete footnote's\ncommands, flags, outlets and the ids of articles and answers.",
		Example:   "  source <(footnote completion bash)\n  footnote completion fish > ~/.config/fish/completions/footnote.fish",
		ValidArgs: shells,
		Args:      oneOfArgs("a shell", shells),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return root.GenZshCompletion(a.stdout)
		},
	}
}

// oneOfArgs wants exactly one argument, of those allowed.
func oneOfArgs(what string, allowed []string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 || !slices.Contains(allowed, args[0]) {
			return usage("see: "+cmd.CommandPath()+" --help", "%s needs %s: %s", cmd.CommandPath(), what, list(allowed))
		}
		return nil
	}
}

// completeIDs proposes the ids of articles. A shell that completes has no use
// for errors, so there are none.
func (a *app) completeIDs(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	var ids []string
	a.eachArticle(cmd.Context(), func(article corpus.Article) {
		ids = append(ids, string(article.ID)+"\t"+oneLine(article.Title))
	})
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// completeOutlets proposes the outlets of the articles.
func (a *app) completeOutlets(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	var outlets []string
	a.eachArticle(cmd.Context(), func(article corpus.Article) {
		if article.Outlet != "" && !slices.Contains(outlets, article.Outlet) {
			outlets = append(outlets, article.Outlet)
		}
	})
	return outlets, cobra.ShellCompDirectiveNoFileComp
}

// recentAnswers is how many answers are proposed to go on from.
const recentAnswers = 10

// completeAnswers proposes the ids of the latest answers.
func (a *app) completeAnswers(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	store, err := a.existingStore(cmd.Context())
	if err != nil || store == nil {
		return nil, directive
	}
	defer store.Close()
	var ids []string
	answers, _ := store.Answers(cmd.Context(), recentAnswers) // none if they cannot be read
	for _, answer := range answers {
		ids = append(ids, answer.ID+"\t"+oneLine(answer.Question))
	}
	return ids, directive
}

func (a *app) eachArticle(ctx context.Context, visit func(corpus.Article)) {
	if ctx == nil {
		ctx = context.Background()
	}
	lib, err := a.quietLibrary(ctx)
	if err != nil {
		return
	}
	defer lib.close()
	entries, err := lib.entries(ctx)
	if err != nil {
		return
	}
	for _, e := range entries {
		visit(e.Article)
	}
}
