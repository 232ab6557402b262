package rankeval

import (
	"flag"
	"maps"
	"math"
	"os"
	"path/filepath"
	"testing"

	"footnote/retrieval"
	"footnote/retrieval/bert/mini"

	_ "modernc.org/sqlite"
)

const shared = "../../../shared/eval"

// Each set's floor is what a change must not fall below; the figures of today
// stand in the README.
var meaning = flag.Bool("meaning", false, "measure the built-in encoder on all sets, which takes minutes, not on the smallest alone")

func TestPublicSetsStayAboveTheirFloors(t *testing.T) {
	for name, floor := range map[string]float64{"scifact": .69, "cranfield": .38, "vaswani": .43} {
		t.Run(name, func(t *testing.T) { stayAbove(t, name, floor, Options{}) })
	}
}

func TestTheBuiltInEncoderStaysAboveItsFloors(t *testing.T) {
	floors := map[string]float64{"clapnq": .98}
	if *meaning {
		maps.Copy(floors, map[string]float64{"scifact": .73, "cranfield": .42, "squad2": .94, "vaswani": .44})
	}
	for name, floor := range floors {
		t.Run(name, func(t *testing.T) {
			m, err := mini.Open()
			if err != nil {
				t.Fatal(err)
			}
			stayAbove(t, name, floor, Options{Embedder: m})
		})
	}
}

// stayAbove fails if nDCG@10 on a public set falls below floor.
func stayAbove(t *testing.T, name string, floor float64, o Options) {
	t.Helper()
	dir := filepath.Join(shared, name)
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no evaluation data beside the project")
	}
	r, err := Run(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	if r.NDCG < floor {
		t.Errorf("nDCG@10 is %.4f, want at least %.2f", r.NDCG, floor)
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
