package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"time"

	"footnote/corpus"
)

// SyncOptions say how Sync takes articles in.
type SyncOptions struct {
	Collection string // whose articles they are, under ids that IDIn gives; "" is the common one
	DryRun     bool
	Prune      bool     // remove what came from Places into the collection and is no longer there
	Force      bool     // prune even if more than half of a place's articles are gone
	Places     []string // the absolute paths that the items come from
	Override   *Edit    // what one article is to say of itself, whatever its source says
	Chunker    corpus.Chunker
	Progress   func(done int, source string) // told after each item; may be nil
	Now        func() time.Time              // nil is time.Now
}

// A SyncReport says what Sync did, or would have done in a dry run.
type SyncReport struct {
	Added, Changed, Unchanged, Removed int
	Passages                           int // of the articles added and changed
	Skipped                            []Skip
}

// A Skip is a source that gave no article, and why.
type Skip struct{ Source, Reason string }

// ErrPruneGuard is wrapped by the error of a prune that would remove more than
// half of a place's articles. What was to be added has been.
var ErrPruneGuard = errors.New("more than half of the articles are gone")

// Bounds of one transaction: what a crash or a full disk can undo, and what
// waits in memory.
const (
	batchArticles = 64
	batchBytes    = 4 << 20
)

// Sync makes the store equal to the items: new articles are added, changed ones
// replaced, unchanged ones left alone. An item that cannot be taken is skipped
// with its reason and the rest goes on. The report is right even if there is an
// error. Words find what is in; vectors are Embed's.
func Sync(ctx context.Context, s *Store, items iter.Seq[corpus.Item], o SyncOptions) (SyncReport, error) {
	if err := checkCollection(o.Collection); err != nil {
		return SyncReport{}, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	y := syncer{store: s, options: o, ids: map[corpus.ArticleID]corpus.Item{}, texts: map[string]string{}, failed: map[string]bool{}}
	done := 0
	for item := range items {
		if err := y.take(ctx, item); err != nil {
			return y.report, err
		}
		done++
		if o.Progress != nil {
			o.Progress(done, item.Where())
		}
	}
	if err := errors.Join(ctx.Err(), y.flush(ctx)); err != nil {
		return y.report, err
	}
	if o.Override != nil {
		if err := y.override(ctx); err != nil {
			return y.report, err
		}
	}
	var traces error
	if o.Prune {
		if traces = y.prune(ctx); traces != nil && !errors.Is(traces, ErrTraces) {
			return y.report, traces
		}
	}
	return y.report, traces
}

// Apply is a with the fields that e sets.
func (e Edit) Apply(a corpus.Article) corpus.Article {
	if e.Title != nil {
		a.Title, a.Derived = *e.Title, false
	}
	if e.Outlet != nil {
		a.Outlet = *e.Outlet
	}
	if e.URL != nil {
		a.URL = *e.URL
	}
	if e.Published != nil {
		a.Published = *e.Published
	}
	return a
}

// A syncer is a Sync under way.
type syncer struct {
	store   *Store
	options SyncOptions
	report  SyncReport
	batch   []Record
	bytes   int
	ids     map[corpus.ArticleID]corpus.Item // where each article of this run came from; the article left out
	texts   map[string]string                // the same, by the sum of the text; only files are held to it
	failed  map[string]bool                  // sources that could not be read in whole
}

// take puts an item into the batch, or skips it.
func (y *syncer) take(ctx context.Context, item corpus.Item) error {
	item.Article.ID = IDIn(y.options.Collection, item.Article.ID)
	a, said := item.Article, item.Article
	if y.options.Override != nil {
		if len(y.ids) > 0 {
			return fmt.Errorf("a title, an outlet, a URL or a date can be given for one article, and %s holds several", item.Source)
		}
		said = y.options.Override.Apply(a)
	}
	if err := cmp.Or(item.Err, checkRecord(Record{Article: said})); err != nil {
		if !errors.Is(err, corpus.ErrNoArticles) {
			y.failed[item.Source] = true
		}
		y.skip(item, err.Error())
		return nil
	}
	sum := corpus.TextSum(a.Text)
	if first, ok := y.ids[a.ID]; ok {
		y.skip(item, fmt.Sprintf("the id %q is already that of %s; give it another id", a.ID, first.Where()))
		return nil
	}
	y.ids[a.ID] = corpus.Item{Source: item.Source, Line: item.Line}
	if where, ok := y.texts[sum]; ok && item.Line == 0 {
		y.skip(item, "it holds the same text as "+where+"; keep one of them")
		return nil
	}
	y.texts[sum] = item.Where()
	y.batch = append(y.batch, Record{Article: a, Collection: y.options.Collection, Source: item.Source, Added: y.options.Now().UTC()})
	y.bytes += len(a.Text)
	if len(y.batch) >= batchArticles || y.bytes >= batchBytes {
		return y.flush(ctx)
	}
	return nil
}

func (y *syncer) skip(item corpus.Item, reason string) {
	y.report.Skipped = append(y.report.Skipped, Skip{item.Where(), reason})
}

// override writes down what the article is to say of itself. As an edit it
// outlives later ingests of the same source.
func (y *syncer) override(ctx context.Context) error {
	for id := range y.ids { // one at most
		r, err := y.store.Article(ctx, id)
		if errors.Is(err, ErrNotFound) {
			return nil // a dry run
		}
		if err != nil {
			return err
		}
		if r.Collection != y.options.Collection || y.options.Override.Apply(r.Article).Sum() == r.Sum() {
			return nil
		}
		if y.report.Unchanged > 0 {
			y.report.Unchanged, y.report.Changed = 0, 1
		}
		if !y.options.DryRun {
			return y.store.Edit(ctx, id, *y.options.Override)
		}
	}
	return nil
}

// flush takes the batch into the store: only what is new or changed is cut.
func (y *syncer) flush(ctx context.Context) error {
	if len(y.batch) == 0 {
		return nil
	}
	batch := y.batch
	y.batch, y.bytes = nil, 0
	changes, err := y.store.Compare(ctx, batch)
	if err != nil {
		return err
	}
	report := y.report
	var records []Record
	for i, change := range changes {
		r := batch[i]
		switch change {
		case Unchanged:
			report.count(change)
		case Taken:
			y.skip(y.ids[r.ID], takenError(r.ID).Error())
		default:
			r.Passages = y.options.Chunker.Chunk(r.Article)
			records = append(records, r)
		}
	}
	changes = slices.DeleteFunc(changes, func(c Change) bool { return c == Unchanged || c == Taken })
	if len(records) > 0 && !y.options.DryRun {
		// Another process may have saved the same meanwhile.
		if records, changes, err = y.save(ctx, records); err != nil {
			return err
		}
	}
	report.Skipped = y.report.Skipped
	for i, change := range changes {
		if report.count(change); change != Unchanged {
			report.Passages += len(records[i].Passages)
		}
	}
	y.report = report
	return nil
}

// save saves the records but those in whose place the store is damaged beyond
// replacing; these are skipped.
func (y *syncer) save(ctx context.Context, records []Record) ([]Record, []Change, error) {
	for len(records) > 0 {
		changes, err := y.store.Save(ctx, records)
		var damage *DamageError
		if !errors.As(err, &damage) {
			return records, changes, err
		}
		at := slices.IndexFunc(records, func(r Record) bool { return r.ID == damage.Article })
		if at < 0 {
			return nil, nil, err
		}
		y.skip(y.ids[damage.Article], err.Error())
		records = slices.Delete(records, at, at+1)
	}
	return nil, nil, nil
}

func (r *SyncReport) count(c Change) {
	switch c {
	case Added:
		r.Added++
	case Changed:
		r.Changed++
	case Unchanged:
		r.Unchanged++
	}
}

// prune removes the articles that came from the places and are gone from there.
// What came from a source that could not be read stays.
func (y *syncer) prune(ctx context.Context) error {
	var gone []corpus.ArticleID
	for _, place := range y.options.Places {
		known, err := y.store.SourcesUnder(ctx, y.options.Collection, place)
		if err != nil {
			return err
		}
		n := len(gone)
		for id, source := range known {
			if _, ok := y.ids[id]; !ok && !y.unread(source) {
				gone = append(gone, id)
			}
		}
		all := len(known) + y.countNew(place, known)
		if missing := len(gone) - n; 2*missing > all && !y.options.Force {
			return fmt.Errorf("%d of the %d articles from %s: %w; if that is meant, repeat with --force", missing, all, place, ErrPruneGuard)
		}
	}
	slices.Sort(gone)
	gone = slices.Compact(gone) // places may lie in one another
	y.report.Removed = len(gone)
	if len(gone) == 0 || y.options.DryRun {
		return nil
	}
	_, err := y.store.Remove(ctx, gone...)
	return err
}

// countNew counts the articles of this run that came from a place and are not
// among those that the store knows from there: in a dry run, those to be added.
func (y *syncer) countNew(place string, known map[corpus.ArticleID]string) int {
	n := 0
	for id, item := range y.ids {
		if _, ok := known[id]; !ok && liesUnder(item.Source, place) {
			n++
		}
	}
	return n
}

// unread says whether a source, or a folder above it, could not be read.
func (y *syncer) unread(source string) bool {
	for !y.failed[source] {
		parent := filepath.Dir(source)
		if parent == source {
			return false
		}
		source = parent
	}
	return true
}
