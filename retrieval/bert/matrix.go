package bert

// A matrix holds the weights of a linear map as PyTorch keeps them: row r is
// what output r is made of. They are either float, or small with the scales of
// runs of a row, as many a row: a weight is then its small number times the
// scale of its run. The memory is that
// of the model's file and is only read.
type matrix struct {
	rows, cols int
	float      []float32
	small      []int8
	scale      []float32
}

// A linear maps rows of weight.cols numbers to rows of weight.rows numbers.
type linear struct {
	weight matrix
	bias   []float32
}

// A norm is a layer normalisation.
type norm struct{ weight, bias []float32 }

// A grid is a view of rows of numbers in memory that it does not own. Row i
// begins at data[i*stride].
type grid struct {
	data               []float32
	rows, cols, stride int
}

// newGrid views data as rows without a gap.
func newGrid(data []float32, rows, cols int) grid {
	return grid{data[:rows*cols], rows, cols, cols}
}

func (g grid) row(i int) []float32 { return g.data[i*g.stride:][:g.cols:g.cols] }

func (g grid) rowRange(from, to int) grid {
	return grid{g.data[from*g.stride:], to - from, g.cols, g.stride}
}

func (g grid) colRange(from, to int) grid {
	return grid{g.data[min(from, len(g.data)):], g.rows, to - from, g.stride}
}

// holds reports whether all rows of g lie in its data.
func (g grid) holds() bool {
	return g.rows == 0 || g.cols <= g.stride && (g.rows-1)*g.stride+g.cols <= len(g.data)
}

// read writes row r to dst.
func (m matrix) read(k kernels, dst []float32, r int) {
	if m.small == nil {
		copy(dst, m.float[r*m.cols:][:m.cols])
		return
	}
	run := m.cols * m.rows / len(m.scale)
	for i := 0; i < m.cols; i += run {
		at := r*m.cols + i
		k.widen(dst[i:i+run], m.small[at:at+run], m.scale[at/run])
	}
}

// panel is the rows from up to to, as float32: where they lie, or written to
// buf if they are small.
func (m matrix) panel(k kernels, buf []float32, from, to int) grid {
	if m.small == nil {
		return newGrid(m.float[from*m.cols:], to-from, m.cols)
	}
	p := newGrid(buf, to-from, m.cols)
	for r := range p.rows {
		m.read(k, p.row(r), from+r)
	}
	return p
}

// panelSize is how many weights are widened at a time and then meet every row:
// 96 KiB of float32 leave room in a level-2 cache of 256 KiB and more.
const panelSize = 24 << 10

// panelRows is how many rows of cols weights are a panel.
func panelRows(cols int) int { return max(panelSize/cols&^3, 4) }

// apply sets each row of out to what l makes of the same row of in. buf has
// room for a panel.
func (l linear) apply(k kernels, out, in grid, buf []float32) {
	step := panelRows(l.weight.cols)
	for from := 0; from < l.weight.rows; from += step {
		to := min(from+step, l.weight.rows)
		k.dots(out.colRange(from, to), in, l.weight.panel(k, buf, from, to), l.bias[from:to])
	}
}
