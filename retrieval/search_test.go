package retrieval

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/corpus"
)

// A shelf is a Library in memory that changes, in whose articles faults may be
// put.
type shelf struct {
	mu        sync.Mutex
	order     []corpus.ArticleID // in which All yields
	records   map[corpus.ArticleID]Record
	revisions map[corpus.ArticleID]int64
	walkFault map[corpus.ArticleID]error // what All yields in an article's place
	readFault map[corpus.ArticleID]error // what Article returns in its place
}

func newShelf(records ...Record) *shelf {
	s := &shelf{
		records: map[corpus.ArticleID]Record{}, revisions: map[corpus.ArticleID]int64{},
		walkFault: map[corpus.ArticleID]error{}, readFault: map[corpus.ArticleID]error{},
	}
	for _, r := range records {
		s.put(r)
	}
	return s
}

func (s *shelf) put(r Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.records[r.ID]; !ok {
		s.order = append(s.order, r.ID)
	}
	s.records[r.ID] = r
	s.revisions[r.ID]++
}

func (s *shelf) drop(id corpus.ArticleID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records, id)
	delete(s.revisions, id)
	s.order = slices.DeleteFunc(s.order, func(other corpus.ArticleID) bool { return other == id })
}

func (s *shelf) All(context.Context) iter.Seq2[Record, error] {
	s.mu.Lock()
	defer s.mu.Unlock()
	order := slices.Clone(s.order)
	return func(yield func(Record, error) bool) {
		for _, id := range order {
			s.mu.Lock()
			r, err := s.records[id], s.walkFault[id]
			s.mu.Unlock()
			if err != nil {
				r = Record{}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (s *shelf) Article(_ context.Context, id corpus.ArticleID) (Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.readFault[id]; err != nil {
		return Record{}, err
	}
	r, ok := s.records[id]
	if !ok {
		return Record{}, notFound(id)
	}
	return r, nil
}

func (s *shelf) Revisions(context.Context) (map[corpus.ArticleID]int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := make(map[corpus.ArticleID]int64, len(s.revisions))
	for id, n := range s.revisions {
		now[id] = n
	}
	return now, nil
}

// written is an article that Chunker has cut.
func written(id, text string) Record {
	a := corpus.Article{ID: corpus.ArticleID(id), Text: text}
	return Record{Article: a, Passages: corpus.Chunker{}.Chunk(a)}
}

// told is an article of one passage that says its own words about the river.
func told(id string) Record {
	return written(id, "The river rose"+strings.Repeat(" and "+id, 6)+".")
}

func newTestSearcher(t testing.TB, library Library, o SearcherOptions) *Searcher {
	t.Helper()
	s, err := NewSearcher(t.Context(), library, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func retrieve(t testing.TB, s *Searcher, q Query) []Hit {
	t.Helper()
	hits, err := s.Retrieve(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// passagesOf names the passages of hits in their order.
func passagesOf(hits []Hit) string {
	var ids []string
	for _, h := range hits {
		ids = append(ids, string(h.Passage.ID))
	}
	return strings.Join(ids, " ")
}

// articlesOf names the articles of hits by id.
func articlesOf(hits []Hit) string {
	var ids []string
	for _, h := range hits {
		ids = append(ids, string(h.Article.ID))
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// testQueries match random records in many ways, with ties.
var testQueries = []Query{
	{Text: "river"}, {Text: "flooded shell prices", Limit: 30}, {Text: "what did the army say", Limit: 3},
	{Text: "minister", Outlets: []string{"ap"}}, {Text: "7000 shells", Since: time.Date(2022, 11, 9, 0, 0, 0, 0, time.UTC)},
}

func TestAQueryFindsTheSameEachTime(t *testing.T) {
	s := newTestSearcher(t, newShelf(randomRecords(rand.New(rand.NewPCG(1, 6)), 60)...), SearcherOptions{})
	for _, q := range testQueries {
		want := retrieve(t, s, q)
		for range 50 {
			if got := retrieve(t, s, q); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: found %s, then %s", q.Text, passagesOf(want), passagesOf(got))
			}
		}
	}
}

// grow brings a new shelf to hold records by way of others, in an order that
// rnd decides, and returns a searcher that has followed it.
func grow(t *testing.T, rnd *rand.Rand, records []Record, o func(*shelf) SearcherOptions) *Searcher {
	t.Helper()
	records = slices.Clone(records)
	rnd.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	from := rnd.IntN(len(records))
	library := newShelf(records[:from]...)
	for i := range 10 {
		library.put(randomRecord(rnd, fmt.Sprintf("passing%d", i)))
		library.put(randomRecord(rnd, fmt.Sprintf("a%02d", rnd.IntN(len(records)))))
	}
	s := newTestSearcher(t, library, o(library))
	for i, r := range records {
		library.put(r)
		if i < 10 {
			library.drop(corpus.ArticleID(fmt.Sprintf("passing%d", i)))
		}
		if rnd.IntN(4) > 0 && i < len(records)-1 {
			continue
		}
		if _, err := s.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestAQueryFindsTheSameWhateverCameBefore(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 7)), 60)
	want := newTestSearcher(t, newShelf(records...), SearcherOptions{})
	for seed := range uint64(20) {
		got := grow(t, rand.New(rand.NewPCG(seed, 8)), records, func(*shelf) SearcherOptions { return SearcherOptions{} })
		for _, q := range testQueries {
			g, w := retrieve(t, got, q), retrieve(t, want, q)
			if !reflect.DeepEqual(g, w) {
				t.Fatalf("seed %d, %q: found %s, want %s", seed, q.Text, passagesOf(g), passagesOf(w))
			}
		}
	}
}

func TestHitsAreBestFirst(t *testing.T) {
	s := newTestSearcher(t, newShelf(randomRecords(rand.New(rand.NewPCG(1, 9)), 10)...), SearcherOptions{})
	for _, q := range testQueries {
		hits := retrieve(t, s, Query{Text: q.Text, Limit: 100})
		if !slices.IsSortedFunc(hits, func(a, b Hit) int { return int(1e9 * (b.Score - a.Score)) }) || len(hits) < 3 {
			t.Errorf("%q: the %d hits are not in the order of their scores", q.Text, len(hits))
		}
	}
}

func TestAHitIsExactWords(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 10)), 20)
	library := newShelf(records...)
	for _, h := range retrieve(t, newTestSearcher(t, library, SearcherOptions{}), Query{Text: "river shell", Limit: 50}) {
		r := library.records[h.Article.ID]
		if h.Article.Text != "" || h.Passage.Text != r.Text[h.Passage.Start:h.Passage.End] || h.Why.WordRank == 0 {
			t.Errorf("got %+v", h)
		}
	}
}

func TestFilters(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2022, 11, n, 0, 0, 0, 0, time.UTC) }
	library := newShelf()
	for _, a := range []corpus.Article{
		{ID: "undated", Outlet: "AP"},
		{ID: "tenth", Outlet: "AP", Published: day(10)},
		{ID: "eleventh", Outlet: "Al Jazeera", Published: day(11)},
		{ID: "twelfth", Published: day(12)},
	} {
		r := told(string(a.ID))
		r.Published, r.Outlet = a.Published, a.Outlet
		library.put(r)
	}
	s := newTestSearcher(t, library, SearcherOptions{})
	for _, tt := range []struct {
		name  string
		query Query
		want  string
	}{
		{"none lets all in", Query{}, "eleventh tenth twelfth undated"},
		{"since a day, that day included", Query{Since: day(11)}, "eleventh twelfth"},
		{"until a day, that day included", Query{Until: day(11)}, "eleventh tenth"},
		{"one day", Query{Since: day(11), Until: day(11)}, "eleventh"},
		{"no day", Query{Since: day(12), Until: day(11)}, ""},
		{"an outlet without case", Query{Outlets: []string{"aL jazeerA"}}, "eleventh"},
		{"any of several outlets", Query{Outlets: []string{"ap", "al jazeera"}}, "eleventh tenth undated"},
		{"an outlet and a day", Query{Outlets: []string{"AP"}, Until: day(30)}, "tenth"},
		{"an outlet that is not there", Query{Outlets: []string{"A"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.Text = "river"
			if got := articlesOf(retrieve(t, s, tt.query)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFiltersHoldBeforeRanking(t *testing.T) {
	library := newShelf()
	for i := range 500 {
		library.put(told(fmt.Sprintf("story%03d", i)))
	}
	far := written("far", "A river"+strings.Repeat(" of many other things", 45)+".")
	far.Outlet, far.Published = "Le Monde", time.Date(2022, 11, 11, 0, 0, 0, 0, time.UTC)
	library.put(far)
	s := newTestSearcher(t, library, SearcherOptions{})
	ranked, err := s.RankArticles(t.Context(), Query{Text: "river"}, 1000)
	if err != nil || len(ranked) != 501 || ranked[500].ID != "far" {
		t.Fatalf("the article is not the last of %d: %v", len(ranked), err)
	}
	for _, q := range []Query{
		{Text: "river", Outlets: []string{"le monde"}},
		{Text: "river", Since: far.Published},
		{Text: "river", Until: far.Published},
	} {
		if got := articlesOf(retrieve(t, s, q)); got != "far" {
			t.Errorf("%+v: found %q", q, got)
		}
	}
}

func TestLimit(t *testing.T) {
	library := newShelf()
	for i := range 20 {
		library.put(told(fmt.Sprintf("story%d", i)))
	}
	s := newTestSearcher(t, library, SearcherOptions{})
	for limit, want := range map[int]int{0: DefaultLimit, -1: DefaultLimit, 1: 1, 13: 13, 1000: 20} {
		if got := len(retrieve(t, s, Query{Text: "river", Limit: limit})); got != want {
			t.Errorf("limit %d: got %d hits, want %d", limit, got, want)
		}
	}
}

func TestQueriesOfNoKnownWordFindNothing(t *testing.T) {
	s := newTestSearcher(t, newShelf(told("a"), told("b")), SearcherOptions{})
	for name, text := range map[string]string{
		"nothing": "", "blanks": " \n\t", "stop words": "of the and", "words that ask": "what did who say", "emoji": "😀👩‍👩‍👧",
		"marks": "?!… --", "an unknown word": "unheard", "no UTF-8": "\xff\xfe\x80", "a megabyte of one letter": strings.Repeat("x", 1<<20),
		"a megabyte of another": strings.Repeat("é", 1<<19), "a megabyte of ideographs": strings.Repeat("北", 1<<20/3),
	} {
		if hits := retrieve(t, s, Query{Text: text}); len(hits) > 0 {
			t.Errorf("%s: found %s", name, passagesOf(hits))
		}
	}
}

func TestALongQueryFindsWhatItNames(t *testing.T) {
	s := newTestSearcher(t, newShelf(told("a"), written("b", "Bread is dear.")), SearcherOptions{})
	if got := articlesOf(retrieve(t, s, Query{Text: strings.Repeat("x", 1<<20) + " river"})); got != "a" {
		t.Errorf("found %q", got)
	}
}

func TestAnEmptyLibraryHoldsNothing(t *testing.T) {
	s := newTestSearcher(t, newShelf(), SearcherOptions{})
	if hits := retrieve(t, s, Query{Text: "river"}); len(hits) > 0 || s.Coverage() != (Coverage{}) {
		t.Errorf("found %s, covers %+v", passagesOf(hits), s.Coverage())
	}
}

func TestAnAskerWhoGaveUpGetsTheContextsError(t *testing.T) {
	library := newShelf(told("a"))
	s := newTestSearcher(t, library, SearcherOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, retrieved := s.Retrieve(ctx, Query{Text: "river"})
	_, ranked := s.RankArticles(ctx, Query{Text: "river"}, 1)
	_, built := NewSearcher(ctx, library, SearcherOptions{})
	for _, err := range []error{retrieved, ranked, built} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
}

func TestArticlesThatCannotBeReadAreLeftOut(t *testing.T) {
	damage := &DamageError{Article: "b", What: "its text is not what was saved"}
	for _, tt := range []struct {
		name       string
		walk, read error
		reported   bool
	}{
		{"one found damaged while indexing", damage, damage, true},
		{"one found damaged while reading", nil, fmt.Errorf("reading: %w", damage), true},
		{"one removed meanwhile", nil, notFound("b"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			library := newShelf(told("a"), told("b"), told("c"))
			library.walkFault["b"], library.readFault["b"] = tt.walk, tt.read
			var reported error
			s := newTestSearcher(t, library, SearcherOptions{Damaged: func(err error) { reported = err }})
			if got := articlesOf(retrieve(t, s, Query{Text: "river"})); got != "a c" {
				t.Errorf("found %q", got)
			}
			if errors.Is(reported, damage) != tt.reported {
				t.Errorf("reported %v", reported)
			}
		})
	}
}

func TestOtherErrorsOfTheLibraryAreReturned(t *testing.T) {
	library, broken := newShelf(told("a")), errors.New("the disk is gone")
	library.readFault["a"] = broken
	s := newTestSearcher(t, library, SearcherOptions{})
	if _, err := s.Retrieve(t.Context(), Query{Text: "river"}); !errors.Is(err, broken) {
		t.Errorf("Retrieve: got %v", err)
	}
	library.walkFault["a"] = broken
	if _, err := NewSearcher(t.Context(), library, SearcherOptions{}); !errors.Is(err, broken) {
		t.Errorf("NewSearcher: got %v", err)
	}
}

func TestQueriesDuringARefresh(t *testing.T) {
	library := newShelf()
	for i := range 50 {
		library.put(told(fmt.Sprintf("story%d", i)))
	}
	s := newTestSearcher(t, library, SearcherOptions{})
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for ctx.Err() == nil {
				hits, err := s.Retrieve(t.Context(), Query{Text: "river", Limit: 10})
				if err != nil || len(hits) != 10 {
					t.Errorf("found %d: %v", len(hits), err)
					return
				}
			}
		})
	}
	for i := range 40 {
		library.put(told(fmt.Sprintf("more%d", i)))
		library.put(written(fmt.Sprintf("story%d", i), fmt.Sprintf("River news number%d.", i)))
		library.drop(corpus.ArticleID(fmt.Sprintf("more%d", i-5)))
		if _, err := s.Refresh(t.Context()); err != nil {
			t.Error(err)
		}
	}
	stop()
	readers.Wait()
}

func TestRankArticles(t *testing.T) {
	library := newShelf(
		written("once", "The river rose at noon, and that was all that there was to say about it."),
		written("twice", "# One\n\nThe river rose.\n\n# Two\n\nThe river fell."),
		written("never", "Bread is dear."),
	)
	s := newTestSearcher(t, library, SearcherOptions{})
	for n, want := range map[int]string{0: "", 1: "twice", 2: "twice once", 10: "twice once"} {
		ranked, err := s.RankArticles(t.Context(), Query{Text: "river"}, n)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range ranked {
			got = append(got, string(r.ID))
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%d: got %q, want %q", n, g, want)
		}
	}
}

func TestCoverage(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2022, 11, n, 0, 0, 0, 0, time.UTC) }
	library := newShelf(told("undated"))
	for _, n := range []int{11, 3, 20} {
		r := told(fmt.Sprintf("of%d", n))
		r.Published = day(n)
		library.put(r)
	}
	want := Coverage{Articles: 4, Undated: 1, First: day(3), Last: day(20)}
	if got := newTestSearcher(t, library, SearcherOptions{}).Coverage(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestTopIsTheHeadOfASort(t *testing.T) {
	lastFirst := func(p, q unit) int { return int(q - p) }
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 11))
		scores := make([]float64, rnd.IntN(100))
		var want []unit
		for i := range scores {
			if scores[i] = float64(rnd.IntN(5)); scores[i] > 0 {
				want = append(want, unit(i))
			}
		}
		slices.Reverse(want)
		slices.SortStableFunc(want, func(p, q unit) int { return int(scores[q] - scores[p]) })
		n := 1 + rnd.IntN(20)
		if got := top(scores, n, lastFirst); !slices.Equal(got, want[:min(n, len(want))]) {
			t.Fatalf("seed %d: got %v of %v", seed, got, want)
		}
	}
}

// Neither a long article nor many copies of one text keep the others out.
func TestManyPassagesOrCopiesDoNotCrowdOthersOut(t *testing.T) {
	long := corpus.Article{ID: "long"}
	var runs []corpus.Span
	for i := range 150 {
		start := len(long.Text)
		long.Text += fmt.Sprintf("Lethal aid again, lethal aid, in passage a%[1]d b%[1]d c%[1]d d%[1]d. ", i)
		runs = append(runs, corpus.Span{Start: start, End: len(long.Text)})
	}
	record := Record{Article: long}
	for i, r := range runs {
		record.Passages = append(record.Passages, corpus.NewPassage(long, i, r.Start, r.End, nil))
	}
	library := newShelf(record)
	for i := range 150 {
		library.put(written(fmt.Sprintf("copy%03d", i), "Lethal aid was sent on Monday, the ministry of Ruritania said."))
	}
	for i := range 5 {
		library.put(written(fmt.Sprintf("other%d", i), fmt.Sprintf("Aid o%[1]d p%[1]d q%[1]d r%[1]d s%[1]d t%[1]d u%[1]d.", i)))
	}
	found := map[string]int{}
	for _, h := range retrieve(t, newTestSearcher(t, library, SearcherOptions{}), Query{Text: "lethal aid", Limit: 8}) {
		found[strings.TrimRight(string(h.Article.ID), "0123456789")]++
	}
	if found["long"] != 2 || found["copy"] != 1 || found["other"] != 5 {
		t.Errorf("found %v, want 2 of the long article, 1 copy and 5 others", found)
	}
}
