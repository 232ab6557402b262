package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// tinyModel are the files of a BERT of one layer and eight dimensions whose
// weights were drawn at random, the same each time.
func tinyModel() map[string][]byte {
	const pieces = 31
	vocab := map[string]int{"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4}
	for c := 'a'; c <= 'm'; c++ {
		vocab[string(c)] = len(vocab)
		vocab["##"+string(c)] = len(vocab)
	}
	return map[string][]byte{
		"config.json": []byte(`{"model_type":"bert","hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,
			"intermediate_size":16,"vocab_size":31,"max_position_embeddings":32,"hidden_act":"gelu","type_vocab_size":2}`),
		"tokenizer.json": asJSON(map[string]any{
			"version": "1.0",
			"added_tokens": []map[string]any{
				special(0, "[PAD]"), special(1, "[UNK]"), special(2, "[CLS]"), special(3, "[SEP]"), special(4, "[MASK]"),
			},
			"normalizer":    map[string]any{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true},
			"pre_tokenizer": map[string]any{"type": "BertPreTokenizer"},
			"post_processor": map[string]any{
				"type":   "TemplateProcessing",
				"single": []any{mark("SpecialToken", "[CLS]"), mark("Sequence", "A"), mark("SpecialToken", "[SEP]")},
				"pair": []any{mark("SpecialToken", "[CLS]"), mark("Sequence", "A"), mark("SpecialToken", "[SEP]"),
					mark("Sequence", "B"), mark("SpecialToken", "[SEP]")},
				"special_tokens": map[string]any{"[CLS]": marked(2, "[CLS]"), "[SEP]": marked(3, "[SEP]")},
			},
			"model": map[string]any{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
				"max_input_chars_per_word": 100, "vocab": vocab},
		}),
		"1_Pooling/config.json": []byte(`{"word_embedding_dimension":8,"pooling_mode_mean_tokens":true}`),
		"model.safetensors":     tinyWeights(pieces),
	}
}

func special(id int, content string) map[string]any {
	return map[string]any{"id": id, "content": content, "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}
}

func mark(kind, id string) map[string]any {
	return map[string]any{kind: map[string]any{"id": id, "type_id": 0}}
}

func marked(id int, token string) map[string]any {
	return map[string]any{"id": token, "ids": []int{id}, "tokens": []string{token}}
}

func asJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // a fixture of maps and strings encodes
	}
	return data
}

// tinyWeights are a safetensors file.
func tinyWeights(pieces int) []byte {
	const wide, inner, places = 8, 16, 32
	rng := rand.New(rand.NewPCG(4, 4))
	header := map[string]any{}
	var data []byte
	put := func(name string, mean float64, shape ...int) {
		start, n := len(data), 1
		for _, size := range shape {
			n *= size
		}
		for range n {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(mean+rng.NormFloat64()/4)))
		}
		header[name] = map[string]any{"dtype": "F32", "shape": shape, "data_offsets": []int{start, len(data)}}
	}
	dense := func(name string, rows, cols int) {
		put(name+".weight", 0, rows, cols)
		put(name+".bias", 0, rows)
	}
	norm := func(name string) {
		put(name+".weight", 1, wide)
		put(name+".bias", 0, wide)
	}
	put("embeddings.word_embeddings.weight", 0, pieces, wide)
	put("embeddings.position_embeddings.weight", 0, places, wide)
	put("embeddings.token_type_embeddings.weight", 0, 2, wide)
	norm("embeddings.LayerNorm")
	for _, part := range []string{"attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"} {
		dense("encoder.layer.0."+part, wide, wide)
	}
	dense("encoder.layer.0.intermediate.dense", inner, wide)
	dense("encoder.layer.0.output.dense", wide, inner)
	norm("encoder.layer.0.attention.output.LayerNorm")
	norm("encoder.layer.0.output.LayerNorm")
	head := asJSON(header)
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head...), data...)
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// tinySpace is what the vector space of the tiny model in a folder named label
// begins with.
func tinySpace(label string) string { return label + "@" }

const hubRevision = "0123456789abcdef0123456789abcdef01234567"

// newHub is a hub on loopback that has one model, the tiny one, as
// owner/Tiny-Model.
func newHub(t *testing.T) *httptest.Server {
	t.Helper()
	files := tinyModel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, ok := strings.CutPrefix(r.URL.Path, "/owner/Tiny-Model/resolve/"+hubRevision+"/")
		data, there := files[name]
		if !ok || !there {
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		http.ServeContent(w, r, "file.bin", time.Time{}, bytes.NewReader(data))
	}))
	t.Cleanup(server.Close)
	return server
}
