package retrieval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

func newTestVectors(t *testing.T, vecs map[string]Vector) *vectors {
	t.Helper()
	v := newVectors("test")
	for key, vec := range vecs {
		if err := v.add(t.Context(), key, vec); err != nil {
			t.Fatal(err)
		}
	}
	return v
}

func keysNear(t *testing.T, v *vectors, query Vector, n int, keep func(string) bool) string {
	t.Helper()
	found, err := v.nearest(t.Context(), query, n, keep)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, f := range found {
		keys = append(keys, f.key)
	}
	return strings.Join(keys, " ")
}

var compass = map[string]Vector{"east": {1, 0}, "northeast": {1, 1}, "north": {0, 1}, "west": {-1, 0}}

func TestVectorsNearest(t *testing.T) {
	tests := []struct {
		name  string
		query Vector
		n     int
		keep  func(string) bool
		want  string
	}{
		{"the highest cosine comes first", Vector{1, .1}, 4, nil, "east northeast north west"},
		{"no more than n", Vector{1, .1}, 2, nil, "east northeast"},
		{"no more than there are", Vector{1, .1}, math.MaxInt32, nil, "east northeast north west"},
		{"none for n 0", Vector{1, .1}, 0, nil, ""},
		{"none for a negative n", Vector{1, .1}, -1, nil, ""},
		{"the filter comes before the cut", Vector{1, .1}, 1, func(k string) bool { return k == "west" }, "west"},
		{"a filter may refuse all", Vector{1, .1}, 4, func(string) bool { return false }, ""},
		{"equals are ordered by key", Vector{0, 1}, 4, nil, "north northeast east west"},
		{"the length of a query is nothing", Vector{100, 10}, 1, nil, "east"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := keysNear(t, newTestVectors(t, compass), tt.query, tt.n, tt.keep); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVectorsOfNothingFindNothing(t *testing.T) {
	v := newVectors("test")
	if got := keysNear(t, v, Vector{1, 0}, 3, nil); got != "" || v.len() != 0 {
		t.Errorf("found %q among %d", got, v.len())
	}
	if _, ok := v.cosine("east", Vector{1, 0}); ok {
		t.Error("a key without a vector has a cosine")
	}
	if err := v.remove(t.Context(), "east"); err != nil {
		t.Error(err)
	}
}

func TestVectorsOrderTiesAtTheCutByKey(t *testing.T) {
	v := newVectors("test")
	for i := range 50 {
		if err := v.add(t.Context(), fmt.Sprintf("%02d", 49-i), Vector{1, 0}); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if got := keysNear(t, v, Vector{1, 0}, 3, nil); got != "00 01 02" {
			t.Fatalf("got %q", got)
		}
	}
}

// TestVectorsNearestIsExact holds nearest to a plain scan and sort, on vectors
// with many ties and under filters from lax to strict.
func TestVectorsNearestIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	coarse := func() Vector {
		return Vector{1, float32(random.IntN(4)), float32(random.IntN(4))}
	}
	v := newVectors("test")
	var keys []string
	for i := range 200 {
		keys = append(keys, fmt.Sprintf("key %d", i))
		if err := v.add(t.Context(), keys[i], coarse()); err != nil {
			t.Fatal(err)
		}
	}
	for range 200 {
		query, n, modulus := coarse(), 1+random.IntN(30), 1+random.IntN(60)
		keep := func(key string) bool { return slices.Index(keys, key)%modulus == 0 }
		var want []near
		for _, key := range keys {
			if c, _ := v.cosine(key, query); keep(key) {
				want = append(want, near{key, c})
			}
		}
		slices.SortFunc(want, func(a, b near) int {
			return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.key, b.key))
		})
		want = want[:min(n, len(want))]
		got, err := v.nearest(t.Context(), query, n, keep)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("query %v, n %d:\n got %v\nwant %v", query, n, got, want)
		}
	}
}

func TestVectorsRefuse(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name, key string
		vec       Vector
	}{
		{"no key", "", Vector{1, 0}},
		{"nil", "x", nil},
		{"zero", "x", Vector{0, 0}},
		{"not a number", "x", Vector{nan, 1}},
		{"infinite", "x", Vector{1, inf}},
		{"another dimension", "x", Vector{1, 0, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newTestVectors(t, compass)
			if err := v.add(t.Context(), tt.key, tt.vec); err == nil {
				t.Error("added")
			}
			if got := keysNear(t, v, Vector{1, .1}, 9, nil); got != "east northeast north west" {
				t.Errorf("afterwards %q is there", got)
			}
			if tt.key == "" {
				return
			}
			if _, err := v.nearest(t.Context(), tt.vec, 1, nil); err == nil {
				t.Error("searched for")
			}
			if _, ok := v.cosine("east", tt.vec); ok {
				t.Error("compared")
			}
		})
	}
}

func TestVectorsRefuseToReplaceByWhatIsBad(t *testing.T) {
	v := newTestVectors(t, compass)
	if err := v.add(t.Context(), "east", Vector{0, 0}); err == nil {
		t.Error("added")
	}
	if c, ok := v.cosine("east", Vector{1, 0}); !ok || c != 1 {
		t.Errorf("cosine of the old vector: %v, %v", c, ok)
	}
}

func TestVectorsAddReplaces(t *testing.T) {
	v := newTestVectors(t, compass)
	if err := v.add(t.Context(), "west", Vector{2, .2}); err != nil {
		t.Fatal(err)
	}
	if got := keysNear(t, v, Vector{1, .1}, 2, nil); got != "west east" || v.len() != 4 {
		t.Errorf("got %q among %d", got, v.len())
	}
}

func TestVectorsKeepACopy(t *testing.T) {
	v, vec := newVectors("test"), Vector{1, 0}
	if err := v.add(t.Context(), "east", vec); err != nil {
		t.Fatal(err)
	}
	vec[0] = -1
	if c, _ := v.cosine("east", Vector{1, 0}); c != 1 {
		t.Errorf("the cosine is %v after the caller changed its slice", c)
	}
}

func TestVectorsRemove(t *testing.T) {
	tests := []struct {
		name string
		keys []string
		want string
	}{
		{"the keys named and no others", []string{"east", "north"}, "northeast west"},
		{"nothing for a key that is not there", []string{"south"}, "east northeast north west"},
		{"nothing without keys", nil, "east northeast north west"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := newTestVectors(t, compass)
			if err := v.remove(t.Context(), tt.keys...); err != nil {
				t.Fatal(err)
			}
			if got := keysNear(t, v, Vector{1, .1}, 4, nil); got != tt.want {
				t.Errorf("left %q, want %q", got, tt.want)
			}
		})
	}
}

func TestVectorsAreUsableOnceEmptied(t *testing.T) {
	v := newTestVectors(t, map[string]Vector{"east": {1, 0}})
	if err := v.remove(t.Context(), "east"); err != nil {
		t.Fatal(err)
	}
	if got := keysNear(t, v, Vector{1, 0}, 1, nil); got != "" {
		t.Errorf("found %q", got)
	}
	if err := v.add(t.Context(), "north", Vector{0, 1}); err != nil {
		t.Error(err)
	}
}

func TestVectorsSayThatTheContextEnded(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	v := newTestVectors(t, compass)
	if err := v.add(ended, "south", Vector{0, -1}); !errors.Is(err, context.Canceled) {
		t.Errorf("add: %v", err)
	}
	if err := v.remove(ended, "east"); !errors.Is(err, context.Canceled) {
		t.Errorf("remove: %v", err)
	}
	if found, err := v.nearest(ended, Vector{1, 0}, 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("nearest: %v, %v", found, err)
	}
	if got := keysNear(t, v, Vector{1, .1}, 9, nil); got != "east northeast north west" {
		t.Errorf("afterwards %q is there", got)
	}
}

func TestVectorsCosine(t *testing.T) {
	v := newTestVectors(t, compass)
	for _, tt := range []struct {
		key  string
		want float64
	}{{"east", .6}, {"north", .8}, {"west", -.6}, {"northeast", 1.4 / math.Sqrt2}} {
		if got, ok := v.cosine(tt.key, Vector{3, 4}); !ok || math.Abs(got-tt.want) > 1e-6 {
			t.Errorf("%s: %v, %v, want %v", tt.key, got, ok, tt.want)
		}
	}
}

func TestVectorsAreSafeForConcurrentUse(t *testing.T) {
	v := newTestVectors(t, compass)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			key := fmt.Sprint("worker ", worker)
			for range 50 {
				err := errors.Join(
					v.add(t.Context(), key, Vector{1, 2}),
					v.remove(t.Context(), key))
				found, searchErr := v.nearest(t.Context(), Vector{1, 0}, v.len(), nil)
				if err = errors.Join(err, searchErr); err != nil || len(found) < len(compass) {
					t.Errorf("%d found: %v", len(found), err)
				}
			}
		})
	}
	wg.Wait()
	if v.len() != len(compass) {
		t.Errorf("%d are left", v.len())
	}
}

func TestUnitVector(t *testing.T) {
	for _, values := range [][]float32{{3, 4}, {1e-45}, {math.MaxFloat32, math.MaxFloat32}, {-1, 0, 1e-30}} {
		unit, err := unitVector(values)
		if err != nil {
			t.Errorf("%v: %v", values, err)
			continue
		}
		var sum float64
		for _, x := range unit {
			sum += float64(x) * float64(x)
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("%v: the square of its length is %v", values, sum)
		}
	}
}
