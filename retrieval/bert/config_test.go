package bert

import (
	"strings"
	"testing"
)

func TestConfigReadsBack(t *testing.T) {
	got, err := parseConfig([]byte(tinyConfig))
	want := config{Type: "bert", Origin: "example/tiny-BERT_2", Hidden: 8, Layers: 2, Heads: 2, Inner: 16, Pieces: 40, Positions: 12,
		Epsilon: 1e-12, Act: "gelu", Places: "absolute"}
	if err != nil || got != want {
		t.Errorf("got %+v and %v", got, err)
	}
}

func TestBadConfigs(t *testing.T) {
	const other = "; choose a BERT encoder such as all-MiniLM-L6-v2 or bge-small-en-v1.5"
	const again = "; get the model again"
	for _, c := range []struct{ key, value, want string }{
		{"model_type", `"distilbert"`, `model_type is "distilbert", and footnote runs "bert"` + other},
		{"model_type", `7`, "model_type is a JSON number, which cannot be" + again},
		{"hidden_act", `"relu"`, `hidden_act is "relu", and footnote runs "gelu"` + other},
		{"position_embedding_type", `"relative_key"`, `position_embedding_type is "relative_key", and footnote runs "absolute"` + other},
		{"hidden_size", `0`, "hidden_size is 0, and footnote runs 1 to 4096" + other},
		{"hidden_size", `-8`, "hidden_size is -8, and footnote runs 1 to 4096" + other},
		{"hidden_size", `9`, "hidden_size 9 cannot be shared among 2 attention heads" + again},
		{"num_hidden_layers", `65`, "num_hidden_layers is 65, and footnote runs 1 to 64" + other},
		{"num_attention_heads", `0`, "num_attention_heads is 0, and footnote runs 1 to 256" + other},
		{"intermediate_size", `1e3`, "intermediate_size is a JSON number 1e3, which cannot be" + again},
		{"vocab_size", `1099511627776`, "vocab_size is 1099511627776, and footnote runs 1 to 1000000" + other},
		{"vocab_size", `9223372036854775808`, "vocab_size is a JSON number 9223372036854775808, which cannot be" + again},
		{"max_position_embeddings", `2`, "max_position_embeddings is 2, and footnote runs 3 to 8192" + other},
		{"layer_norm_eps", `-1`, "layer_norm_eps is -1, which cannot be" + again},
		{"layer_norm_eps", `0`, "layer_norm_eps is 0, which cannot be" + again},
	} {
		// Of two values for a key, the later counts.
		data := strings.TrimSuffix(tinyConfig, "}") + `, "` + c.key + `": ` + c.value + "}"
		if _, err := parseConfig([]byte(data)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %s: got %v, want %s", c.key, c.value, err, c.want)
		}
	}
	if _, err := parseConfig([]byte("[]")); err == nil || err.Error() != "the file holds a JSON array instead of an object"+again {
		t.Errorf("got %v", err)
	}
}

func TestConfigMayLeaveOutWhatIsUsual(t *testing.T) {
	c, err := parseConfig([]byte(`{"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2,
		"intermediate_size": 16, "vocab_size": 40, "max_position_embeddings": 12}`))
	if err != nil || c.Epsilon != 1e-12 {
		t.Errorf("got %+v and %v", c, err)
	}
}

func TestHabitsOfFamilies(t *testing.T) {
	bge := prompts{query: "Represent this sentence for searching relevant passages: "}
	for _, c := range []struct {
		names string
		want  habit
	}{
		{"e5-small-v2", habit{meanPooling, prompts{"query: ", "passage: "}, .7}},
		{"intfloat/E5_small", habit{meanPooling, prompts{"query: ", "passage: "}, .7}},
		{"bge-small-en-v1.5", habit{clsPooling, bge, .4}},
		{" BAAI_bge-small-en", habit{clsPooling, bge, .4}},
		{"bge-small-zh", habit{clsPooling, prompts{}, .4}},
		{"gte-small e5-small", habit{meanPooling, prompts{}, .7}},
		{"all-minilm-l6-v2", habit{meanPooling, prompts{}, 0}},
		{"size5 biggene5 gtex", habit{meanPooling, prompts{}, 0}},
		{"mine bge-small-en", habit{clsPooling, bge, .4}},
	} {
		if got := habitOf(strings.Split(c.names, " ")...); got != c.want {
			t.Errorf("%s: got %+v", c.names, got)
		}
	}
}

func TestPooling(t *testing.T) {
	for in, want := range map[string]pooling{
		`{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false, "word_embedding_dimension": 8}`: meanPooling,
		`{"pooling_mode_cls_token": true, "include_prompt": true}`:                                           clsPooling,
	} {
		if got, err := parsePooling([]byte(in)); err != nil || got != want {
			t.Errorf("%s: got %v and %v", in, got, err)
		}
	}
	for in, want := range map[string]string{
		`{"pooling_mode_max_tokens": true}`:                                  `pooled by "max_tokens"`,
		`{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}`: `pooled by "cls_token and mean_tokens"`,
		`null`: `pooled by ""`,
		`{`:    "not JSON",
	} {
		if _, err := parsePooling([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", in, err)
		}
	}
}

func TestPrompts(t *testing.T) {
	other := prompts{"q", "p"}
	for in, want := range map[string]prompts{
		`{}`:                other,
		`{"prompts": null}`: other,
		`{"prompts": {"query": "", "document": ""}}`:       other,
		`{"prompts": {"query": "Q: ", "document": "D: "}}`: {"Q: ", "D: "},
		`{"prompts": {"query": "Q: ", "passage": "P: "}}`:  {"Q: ", "P: "},
		`{"prompts": {"query": "Q: ", "other": "O: "}}`:    {"Q: ", ""},
	} {
		if got, err := parsePrompts([]byte(in), other); err != nil || got != want {
			t.Errorf("%s: got %q and %v", in, got, err)
		}
	}
	long := `{"prompts": {"query": "` + strings.Repeat("a", 501) + `"}}`
	if _, err := parsePrompts([]byte(long), other); err == nil || err.Error() != "a prompt is longer than 500 bytes; get the model again" {
		t.Errorf("got %v", err)
	}
}

func TestLength(t *testing.T) {
	for in, want := range map[string]int{`{"max_seq_length": 256}`: 256, `{"max_seq_length": null}`: 512, `{}`: 512} {
		if got, err := parseLength([]byte(in)); err != nil || got != want {
			t.Errorf("%s: got %d and %v", in, got, err)
		}
	}
}

func TestLower(t *testing.T) {
	for in, want := range map[string]bool{`{"do_lower_case": false}`: false, `{"do_lower_case": true}`: true, `{}`: true} {
		if got, err := parseLower([]byte(in)); err != nil || got != want {
			t.Errorf("%s: got %v and %v", in, got, err)
		}
	}
}

func TestModules(t *testing.T) {
	const module = `{"type": "sentence_transformers.models.`
	for in, want := range map[string]string{
		"[" + module + `Transformer"},` + module + `Pooling"},` + module + `Normalize"}]`: "",
		"[" + module + `Transformer"},` + module + `Dense"}]`:                             `a module of type "Dense"`,
		`{}`: "not a list of modules",
	} {
		err := checkModules([]byte(in))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v", in, err)
		}
	}
}

func TestLabels(t *testing.T) {
	for in, want := range map[string]string{
		"all-MiniLM-L6-v2":       "all-minilm-l6-v2",
		"bge small_en v1.5":      "bge-small-en-v1.5",
		"../évil\n/модель/x":     "vil-x",
		"..":                     "",
		"":                       "",
		strings.Repeat("a-", 99): strings.Repeat("a-", 29) + "a",
	} {
		if got := label(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"": "", "/": "", "a/B": "b", "/root/.cache/BAAI_bge-small-en/": "baai-bge-small-en"} {
		if got := originLabel(in); got != want {
			t.Errorf("origin %q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(tinyConfig))
	f.Add([]byte(`{"model_type": "bert", "vocab_size": 1099511627776}`))
	f.Add([]byte(`{"prompts": {"query": "q"}, "pooling_mode_cls_token": true, "max_seq_length": 9}`))
	f.Add([]byte(`[{"type": "Pooling"}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := parseConfig(data); err == nil {
			if c.checkSizes() != nil || c.Type != "bert" || c.Layers*c.Hidden*c.Inner*c.Heads <= 0 {
				t.Fatalf("got %+v", c)
			}
			if l := originLabel(c.Origin); l != label(l) || len(l) > maxLabel {
				t.Fatalf("%q becomes %q", c.Origin, l)
			}
		}
		if p, err := parsePooling(data); err == nil && p != meanPooling && p != clsPooling {
			t.Fatalf("got pooling %v", p)
		}
		if n, err := parseLength(data); err == nil && n < shortest {
			t.Fatalf("got length %d", n)
		}
		if p, err := parsePrompts(data, prompts{}); err == nil && max(len(p.query), len(p.passage)) > maxPrompt {
			t.Fatalf("got prompts %q", p)
		}
		if err := checkModules(data); err != nil && strings.ContainsAny(err.Error(), "\n\x00") {
			t.Fatalf("the error is not a line: %q", err)
		}
	})
}
