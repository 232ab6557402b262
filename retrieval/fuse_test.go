package retrieval

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"footnote/corpus"
)

// A thesaurus is an Embedder that knows which words mean the same.
type thesaurus struct {
	err   error // of EmbedQuery, if set
	asked int   // how many queries it was given
}

func (*thesaurus) Model() string { return "thesaurus" }

func (th *thesaurus) EmbedPassages(_ context.Context, texts []string) ([]Vector, error) {
	out := make([]Vector, len(texts))
	for i, text := range texts {
		out[i] = meaning(text)
	}
	return out, nil
}

func (th *thesaurus) EmbedQuery(_ context.Context, text string) (Vector, error) {
	th.asked++
	return meaning(text), th.err
}

// meaning counts the words of each sense in a text, and a little of sense for
// every text.
func meaning(text string) Vector {
	senses := []string{"river rivers stream brook", "car cars automobile", "flood flooded deluge", "shell shells ammunition"}
	v := make([]float32, len(senses)+1)
	v[len(senses)] = .1
	for _, term := range Terms(text) {
		for i, words := range senses {
			if slices.Contains(strings.Fields(words), term.Word) {
				v[i]++
			}
		}
	}
	unit, err := unitVector(v)
	if err != nil {
		panic(err) // no text is without sense
	}
	return unit
}

// meanings is a VectorSource of what a library holds, but for some passages
// whose vectors are damaged, and its own error at the end.
type meanings struct {
	library Library
	damaged string
	err     error
}

func (m meanings) Vectors(ctx context.Context, _ string) iter.Seq2[PassageVector, error] {
	return func(yield func(PassageVector, error) bool) {
		for r, err := range m.library.All(ctx) {
			for n, p := range r.Passages {
				v := PassageVector{Article: r.ID, N: n, Vector: meaning(p.Text)}
				if string(p.ID) == m.damaged {
					v, err = PassageVector{}, &DamageError{Article: r.ID, What: "its vector is not what was saved"}
				}
				if !yield(v, err) {
					return
				}
			}
		}
		if m.err != nil {
			yield(PassageVector{}, m.err)
		}
	}
}

// meant are the options of a searcher that ranks by meaning too.
func meant(library *shelf) SearcherOptions {
	return SearcherOptions{Embedder: &thesaurus{}, Vectors: meanings{library: library}}
}

func TestFusedRanks(t *testing.T) {
	library := newShelf(
		written("car", "Each car was towed away by noon."),
		written("automobile", "An automobile stood in the square."),
		written("bread", "Bread is dear."),
	)
	hits := retrieve(t, newTestSearcher(t, library, meant(library)), Query{Text: "car"})
	why := map[string]Why{}
	for _, h := range hits {
		why[string(h.Article.ID)] = h.Why
		if want := h.Why.Coverage + nearWeight*h.Why.Cosine; math.Abs(h.Score-want) > 1e-12 {
			t.Errorf("%s has score %v, want %v", h.Article.ID, h.Score, want)
		}
	}
	if w := why["automobile"]; w.WordRank != 0 || w.VectorRank == 0 || w.Coverage != 0 || w.Cosine < .99 {
		t.Errorf("a hit by meaning alone has %+v", w)
	}
	if w := why["car"]; w.WordRank != 1 || w.VectorRank == 0 || w.Coverage == 0 || w.Cosine < .99 {
		t.Errorf("a hit by both has %+v", w)
	}
	if got := passagesOf(hits); got != "car#0 automobile#0" {
		t.Errorf("found %s", got)
	}
}

// A cramped embedder gives all texts a cosine of .8 and more.
type cramped struct{ thesaurus }

func (*cramped) Unrelated() float64 { return .8 }

func TestNearnessIsOnTheScaleOfTheModel(t *testing.T) {
	library := newShelf(written("car", "A car was towed away by noon."))
	o := meant(library)
	o.Embedder = &cramped{}
	h := retrieve(t, newTestSearcher(t, library, o), Query{Text: "car"})[0]
	if want := h.Why.Coverage + nearWeight*(h.Why.Cosine-.8)/.2; math.Abs(h.Score-want) > 1e-12 {
		t.Errorf("the score is %v, want %v", h.Score, want)
	}
}

func TestWhatIsFarInWordsAndMeaningIsNotFound(t *testing.T) {
	library := newShelf(written("bread", "Bread is dear. "+strings.Repeat("A flood and an automobile and a brook. ", 9)))
	if hits := retrieve(t, newTestSearcher(t, library, meant(library)), Query{Text: "ammunition"}); len(hits) != 0 {
		t.Errorf("found %s at cosine %v", passagesOf(hits), hits[0].Why.Cosine)
	}
}

func TestTheLeadOfAnArticleCounts(t *testing.T) {
	lead := "Floods, a deluge and a flooded plain. " + strings.Repeat("Word after word is set down here. ", 25)
	library := newShelf(
		written("lead", lead+"\n\n"+strings.Repeat("Nothing else is told of that stream. ", 25)),
		written("other", strings.Repeat("Bread is dear and so are eggs. ", 25)+"\n\n"+strings.Repeat("Nothing else is told of that stream. ", 25)),
	)
	score := map[corpus.PassageID]float64{}
	for _, h := range retrieve(t, newTestSearcher(t, library, meant(library)), Query{Text: "stream flooded"}) {
		score[h.Passage.ID] = h.Score - h.Why.Coverage - nearWeight*(1-leadShare)*h.Why.Cosine
	}
	if a, b := score["lead#1"], score["other#1"]; a-b < .01 {
		t.Errorf("below a lead that is near the query the rest scores %v, below another %v", a, b)
	}
}

func TestAPassageWithoutAVectorIsNotPushedDown(t *testing.T) {
	library := newShelf(written("bare", "A car was towed away by noon."))
	for i := range 40 {
		library.put(written(fmt.Sprintf("bread%03d", i), fmt.Sprintf("One car was towed from the yard of bakery%d before the rain came down on it.", i)))
	}
	o := meant(library)
	o.Vectors = meanings{library: library, damaged: "bare#0"}
	hits := retrieve(t, newTestSearcher(t, library, o), Query{Text: "car towed"})
	if got := hits[0].Article.ID; got != "bare" {
		t.Errorf("%s comes before the one passage that has all words and no vector", got)
	}
}

func TestAQueryTheModelCannotReadIsRankedByWords(t *testing.T) {
	library := newShelf(written("car", "A car was towed away by noon."))
	o := meant(library)
	o.Embedder = &thesaurus{err: fmt.Errorf("embedding: %w", ErrNoVector)}
	hits := retrieve(t, newTestSearcher(t, library, o), Query{Text: "car"})
	if len(hits) != 1 || hits[0].Why.VectorRank != 0 {
		t.Errorf("found %+v", hits)
	}
}

func TestAHitBelowTheVectorsRanksHasItsCosine(t *testing.T) {
	library := newShelf(written("far", "A car by a stream and a brook, with ammunition."))
	for i := range candidates {
		library.put(written(fmt.Sprintf("near%03d", i), fmt.Sprintf("An automobile in the deluge of a%[1]d b%[1]d c%[1]d d%[1]d e%[1]d.", i)))
	}
	first := retrieve(t, newTestSearcher(t, library, meant(library)), Query{Text: "car"})[0]
	if w := first.Why; first.Article.ID != "far" || w.WordRank != 1 || w.VectorRank != 0 || w.Cosine <= 0 || w.Cosine > .5 {
		t.Errorf("%s has %+v", first.Article.ID, w)
	}
}

func TestFiltersHoldForVectors(t *testing.T) {
	library := newShelf()
	for i := range 300 {
		library.put(written(fmt.Sprintf("near%03d", i), fmt.Sprintf("An automobile of make%d.", i)))
	}
	far := written("far", "An automobile in a deluge.")
	far.Outlet = "Le Monde"
	library.put(far)
	s := newTestSearcher(t, library, meant(library))
	if got := articlesOf(retrieve(t, s, Query{Text: "cars", Outlets: []string{"le monde"}})); got != "far" {
		t.Errorf("found %q", got)
	}
}

func TestWithoutTheEmbedderWordsRank(t *testing.T) {
	library := newShelf(randomRecords(rand.New(rand.NewPCG(1, 12)), 30)...)
	var degraded error
	o := meant(library)
	o.Embedder, o.Degraded = &thesaurus{err: fmt.Errorf("asking: %w", ErrUnavailable)}, func(err error) { degraded = err }
	fallen, words := newTestSearcher(t, library, o), newTestSearcher(t, library, SearcherOptions{})
	for _, q := range testQueries {
		degraded = nil
		if got, want := retrieve(t, fallen, q), retrieve(t, words, q); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: found %s, want %s", q.Text, passagesOf(got), passagesOf(want))
		}
		if !errors.Is(degraded, ErrUnavailable) {
			t.Errorf("%q: told of %v", q.Text, degraded)
		}
	}
}

func TestOtherErrorsOfTheEmbedderAreReturned(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	refused := errors.New("the key is refused")
	for _, tt := range []struct {
		name string
		ctx  context.Context
		err  error
	}{
		{"a refusal", t.Context(), refused},
		{"an absence after the asker gave up", ctx, fmt.Errorf("%w: %w", ErrUnavailable, context.Canceled)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			library := newShelf(told("a"))
			o := meant(library)
			o.Embedder = &thesaurus{err: tt.err}
			o.Degraded = func(err error) { t.Errorf("told of %v", err) }
			if _, err := newTestSearcher(t, library, o).Retrieve(tt.ctx, Query{Text: "river"}); !errors.Is(err, tt.err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestABlankQueryIsNotEmbedded(t *testing.T) {
	library := newShelf(told("a"))
	o, th := meant(library), &thesaurus{}
	o.Embedder = th
	if hits := retrieve(t, newTestSearcher(t, library, o), Query{Text: " \n"}); len(hits) > 0 || th.asked > 0 {
		t.Errorf("found %s, embedded %d queries", passagesOf(hits), th.asked)
	}
}

func TestFusionFindsTheSameWhateverCameBefore(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 13)), 60)
	library := newShelf(records...)
	want := newTestSearcher(t, library, meant(library))
	for seed := range uint64(10) {
		got := grow(t, rand.New(rand.NewPCG(seed, 14)), records, meant)
		for _, q := range testQueries {
			w := retrieve(t, want, q)
			for range 5 {
				if g := retrieve(t, got, q); !reflect.DeepEqual(g, w) {
					t.Fatalf("seed %d, %q: found %s, want %s", seed, q.Text, passagesOf(g), passagesOf(w))
				}
			}
		}
	}
}

func TestADamagedVectorIsReportedAndTheRestServes(t *testing.T) {
	library := newShelf(written("a", "An automobile."), written("b", "Another automobile came by."))
	var reported error
	s := newTestSearcher(t, library, SearcherOptions{
		Embedder: &thesaurus{}, Vectors: meanings{library: library, damaged: "a#0"}, Damaged: func(err error) { reported = err },
	})
	if got := articlesOf(retrieve(t, s, Query{Text: "cars"})); got != "b" {
		t.Errorf("found %q", got)
	}
	if _, ok := errors.AsType[*DamageError](reported); !ok {
		t.Errorf("reported %v", reported)
	}
}

func TestOnlyVectorsOfTheIndexAreHeld(t *testing.T) {
	o := meant(newShelf(told("a"), told("added meanwhile")))
	if s := newTestSearcher(t, newShelf(told("a")), o); s.parts.Load().embedded() != 1 {
		t.Errorf("there are %d vectors", s.parts.Load().embedded())
	}
}

func TestVectorsThatCannotBeReadAreAnError(t *testing.T) {
	broken := errors.New("the disk is gone")
	library := newShelf(told("a"))
	_, err := NewSearcher(t.Context(), library, SearcherOptions{Embedder: &thesaurus{}, Vectors: meanings{library: library, err: broken}})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
