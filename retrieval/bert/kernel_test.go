package bert

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// kernelSets are those that this processor can run.
func kernelSets() map[string]kernels {
	return map[string]kernels{"portable": portable(), "fastest": fastest()}
}

// eachSet runs a test with every set of kernels.
func eachSet(t *testing.T, test func(t *testing.T, k kernels)) {
	for name, k := range kernelSets() {
		t.Run(name, func(t *testing.T) { test(t, k) })
	}
}

func randomFloats(r *rand.Rand, n int, deviation float64) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(r.NormFloat64() * deviation)
	}
	return v
}

// randomGrid has memory between its rows if gap is not 0.
func randomGrid(r *rand.Rand, rows, cols, gap int) grid {
	return grid{randomFloats(r, rows*(cols+gap), 1), rows, cols, cols + gap}
}

// near reports whether got is want but for rounding in sums of about 1.
func near(got, want float64) bool { return math.Abs(got-want) <= 1e-5*(1+math.Abs(want)) }

func exactDot(a, b []float32) (sum float64) {
	for i, v := range a {
		sum += float64(v) * float64(b[i])
	}
	return sum
}

func TestDots(t *testing.T) {
	shapes := []struct{ rows, outputs, k, gap int }{
		{0, 5, 3, 0}, {1, 1, 1, 0}, {1, 4, 8, 0}, {1, 7, 9, 2}, {2, 4, 16, 0}, {3, 3, 7, 1}, {3, 4, 1, 0},
		{4, 8, 24, 8}, {5, 5, 26, 3}, {6, 13, 31, 0}, {7, 6, 33, 5}, {8, 384, 32, 0}, {16, 12, 384, 0},
		{17, 9, 383, 1}, {10, 21, 100, 60}, {2, 2, 0, 0}, {3, 8, 0, 0},
	}
	eachSet(t, func(t *testing.T, k kernels) {
		for _, s := range shapes {
			for _, biased := range []bool{false, true} {
				t.Run(fmt.Sprint(s, biased), func(t *testing.T) { checkDots(t, k, s.rows, s.outputs, s.k, s.gap, biased) })
			}
		}
	})
}

func checkDots(t *testing.T, k kernels, rows, outputs, n, gap int, biased bool) {
	r := rand.New(rand.NewPCG(uint64(rows), uint64(n)))
	a, w, c := randomGrid(r, rows, n, gap), randomGrid(r, outputs, n, gap), randomGrid(r, rows, outputs, gap+1)
	before := append([]float32(nil), c.data...)
	bias := make([]float32, outputs)
	if biased {
		bias = randomFloats(r, outputs, 1)
		k.dots(c, a, w, bias)
	} else {
		k.dots(c, a, w, nil)
	}
	for i, got := range c.data {
		row, col := i/c.stride, i%c.stride
		want, slack := float64(before[i]), 0.0 // between the rows
		if col < outputs {
			want = exactDot(a.row(row), w.row(col)) + float64(bias[col])
			slack = 1e-5 * math.Sqrt(float64(1+n))
		}
		if !(math.Abs(float64(got)-want) <= slack) {
			t.Fatalf("at %d, %d: got %v, want %v", row, col, got, want)
		}
	}
}

func TestDotsOfARowDoNotDependOnItsNeighbours(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		r := rand.New(rand.NewPCG(1, 2))
		a, w := randomGrid(r, 11, 50, 0), randomGrid(r, 13, 50, 0)
		all := newGrid(make([]float32, 11*13), 11, 13)
		k.dots(all, a, w, nil)
		for i := range a.rows {
			alone := newGrid(make([]float32, 13), 1, 13)
			k.dots(alone, a.rowRange(i, i+1), w, nil)
			if got, want := fmt.Sprint(alone.row(0)), fmt.Sprint(all.row(i)); got != want {
				t.Fatalf("row %d alone: got %s, among others %s", i, got, want)
			}
		}
	})
}

func TestDotsRefusesGridsThatEndTooEarly(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		a := grid{make([]float32, 31), 2, 16, 16}
		w := newGrid(make([]float32, 64), 4, 16)
		c := newGrid(make([]float32, 8), 2, 4)
		defer func() {
			if recover() == nil {
				t.Error("read past the end of a grid")
			}
		}()
		k.dots(c, a, w, nil)
	})
}

func TestWiden(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		for _, n := range []int{0, 1, 7, 8, 9, 255, 256} {
			src, dst := make([]int8, n), make([]float32, n)
			for i := range src {
				src[i] = int8(i - 128)
			}
			k.widen(dst, src, 0.37)
			for i, v := range src {
				if want := float32(v) * 0.37; dst[i] != want {
					t.Fatalf("%d numbers: %d became %v, want %v", n, v, dst[i], want)
				}
			}
		}
	})
}

func TestAddNorm(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		for _, n := range []int{1, 3, 8, 12, 16, 384, 385} {
			r := rand.New(rand.NewPCG(3, uint64(n)))
			x, y := randomFloats(r, n, 2), randomFloats(r, n, 1)
			l := norm{randomFloats(r, n, 1), randomFloats(r, n, 1)}
			want := exactAddNorm(x, y, l, 1e-5)
			k.addNorm(x, y, l, 1e-5)
			for i := range x {
				if !near(float64(x[i]), want[i]) {
					t.Fatalf("%d numbers, at %d: got %v, want %v", n, i, x[i], want[i])
				}
			}
		}
	})
}

func TestAddNormOfEqualNumbersIsTheBias(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		x, y := make([]float32, 16), make([]float32, 16)
		l := norm{randomFloats(rand.New(rand.NewPCG(4, 4)), 16, 1), make([]float32, 16)}
		for i := range x {
			x[i], l.bias[i] = 3, float32(i)
		}
		k.addNorm(x, y, l, 1e-12)
		for i, v := range x {
			if v != float32(i) {
				t.Fatalf("at %d: got %v", i, v)
			}
		}
	})
}
