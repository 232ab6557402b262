package main

import (
	"fmt"
	"strconv"
	"strings"

	"footnote/retrieval/bert/hub"

	"github.com/spf13/cobra"
)

type modelsJSON struct {
	Models []modelJSON `json:"models"`
}

// modelCommand is "footnote model" with its commands; alone it lists.
func (a *app) modelCommand() *cobra.Command {
	listing := func(*cobra.Command, []string) error { return a.listModels() }
	cmd := &cobra.Command{
		Use:   "model [list | get NAME | add PATH]",
		Short: "Encoders that find passages by meaning",
		Long: `Lists the encoders for local embedding, fetches more of them from a hub, or takes
one in from a file. The built-in one needs none of this.`,
		Example: `  footnote model list
  footnote model get bge-small
  footnote model add downloads/gte-small.zip`,
		Args: a.noSuchCommand,
		RunE: listing,
	}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List the models: built in, installed, to be had", Args: atMost(0), RunE: listing},
		a.modelGetCommand(), a.modelAddCommand(),
	)
	return cmd
}

func (a *app) listModels() error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	models, err := a.models(s)
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(modelsJSON{models})
	}
	if err := a.page().models(models); err != nil {
		return err
	}
	switch s.Embeddings.Provider {
	case "none":
		a.note(`None of them is in use: embeddings.provider is "none", so search goes by words alone.`)
	case "openai":
		a.note(`None of them is in use: embeddings.provider is "openai".`)
	}
	return nil
}

func (p page) models(models []modelJSON) error {
	rows := [][]string{{"NAME", "SOURCE", "SIZE", "DIMENSIONS", "LICENCE", "WHAT IT IS"}}
	for _, m := range models {
		what := m.about
		if m.InUse {
			what = "in use: " + what
		}
		rows = append(rows, []string{oneLine(m.Name), m.Source, m.size(), dimensions(m.Dimension), licence(m.Licence), what})
	}
	lines := columns(rows)
	lines[0] = p.dim(lines[0])
	_, err := fmt.Fprintln(p, strings.Join(lines, "\n"))
	return err
}

func dimensions(n int) string {
	if n == 0 {
		return "unknown"
	}
	return strconv.Itoa(n)
}

func licence(name string) string {
	if name == "" {
		return "unknown"
	}
	return name
}

// showInstalled says that a model is there now, and how to use it.
func (a *app) showInstalled(m modelJSON) error {
	if a.flags.json {
		return a.printJSON(m)
	}
	_, err := fmt.Fprintf(a.stdout, `%s is installed: %s, %d dimensions.
To use it, put this into the settings, then run: footnote reindex

[embeddings]
provider = "local"
path = %q
`, m.Name, m.Model, m.Dimension, m.Name)
	return err
}

// completeModels proposes the known models.
func (a *app) completeModels(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, m := range hub.Known() {
		names = append(names, m.Name+"\t"+m.About)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeEmbedders proposes what may stand for an embedder: a provider, an
// installed model, or any path.
func (a *app) completeEmbedders(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	names := []string{"builtin\tthe model in the binary", "none\twords alone", "openai\tthe endpoint of the settings"}
	if s, err := a.settings(); err == nil {
		if installed, err := s.installed(); err == nil {
			names = append(names, installed...)
		}
	}
	return names, cobra.ShellCompDirectiveDefault
}
