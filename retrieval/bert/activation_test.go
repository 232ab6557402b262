package bert

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func exactGelu(x float64) float64 { return x / 2 * math.Erfc(-x/math.Sqrt2) }

func TestGeluIsExactToAMillionth(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		const steps = 1 << 18
		x := make([]float32, steps+3)
		for i := range x {
			x[i] = float32(i-steps/2) * (20. / steps)
		}
		got := append([]float32(nil), x...)
		k.gelu(got)
		for i, v := range x {
			if want := exactGelu(float64(v)); math.Abs(float64(got[i])-want) > 1e-6 {
				t.Fatalf("of %v: got %v, want %v", v, got[i], want)
			}
		}
	})
}

func TestGeluFarOut(t *testing.T) {
	inf := float32(math.Inf(1))
	for _, v := range []float32{0, 1e-45, 1e-30, 5.999, 6, 6.001, 40, 1e10, math.MaxFloat32, inf} {
		eachSet(t, func(t *testing.T, k kernels) {
			up, down := make([]float32, 9), make([]float32, 9)
			for i := range up {
				up[i], down[i] = v, -v
			}
			k.gelu(up)
			k.gelu(down)
			for i := range up {
				if want := exactGelu(float64(v)); v != inf && !near(float64(up[i]), want) || v == inf && up[i] != inf {
					t.Errorf("of %v: got %v, want %v", v, up[i], want)
				}
				if want := exactGelu(-min(float64(v), 100)); !(math.Abs(float64(down[i])-want) <= 1e-6) {
					t.Errorf("of %v: got %v, want %v", -v, down[i], want)
				}
			}
		})
	}
}

// What is no number must show in the vector, which is then refused.
func TestWhatIsNoNumberStaysNone(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	eachSet(t, func(t *testing.T, k kernels) {
		x := []float32{1, 2, nan, 4, 5, 6, 7, 8, nan}
		k.gelu(x)
		if !isNaN(x[2]) || !isNaN(x[8]) || isNaN(x[1]) {
			t.Errorf("gelu gives %v", x)
		}
		for _, row := range [][]float32{{1, nan, 3, 4, 5, 6, 7, 8}, {nan, 1, 1, 1, 1, 1, 1, 1}, {1, 2, 3, inf, 5, 6, 7, 8}} {
			k.softmax(row, 1)
			if !slices.ContainsFunc(row, isNaN) {
				t.Errorf("softmax gives %v", row)
			}
		}
	})
}

func isNaN(x float32) bool { return x != x }

func TestSoftmax(t *testing.T) {
	const none = -math.MaxFloat32
	r := rand.New(rand.NewPCG(5, 6))
	rows := map[string][]float32{
		"equal":       {2, 2, 2, 2, 2, 2, 2, 2},
		"one":         {7, none, none, none, none, none, none, none},
		"filled up":   {0.5, 0.25, -3, 0.125, none, none, none, none},
		"huge":        {3e30, -3e30, 3e30, 0, 1, 2, 3, 4},
		"largest":     {math.MaxFloat32, 0, none, 1, none, none, none, none},
		"far apart":   {-1e4, 0, 1e4, 5, 90, 1e4 - 3, 87.5, -87.5},
		"all far off": {-1e9, -1e9, -1e9, -1e9, -1e9, -1e9, -1e9, -1e9},
		"random":      randomFloats(r, 264, 10),
		"small":       randomFloats(r, 64, 1e-3),
	}
	eachSet(t, func(t *testing.T, k kernels) {
		for name, row := range rows {
			got := append([]float32(nil), row...)
			k.softmax(got, 0.25)
			for i, want := range exactSoftmax(row, 0.25) {
				if !(math.Abs(float64(got[i])-want) <= 1e-6) {
					t.Errorf("%s, at %d: got %v, want %v", name, i, got[i], want)
				}
			}
		}
	})
}

func TestExp2(t *testing.T) {
	for x := float32(leastExp2); x <= 126; x += 0.00317 {
		if got, want := float64(exp2(x)), math.Exp2(float64(x)); math.Abs(got/want-1) > 3e-7 {
			t.Fatalf("2^%v: got %v, want %v", x, got, want)
		}
	}
}

// exactSoftmax are the shares of x in proportion to exp(scale*x).
func exactSoftmax(x []float32, scale float64) []float64 {
	most := math.Inf(-1)
	for _, v := range x {
		most = max(most, float64(v))
	}
	shares, sum := make([]float64, len(x)), 0.0
	for i, v := range x {
		shares[i] = math.Exp((float64(v) - most) * scale)
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}
