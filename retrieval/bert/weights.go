package bert

import (
	"fmt"
	"slices"
)

// newNetwork makes the network that c and the hints of how to pool describe of
// the tensors of a safetensors file, and keeps their memory. All are of the
// shape that c wants and hold no NaN or infinity. Tensors that it has no use
// for are let be.
func newNetwork(tensors map[string]tensor, c config, p pooling) (*network, error) {
	w := &weights{tensors: tensors, prefix: prefixOf(tensors)}
	const e = "embeddings."
	n := &network{
		heads:     c.Heads,
		epsilon:   float32(c.Epsilon),
		pooling:   p,
		words:     w.matrix(e+"word_embeddings.weight", c.Pieces, c.Hidden),
		positions: w.table(e+"position_embeddings.weight", c.Positions, c.Hidden),
		kind:      w.kind(e+"token_type_embeddings.weight", c.Hidden),
		norm:      w.norm(e+"LayerNorm", c.Hidden),
	}
	for i := 0; i < c.Layers && w.err == nil; i++ {
		n.layers = append(n.layers, w.layer(fmt.Sprintf("encoder.layer.%d.", i), c))
	}
	if w.err != nil {
		return nil, w.err
	}
	return n, nil
}

// prefixOf is what stands before the names of all tensors of the BERT, which
// differs with the tool that saved it.
func prefixOf(tensors map[string]tensor) string {
	for _, prefix := range []string{"", "bert.", "model.", "0.auto_model."} {
		if _, ok := tensors[prefix+"embeddings.word_embeddings.weight"]; ok {
			return prefix
		}
	}
	return ""
}

// weights hands out tensors by name. After the first that is not as it should
// be, which is its err, it hands out nothing.
type weights struct {
	tensors map[string]tensor
	prefix  string
	err     error
}

func (w *weights) layer(name string, c config) layer {
	attention := name + "attention."
	return layer{
		query:         w.linear(attention+"self.query", c.Hidden, c.Hidden),
		key:           w.linear(attention+"self.key", c.Hidden, c.Hidden),
		value:         w.linear(attention+"self.value", c.Hidden, c.Hidden),
		attention:     w.linear(attention+"output.dense", c.Hidden, c.Hidden),
		attentionNorm: w.norm(attention+"output.LayerNorm", c.Hidden),
		up:            w.linear(name+"intermediate.dense", c.Inner, c.Hidden),
		down:          w.linear(name+"output.dense", c.Hidden, c.Inner),
		outputNorm:    w.norm(name+"output.LayerNorm", c.Hidden),
	}
}

func (w *weights) linear(name string, rows, cols int) linear {
	return linear{weight: w.matrix(name+".weight", rows, cols), bias: w.floats(name+".bias", rows)}
}

func (w *weights) norm(name string, n int) norm {
	return norm{weight: w.floats(name+".weight", n), bias: w.floats(name+".bias", n)}
}

// table is a matrix of at most a number of rows: that of positions may have
// been cut.
func (w *weights) table(name string, most, cols int) matrix {
	t := w.tensor(name)
	if w.err != nil {
		return matrix{}
	}
	if len(t.shape) != 2 || t.shape[0] < shortest || t.shape[0] > most {
		w.misshapen(name, t.shape, []int{most, cols})
		return matrix{}
	}
	return w.matrix(name, t.shape[0], cols)
}

// kind is the first row of the table of what kind of text a token is of.
func (w *weights) kind(name string, cols int) []float32 {
	t := w.tensor(name)
	if w.err != nil {
		return nil
	}
	if len(t.shape) != 2 || t.shape[0] < 1 || t.shape[0] > maxKinds {
		w.misshapen(name, t.shape, []int{1, cols})
		return nil
	}
	if all := w.floats(name, t.shape[0], cols); w.err == nil {
		return all[:cols]
	}
	return nil
}

// maxKinds is how many kinds of text a model may tell apart; BERT tells two.
const maxKinds = 16

// matrix is a tensor of floating-point numbers, or of 8-bit ones with the
// scales of each row, one for each of its runs, in the tensor of the name with
// "_scale".
func (w *weights) matrix(name string, rows, cols int) matrix {
	m := matrix{rows: rows, cols: cols}
	if small, ok := w.tensor(name).small(); ok {
		w.checkShape(name, rows, cols)
		m.small, m.scale = small, w.floats(name+"_scale", rows, w.runs(name+"_scale", cols))
		return m
	}
	m.float = w.floats(name, rows, cols)
	return m
}

// runs is how many runs of one length a tensor of scales cuts a row into.
func (w *weights) runs(name string, cols int) int {
	shape := w.tensor(name).shape
	if w.err == nil && (len(shape) != 2 || shape[1] < 1 || cols%shape[1] != 0) {
		w.err = damaged("the tensor %q has the shape %.60s, where a row has %d numbers", name, fmt.Sprint(shape), cols)
	}
	if w.err != nil {
		return 1
	}
	return shape[1]
}

// floats are the finite numbers of a tensor of a shape.
func (w *weights) floats(name string, shape ...int) []float32 {
	t := w.checkShape(name, shape...)
	if w.err != nil {
		return nil
	}
	v, ok := t.floats()
	if !ok {
		w.err = unsupported("the tensor %q is of type %.20q, where footnote reads F32, F16, BF16 and, with scales, I8", name, t.dtype)
		return nil
	}
	if !finite(v) {
		w.err = damaged("the tensor %q holds numbers that are infinite or none at all", name)
		return nil
	}
	return v
}

func (w *weights) checkShape(name string, shape ...int) tensor {
	t := w.tensor(name)
	if w.err == nil && !slices.Equal(t.shape, shape) {
		w.misshapen(name, t.shape, shape)
	}
	return t
}

func (w *weights) misshapen(name string, got, want []int) {
	w.err = damaged("the tensor %q has the shape %.60s, where config.json wants %v", name, fmt.Sprint(got), want)
}

func (w *weights) tensor(name string) tensor {
	t, ok := w.tensors[w.prefix+name]
	if !ok && w.err == nil {
		w.err = damaged("the tensor %q is missing", name)
	}
	return t
}

// finite reports whether v holds neither NaN nor an infinity. It goes over
// every weight at each start, so it adds up four sums at a time.
func finite(v []float32) bool {
	var a, b, c, d float32 // x - x is 0, or NaN if x is not finite
	for ; len(v) >= 4; v = v[4:] {
		a += v[0] - v[0]
		b += v[1] - v[1]
		c += v[2] - v[2]
		d += v[3] - v[3]
	}
	for _, x := range v {
		a += x - x
	}
	return a+b+c+d == 0
}
