package bert

import "math"

// kernels are the loops that take the time. All sets give the same results
// within rounding, and one set gives a row the same bits whatever stands in
// the rows beside it.
type kernels struct {
	// dots sets c[i][j] to the dot product of a[i] and w[j], plus bias[j]
	// unless bias is nil.
	dots func(c, a, w grid, bias []float32)
	// widen sets each dst[i] to src[i] times scale.
	widen func(dst []float32, src []int8, scale float32)
	// addNorm adds y to x and normalises the sum, in x.
	addNorm func(x, y []float32, n norm, epsilon float32)
	// gelu replaces each x by x times the share of a standard normal
	// distribution below x, to 1e-6.
	gelu func(x []float32)
	// softmax replaces x by shares of 1 in proportion to exp(scale*x). What is
	// more than a hundred powers of two below the largest gets next to
	// nothing. The length of x is a multiple of lanes; -math.MaxFloat32 fills
	// it up.
	softmax func(x []float32, scale float32)
}

// lanes is how many float32 the widest kernels take at once.
const lanes = 8

// portable are the kernels for any processor.
func portable() kernels {
	return kernels{dots: dots, widen: widen, addNorm: addNorm, gelu: gelu, softmax: softmax}
}

func dots(c, a, w grid, bias []float32) {
	for i := range a.rows {
		x, out := a.row(i), c.row(i)
		j := 0
		for ; j+4 <= w.rows; j += 4 {
			out[j], out[j+1], out[j+2], out[j+3] = dot4(x, w.row(j), w.row(j+1), w.row(j+2), w.row(j+3))
		}
		for ; j < w.rows; j++ {
			out[j] = dot(x, w.row(j))
		}
		for j, b := range bias {
			out[j] += b
		}
	}
}

// dot4 is the dot products of x with four rows of its length: four sums keep
// additions under way that one would wait for, and eight do not fit registers.
func dot4(x, a, b, c, d []float32) (s, t, u, v float32) {
	n := len(x)
	a, b, c, d = a[:n], b[:n], c[:n], d[:n]
	for i, y := range x {
		s += y * a[i]
		t += y * b[i]
		u += y * c[i]
		v += y * d[i]
	}
	return s, t, u, v
}

func dot(x, y []float32) float32 {
	var sum float32
	for i, v := range x {
		sum += v * y[i]
	}
	return sum
}

func widen(dst []float32, src []int8, scale float32) {
	for i, v := range src {
		dst[i] = float32(v) * scale
	}
}

func addNorm(x, y []float32, n norm, epsilon float32) {
	var sum, squares float32
	for i, v := range y {
		x[i] += v
		sum += x[i]
	}
	mean := sum / float32(len(x))
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	scale := 1 / float32(math.Sqrt(float64(squares/float32(len(x))+epsilon)))
	for i, v := range x {
		x[i] = (v-mean)*scale*n.weight[i] + n.bias[i]
	}
}
