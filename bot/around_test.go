package bot

import (
	"context"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	_ "modernc.org/sqlite"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/prompts"
	"footnote/retrieval"
)

// A stage is a server with a bot that answers from the sample articles, which
// lie in a store, and from those that the server adds.
type stage struct {
	*Bot
	t        *testing.T
	searcher *retrieval.Searcher
	now      time.Time
	requests int
}

// newStage is a stage at noon of 2 May 2024. Its options may be changed.
func newStage(t *testing.T, change func(*Options)) *stage {
	t.Helper()
	w := &stage{t: t, now: time.Date(2024, 5, 2, 12, 0, 0, 0, time.UTC)}
	store := sampleStore(t)
	var err error
	if w.searcher, err = retrieval.NewSearcher(t.Context(), store, retrieval.SearcherOptions{}); err != nil {
		t.Fatal(err)
	}
	state, err := OpenState(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { state.Close() })
	o := Options{
		Corpus: func(guild string) Corpus {
			scope := w.searcher.In(guild)
			return Corpus{Scope: scope, Checker: prompts.NewChecker(scope, nil)}
		},
		Store: store, Library: store, Samples: func() bool { return false }, State: state,
		Ingested:      func(context.Context) error { w.refresh(); return nil },
		UserPerMinute: 5, GuildPerMinute: 30, Workers: 1, Version: "1.2",
		Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	if w.Bot, err = New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func sampleStore(t *testing.T) *retrieval.Store {
	t.Helper()
	store, err := retrieval.OpenStore(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	articles, err := sample.Articles()
	if err != nil {
		t.Fatal(err)
	}
	var records []retrieval.Record
	for _, a := range articles {
		records = append(records, retrieval.Record{Article: a, Passages: corpus.Chunker{}.Chunk(a)})
	}
	if _, err := store.Save(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	return store
}

func (w *stage) refresh() {
	w.t.Helper()
	if _, err := w.searcher.Refresh(context.Background()); err != nil {
		w.t.Error(err)
	}
}

// Who is there.
var (
	reader  = Person{ID: "reader"}
	manager = Person{ID: "manager", Admin: true}
)

// do is the reply to a request in the server, as Serve gets it.
func (w *stage) do(r Request) Reply {
	w.t.Helper()
	w.requests++
	r.ID = "10" + strings.Repeat("1", w.requests)
	if r.Place == (Place{}) {
		r.Place = Place{Guild: "town", Channel: "square"}
	}
	c := w.callOf(r)
	task, ok := w.taskOf(c)
	if !ok {
		w.t.Fatalf("nothing answers %+v", r)
	}
	if no := w.notAllowed(c, task); no != "" {
		return saying(no)
	}
	if task.instant != nil {
		if reply, ok := task.instant(w.Bot, c); ok {
			return reply
		}
	}
	reply, err := task.run(w.t.Context(), w.Bot, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply
}

// slash is the reply to a command with options "name", "value" …
func (w *stage) slash(who Person, name string, options ...string) Reply {
	w.t.Helper()
	return w.do(Request{Kind: Slash, Name: name, Options: optionsOf(options), Person: who})
}

// press is the reply to the button of r that says label.
func (w *stage) press(who Person, r Reply, label string) Reply {
	w.t.Helper()
	return w.do(Request{Kind: Pressed, Action: buttonOf(w.t, r, label), Person: who})
}

func optionsOf(pairs []string) map[string]string {
	options := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		options[pairs[i]] = pairs[i+1]
	}
	return options
}

func buttonOf(t *testing.T, r Reply, label string) string {
	t.Helper()
	for _, a := range slices.Concat(r.Rows...) {
		if a.Label == label && !a.Disabled {
			return a.ID
		}
	}
	t.Fatalf("no button %q in %q %v", label, pageText(r), r.Rows)
	return ""
}

// pageText is the text of a reply, a block a line.
func pageText(r Reply) string {
	var lines []string
	for _, block := range r.Blocks {
		var line strings.Builder
		for _, s := range block.Spans {
			line.WriteString(s.Text)
		}
		lines = append(lines, line.String())
	}
	return strings.Join(lines, "\n")
}

func expect(t *testing.T, r Reply, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(pageText(r), part) {
			t.Errorf("lacks %q:\n%s", part, pageText(r))
		}
	}
}

func expectNot(t *testing.T, r Reply, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(pageText(r), part) {
			t.Errorf("holds %q:\n%s", part, pageText(r))
		}
	}
}

func TestCommandsAreNamedAsDiscordWants(t *testing.T) {
	plain := regexp.MustCompile(`^[-_\p{Ll}\p{Lo}\p{Lm}\p{N}]{1,32}$`)
	for _, l := range Languages() {
		names := map[string]bool{}
		for _, c := range commands() {
			if names[c.Names[l]] {
				t.Errorf("%s: two commands are called %q", l, c.Names[l])
			}
			names[c.Names[l]] = true
			if c.Menu {
				if n := utf8.RuneCountInString(c.Names[l]); n < 1 || n > 32 {
					t.Errorf("%s: the menu %q has %d characters", l, c.Names[l], n)
				}
				continue
			}
			fits := func(kind, name, about string) {
				if n := utf8.RuneCountInString(about); !plain.MatchString(name) || n < 1 || n > 100 {
					t.Errorf("%s: the %s %q of /%s is about %q, %d characters", l, kind, name, c.Name, about, n)
				}
			}
			fits("name", c.Names[l], c.Description[l])
			options := map[string]bool{}
			for _, o := range c.Options {
				fits("option", o.Names[l], o.Description[l])
				if options[o.Names[l]] {
					t.Errorf("%s: two options of /%s are called %q", l, c.Name, o.Names[l])
				}
				options[o.Names[l]] = true
			}
		}
	}
}

func TestFormsFitDiscord(t *testing.T) {
	w := newStage(t, nil)
	for _, l := range Languages() {
		form := w.do(Request{Kind: Slash, Name: "ingest", Person: manager, Locale: string(l)}).Form
		labels := []string{form.Title}
		for _, f := range form.Fields {
			labels = append(labels, f.Label)
		}
		for _, label := range labels {
			if n := utf8.RuneCountInString(label); n < 1 || n > 45 {
				t.Errorf("%s: %q has %d characters", l, label, n)
			}
		}
	}
}
