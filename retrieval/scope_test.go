package retrieval

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
)

// in is r as an article of a collection.
func in(collection string, r Record) Record {
	r.Collection = collection
	return r
}

func retrieveIn(t testing.TB, s *Searcher, collection string, q Query) []Hit {
	t.Helper()
	hits, err := s.In(collection).Retrieve(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// deal gives each record to the common collection or to one of two servers.
func deal(rnd *rand.Rand, records []Record) []Record {
	out := slices.Clone(records)
	for i := range out {
		out[i].Collection = []string{"", "g", "h"}[rnd.IntN(3)]
	}
	return out
}

// seenBy are the records that a collection may see.
func seenBy(records []Record, collection string) []Record {
	return slices.DeleteFunc(slices.Clone(records), func(r Record) bool { return r.Collection != "" && r.Collection != collection })
}

func TestAScopeRanksAsIfItsArticlesWereAll(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 21))
		dealt := deal(rnd, randomRecords(rnd, 30))
		library := newShelf(dealt...)
		for _, o := range []func(*shelf) SearcherOptions{meant, func(*shelf) SearcherOptions { return SearcherOptions{} }} {
			s := newTestSearcher(t, library, o(library))
			for _, collection := range []string{"", "g", "h", "without articles"} {
				alone := newShelf()
				for _, r := range seenBy(dealt, collection) {
					alone.put(in("", r))
				}
				want := newTestSearcher(t, alone, o(alone))
				for _, q := range testQueries {
					if g, w := retrieveIn(t, s, collection, q), retrieve(t, want, q); !reflect.DeepEqual(g, w) {
						t.Fatalf("seed %d, %q in %q: got %+v, want %+v", seed, q.Text, collection, g, w)
					}
				}
				if g, w := s.In(collection).Coverage(), want.Coverage(); g != w {
					t.Fatalf("seed %d: %q spans %+v, want %+v", seed, collection, g, w)
				}
			}
		}
	}
}

// secretive are the articles of two servers beside common ones, each with words
// that no other collection has, and their questions.
func secretive(rnd *rand.Rand, questions int) (records []Record, asked []string) {
	words := map[string][]string{"": testWords, "g": {"gondola", "gherkin"}, "h": {"hammock", "harpsichord"}}
	text := func(collection string, n int) string {
		all := slices.Concat(testWords, words[collection], words[collection], words[collection])
		var out []string
		for range n {
			out = append(out, all[rnd.IntN(len(all))])
		}
		return strings.Join(out, " ")
	}
	for i := range 60 {
		collection := []string{"", "g", "h"}[i%3]
		records = append(records, in(collection, written(fmt.Sprintf("%s%d", collection, i), text(collection, 30))))
	}
	for i := range questions {
		asked = append(asked, text([]string{"", "g", "h"}[i%3], 1+rnd.IntN(6)))
	}
	return records, asked
}

func TestAnotherServersArticlesAreNeverCandidates(t *testing.T) {
	records, questions := secretive(rand.New(rand.NewPCG(1, 22)), 1000)
	library := newShelf(records...)
	s := newTestSearcher(t, library, meant(library))
	candidates, own := 0, 0
	for _, collection := range []string{"g", "h"} {
		for _, question := range questions {
			v := s.parts.Load().view(collection)
			vector, err := s.embed(t.Context(), v, question)
			if err != nil {
				t.Fatal(err)
			}
			ranked, err := s.rank(t.Context(), v, Query{Text: question}, vector, deepest, deepest)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range ranked {
				of := library.records[c.article()].Collection
				if of != "" && of != collection {
					t.Fatalf("%q in %q: %s of %q is a candidate", question, collection, c.article(), of)
				}
				if candidates++; of != "" {
					own++
				}
			}
		}
	}
	if own == 0 || own == candidates {
		t.Errorf("of %d candidates %d were the server's own, want some of both kinds", candidates, own)
	}
}

func TestWhatAnotherServerHasChangesNothing(t *testing.T) {
	records, questions := secretive(rand.New(rand.NewPCG(1, 23)), 200)
	all, without := newShelf(records...), newShelf(seenBy(records, "g")...)
	got, want := newTestSearcher(t, all, meant(all)).In("g"), newTestSearcher(t, without, meant(without)).In("g")
	for _, question := range questions {
		q := Query{Text: question}
		if g, w := retrieveIn(t, got.searcher, "g", q), retrieveIn(t, want.searcher, "g", q); !reflect.DeepEqual(g, w) {
			t.Fatalf("%q: got %+v, without the other %+v", question, g, w)
		}
	}
	if got.Weight(Stem("hammock")) != got.Weight("unheard") {
		t.Error("a word of the other weighs less than one that occurs nowhere")
	}
	for what, same := range map[string]bool{
		"weights":  got.Weight("river") == want.Weight("river") && got.Weight(Stem("gondola")) == want.Weight(Stem("gondola")),
		"coverage": got.Coverage() == want.Coverage(),
		"outlets":  slices.Equal(got.Outlets(), want.Outlets()),
		"articles": slices.Equal(got.Articles(), want.Articles()),
	} {
		if !same {
			t.Errorf("the %s differ", what)
		}
	}
}

func TestScopesFollowARefresh(t *testing.T) {
	library := newShelf(told("common"), in("g", told("own")))
	s := newTestSearcher(t, library, meant(library))
	for _, tt := range []struct {
		name         string
		do           func()
		none, g, h   string
		common, ours bool // whether that index is the one before
	}{
		{"a server's new article", func() { library.put(in("g", told("more"))) }, "common", "common more own", "common", true, false},
		{"a new common one", func() { library.put(told("new")) }, "common new", "common more new own", "common new", false, true},
		{"another server's first", func() { library.put(in("h", told("other"))) }, "common new", "common more new own", "common new other", true, true},
		{"a move", func() { library.put(in("h", told("more"))) }, "common new", "common new own", "common more new other", true, false},
		{"a removal of the last", func() { library.drop("own") }, "common new", "common new", "common more new other", true, false},
		{"a return", func() { library.put(in("g", told("own"))) }, "common new", "common new own", "common more new other", true, false},
	} {
		before := *s.parts.Load()
		tt.do()
		mustRefresh(t, s)
		for collection, want := range map[string]string{"": tt.none, "g": tt.g, "h": tt.h} {
			if got := articlesOf(retrieveIn(t, s, collection, Query{Text: "river"})); got != want {
				t.Errorf("after %s: %q finds %q, want %q", tt.name, collection, got, want)
			}
		}
		after := *s.parts.Load()
		if common, ours := after[""] == before[""], after["g"] == before["g"]; common != tt.common || ours != tt.ours {
			t.Errorf("after %s: the common index is the same: %v, that of g: %v", tt.name, common, ours)
		}
	}
	if own := (*s.parts.Load())["h"]; own.vectors.len() != 2 {
		t.Errorf("h has %d vectors, want those of its two articles", own.vectors.len())
	}
}

func TestAnArticleThatMovedAwayIsNotShown(t *testing.T) {
	library := newShelf(in("g", told("a")))
	s := newTestSearcher(t, library, SearcherOptions{})
	library.put(in("h", told("a"))) // and s has not been refreshed
	if hits := retrieveIn(t, s, "g", Query{Text: "river"}); len(hits) > 0 {
		t.Errorf("found %s", articlesOf(hits))
	}
}

func TestAServersVectorsAreItsOwn(t *testing.T) {
	store := openTestStore(t, t.TempDir())
	mustSave(t, store, told("common"))
	s := newTestSearcher(t, store, SearcherOptions{Embedder: &thesaurus{}, Vectors: store})
	if _, err := store.AddTo(t.Context(), "g", written("own", "An automobile stood in the square.")); err != nil {
		t.Fatal(err)
	}
	mustEmbed(t, store)
	mustRefresh(t, s)
	for collection, want := range map[string]string{"": "", "g": "@g/own", "h": ""} {
		if got := articlesOf(retrieveIn(t, s, collection, Query{Text: "cars"})); got != want {
			t.Errorf("%q finds %q, want %q", collection, got, want)
		}
	}
}

func TestALibraryInMemoryHasNoCollections(t *testing.T) {
	s := newTestSearcher(t, NewMemory([]corpus.Article{told("a").Article}, corpus.Chunker{}), SearcherOptions{})
	if got := articlesOf(retrieveIn(t, s, "g", Query{Text: "river"})); got != "a" || s.In("g").Own("a") {
		t.Errorf("found %q, which is a server's own: %v", got, s.In("g").Own("a"))
	}
}

// dated is an article of an outlet and a day in November 2022; 0 is none.
func dated(id, outlet string, day int) Record {
	r := told(id)
	if r.Outlet = outlet; day > 0 {
		r.Published = time.Date(2022, 11, day, 0, 0, 0, 0, time.UTC)
	}
	return r
}

func TestWhatAScopeHolds(t *testing.T) {
	s := newTestSearcher(t, newShelf(
		dated("a", "AP", 3), dated("b", "ap", 5), dated("c", "AP", 0), dated("d", "", 4),
		in("g", dated("own", "BBC", 4)), in("h", dated("other", "Secret", 6)),
	), SearcherOptions{})
	for collection, want := range map[string][]string{"": {"AP"}, "g": {"AP", "BBC"}, "h": {"AP", "Secret"}} {
		if got := s.In(collection).Outlets(); !slices.Equal(got, want) {
			t.Errorf("%q has the outlets %q, want %q", collection, got, want)
		}
	}
	var newest []string
	for _, a := range s.In("g").Articles() {
		newest = append(newest, string(a.ID))
	}
	if got := strings.Join(newest, " "); got != "b d own a c" {
		t.Errorf("the articles are %q", got)
	}
	for id, want := range map[corpus.ArticleID]bool{"own": true, "a": false, "other": false, "nowhere": false} {
		if got := s.In("g").Own(id); got != want {
			t.Errorf("%s is the server's own: %v", id, got)
		}
	}
	if s.In("").Own("a") {
		t.Error("a common article is somebody's own")
	}
}
