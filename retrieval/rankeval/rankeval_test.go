package rankeval

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"footnote/retrieval"

	_ "modernc.org/sqlite"
)

const shared = "../../../shared/eval"

// Each set's floor is what a change must not fall below; the figures of today
// stand in the README.
func TestPublicSetsStayAboveTheirFloors(t *testing.T) {
	for name, floor := range map[string]float64{"scifact": .69, "cranfield": .38, "vaswani": .43} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(shared, name)
			if _, err := os.Stat(dir); err != nil {
				t.Skip("no evaluation data beside the project")
			}
			r, err := Run(context.Background(), dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%+v", r)
			if r.NDCG < floor {
				t.Errorf("nDCG@10 is %.4f, want at least %.2f", r.NDCG, floor)
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	g := grades{"a": 2, "b": 1}
	ranked := []retrieval.RankedArticle{{ID: "x"}, {ID: "a"}, {ID: "y"}}
	if got, want := ndcg(ranked, g), (2/math.Log2(3))/(2+1/math.Log2(3)); math.Abs(got-want) > 1e-12 {
		t.Errorf("nDCG %v, want %v", got, want)
	}
	if got := recall(ranked, g); got != .5 {
		t.Errorf("recall %v, want .5", got)
	}
	if got := reciprocalRank(ranked, g); got != .5 {
		t.Errorf("reciprocal rank %v, want .5", got)
	}
}
