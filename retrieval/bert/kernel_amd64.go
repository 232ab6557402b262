package bert

import (
	"math"

	"golang.org/x/sys/cpu"
)

// fastest are the best kernels for this processor.
func fastest() kernels {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return portable()
	}
	return kernels{
		dots:    dotsWide,
		widen:   widenWide,
		addNorm: addNormWide,
		gelu:    geluWide,
		softmax: softmaxWide,
	}
}

// dotsWide takes w by four rows, and a by three or two: with three, twelve
// sums stay in registers, and the loads of seven rows feed them.
func dotsWide(c, a, w grid, bias []float32) {
	if a.rows == 0 {
		return
	}
	if w.rows < 4 || a.cols == 0 {
		dots(c, a, w, bias)
		return
	}
	if !c.holds() || !a.holds() || !w.holds() || c.rows < a.rows || c.cols < w.rows || w.cols < a.cols ||
		bias != nil && len(bias) < w.rows {
		panic("bert: grids that do not fit together")
	}
	dotsBlocks(c, a, w, bias, 0, w.rows&^3)
	if w.rows%4 != 0 { // four that partly have been
		dotsBlocks(c, a, w, bias, w.rows-4, 4)
	}
}

// dotsBlocks does n rows of w, a multiple of four.
func dotsBlocks(c, a, w grid, bias []float32, from, n int) {
	var b *float32
	if bias != nil {
		b = &bias[from]
	}
	first := &w.data[from*w.stride]
	for i := 0; i < a.rows; {
		out, in := &c.data[i*c.stride+from], &a.data[i*a.stride]
		switch left := a.rows - i; left {
		case 1: // alone: it is done twice, to the same end
			dots2x4(out, in, first, b, n, a.cols, 0, 0, w.stride)
			i++
		case 2, 4:
			dots2x4(out, in, first, b, n, a.cols, c.stride, a.stride, w.stride)
			i += 2
		default:
			dots3x4(out, in, first, b, n, a.cols, c.stride, a.stride, w.stride)
			i += 3
		}
	}
}

func widenWide(dst []float32, src []int8, scale float32) {
	n := len(src) &^ (lanes - 1)
	dst = dst[:len(src)]
	if n > 0 {
		widen8(&dst[0], &src[0], n, scale)
	}
	widen(dst[n:], src[n:], scale)
}

func addNormWide(x, y []float32, n norm, epsilon float32) {
	if len(x) == 0 || len(x)%lanes != 0 {
		addNorm(x, y, n, epsilon)
		return
	}
	y, weight, bias := y[:len(x)], n.weight[:len(x)], n.bias[:len(x)]
	addNorm8(&x[0], &y[0], &weight[0], &bias[0], len(x), epsilon)
}

func geluWide(x []float32) {
	n := len(x) &^ (lanes - 1)
	if n > 0 {
		tail, power := tailTerms(), exp2Terms()
		gelu8(&x[0], n, tailEnd, &tail, &power)
	}
	gelu(x[n:])
}

func softmaxWide(x []float32, scale float32) {
	if len(x) == 0 || len(x)%lanes != 0 {
		softmax(x, scale)
		return
	}
	power := exp2Terms()
	softmax8(&x[0], len(x), scale*math.Log2E, leastExp2, &power)
}

// dots3x4 sets c[i][j] to the dot product of a[i] and w[j], over k > 0
// numbers, plus bias[j] unless bias is nil, for three rows of a and n of w, a
// multiple of four. The strides of c, a and w count numbers.
//
//go:noescape
func dots3x4(c, a, w, bias *float32, n, k, cs, as, ws int)

// dots2x4 is dots3x4 for two rows of a.
//
//go:noescape
func dots2x4(c, a, w, bias *float32, n, k, cs, as, ws int)

// In the kernels below, n > 0 is a multiple of 8.

//go:noescape
func widen8(dst *float32, src *int8, n int, scale float32)

//go:noescape
func addNorm8(x, y, weight, bias *float32, n int, epsilon float32)

//go:noescape
func gelu8(x *float32, n int, end float32, tail *[7]float32, power *[6]float32)

// softmax8 takes powers of two: factor is the scale in binary logarithms.
//
//go:noescape
func softmax8(x *float32, n int, factor, least float32, power *[6]float32)
