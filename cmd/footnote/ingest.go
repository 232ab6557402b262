package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"footnote/corpus"
	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// maxSkipsShown is how many skipped inputs are told one by one.
const maxSkipsShown = 20

type ingestJSON struct {
	Added     int        `json:"added"`
	Changed   int        `json:"changed"`
	Unchanged int        `json:"unchanged"`
	Removed   int        `json:"removed"`
	Passages  int        `json:"passages"`
	Pending   int        `json:"pending"` // passages of all articles that wait for their vector
	Skipped   []skipJSON `json:"skipped"`
	ElapsedMS int64      `json:"elapsed_ms"`
}

type skipJSON struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// ingestFlags are the flags of "footnote ingest".
type ingestFlags struct {
	dryRun, prune, force, later bool
	collection                  string
	about                       aboutFlags
}

// ingestCommand is "footnote ingest".
func (a *app) ingestCommand() *cobra.Command {
	var f ingestFlags
	cmd := &cobra.Command{
		Use:   "ingest PATH|- ...",
		Short: "Take articles in: files, folders, JSONL, standard input",
		Long: `Takes in articles: text files, Markdown with front matter, JSONL, and folders
of them. What is in already and has not changed costs nothing. What cannot be
read is skipped with its reason, the rest goes on, and the exit code is 4.

Words find the articles as soon as they are in; then their passages are
embedded, which takes longer. "footnote reindex" goes on with that if it is
interrupted, or left for later with --defer.`,
		Example: `  footnote ingest articles/
  footnote ingest --outlet AP --published 2022-11-11 shells.txt
  curl -s https://example.org/corpus.jsonl | footnote ingest -`,
		Args: atLeast(1, `a file, a folder, or "-" for standard input`),
		RunE: func(cmd *cobra.Command, args []string) error { return a.ingest(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.BoolVar(&f.prune, "prune", false, "drop the articles that came from these places and are gone")
	flags.BoolVarP(&f.force, "force", "f", false, "let --prune drop more than half of what came from a place")
	flags.BoolVar(&f.later, "defer", false, "leave the embedding to: footnote reindex")
	addCollection(cmd, &f.collection, "take them into the articles of a server, by the `ID` of its collection")
	f.about.add(flags)
	return cmd
}

func (a *app) ingest(cmd *cobra.Command, places []string, f ingestFlags) (err error) {
	override, err := checkIngest(cmd, places, f)
	if err != nil {
		return err
	}
	ctx := cmd.Context()
	s, err := a.settings()
	if err != nil {
		return err
	}
	var embedder retrieval.Embedder
	if !f.dryRun {
		if embedder, err = a.embedder(); err != nil {
			return err
		}
	}
	store, closeStore, err := openForIngest(ctx, s.Data.Dir, f.dryRun)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	begun := a.now()
	progress, finish := a.progress()
	report, err := retrieval.Sync(ctx, store, a.items(ctx, places), retrieval.SyncOptions{
		DryRun:     f.dryRun,
		Collection: f.collection,
		Prune:      f.prune,
		Force:      f.force,
		Places:     absolute(places),
		Override:   override,
		Progress:   progress,
	})
	finish()
	a.log.Debug("ingested", "added", report.Added, "changed", report.Changed, "unchanged", report.Unchanged,
		"removed", report.Removed, "skipped", len(report.Skipped), "elapsed", a.now().Sub(begun))
	if err := a.warnOfTraces(err); err != nil {
		return explainIngest(ctx, err)
	}
	due, err := a.embedIngested(ctx, store, embedder, f.later)
	if err != nil {
		return err
	}
	report.Skipped = append(report.Skipped, due.Refused...)
	return a.showIngest(report, due.Pending, f, a.now().Sub(begun))
}

// embedIngested makes the vectors that are due, unless that is left for later.
func (a *app) embedIngested(ctx context.Context, store *retrieval.Store, e retrieval.Embedder, later bool) (report retrieval.EmbedReport, err error) {
	switch {
	case e == nil:
		return report, nil
	case later:
		report.Pending, err = store.CountWithoutVector(ctx, e.Model())
		return report, err
	}
	return a.embed(ctx, store, e)
}

// openForIngest opens the store in dir. A dry run makes none: where there is
// none it works on an empty one that goes when it is closed.
func openForIngest(ctx context.Context, dir string, dryRun bool) (store *retrieval.Store, closeStore func() error, err error) {
	discard := func() error { return nil }
	if dryRun {
		found, err := retrieval.FindStore(dir)
		if err != nil {
			return nil, nil, err
		}
		if !found {
			if dir, err = os.MkdirTemp("", "footnote-dry-run"); err != nil {
				return nil, nil, fmt.Errorf("making a store for the dry run: %w", err)
			}
			discard = func() error { return os.RemoveAll(dir) }
		}
	}
	store, err = retrieval.OpenStore(ctx, dir)
	if err != nil {
		return nil, nil, errors.Join(err, discard())
	}
	return store, func() error { return errors.Join(store.Close(), discard()) }, nil
}

// checkIngest refuses calls that cannot be meant, and is what the flags say
// about the one file given.
func checkIngest(cmd *cobra.Command, places []string, f ingestFlags) (*retrieval.Edit, error) {
	for _, place := range places {
		if u, err := url.Parse(place); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			return nil, usage("", "pages are not read yet: save the page and ingest the file")
		}
	}
	if f.force && !f.prune {
		return nil, usage("", "--force is for --prune; leave it out, or add --prune")
	}
	if f.prune && slices.Contains(places, "-") {
		return nil, usage("", "--prune is for files and folders; ingest standard input without it")
	}
	edit, err := f.about.edit(cmd.Flags())
	if err != nil || edit == nil {
		return nil, err
	}
	info, statErr := os.Stat(places[0])
	if len(places) > 1 || statErr == nil && info.IsDir() {
		return nil, usage("", "--title, --outlet, --url and --published are for one file; ingest the others without them")
	}
	return edit, nil
}

// items are what is found at all places, one after the other.
func (a *app) items(ctx context.Context, places []string) iter.Seq[corpus.Item] {
	return func(yield func(corpus.Item) bool) {
		for _, place := range places {
			for item := range corpus.Load(ctx, place, a.input) {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// absolute are the places as the sources of articles name them.
func absolute(places []string) []string {
	out := make([]string, len(places))
	for i, place := range places {
		out[i] = place
		if abs, err := filepath.Abs(place); err == nil && place != "-" {
			out[i] = abs
		}
	}
	return out
}

func explainIngest(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return &failure{
			exit: exitInterrupted, code: "interrupted",
			err:  errors.New("interrupted; what was taken in so far is kept"),
			hint: "go on with the same command",
		}
	case errors.Is(err, retrieval.ErrPruneGuard):
		return &failure{exit: exitFailure, code: "prune_guard", err: err, hint: "see what would go with --dry-run; do it with --force"}
	}
	return err
}

func (a *app) showIngest(r retrieval.SyncReport, pending int, f ingestFlags, elapsed time.Duration) error {
	if err := a.summarise(r, pending, f.dryRun, elapsed); err != nil {
		return err
	}
	switch {
	case pending > 0 && f.later:
		a.note("%s", waitingNote(count(pending, "passage"), pending))
	case pending > 0:
		a.warnOfPending(pending)
	}
	if len(r.Skipped) > 0 {
		return outcome(exitSkipped)
	}
	return nil
}

func (a *app) summarise(r retrieval.SyncReport, pending int, dryRun bool, elapsed time.Duration) error {
	if a.flags.json {
		out := ingestJSON{r.Added, r.Changed, r.Unchanged, r.Removed, r.Passages, pending, []skipJSON{}, elapsed.Milliseconds()}
		for _, skip := range r.Skipped {
			out.Skipped = append(out.Skipped, skipJSON(skip))
		}
		return a.printJSON(out)
	}
	for i, skip := range r.Skipped {
		if i == maxSkipsShown {
			fmt.Fprintf(a.stderr, "and %s more; --json lists all\n", grouped(len(r.Skipped)-i))
			break
		}
		fmt.Fprintf(a.stderr, "skipped %s: %s\n", printable(skip.Source), printable(skip.Reason))
	}
	parts := []string{grouped(r.Added) + " added", grouped(r.Changed) + " changed", grouped(r.Unchanged) + " unchanged", grouped(r.Removed) + " removed"}
	prefix := ""
	if dryRun {
		prefix = "would be: "
	}
	_, err := fmt.Fprintf(a.stdout, "%s%s (%s) in %.1f s\n", prefix, strings.Join(parts, ", "), count(r.Passages, "passage"), elapsed.Seconds())
	return err
}
