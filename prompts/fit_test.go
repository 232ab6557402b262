package prompts

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"footnote/retrieval"
)

// randomSources are n sources of random length.
func randomSources(random *rand.Rand, n int) []retrieval.Hit {
	var out []retrieval.Hit
	for range n {
		out = append(out, sourceOf("AP", "2022-11-11", "The duke", strings.Repeat("The duke opened it. ", 1+random.IntN(60))))
	}
	return out
}

func TestFitKeepsTheBestWholePassagesThatFit(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	written := newTemplates()
	need := func(p prompt, n int) int {
		p.sources = p.sources[:n]
		r, err := written.answer(p)
		if err != nil {
			t.Fatal(err)
		}
		return r.tokens()
	}
	for range 200 {
		p := prompt{question: "Who opened the bridge?", sources: randomSources(random, 1+random.IntN(12))}
		room := random.IntN(need(p, len(p.sources)) + 100)
		kept, left, err := fit(written, p, room)
		n := len(kept.sources)
		switch {
		case errors.Is(err, ErrContext):
			if need(p, 1) <= room {
				t.Fatalf("no room for one passage, which needs %d of %d", need(p, 1), room)
			}
		case err != nil:
			t.Fatal(err)
		case n == 0 || n+left != len(p.sources) || !cmp.Equal(kept.sources, p.sources[:n]):
			t.Fatalf("of %d sources, %d were kept and %d left out", len(p.sources), n, left)
		case need(p, n) > room:
			t.Fatalf("%d sources do not fit", n)
		case left > 0 && need(p, n+1) <= room:
			t.Fatalf("there is room for more than %d sources", n)
		}
	}
}

func TestTooSmallAContextNamesTheSetting(t *testing.T) {
	p := prompt{question: "Who?", sources: randomSources(rand.New(rand.NewPCG(1, 2)), 2)}
	_, left, err := fit(newTemplates(), p, 100)
	if !errors.Is(err, ErrContext) || left != 2 || !strings.Contains(err.Error(), "model.context") {
		t.Errorf("got %v, %d left out", err, left)
	}
}

func BenchmarkFit(b *testing.B) {
	p := prompt{question: "Who?", sources: randomSources(rand.New(rand.NewPCG(1, 2)), 12)}
	t := newTemplates()
	for b.Loop() {
		if _, _, err := fit(t, p, 1500); err != nil {
			b.Fatal(err)
		}
	}
}
