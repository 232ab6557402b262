package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

// A speller embeds a text as its length, and a query as one less, until it is
// to fail. It knows what it was asked to embed.
type speller struct {
	mu    sync.Mutex
	calls [][]string
	name  string
	err   error
}

func (s *speller) Model() string { return s.name }

func (s *speller) EmbedPassages(_ context.Context, texts []string) ([]Vector, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, slices.Clone(texts))
	if i := slices.Index(texts, "poison"); i >= 0 {
		return nil, &TextError{Index: i, Err: errors.New("it is poison")}
	}
	if s.err != nil {
		return nil, s.err
	}
	var vecs []Vector
	for _, text := range texts {
		vecs = append(vecs, Vector{float32(len(text)), 1})
	}
	return vecs, nil
}

func (s *speller) EmbedQuery(ctx context.Context, text string) (Vector, error) {
	vecs, err := s.EmbedPassages(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	vecs[0][0]--
	return vecs[0], nil
}

// A scaledSpeller is a speller that is Scaled.
type scaledSpeller struct{ speller }

func (*scaledSpeller) Unrelated() float64 { return .7 }

// embeddedLengths are the lengths of the texts that c embeds as passages.
func embeddedLengths(t *testing.T, c *Cached, texts ...string) []int {
	t.Helper()
	vecs, err := c.EmbedPassages(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	return lengths(vecs)
}

func checkCalls(t *testing.T, s *speller, want ...[]string) {
	t.Helper()
	if !slices.EqualFunc(s.calls, want, slices.Equal) {
		t.Errorf("the embedder was asked for %q, want %q", s.calls, want)
	}
}

func TestCachedEmbedsOnlyWhatIsMissing(t *testing.T) {
	s := &speller{}
	c := NewCached(s, 10)
	for _, texts := range [][]string{{"a", "bb"}, {"bb", "ccc", "a", "dddd"}, {"ccc"}, {}} {
		var want []int
		for _, text := range texts {
			want = append(want, len(text))
		}
		if got := embeddedLengths(t, c, texts...); !slices.Equal(got, want) {
			t.Errorf("%q: got %v", texts, got)
		}
	}
	checkCalls(t, s, []string{"a", "bb"}, []string{"ccc", "dddd"})
}

func TestCachedEmbedsATextOnceACall(t *testing.T) {
	s := &speller{}
	if got := embeddedLengths(t, NewCached(s, 0), "a", "bb", "a", "a"); !slices.Equal(got, []int{1, 2, 1, 1}) {
		t.Errorf("got %v", got)
	}
	checkCalls(t, s, []string{"a", "bb"})
}

func TestCachedTellsQueriesFromPassages(t *testing.T) {
	s := &speller{}
	c := NewCached(s, 10)
	embeddedLengths(t, c, "text")
	for range 2 {
		if v, err := c.EmbedQuery(t.Context(), "text"); err != nil || v[0] != 3 {
			t.Errorf("got %v, %v", v, err)
		}
	}
	checkCalls(t, s, []string{"text"}, []string{"text"})
}

func TestCachedTellsModelsApart(t *testing.T) {
	s := &speller{name: "one"}
	c := NewCached(s, 10)
	embeddedLengths(t, c, "text")
	s.name = "two"
	embeddedLengths(t, c, "text")
	checkCalls(t, s, []string{"text"}, []string{"text"})
}

func TestCachedForgetsWhatWasUsedLongestAgo(t *testing.T) {
	s := &speller{}
	c := NewCached(s, 2)
	for _, text := range []string{"a", "bb", "a", "ccc", "a", "bb"} {
		embeddedLengths(t, c, text)
	}
	checkCalls(t, s, []string{"a"}, []string{"bb"}, []string{"ccc"}, []string{"bb"})
	if len(c.known) != 2 || c.used.Len() != 2 {
		t.Errorf("%d and %d vectors are remembered", len(c.known), c.used.Len())
	}
}

func TestCachedRemembersNoErrors(t *testing.T) {
	s := &speller{err: ErrUnavailable}
	c := NewCached(s, 10)
	if vecs, err := c.EmbedPassages(t.Context(), []string{"a"}); vecs != nil || !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v, %v", vecs, err)
	}
	if v, err := c.EmbedQuery(t.Context(), "a"); v != nil || !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v, %v", v, err)
	}
	s.err = nil
	if got := embeddedLengths(t, c, "a"); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v", got)
	}
}

func TestCachedNamesTheTextThatIsRefused(t *testing.T) {
	c := NewCached(&speller{}, 10)
	embeddedLengths(t, c, "a", "bb")
	vecs, err := c.EmbedPassages(t.Context(), []string{"a", "ccc", "bb", "ccc", "poison", "dddd"})
	if refused, ok := errors.AsType[*TextError](err); vecs != nil || !ok || refused.Index != 4 {
		t.Errorf("got %v, %v", vecs, err)
	}
}

func TestCachedHandsOutCopies(t *testing.T) {
	c := NewCached(&speller{}, 10)
	for range 3 {
		vecs, err := c.EmbedPassages(t.Context(), []string{"a", "a"})
		query, queryErr := c.EmbedQuery(t.Context(), "a")
		if err := errors.Join(err, queryErr); err != nil {
			t.Fatal(err)
		}
		if vecs[0][0] != 1 || vecs[1][0] != 1 || query[0] != 0 {
			t.Fatalf("got %v and %v", vecs, query)
		}
		vecs[0][0], query[0] = 9, 9
		if vecs[1][0] != 1 {
			t.Error("two texts share a vector")
		}
	}
}

func TestCachedIsScaledAsTheEmbedderWithin(t *testing.T) {
	var scaled Scaled = NewCached(&scaledSpeller{}, 1)
	if got := scaled.Unrelated(); got != .7 {
		t.Errorf("got %v, want .7", got)
	}
	scaled = NewCached(&speller{}, 1)
	if got := scaled.Unrelated(); got != 0 {
		t.Errorf("got %v, want 0", got)
	}
}

func TestCachedByManyAtOnce(t *testing.T) {
	c := NewCached(&speller{}, 5)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 100 {
				text := fmt.Sprintf("%*d", 1+(g+i)%9, 0)
				vecs, err := c.EmbedPassages(t.Context(), []string{text, "a"})
				if err != nil || vecs[0][0] != float32(len(text)) || vecs[1][0] != 1 {
					t.Errorf("%q: %v, %v", text, vecs, err)
				}
			}
		})
	}
	wg.Wait()
	if c.used.Len() != 5 || len(c.known) != 5 {
		t.Errorf("%d and %d vectors are remembered, want 5", c.used.Len(), len(c.known))
	}
}
