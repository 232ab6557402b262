package hub

import "slices"

// A Model is an encoder that is known to work, pinned to the files that did.
type Model struct {
	Name      string // short, for people
	Pin       Pin
	Licence   string
	Bytes     int64 // of model.safetensors
	Dimension int
	About     string // what it is good for, in one line

	// Retrieval is its mean nDCG@10 on the fifteen English retrieval sets of
	// MTEB, in hundredths, as its makers publish it: by vectors alone.
	Retrieval float64
}

// Known are the models that have a short name, the smallest first.
func Known() []Model {
	return []Model{
		{
			Name: "gte-small",
			Pin: Pin{
				Repository: "thenlper/gte-small",
				Revision:   "17e1f347d17fe144873b1201da91788898c639cd",
				Weights:    "9a1eb90bbac323ea08aa5629b624fe6ae75db121b904799c2266a1e2c2de22d2",
				Tokenizer:  "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
			},
			Licence: "MIT", Bytes: 66_746_168, Dimension: 384,
			About:     "general English, no prefixes; twelve layers, kept in half precision",
			Retrieval: 49.46,
		},
		{
			Name: "minilm",
			Pin: Pin{
				Repository: "sentence-transformers/all-MiniLM-L6-v2",
				Revision:   "1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
				Weights:    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
				Tokenizer:  "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
			},
			Licence: "Apache-2.0", Bytes: 90_868_376, Dimension: 384,
			About:     "the fastest of these, six layers; the built-in model learned from it",
			Retrieval: 41.95,
		},
		{
			Name: "bge-small",
			Pin: Pin{
				Repository: "BAAI/bge-small-en-v1.5",
				Revision:   "5c38ec7c405ec4b44b94cc5a9bb96e735b38267a",
				Weights:    "3c9f31665447c8911517620762200d2245a2518d6e7208acc78cd9db317e21ad",
				Tokenizer:  "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
			},
			Licence: "MIT", Bytes: 133_466_304, Dimension: 384,
			About:     "the best of these at finding passages; twelve layers, twice minilm's time",
			Retrieval: 51.68,
		},
		{
			Name: "e5-small",
			Pin: Pin{
				Repository: "intfloat/e5-small-v2",
				Revision:   "ffb93f3bd4047442299a41ebb6fa998a38507c52",
				Weights:    "45bfa60070649aae2244fbc9d508537779b93b6f353c17b0f95ceccb1c5116c1",
				Tokenizer:  "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
			},
			Licence: "MIT", Bytes: 133_466_304, Dimension: 384,
			About:     "questions and passages told apart by prefixes; twelve layers",
			Retrieval: 49.04,
		},
	}
}

// Find is the known model of a short name or of a repository, OWNER/NAME.
func Find(name string) (Model, bool) {
	known := Known()
	i := slices.IndexFunc(known, func(m Model) bool { return m.Name == name || m.Pin.Repository == name })
	if i < 0 {
		return Model{}, false
	}
	return known[i], true
}
