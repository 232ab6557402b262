package bert

import "math"

// The curves are polynomials that were fitted for the least largest error
// (Lawson's weights over Chebyshev points), with terms from the constant up.

// exp2Terms give 2^x for x in [-½, ½] with a relative error below 1e-7.
func exp2Terms() [6]float32 {
	return [6]float32{1.0000001, 0.69314694, 0.2402212, 0.05550713, 0.009675542, 0.0013276472}
}

// tailTerms give the binary logarithm of the share of a standard normal
// distribution that lies above x in [0, tailEnd], so well that x times the
// share is right to 6e-8.
func tailTerms() [7]float32 {
	return [7]float32{-0.9999931, -1.1512017, -0.45877096, -0.05341212, 0.008080729, -0.00076922425, 3.3093424e-5}
}

const (
	tailEnd   = 6    // x times the share above it is 6e-9 there and less beyond
	leastExp2 = -100 // what has a smaller logarithm is as good as none, and subnormal numbers are slow
)

// exp2 is 2^t for t from leastExp2 to 126.
func exp2(t float32) float32 {
	n := float32(math.RoundToEven(float64(t)))
	c := exp2Terms()
	f := t - n
	p := ((((c[5]*f+c[4])*f+c[3])*f+c[2])*f+c[1])*f + c[0]
	return math.Float32frombits(math.Float32bits(p) + uint32(int32(n)<<23))
}

// gelu takes what a positive x lacks to x, which is also what a negative x is
// below 0: |x| times the share of the distribution above |x|. No difference of
// near numbers is in it, so that the error stays that of rounding.
func gelu(x []float32) {
	c := tailTerms()
	for i, v := range x {
		a := min(max(v, -v), tailEnd)
		t := (((((c[6]*a+c[5])*a+c[4])*a+c[3])*a+c[2])*a+c[1])*a + c[0]
		x[i] = max(v, 0) - a*exp2(t)
	}
}

func softmax(x []float32, scale float32) {
	most := float32(math.Inf(-1))
	for _, v := range x {
		most = max(most, v)
	}
	scale *= math.Log2E
	var sum float32
	for i, v := range x {
		x[i] = exp2(max((v-most)*scale, leastExp2))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}
