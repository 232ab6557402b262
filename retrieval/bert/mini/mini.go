// Package mini is footnote-mini, the sentence encoder in the binary: a student
// of all-MiniLM-L6-v2, see MODEL_CARD.md beside it for how it was made and
// what it can do.
package mini

import (
	_ "embed"

	"footnote/retrieval/bert"
)

//go:embed model.safetensors
var weights []byte

//go:embed vocab.txt
var vocab []byte

//go:embed config.json
var config []byte

//go:embed tokenizer_config.json
var tokenizerConfig []byte

// Name names the vector space: what the model is called, and the first twelve
// digits of the SHA-256 of its weights.
const Name = "footnote-mini@658a84f5a281"

// Open reads the model where it lies in the binary.
func Open() (*bert.Model, error) {
	return bert.Load(Name, bert.Files{
		Config:          config,
		TokenizerConfig: tokenizerConfig,
		Vocab:           vocab,
		Weights:         weights,
	})
}
