package bert

import (
	"encoding/json"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
)

// A config is the shape of a BERT, as config.json says it.
type config struct {
	Type      string  `json:"model_type"`
	Origin    string  `json:"_name_or_path"` // where its makers had it from
	Hidden    int     `json:"hidden_size"`
	Layers    int     `json:"num_hidden_layers"`
	Heads     int     `json:"num_attention_heads"`
	Inner     int     `json:"intermediate_size"`
	Pieces    int     `json:"vocab_size"`
	Positions int     `json:"max_position_embeddings"`
	Epsilon   float64 `json:"layer_norm_eps"`
	Act       string  `json:"hidden_act"`
	Places    string  `json:"position_embedding_type"`
}

// parseConfig reads config.json. The shape that it returns is one that can be,
// and that this package can run.
func parseConfig(data []byte) (config, error) {
	c := config{Epsilon: 1e-12, Act: "gelu", Places: "absolute"}
	if err := decode(data, &c); err != nil {
		return config{}, err
	}
	switch {
	case c.Type != "bert":
		return config{}, unsupported(`model_type is %.40q, and footnote runs "bert"`, c.Type)
	case c.Act != "gelu":
		return config{}, unsupported(`hidden_act is %.40q, and footnote runs "gelu"`, c.Act)
	case c.Places != "absolute":
		return config{}, unsupported(`position_embedding_type is %.40q, and footnote runs "absolute"`, c.Places)
	}
	if err := c.checkSizes(); err != nil {
		return config{}, err
	}
	return c, nil
}

// checkSizes keeps out sizes that no encoder has and that would take the
// memory of all else.
func (c config) checkSizes() error {
	for _, s := range []struct {
		key       string
		value     int
		low, high int
	}{
		{"hidden_size", c.Hidden, 1, 4096},
		{"num_hidden_layers", c.Layers, 1, 64},
		{"num_attention_heads", c.Heads, 1, 256},
		{"intermediate_size", c.Inner, 1, 16384},
		{"vocab_size", c.Pieces, 1, 1_000_000},
		{"max_position_embeddings", c.Positions, shortest, 8192},
	} {
		if s.value < s.low || s.value > s.high {
			return unsupported("%s is %d, and footnote runs %d to %d", s.key, s.value, s.low, s.high)
		}
	}
	if c.Hidden%c.Heads != 0 {
		return damaged("hidden_size %d cannot be shared among %d attention heads", c.Hidden, c.Heads)
	}
	if c.Epsilon <= 0 || c.Epsilon > 0.1 {
		return damaged("layer_norm_eps is %v, which cannot be", c.Epsilon)
	}
	return nil
}

// decode reads JSON. Its error says what is wrong, in words, not with which
// file.
func decode(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if kind.Field == "" {
			return damaged("the file holds a JSON %s instead of an object", kind.Value)
		}
		return damaged("%s is a JSON %.60s, which cannot be", kind.Field, kind.Value)
	}
	if err != nil {
		return damaged("the file is not JSON (%w)", err)
	}
	return nil
}

// A habit is how the models of a family want to be used, where their files do
// not say it.
type habit struct {
	pooling   pooling
	prompts   prompts
	unrelated float64 // the cosine of texts that have nothing to do with one another
}

// prompts are what is put before a text, "" for nothing.
type prompts struct{ query, passage string }

// habitOf is the habit of the first of names that tells a family, as the model
// cards have it.
func habitOf(names ...string) habit {
	for _, name := range names {
		words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})
		has := func(word string) bool { return slices.Contains(words, word) }
		switch {
		case has("e5"):
			return habit{meanPooling, prompts{"query: ", "passage: "}, .7}
		case has("bge") && has("en"):
			return habit{clsPooling, prompts{"Represent this sentence for searching relevant passages: ", ""}, .4}
		case has("bge"):
			return habit{clsPooling, prompts{}, .4}
		case has("gte"):
			return habit{meanPooling, prompts{}, .7}
		}
	}
	return habit{meanPooling, prompts{}, 0}
}

// parsePooling reads 1_Pooling/config.json.
func parsePooling(data []byte) (pooling, error) {
	var settings map[string]any
	if err := decode(data, &settings); err != nil {
		return 0, err
	}
	var modes []string
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		if mode, ok := strings.CutPrefix(key, "pooling_mode_"); ok && settings[key] == true {
			modes = append(modes, mode)
		}
	}
	switch all := strings.Join(modes, " and "); all {
	case "mean_tokens":
		return meanPooling, nil
	case "cls_token":
		return clsPooling, nil
	default:
		return 0, unsupported("the states are pooled by %.60q, and footnote pools by mean_tokens or cls_token", all)
	}
}

// parsePrompts reads config_sentence_transformers.json. It returns other if
// the file sets no prompt for queries or passages: tools write empty ones into
// models whose makers set none.
func parsePrompts(data []byte, other prompts) (prompts, error) {
	var settings struct {
		Prompts struct {
			Query    string `json:"query"`
			Passage  string `json:"passage"`
			Document string `json:"document"`
		} `json:"prompts"`
	}
	if err := decode(data, &settings); err != nil {
		return prompts{}, err
	}
	set := prompts{settings.Prompts.Query, settings.Prompts.Passage}
	if set.passage == "" {
		set.passage = settings.Prompts.Document
	}
	if set == (prompts{}) {
		return other, nil
	}
	if max(len(set.query), len(set.passage)) > maxPrompt {
		return prompts{}, damaged("a prompt is longer than %d bytes", maxPrompt)
	}
	return set, nil
}

// maxPrompt is how many bytes a prompt may have: it must leave room for a text.
const maxPrompt = 500

// The lengths, in ids, of the longest text that a model may read: shortest
// leaves room for one piece, usual holds where the model does not say.
const (
	shortest = 3
	usual    = 512
)

// parseLength reads sentence_bert_config.json: how many ids a text may have.
func parseLength(data []byte) (int, error) {
	var settings struct {
		Max *int `json:"max_seq_length"`
	}
	if err := decode(data, &settings); err != nil {
		return 0, err
	}
	if settings.Max == nil {
		return usual, nil
	}
	if *settings.Max < shortest {
		return 0, damaged("max_seq_length is %d, which leaves no room for a text", *settings.Max)
	}
	return *settings.Max, nil
}

// parseLower reads tokenizer_config.json: whether texts are put in lower case.
func parseLower(data []byte) (bool, error) {
	settings := struct {
		Lower bool `json:"do_lower_case"`
	}{true}
	if err := decode(data, &settings); err != nil {
		return false, err
	}
	return settings.Lower, nil
}

// checkModules reads modules.json: what a model does after its BERT. A model
// that does more than pool and normalise would give other vectors here than
// its makers meant.
func checkModules(data []byte) error {
	var modules []struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &modules); err != nil {
		return damaged("the file is not a list of modules (%w)", err)
	}
	for _, m := range modules {
		kind := m.Type[strings.LastIndexByte(m.Type, '.')+1:]
		if kind != "Transformer" && kind != "Pooling" && kind != "Normalize" {
			return unsupported("the model has a module of type %.40q, which footnote does not run", kind)
		}
	}
	return nil
}

// label is a name fit for a vector space: lower case, of letters, digits,
// points and hyphens; "" if nothing of it is.
func label(name string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	parts := strings.FieldsFunc(clean, func(r rune) bool { return r == '-' })
	clean = strings.Join(parts, "-")
	return strings.Trim(clean[:min(len(clean), maxLabel)], ".-")
}

// maxLabel is how many bytes a label has at most.
const maxLabel = 60

// originLabel is the label of the last part of where a model's makers had it
// from.
func originLabel(origin string) string { return label(path.Base(origin)) }
