package bert

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// A shape is what a network of random weights is made of.
type shape struct{ words, positions, hidden, inner, heads, layers int }

func randomNetwork(seed uint64, s shape, small bool) *network {
	r := rand.New(rand.NewPCG(seed, 1))
	weights := func(rows, cols int) matrix {
		m := matrix{rows: rows, cols: cols, float: randomFloats(r, rows*cols, 1/math.Sqrt(float64(cols)))}
		if small {
			return quantised(m)
		}
		return m
	}
	linears := func(rows, cols int) linear { return linear{weights(rows, cols), randomFloats(r, rows, 0.1)} }
	norms := func() norm {
		n := norm{randomFloats(r, s.hidden, 0.1), randomFloats(r, s.hidden, 0.1)}
		for i := range n.weight {
			n.weight[i]++
		}
		return n
	}
	n := &network{
		heads: s.heads, epsilon: 1e-12,
		words: weights(s.words, s.hidden), positions: weights(s.positions, s.hidden),
		kind: randomFloats(r, s.hidden, 0.1), norm: norms(),
	}
	for range s.layers {
		n.layers = append(n.layers, layer{
			query: linears(s.hidden, s.hidden), key: linears(s.hidden, s.hidden), value: linears(s.hidden, s.hidden),
			attention: linears(s.hidden, s.hidden), attentionNorm: norms(),
			up: linears(s.inner, s.hidden), down: linears(s.hidden, s.inner), outputNorm: norms(),
		})
	}
	return n
}

// runOf is how many weights share a scale: half a row, if it has halves.
func runOf(cols int) int {
	if cols%2 == 0 {
		return cols / 2
	}
	return cols
}

// quantised is m with small weights.
func quantised(m matrix) matrix {
	small := matrix{rows: m.rows, cols: m.cols}
	for run := range slices.Chunk(m.float, runOf(m.cols)) {
		scale := max(slices.Max(run), -slices.Min(run)) / 127
		small.scale = append(small.scale, scale)
		for _, v := range run {
			small.small = append(small.small, int8(math.Round(float64(v/scale))))
		}
	}
	return small
}

// widened is n with all its weights as float32.
func widened(n *network) *network {
	float := func(m matrix) matrix {
		f := matrix{rows: m.rows, cols: m.cols, float: make([]float32, m.rows*m.cols)}
		for i, v := range m.small {
			f.float[i] = float32(v) * m.scale[i/runOf(m.cols)]
		}
		return f
	}
	w := &network{heads: n.heads, epsilon: n.epsilon, pooling: n.pooling,
		words: float(n.words), positions: float(n.positions), kind: n.kind, norm: n.norm}
	for _, l := range n.layers {
		for _, m := range []*matrix{&l.query.weight, &l.key.weight, &l.value.weight, &l.attention.weight, &l.up.weight, &l.down.weight} {
			*m = float(*m)
		}
		w.layers = append(w.layers, l)
	}
	return w
}

// randomTexts have random ids and the lengths given.
func randomTexts(seed uint64, words int, lengths ...int) [][]int32 {
	r := rand.New(rand.NewPCG(seed, 2))
	batch := make([][]int32, len(lengths))
	for i, n := range lengths {
		for range n {
			batch[i] = append(batch[i], int32(r.IntN(words)))
		}
	}
	return batch
}

// embedded fails the test unless the batch is embedded.
func embedded(t *testing.T, n *network, k kernels, batch [][]int32) [][]float32 {
	t.Helper()
	vectors, err := n.embedBy(t.Context(), k, batch)
	if err != nil {
		t.Fatal(err)
	}
	return vectors
}

var tinyShapes = []shape{
	{words: 30, positions: 70, hidden: 16, inner: 32, heads: 2, layers: 2},
	{words: 30, positions: 70, hidden: 12, inner: 20, heads: 3, layers: 1}, // nothing is a multiple of 8
	{words: 30, positions: 70, hidden: 7, inner: 5, heads: 1, layers: 2},
	{words: 30, positions: 70, hidden: 2, inner: 3, heads: 2, layers: 1},
	{words: 30, positions: 70, hidden: 48, inner: 1030, heads: 4, layers: 1}, // panels of which the last is not full
	{words: 30, positions: 70, hidden: 8, inner: 8, heads: 8, layers: 0},
}

func TestNetworkIsBERT(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		for i, s := range tinyShapes {
			for _, p := range []pooling{meanPooling, clsPooling} {
				n := randomNetwork(uint64(i), s, false)
				n.pooling = p
				batch := randomTexts(uint64(i), s.words, 1, 2, 3, 5, 50, 64, 70)
				for j, got := range embedded(t, n, k, batch) {
					if d := distance(got, exactEmbed(n, batch[j])); !(d <= 2e-6) {
						t.Errorf("%+v, pooling %d, %d tokens: %v off", s, p, len(batch[j]), d)
					}
				}
			}
		}
	})
}

func TestSmallWeightsAreThoseTimesTheirScale(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		for i, s := range tinyShapes {
			n := randomNetwork(uint64(i), s, true)
			batch := randomTexts(3, s.words, 4, 33)
			want := embedded(t, widened(n), k, batch)
			for j, got := range embedded(t, n, k, batch) {
				if !slices.Equal(got, want[j]) {
					t.Errorf("%+v, %d tokens: %v off", s, len(batch[j]), distance(got, doubles(want[j])))
				}
			}
		}
	})
}

func TestATextGetsTheSameVectorInAnyBatch(t *testing.T) {
	eachSet(t, func(t *testing.T, k kernels) {
		n := randomNetwork(8, tinyShapes[0], false)
		var lengths []int
		for i := range 90 { // more than one group
			lengths = append(lengths, 1+i*37%70)
		}
		batch := randomTexts(8, 30, lengths...)
		for i, got := range embedded(t, n, k, batch) {
			if alone := embedded(t, n, k, batch[i:i+1])[0]; !slices.Equal(got, alone) {
				t.Fatalf("text %d of %d tokens: got %v, alone %v", i, len(batch[i]), got, alone)
			}
		}
	})
}

func TestGroupsHoldEveryTextOnceAndLittleAtATime(t *testing.T) {
	batch := randomTexts(9, 10, 3, 512, 40, 1, 300, 300, 2, 512, 90, 90, 90, 90, 90, 90)
	var seen []int
	last := math.MaxInt
	for _, g := range groups(batch) {
		tokens := 0
		for _, t := range g {
			seen = append(seen, t.at)
			tokens += len(t.ids)
		}
		if tokens > groupTokens || len(g[0].ids) > last {
			t.Errorf("a group of %d tokens, the first text of %d after one of %d", tokens, len(g[0].ids), last)
		}
		last = len(g[len(g)-1].ids)
	}
	slices.Sort(seen)
	if got := fmt.Sprint(seen); got != "[0 1 2 3 4 5 6 7 8 9 10 11 12 13]" {
		t.Errorf("got the texts %s", got)
	}
}

func TestNoTextsGiveNoVectors(t *testing.T) {
	if got := embedded(t, randomNetwork(1, tinyShapes[0], false), fastest(), nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestVectorsHaveLengthOneWhateverTheScaleOfTheWeights(t *testing.T) {
	for _, scale := range []float32{1e-30, 1, 1e15} {
		n := randomNetwork(2, tinyShapes[0], false)
		for _, m := range []norm{n.norm, n.layers[1].outputNorm} {
			for i := range m.weight {
				m.weight[i] *= scale
				m.bias[i] *= scale
			}
		}
		v := embedded(t, n, fastest(), randomTexts(1, 30, 9))[0]
		if length := math.Sqrt(exactDot(v, v)); !near(length, 1) {
			t.Errorf("weights of about %v: got a length of %v", scale, length)
		}
	}
}

func TestEmbedEndsWithItsContext(t *testing.T) {
	n := randomNetwork(3, tinyShapes[0], false)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	batch := randomTexts(3, 30, slices.Repeat([]int{60}, 40)...)
	if v, err := n.embed(canceled, batch); v != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %d vectors and %v", len(v), err)
	}
	if v, err := n.embed(late, batch[:1]); v != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too late: got %d vectors and %v", len(v), err)
	}
}

// distance is the largest difference of two vectors in one number.
func distance(got []float32, want []float64) (most float64) {
	for i, v := range got {
		most = max(most, math.Abs(float64(v)-want[i]))
	}
	return most
}

func doubles(v []float32) []float64 {
	d := make([]float64, len(v))
	for i, x := range v {
		d[i] = float64(x)
	}
	return d
}

// exactEmbed is BERT as its paper has it, in float64 and without haste.
func exactEmbed(n *network, ids []int32) []float64 {
	hidden := n.words.cols
	x := make([][]float64, len(ids))
	for i, id := range ids {
		x[i] = doubles(n.words.float[int(id)*hidden:][:hidden])
		for j := range x[i] {
			x[i][j] += float64(n.positions.float[i*hidden+j]) + float64(n.kind[j])
		}
		x[i] = exactNorm(x[i], n.norm, float64(n.epsilon))
	}
	for _, l := range n.layers {
		a := exactLinear(l.attention, exactAttention(n.heads, exactLinear(l.query, x), exactLinear(l.key, x), exactLinear(l.value, x)))
		x = exactNorms(x, a, l.attentionNorm, float64(n.epsilon))
		up := exactLinear(l.up, x)
		for _, row := range up {
			for j, v := range row {
				row[j] = exactGelu(v)
			}
		}
		x = exactNorms(x, exactLinear(l.down, up), l.outputNorm, float64(n.epsilon))
	}
	v, squares := make([]float64, hidden), 0.0
	for i, row := range x {
		for j := range row {
			if n.pooling == meanPooling || i == 0 {
				v[j] += row[j]
			}
		}
	}
	for _, y := range v {
		squares += y * y
	}
	for j := range v {
		v[j] /= math.Sqrt(squares)
	}
	return v
}

func exactAttention(heads int, q, k, v [][]float64) [][]float64 {
	hidden := len(q[0])
	size := hidden / heads
	out := make([][]float64, len(q))
	for i := range q {
		out[i] = make([]float64, hidden)
		for h := 0; h < hidden; h += size {
			shares, sum := make([]float64, len(k)), 0.0
			for j := range k {
				for d := h; d < h+size; d++ {
					shares[j] += q[i][d] * k[j][d]
				}
				shares[j] = math.Exp(shares[j] / math.Sqrt(float64(size)))
				sum += shares[j]
			}
			for j := range v {
				for d := h; d < h+size; d++ {
					out[i][d] += shares[j] / sum * v[j][d]
				}
			}
		}
	}
	return out
}

func exactLinear(l linear, x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = make([]float64, l.weight.rows)
		for r := range out[i] {
			out[i][r] = float64(l.bias[r])
			for j, v := range row {
				out[i][r] += v * float64(l.weight.float[r*l.weight.cols+j])
			}
		}
	}
	return out
}

func exactNorms(x, y [][]float64, n norm, epsilon float64) [][]float64 {
	for i := range x {
		for j := range x[i] {
			x[i][j] += y[i][j]
		}
		x[i] = exactNorm(x[i], n, epsilon)
	}
	return x
}

func exactNorm(x []float64, n norm, epsilon float64) []float64 {
	var mean, variance float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x))
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = (v-mean)/math.Sqrt(variance+epsilon)*float64(n.weight[i]) + float64(n.bias[i])
	}
	return out
}

func exactAddNorm(x, y []float32, n norm, epsilon float64) []float64 {
	sum := doubles(x)
	for i, v := range y {
		sum[i] += float64(v)
	}
	return exactNorm(sum, n, epsilon)
}
