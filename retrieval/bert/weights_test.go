package bert

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

func TestNamesMayHaveAPrefix(t *testing.T) {
	plain := mustEmbed(t, mustLoad(t, "", tinyFiles()), "war")[0]
	for _, prefix := range []string{"bert.", "model.", "0.auto_model."} {
		tensors := map[string]tensor{}
		for name, x := range tinyTensors() {
			tensors[prefix+name] = x
		}
		f := tinyFiles()
		f.Weights = saved(tensors)
		if v := mustEmbed(t, mustLoad(t, "", f), "war")[0]; cosine(v, plain) < 0.99999 {
			t.Errorf("%s: cosine %v", prefix, cosine(v, plain))
		}
	}
}

func TestPositionsMayBeCut(t *testing.T) {
	tensors := tinyTensors()
	positions := tensors["embeddings.position_embeddings.weight"]
	tensors["embeddings.position_embeddings.weight"] = tensor{"F32", []int{5, tinyWide}, positions.data[:5*tinyWide*4]}
	f := tinyFiles()
	f.Weights = saved(tensors)
	m := mustLoad(t, "", f)
	if m.maxTokens != 5 {
		t.Errorf("got %d tokens, want 5", m.maxTokens)
	}
	mustEmbed(t, m, "war and peace a b c d e")
}

func TestBadWeights(t *testing.T) {
	const (
		words  = "embeddings.word_embeddings.weight"
		places = "embeddings.position_embeddings.weight"
		kinds  = "embeddings.token_type_embeddings.weight"
		query  = "encoder.layer.1.attention.self.query.weight"
		bias   = "encoder.layer.0.output.dense.bias"
	)
	bad := func(x float64) tensor {
		data := make([]byte, 4*tinyWide)
		binary.LittleEndian.PutUint32(data[12:], math.Float32bits(float32(x)))
		return tensor{"F32", []int{tinyWide}, data}
	}
	zeros := func(dtype string, size int, shape ...int) tensor {
		return tensor{dtype, shape, make([]byte, size*product(shape))}
	}
	for _, c := range []struct {
		name string
		put  tensor
		want string
	}{
		{words, tensor{}, `the tensor "` + words + `" is missing`},
		{query, tensor{}, `the tensor "` + query + `" is missing`},
		{words, zeros("F32", 4, 39, 8), `the tensor "` + words + `" has the shape [39 8], where config.json wants [40 8]`},
		{query, zeros("F32", 4, 64), `the tensor "` + query + `" has the shape [64], where config.json wants [8 8]`},
		{query, zeros("I8", 1, 8, 7), `the tensor "` + query + `" has the shape [8 7], where config.json wants [8 8]`},
		{query, zeros("I8", 1, 8, 8), `the tensor "` + query + `_scale" is missing`},
		{places, zeros("F32", 4, 13, 8), `the tensor "` + places + `" has the shape [13 8], where config.json wants [12 8]`},
		{places, zeros("F32", 4, 12, 7), `the tensor "` + places + `" has the shape [12 7], where config.json wants [12 8]`},
		{places, zeros("F32", 4, 2, 8), `the tensor "` + places + `" has the shape [2 8], where config.json wants [12 8]`},
		{kinds, zeros("F32", 4, 0, 8), `the tensor "` + kinds + `" has the shape [0 8], where config.json wants [1 8]`},
		{kinds, zeros("F32", 4, 2, 7), `the tensor "` + kinds + `" has the shape [2 7], where config.json wants [2 8]`},
		{bias, zeros("I64", 8, 8), `the tensor "` + bias + `" is of type "I64", where footnote reads F32, F16, BF16 and, with scales, I8`},
		{bias, bad(math.NaN()), `the tensor "` + bias + `" holds numbers that are infinite or none at all`},
		{bias, bad(math.Inf(-1)), `the tensor "` + bias + `" holds numbers that are infinite or none at all`},
	} {
		tensors := tinyTensors()
		tensors[c.name] = c.put
		if c.put.shape == nil {
			delete(tensors, c.name)
		}
		f := tinyFiles()
		f.Weights = saved(tensors)
		if m, err := Load("", f); m != nil || err == nil || !strings.HasPrefix(err.Error(), "model.safetensors: "+c.want+"; ") {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestFinite(t *testing.T) {
	if v := []float32{math.MaxFloat32, math.MaxFloat32, -math.MaxFloat32, 0, 1e-45, 1}; !finite(v) {
		t.Errorf("%v", v)
	}
	for i := range 9 {
		for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			v := make([]float32, 9)
			v[i] = float32(x)
			if finite(v) {
				t.Errorf("%v", v)
			}
		}
	}
}

func BenchmarkFinite(b *testing.B) {
	v := make([]float32, 1<<20)
	b.SetBytes(int64(4 * len(v)))
	for b.Loop() {
		finite(v)
	}
}
