package bert

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A pooling says how the vectors of the tokens become the vector of the text.
type pooling int

const (
	meanPooling pooling = iota // their mean
	clsPooling                 // that of the first token, [CLS]
)

// A layer is one layer of the encoder.
type layer struct {
	query, key, value, attention linear
	attentionNorm                norm
	up, down                     linear
	outputNorm                   norm
}

// A network is a BERT encoder. It is safe for concurrent use and must not be
// copied.
type network struct {
	heads            int
	epsilon          float32
	pooling          pooling
	words, positions matrix
	kind             []float32 // that of a text which stands alone
	norm             norm
	layers           []layer

	scratches sync.Pool // of *scratch
}

// groupTokens bounds what one goroutine holds at a time. Its work then stays in
// the outer caches, and reading the weights once more a group does not show.
const groupTokens = 512

// A text is a place in a batch and the ids there.
type text struct {
	at  int
	ids []int32
}

// embed returns one vector a text, in the order of batch, each of length 1; if
// the weights are so large that the sums overflow, it is one of another length
// or not finite. It runs on up to GOMAXPROCS processors, one text on the
// caller's. Every text has at least one id, at most as many as there are
// positions, and none that is not a row of words. The only error is that of a
// ctx that ended.
func (n *network) embed(ctx context.Context, batch [][]int32) ([][]float32, error) {
	return n.embedBy(ctx, fastest(), batch)
}

func (n *network) embedBy(ctx context.Context, k kernels, batch [][]int32) ([][]float32, error) {
	vectors := make([][]float32, len(batch))
	todo := groups(batch)
	var taken atomic.Int64
	work := func() {
		s := n.scratch()
		defer n.scratches.Put(s)
		for ctx.Err() == nil {
			i := int(taken.Add(1)) - 1
			if i >= len(todo) {
				return
			}
			n.forward(ctx, k, todo[i], s, vectors)
		}
	}
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(todo)) - 1 {
		workers.Go(work)
	}
	work()
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return vectors, nil
}

// groups cuts a batch into what is embedded together: texts of at most
// groupTokens tokens in all, or one text. The longest come first, so that the
// last goroutines to end have little left.
func groups(batch [][]int32) [][]text {
	texts := make([]text, len(batch))
	for i, ids := range batch {
		texts[i] = text{i, ids}
	}
	slices.SortFunc(texts, func(a, b text) int {
		return cmp.Or(len(b.ids)-len(a.ids), a.at-b.at)
	})
	var all [][]text
	for len(texts) > 0 {
		n, tokens := 1, len(texts[0].ids)
		for n < len(texts) && tokens+len(texts[n].ids) <= groupTokens {
			tokens += len(texts[n].ids)
			n++
		}
		all = append(all, texts[:n])
		texts = texts[n:]
	}
	return all
}

// forward embeds texts, to their places in vectors; not, if ctx ends. The rows
// of all tokens go through the linear maps together; only attention looks from
// one row to another, a text at a time.
func (n *network) forward(ctx context.Context, k kernels, texts []text, s *scratch, vectors [][]float32) {
	s.fit(n, texts)
	n.read(k, texts, s)
	for i := range n.layers {
		if ctx.Err() != nil {
			return
		}
		n.layers[i].forward(k, n, texts, s)
	}
	row := 0
	for _, t := range texts {
		vectors[t.at] = n.pool(s.x.rowRange(row, row+len(t.ids)))
		row += len(t.ids)
	}
}

// read sets s.x to the rows of the tokens: word, place and kind.
func (n *network) read(k kernels, texts []text, s *scratch) {
	row := 0
	for _, t := range texts {
		for place, id := range t.ids {
			x, y := s.x.row(row), s.key.row(row)
			n.words.read(k, x, int(id))
			n.positions.read(k, y, place)
			for i, v := range n.kind {
				y[i] += v
			}
			k.addNorm(x, y, n.norm, n.epsilon)
			row++
		}
	}
}

// forward takes s.x through the layer. The memory of the keys serves for what
// is added to s.x, since they are done with by then.
func (l *layer) forward(k kernels, n *network, texts []text, s *scratch) {
	l.query.apply(k, s.query, s.x, s.panel)
	l.key.apply(k, s.key, s.x, s.panel)
	l.value.apply(k, s.value, s.x, s.panel)
	row := 0
	for _, t := range texts {
		end := row + len(t.ids)
		attend(k, n.heads, s.query.rowRange(row, end), s.key.rowRange(row, end), s.value.rowRange(row, end), s)
		row = end
	}
	l.attention.apply(k, s.key, s.query, s.panel)
	addNorms(k, s.x, s.key, l.attentionNorm, n.epsilon)

	l.up.apply(k, s.inner, s.x, s.panel)
	k.gelu(s.inner.data)
	l.down.apply(k, s.key, s.inner, s.panel)
	addNorms(k, s.x, s.key, l.outputNorm, n.epsilon)
}

func addNorms(k kernels, x, y grid, n norm, epsilon float32) {
	for i := range x.rows {
		k.addNorm(x.row(i), y.row(i), n, epsilon)
	}
}

// pool makes the vector of a text of the rows of its tokens.
func (n *network) pool(tokens grid) []float32 {
	v := slices.Clone(tokens.row(0))
	if n.pooling == meanPooling {
		for i := 1; i < tokens.rows; i++ {
			for j, x := range tokens.row(i) {
				v[j] += x
			}
		}
	}
	toUnit(v)
	return v
}

// toUnit scales v to length 1, or lets it be if it has no length to scale.
func toUnit(v []float32) {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	if squares > 0 && !math.IsInf(squares, 1) {
		for i, x := range v {
			v[i] = float32(float64(x) / math.Sqrt(squares))
		}
	}
}

// scratch is the memory of one goroutine at work, kept between calls: the
// grids have a row a token.
type scratch struct {
	x, query, key, value, inner grid
	turned, scores, panel       []float32
}

// scratch is one that nobody uses.
func (n *network) scratch() *scratch {
	if s, ok := n.scratches.Get().(*scratch); ok {
		return s
	}
	return &scratch{}
}

// fit makes room for texts.
func (s *scratch) fit(n *network, texts []text) {
	hidden, inner := n.words.cols, 0
	for i := range n.layers {
		inner = max(inner, n.layers[i].up.weight.rows)
	}
	rows, longest := 0, 0
	for _, t := range texts {
		rows += len(t.ids)
		longest = max(longest, len(t.ids))
	}
	for _, g := range []*grid{&s.x, &s.query, &s.key, &s.value} {
		*g = newGrid(room(g.data, rows*hidden), rows, hidden)
	}
	s.inner = newGrid(room(s.inner.data, rows*inner), rows, inner)
	s.turned = room(s.turned, longest*hidden/n.heads)
	s.scores = room(s.scores, min(longest, queryRows)*padded(longest))
	s.panel = room(s.panel, max(panelRows(hidden)*hidden, panelRows(max(inner, 1))*inner))
}

// room is n numbers in the memory of buf, or in new memory if that is too
// small. What they are is not said.
func room(buf []float32, n int) []float32 {
	if cap(buf) < n {
		return make([]float32, n)
	}
	return buf[:n]
}
