package bert

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"footnote/retrieval"
)

var _ retrieval.Embedder = (*Model)(nil)

const (
	tinyWide   = 8
	tinyInner  = 16
	tinyPieces = 40
	tinyPlaces = 12
	tinyConfig = `{"model_type": "bert", "_name_or_path": "example/tiny-BERT_2", "hidden_size": 8, "num_hidden_layers": 2,
		"num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 40, "max_position_embeddings": 12,
		"layer_norm_eps": 1e-12, "hidden_act": "gelu", "type_vocab_size": 2}`
)

// tinyVocab has letters, as words and as continuations, and a few words.
func tinyVocab() []byte {
	pieces := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "war", "peace"}
	for c := 'a'; c <= 'o'; c++ {
		pieces = append(pieces, string(c), "##"+string(c))
	}
	return []byte(strings.Join(pieces, "\n") + "\n")
}

// tinyTensors are the weights of a BERT of two layers, drawn at random but the
// same in each run.
func tinyTensors() map[string]tensor {
	rng := rand.New(rand.NewPCG(1, 2))
	tensors := map[string]tensor{}
	put := func(name string, mean float64, shape ...int) {
		var data []byte
		for range product(shape) {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(mean+rng.NormFloat64()/4)))
		}
		tensors[name] = tensor{"F32", shape, data}
	}
	linear := func(name string, rows, cols int) {
		put(name+".weight", 0, rows, cols)
		put(name+".bias", 0, rows)
	}
	norm := func(name string) {
		put(name+".weight", 1, tinyWide)
		put(name+".bias", 0, tinyWide)
	}
	put("embeddings.word_embeddings.weight", 0, tinyPieces, tinyWide)
	put("embeddings.position_embeddings.weight", 0, tinyPlaces, tinyWide)
	put("embeddings.token_type_embeddings.weight", 0, 2, tinyWide)
	norm("embeddings.LayerNorm")
	for i := range 2 {
		layer := fmt.Sprintf("encoder.layer.%d.", i)
		for _, part := range []string{"self.query", "self.key", "self.value", "output.dense"} {
			linear(layer+"attention."+part, tinyWide, tinyWide)
		}
		linear(layer+"intermediate.dense", tinyInner, tinyWide)
		linear(layer+"output.dense", tinyWide, tinyInner)
		norm(layer + "attention.output.LayerNorm")
		norm(layer + "output.LayerNorm")
	}
	tensors["embeddings.position_ids"] = tensor{"I64", []int{1, 1}, make([]byte, 8)}
	return tensors
}

// inEightBits is what tensors become when their matrices are of 8-bit numbers.
func inEightBits(tensors map[string]tensor) map[string]tensor {
	out := maps.Clone(tensors)
	for name, t := range tensors {
		if len(t.shape) != 2 || t.dtype != "F32" || strings.Contains(name, "token_type") {
			continue
		}
		v, _ := t.floats()
		var data, scales []byte
		for run := range slices.Chunk(v, t.shape[1]/2) {
			var top float64
			for _, x := range run {
				top = max(top, math.Abs(float64(x)))
			}
			scales = binary.LittleEndian.AppendUint32(scales, math.Float32bits(float32(top/127)))
			for _, x := range run {
				data = append(data, byte(int8(math.Round(float64(x)/top*127))))
			}
		}
		out[name] = tensor{"I8", t.shape, data}
		out[name+"_scale"] = tensor{"F32", []int{t.shape[0], 2}, scales}
	}
	return out
}

// saved is tensors as a safetensors file.
func saved(tensors map[string]tensor) []byte {
	header := map[string]any{"__metadata__": map[string]string{"format": "pt"}}
	var data []byte
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		t := tensors[name]
		header[name] = map[string]any{"dtype": t.dtype, "shape": t.shape, "data_offsets": []int{len(data), len(data) + len(t.data)}}
		data = append(data, t.data...)
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	text = append(text, bytes.Repeat([]byte(" "), 7-(len(text)+7)%8)...)
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text, data)
}

func tinyFiles() Files {
	return Files{Config: []byte(tinyConfig), Vocab: tinyVocab(), Weights: saved(tinyTensors())}
}

func mustLoad(t *testing.T, name string, f Files) *Model {
	t.Helper()
	m, err := Load(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustEmbed(t *testing.T, m *Model, texts ...string) []retrieval.Vector {
	t.Helper()
	vectors, err := m.EmbedPassages(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	if len(vectors) != len(texts) {
		t.Fatalf("got %d vectors for %d texts", len(vectors), len(texts))
	}
	return vectors
}

func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestEveryPassageHasAVector(t *testing.T) {
	m := mustLoad(t, "", tinyFiles())
	texts := []string{"", " \n", "war", "中文", "🙂🙂", "\xff\xfe", strings.Repeat("a", 1<<20), "war and peace"}
	for i, v := range mustEmbed(t, m, texts...) {
		if len(v) != m.Dimension() || !isUnit(v) {
			t.Errorf("%.20q: got %v", texts[i], v)
		}
	}
}

func TestManyPassagesKeepTheirOrder(t *testing.T) {
	m := mustLoad(t, "", tinyFiles())
	rng := rand.New(rand.NewPCG(3, 4))
	texts := make([]string, 2*embedBatch+7)
	for i := range texts {
		for range rng.IntN(9) {
			texts[i] += string(rune('a'+rng.IntN(15))) + " "
		}
	}
	for i, v := range mustEmbed(t, m, texts...) {
		if alone := mustEmbed(t, m, texts[i])[0]; cosine(v, alone) < 0.99999 {
			t.Fatalf("text %d: cosine %v between its vector among others and alone", i, cosine(v, alone))
		}
	}
}

func TestEightBitsAreNearlyTheSame(t *testing.T) {
	f := tinyFiles()
	whole := mustLoad(t, "", f)
	f.Weights = saved(inEightBits(tinyTensors()))
	small := mustLoad(t, "", f)
	for _, text := range []string{"war", "peace", "a b c d", "query: war"} {
		a, b := mustEmbed(t, whole, text)[0], mustEmbed(t, small, text)[0]
		if c := cosine(a, b); c < 0.995 || c == 1 {
			t.Errorf("%q: cosine %v", text, c)
		}
	}
}

func TestPoolingChangesVectors(t *testing.T) {
	f := tinyFiles()
	mean := mustLoad(t, "", f)
	f.Pooling = []byte(`{"pooling_mode_cls_token": true}`)
	cls := mustLoad(t, "", f)
	if c := cosine(mustEmbed(t, mean, "war")[0], mustEmbed(t, cls, "war")[0]); c > 0.9999 {
		t.Errorf("cosine %v", c)
	}
}

func TestPromptsStandBeforeTexts(t *testing.T) {
	f := tinyFiles()
	plain := mustLoad(t, "plain", f)
	e5 := mustLoad(t, "e5-tiny", f)
	query, err := e5.EmbedQuery(t.Context(), "war")
	if err != nil || !slices.Equal(query, mustEmbed(t, plain, "query: war")[0]) {
		t.Errorf("the query is %v (%v)", query, err)
	}
	if passage := mustEmbed(t, e5, "war")[0]; !slices.Equal(passage, mustEmbed(t, plain, "passage: war")[0]) {
		t.Errorf("the passage is %v", passage)
	}
}

func TestQueryOfNothingKnownHasNoVector(t *testing.T) {
	for _, name := range []string{"plain", "e5-tiny"} {
		m := mustLoad(t, name, tinyFiles())
		for _, text := range []string{"", "中文", "🙂", "zzz"} {
			if v, err := m.EmbedQuery(t.Context(), text); !errors.Is(err, retrieval.ErrNoVector) || v != nil {
				t.Errorf("%s: %q: got %v and %v", name, text, v, err)
			}
		}
		if _, err := m.EmbedQuery(t.Context(), "zzz war"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEndOfContextIsAnError(t *testing.T) {
	m := mustLoad(t, "", tinyFiles())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := m.EmbedPassages(ctx, []string{"war"}); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("passages: got %v and %v", v, err)
	}
	if v, err := m.EmbedQuery(ctx, "war"); !errors.Is(err, context.Canceled) || v != nil {
		t.Errorf("query: got %v and %v", v, err)
	}
}

func TestTextsAreReadToTheLongestLength(t *testing.T) {
	for settings, want := range map[string]int{"": tinyPlaces, `{"max_seq_length": 5}`: 5, `{"max_seq_length": 4096}`: tinyPlaces} {
		f := tinyFiles()
		if settings != "" {
			f.SentenceConfig = []byte(settings)
		}
		m := mustLoad(t, "", f)
		if m.maxTokens != want {
			t.Errorf("%s: got %d tokens, want %d", settings, m.maxTokens, want)
		}
		fits := strings.Repeat("a ", want-2)
		v := mustEmbed(t, m, fits[:len(fits)-2], fits, fits+"war peace")
		if !slices.Equal(v[1], v[2]) || slices.Equal(v[0], v[1]) {
			t.Errorf("%s: the text is not cut after %d tokens", settings, want)
		}
	}
}

func TestNameOfTheVectorSpace(t *testing.T) {
	f := tinyFiles()
	if got := mustLoad(t, "mini-1", f).Model(); got != "mini-1" {
		t.Errorf("with a name: got %q", got)
	}
	if got := mustLoad(t, "", f).Model(); !regexp.MustCompile(`^tiny-bert-2@[0-9a-f]{12}$`).MatchString(got) {
		t.Errorf("without one: got %q", got)
	}
	f.Config = bytes.Replace(f.Config, []byte("example/tiny-BERT_2"), nil, 1)
	if got := mustLoad(t, "", f).Model(); !strings.HasPrefix(got, "bert@") {
		t.Errorf("without an origin: got %q", got)
	}
}

func TestWhatDecidesAVectorIsInTheName(t *testing.T) {
	names := map[string]string{}
	for what, change := range map[string]func(*Files){
		"nothing":     func(*Files) {},
		"the pooling": func(f *Files) { f.Pooling = []byte(`{"pooling_mode_cls_token": true}`) },
		"the length":  func(f *Files) { f.SentenceConfig = []byte(`{"max_seq_length": 5}`) },
		"the prompts": func(f *Files) { f.Prompts = []byte(`{"prompts": {"query": "ask: "}}`) },
	} {
		f := tinyFiles()
		change(&f)
		name := mustLoad(t, "", f).Model()
		if other, ok := names[name]; ok {
			t.Errorf("with %s changed and with %s the vector space is %s", what, other, name)
		}
		names[name] = what
	}
}

func TestFaultsNameTheirFile(t *testing.T) {
	const other = "; choose a BERT encoder such as all-MiniLM-L6-v2 or bge-small-en-v1.5"
	const again = "; get the model again"
	for want, change := range map[string]func(f *Files){
		"model.safetensors is missing" + again:                                                                       func(f *Files) { f.Weights = nil },
		"config.json is missing beside model.safetensors; get the model's other files too":                           func(f *Files) { f.Config = nil },
		"tokenizer.json or vocab.txt is missing beside model.safetensors; get the model's other files too":           func(f *Files) { f.Vocab = nil },
		`config.json: model_type is "roberta", and footnote runs "bert"` + other:                                     func(f *Files) { f.Config = []byte(`{"model_type": "roberta"}`) },
		"config.json: the file is not JSON (unexpected end of JSON input)" + again:                                   func(f *Files) { f.Config = []byte{} },
		"sentence_bert_config.json: max_seq_length is 2, which leaves no room for a text" + again:                    func(f *Files) { f.SentenceConfig = []byte(`{"max_seq_length": 2}`) },
		`1_Pooling/config.json: the states are pooled by "", and footnote pools by mean_tokens or cls_token` + other: func(f *Files) { f.Pooling = []byte(`{}`) },
		"config_sentence_transformers.json: prompts is a JSON array, which cannot be" + again:                        func(f *Files) { f.Prompts = []byte(`{"prompts": []}`) },
		`modules.json: the model has a module of type "Dense", which footnote does not run` + other:                  func(f *Files) { f.Modules = []byte(`[{"type": "sentence_transformers.models.Dense"}]`) },
		"tokenizer_config.json: do_lower_case is a JSON string, which cannot be" + again:                             func(f *Files) { f.TokenizerConfig = []byte(`{"do_lower_case": "no"}`) },
		"tokenizer.json: the file is not JSON (unexpected end of JSON input)" + again:                                func(f *Files) { f.Tokenizer = []byte("{") },
		"vocab.txt: it knows 41 pieces, where config.json wants 40" + again:                                          func(f *Files) { f.Vocab = append(f.Vocab, "more\n"...) },
		"model.safetensors: the file is cut: it has 5 bytes" + again:                                                 func(f *Files) { f.Weights = f.Weights[:5] },
	} {
		f := tinyFiles()
		change(&f)
		if m, err := Load("tiny", f); m != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestUnitVectors(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		v    []float32
		want bool
	}{
		{[]float32{1, 0}, true}, {[]float32{0.6, -0.8}, true}, {[]float32{0, 0}, false}, {nil, false},
		{[]float32{nan, 1}, false}, {[]float32{inf, 0}, false}, {[]float32{2, 0}, false},
	} {
		if got := isUnit(c.v); got != c.want {
			t.Errorf("%v: got %v", c.v, got)
		}
	}
}

func FuzzLoad(f *testing.F) {
	tiny := tinyFiles()
	f.Add(tiny.Config, tiny.Vocab, tiny.Weights)
	f.Add(tiny.Config, tiny.Vocab, saved(inEightBits(tinyTensors())))
	f.Add([]byte(`{"model_type": "bert", "hidden_size": 8, "vocab_size": 1099511627776}`), []byte("[UNK]"), tiny.Weights)
	f.Fuzz(func(t *testing.T, config, vocab, weights []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := Load("", Files{Config: config, Vocab: vocab, Weights: weights})
		runtime.ReadMemStats(&after)
		size := uint64(len(config) + len(vocab) + len(weights))
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20+300*size {
			t.Fatalf("%d bytes were taken for %d bytes of files", took, size)
		}
		if err != nil {
			return
		}
		for _, text := range []string{"war and peace", "", "🙂"} {
			v, err := m.EmbedQuery(t.Context(), text)
			if err == nil && (!isUnit(v) || len(v) != m.Dimension()) {
				t.Fatalf("%q: got %v", text, v)
			}
		}
	})
}

// publishedModel is the folder, zip or wheel of a model for English that
// somebody published.
func publishedModel(tb testing.TB) *Model {
	path := os.Getenv("FOOTNOTE_TEST_MODEL")
	if path == "" {
		tb.Skip("FOOTNOTE_TEST_MODEL names no folder, zip or wheel of a published model")
	}
	m, err := Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestPublishedModelKnowsWhatIsNear(t *testing.T) {
	m := publishedModel(t)
	query, err := m.EmbedQuery(t.Context(), "How many people were killed by the earthquake?")
	if err != nil {
		t.Fatal(err)
	}
	v := mustEmbed(t, m,
		"At least 252 people died when a magnitude 5.6 tremor struck West Java on Monday.",
		"The earthquake was felt in Jakarta, where tall buildings swayed.",
		"Scientists are studying how wine was made in ancient Greece.",
		"The central bank raised its interest rate by half a point.")
	answer, near := cosine(query, v[0]), cosine(query, v[1])
	far := max(cosine(query, v[2]), cosine(query, v[3]))
	if answer < near || near < far+0.1 {
		t.Errorf("the answer is at %.3f, a text on the subject at %.3f, others at up to %.3f", answer, near, far)
	}
}

func BenchmarkOpenPublishedModel(b *testing.B) {
	publishedModel(b)
	for b.Loop() {
		publishedModel(b)
	}
}
