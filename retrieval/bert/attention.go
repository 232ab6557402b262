package bert

import "math"

// queryRows is how many rows of one head are attended from at a time: few
// enough that their scores stay in the nearest caches with texts of any
// length, and a multiple of three, which the kernels like.
const queryRows = 48

// attend replaces the queries of one text by what its heads gather of the
// values. All have a row a token.
func attend(k kernels, heads int, query, key, value grid, s *scratch) {
	size := query.cols / heads
	for h := range heads {
		from, to := h*size, (h+1)*size
		turned := turn(s.turned, value.colRange(from, to))
		for i := 0; i < query.rows; i += queryRows {
			q := query.colRange(from, to).rowRange(i, min(i+queryRows, query.rows))
			shares := s.shares(k, q, key.colRange(from, to))
			k.dots(q, shares, turned, nil)
		}
	}
}

// shares are how much each row of q takes of each row of key.
func (s *scratch) shares(k kernels, q, key grid) grid {
	g := grid{s.scores, q.rows, key.rows, padded(key.rows)}
	k.dots(g, q, key, nil)
	scale := float32(1 / math.Sqrt(float64(q.cols)))
	for i := range g.rows {
		row := g.data[i*g.stride:][:g.stride]
		for j := g.cols; j < g.stride; j++ {
			row[j] = -math.MaxFloat32
		}
		k.softmax(row, scale)
	}
	return g
}

// turn writes g to buf with its columns as rows.
func turn(buf []float32, g grid) grid {
	t := newGrid(buf, g.cols, g.rows)
	for i := range g.rows {
		for j, v := range g.row(i) {
			t.data[j*t.stride+i] = v
		}
	}
	return t
}

// padded is n, rounded up to what the kernels take at once.
func padded(n int) int { return (n + lanes - 1) &^ (lanes - 1) }
