package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// articlesCommand is "footnote articles" with its commands; alone it lists.
func (a *app) articlesCommand() *cobra.Command {
	listing := func(cmd *cobra.Command, _ []string) error { return a.listArticles(cmd.Context()) }
	cmd := &cobra.Command{
		Use:   "articles [list | show ID | edit ID | remove ID... | export]",
		Short: "What is in the corpus",
		Example: `  footnote articles
  footnote articles show ap-south-korea-shells
  footnote articles export -o corpus.jsonl`,
		Args: a.noSuchCommand,
		RunE: listing,
	}
	cmd.AddCommand(
		&cobra.Command{Use: "list", Short: "List the articles", Args: atMost(0), RunE: listing},
		a.showCommand(), a.editCommand(), a.removeCommand(), a.exportCommand(),
	)
	return cmd
}

func (a *app) listArticles(ctx context.Context) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	entries, err := lib.entries(ctx)
	if err != nil {
		return err
	}
	waiting, err := a.waiting(ctx, lib)
	if err != nil {
		return err
	}
	if err := a.showEntries(entries, waiting); err != nil {
		return err
	}
	if waiting > 0 && !a.flags.quiet {
		a.note("%s", waitingNote(grouped(waiting)+" of "+count(passagesIn(entries), "passage"), waiting))
	}
	return nil
}

func (a *app) showEntries(entries []retrieval.Entry, waiting int) error {
	if a.flags.json {
		return a.printJSON(newArticlesJSON(entries, waiting))
	}
	if len(entries) == 0 {
		_, err := fmt.Fprintln(a.stdout, "There are no articles. Add some with: footnote ingest FOLDER")
		return err
	}
	return a.page().entries(entries)
}

// waiting is how many passages wait for their vector. That the embedder is
// broken is for doctor to say: the list does not need it.
func (a *app) waiting(ctx context.Context, lib *library) (int, error) {
	if lib.samples > 0 {
		return 0, nil
	}
	embedder, err := a.embedder()
	if err != nil || embedder == nil {
		return 0, nil
	}
	return lib.store.CountWithoutVector(ctx, embedder.Model())
}

// entries are what a list says of the articles of l, by id.
func (l *library) entries(ctx context.Context) ([]retrieval.Entry, error) {
	if l.samples == 0 {
		return l.store.List(ctx)
	}
	var entries []retrieval.Entry
	for r, err := range l.All(ctx) {
		if err != nil {
			return nil, err
		}
		entry := entryOf(r)
		entry.Text = ""
		entries = append(entries, entry)
	}
	return entries, nil
}

func (p page) entries(entries []retrieval.Entry) error {
	rows := [][]string{{"ID", "OUTLET", "DATE", "PASSAGES", "TITLE"}}
	for _, e := range entries {
		row := []string{oneLine(string(e.ID)), outletOf(e.Article), dayOf(e.Article), grouped(e.Passages), clip(oneLine(e.Title), 80)}
		if e.Damaged {
			row = []string{oneLine(string(e.ID)), "", "", "", "damaged; see: footnote check"}
		}
		rows = append(rows, row)
	}
	lines := columns(rows)
	lines[0] = p.dim(lines[0])
	_, err := fmt.Fprintln(p, strings.Join(lines, "\n"))
	return err
}

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             "Show an article with its text",
		Args:              cobra.MatchAll(atLeast(1, "the id of an article"), atMost(1)),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.showArticle(cmd.Context(), args[0]) },
	}
}

func (a *app) showArticle(ctx context.Context, id string) (err error) {
	lib, err := a.openLibrary(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lib.close()) }()
	record, err := lib.Article(ctx, corpus.ArticleID(id))
	if err != nil {
		return explainMissing(err, id)
	}
	if a.flags.json {
		return a.printJSON(newShownJSON(record))
	}
	return a.page().record(record)
}

// explainMissing says in plain words that there is no article id.
func explainMissing(err error, id string) error {
	if !errors.Is(err, retrieval.ErrNotFound) {
		return err
	}
	return &failure{
		exit: exitFailure, code: "not_found",
		err:  fmt.Errorf("there is no article %q", oneLine(id)),
		hint: "see: footnote articles list",
	}
}

func (p page) record(r retrieval.Record) error {
	title := oneLine(r.Title)
	if r.Derived {
		title += " (made from the first words)"
	}
	rows := [][]string{
		{"id", oneLine(string(r.ID))},
		{"title", title},
		{"outlet", outletOf(r.Article)},
		{"published", dayOf(r.Article)},
		{"url", oneLine(r.URL)},
		{"source", oneLine(r.Source)},
		{"passages", grouped(len(r.Passages))},
	}
	if !r.Added.IsZero() {
		rows = append(rows, []string{"added", r.Added.Local().Format("2006-01-02 15:04")})
	}
	_, err := fmt.Fprintf(p, "%s\n\n%s\n", strings.Join(columns(rows), "\n"), p.wrap(printable(r.Text), 0))
	return err
}

func (a *app) editCommand() *cobra.Command {
	var f aboutFlags
	cmd := &cobra.Command{
		Use:               "edit ID",
		Short:             "Set an article's title, outlet, link or date",
		Long:              "Sets what an article's source does not say, or says wrongly. An empty value clears\na field. Edits stay when the article is ingested again.",
		Example:           `  footnote articles edit shells-1a2b3c4d --outlet AP --published 2022-11-11`,
		Args:              cobra.MatchAll(atLeast(1, "the id of an article"), atMost(1)),
		ValidArgsFunction: a.completeIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			edit, err := f.edit(cmd.Flags())
			if err != nil {
				return err
			}
			if edit == nil {
				return usage("", "nothing to set; pass --title, --outlet, --url or --published")
			}
			return a.edit(cmd.Context(), args[0], *edit)
		},
	}
	f.add(cmd.Flags())
	return cmd
}

func (a *app) edit(ctx context.Context, id string, e retrieval.Edit) (err error) {
	store, err := a.begunStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Edit(ctx, corpus.ArticleID(id), e); err != nil {
		return explainMissing(err, id)
	}
	record, err := store.Article(ctx, corpus.ArticleID(id))
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(newShownJSON(record))
	}
	p := a.page()
	_, err = fmt.Fprintf(p, "%s is now: %s\n", oneLine(id), p.source(record.Article))
	return err
}

func (a *app) removeCommand() *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:               "remove ID...",
		Short:             "Remove articles; what an answer cites stays for its sources",
		Args:              atLeast(1, "the id of an article"),
		ValidArgsFunction: a.completeIDs,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.remove(cmd.Context(), args, force) },
	}
	cmd.Flags().BoolVarP(&force, "force", "f", false, "do not ask back")
	return cmd
}

func (a *app) remove(ctx context.Context, args []string, force bool) (err error) {
	store, err := a.begunStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	ids := make([]corpus.ArticleID, len(args))
	for i, arg := range args {
		ids[i] = corpus.ArticleID(arg)
	}
	agreed, err := a.agrees(force, "Remove "+count(len(ids), "article")+"?")
	if err != nil {
		return err
	}
	if !agreed {
		a.note("Nothing was removed.")
		return nil
	}
	n, err := store.Remove(ctx, ids...)
	err = a.warnOfTraces(err)
	if errors.Is(err, retrieval.ErrNotFound) {
		return &failure{exit: exitFailure, code: "not_found", err: fmt.Errorf("%w; nothing was removed", err), hint: "see: footnote articles list"}
	}
	if err != nil {
		return err
	}
	if a.flags.json {
		return a.printJSON(removedJSON{n})
	}
	_, err = fmt.Fprintf(a.stdout, "%s removed\n", count(n, "article"))
	return err
}

// warnOfTraces is err, unless that says that articles are removed and only not
// yet erased, which is a warning.
func (a *app) warnOfTraces(err error) error {
	if !errors.Is(err, retrieval.ErrTraces) {
		return err
	}
	a.warn("%s", printable(err.Error()))
	return nil
}

// agrees says whether question is answered with yes. Only a person at a
// terminal is asked; a script agrees to what it does.
func (a *app) agrees(force bool, question string) (bool, error) {
	switch {
	case force, a.flags.json, !a.terminal(a.stdin), !a.terminal(a.stderr):
		return true, nil
	case a.flags.noInput:
		return false, usage("", "--no-input leaves nobody to ask; add --force, or leave it out")
	}
	return a.confirm(question)
}

// confirm asks a yes-or-no question on the terminal; anything but yes is no.
func (a *app) confirm(question string) (bool, error) {
	fmt.Fprintf(a.stderr, "%s [y/N] ", question)
	line, err := bufio.NewReader(a.input).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("reading the reply: %w", err)
	}
	reply := strings.ToLower(strings.TrimSpace(line))
	return reply == "y" || reply == "yes", nil
}
