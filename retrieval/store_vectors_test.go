package retrieval

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"footnote/corpus"
)

// randomVector is a vector of length 1.
func randomVector(rnd *rand.Rand, dimension int) Vector {
	v := make(Vector, dimension)
	var square float64
	for i := range v {
		v[i] = float32(rnd.NormFloat64())
		square += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(square))
	}
	return v
}

func mustSaveVectors(t *testing.T, s *Store, model string, vectors ...PassageVector) {
	t.Helper()
	if err := s.SaveVectors(t.Context(), model, vectors); err != nil {
		t.Fatal(err)
	}
}

func vectorsOf(t *testing.T, s *Store, model string) []PassageVector {
	t.Helper()
	var out []PassageVector
	for v, err := range s.Vectors(t.Context(), model) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// lackingIDs are the ids that WithoutVector gives.
func lackingIDs(t *testing.T, s *Store, model string, limit int) []corpus.PassageID {
	t.Helper()
	passages, err := s.WithoutVector(t.Context(), model, limit)
	if err != nil {
		t.Fatal(err)
	}
	var ids []corpus.PassageID
	for _, p := range passages {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestVectorsRoundTrip(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	rnd := rand.New(rand.NewPCG(1, 2))
	one := []PassageVector{{Article: "a", N: 0, Vector: randomVector(rnd, 8)}, {Article: "b", N: 2, Vector: randomVector(rnd, 8)}}
	two := []PassageVector{{Article: "a", N: 0, Vector: randomVector(rnd, 5)}}
	mustSaveVectors(t, s, "one", one[1], one[0])
	mustSaveVectors(t, s, "two", two...)
	if got := vectorsOf(t, s, "one"); !reflect.DeepEqual(got, one) {
		t.Errorf("Vectors(one) = %v, want %v", got, one)
	}
	if got := vectorsOf(t, s, "two"); !reflect.DeepEqual(got, two) {
		t.Errorf("Vectors(two) = %v, want %v", got, two)
	}
	checkClean(t, s)
}

func TestVectorsOfSomeArticles(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b&b", 1), testRecord("c", 1))
	v := randomVector(rand.New(rand.NewPCG(1, 2)), 8)
	mustSaveVectors(t, s, "m", PassageVector{Article: "a", Vector: v}, PassageVector{Article: "b&b", N: 1, Vector: v}, PassageVector{Article: "c", Vector: v})
	var got []PassageVector
	for v, err := range s.VectorsOf(t.Context(), "m", []corpus.ArticleID{"b&b", "nowhere"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	if want := []PassageVector{{Article: "b&b", N: 1, Vector: v}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWithoutVectorIsTheQueue(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	v := randomVector(rand.New(rand.NewPCG(1, 2)), 8)
	mustSaveVectors(t, s, "m", PassageVector{Article: "a", N: 1, Vector: v}, PassageVector{Article: "b", N: 0, Vector: v})
	if got, want := lackingIDs(t, s, "m", 3), []corpus.PassageID{"a#0", "a#2", "b#1"}; !slices.Equal(got, want) {
		t.Errorf("WithoutVector = %v, want %v", got, want)
	}
	if n, err := s.CountWithoutVector(t.Context(), "m"); n != 4 || err != nil {
		t.Errorf("CountWithoutVector = %d, %v, want 4", n, err)
	}
	if got := lackingIDs(t, s, "other", 100); len(got) != 6 {
		t.Errorf("WithoutVector of another model = %v, want all six", got)
	}
}

func TestDamagedArticleDoesNotStopTheQueue(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	corrupt(t, s, `UPDATE articles SET text = 'x' || text WHERE id = 'a'`)
	if got := lackingIDs(t, s, "m", 1); !slices.Equal(got, []corpus.PassageID{"b#0"}) {
		t.Errorf("WithoutVector = %v, want b#0", got)
	}
}

func TestVectorDoesNotOutliveItsText(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	v := randomVector(rand.New(rand.NewPCG(1, 2)), 8)
	old := PassageVector{Article: "a", N: 0, Vector: v, Text: testRecord("a", 1).Passages[0].Text}
	mustSaveVectors(t, s, "m", old, PassageVector{Article: "b", N: 0, Vector: v})
	mustSave(t, s, testRecord("a", 2))
	mustSaveVectors(t, s, "m", old, PassageVector{Article: "gone", N: 0, Vector: v}, PassageVector{Article: "b", N: 9, Vector: v})
	if got := vectorsOf(t, s, "m"); len(got) != 1 || got[0].Article != "b" {
		t.Errorf("Vectors = %v, want that of b only", got)
	}
	checkClean(t, s)
}

func TestSaveVectorsRefuses(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	good := randomVector(rand.New(rand.NewPCG(1, 2)), 3)
	mustSaveVectors(t, s, "m", PassageVector{Article: "a", N: 0, Vector: good})
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for name, bad := range map[string]Vector{
		"an empty one":        {},
		"zero":                {0, 0, 0},
		"NaN":                 {nan, 0, 0},
		"infinity":            {inf, 0, 0},
		"a long one":          {1, 1, 1},
		"another dimension":   {1, 0},
		"an overflowing norm": {math.MaxFloat32, math.MaxFloat32, 0},
	} {
		t.Run(name, func(t *testing.T) {
			batch := []PassageVector{{Article: "a", N: 1, Vector: good}, {Article: "a", N: 2, Vector: bad}}
			if name == "another dimension" {
				batch = batch[1:]
			}
			if err := s.SaveVectors(t.Context(), "m", batch); err == nil {
				t.Error("SaveVectors took it")
			}
			if got := vectorsOf(t, s, "m"); len(got) != 1 {
				t.Errorf("Vectors = %v, want the first only", got)
			}
		})
	}
}

func TestDropVectorsLeavesOtherModels(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1), testRecord("b", 1))
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, model := range []string{"old", "new"} {
		mustSaveVectors(t, s, model, PassageVector{Article: "a", Vector: randomVector(rnd, 4)}, PassageVector{Article: "b", Vector: randomVector(rnd, 4)})
	}
	if err := s.DropVectors(t.Context(), "old"); err != nil {
		t.Fatal(err)
	}
	got, err := s.VectorModels(t.Context())
	if err != nil || !reflect.DeepEqual(got, map[string]int{"new": 2}) {
		t.Errorf("models %v, %v", got, err)
	}
	if got := len(vectorsOf(t, s, "new")); got != 2 {
		t.Errorf("%d vectors are left, want 2", got)
	}
}

func TestANewTitleWantsNewVectors(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	mustSave(t, s, testRecord("a", 1))
	v := randomVector(rand.New(rand.NewPCG(1, 2)), 8)
	title, outlet := "Another title", "AP"
	for _, tt := range []struct {
		edit Edit
		left int
	}{{Edit{Outlet: &outlet}, 1}, {Edit{Title: &title}, 0}} {
		mustSaveVectors(t, s, "m", PassageVector{Article: "a", Vector: v})
		if err := s.Edit(t.Context(), "a", tt.edit); err != nil {
			t.Fatal(err)
		}
		if got := len(vectorsOf(t, s, "m")); got != tt.left {
			t.Errorf("%d vectors are left, want %d", got, tt.left)
		}
	}
}
