package bert

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a tokenizer. Published ones stay far below.
const (
	maxPieces = 1_000_000 // ids
	maxMarks  = 2_000
	maxWord   = 200 // code points of a word that is cut
)

// parseVocab makes a tokenizer of vocab.txt, which has a piece a line; all else
// is as BERT has it. lower says whether the model is an uncased one.
func parseVocab(vocab []byte, lower bool) (*wordPiece, error) {
	if !utf8.Valid(vocab) {
		return nil, damaged("the file is not UTF-8")
	}
	pieces := strings.Split(strings.TrimSuffix(string(vocab), "\n"), "\n")
	if len(pieces) > maxPieces {
		return nil, unsupported("it has more than %d pieces", maxPieces)
	}
	for i, piece := range pieces {
		pieces[i] = strings.TrimSuffix(piece, "\r")
	}
	v, err := newVocabulary(pieces)
	if err != nil {
		return nil, err
	}
	t := &wordPiece{
		vocabulary: v,
		normalizer: normalizer{clean: true, ideographs: true, accents: lower, lower: lower},
		longest:    100,
		count:      len(pieces),
	}
	var found []mark
	for _, name := range []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"} {
		if id := v.id(name); id != none {
			found = append(found, mark{content: name, id: id})
			t.special = append(t.special, id)
		}
	}
	t.raw = newMarks(found)
	if err := t.name("[CLS]", "[SEP]", "[UNK]"); err != nil {
		return nil, err
	}
	return t, nil
}

// name says which pieces stand before a text, behind it and for a word that is
// unknown. It is the last step in the making of t.
func (t *wordPiece) name(first, last, unknown string) error {
	for _, role := range []struct {
		piece string
		id    *int32
	}{{first, &t.first}, {last, &t.last}, {unknown, &t.unknown}} {
		id := t.id(role.piece)
		if id == none {
			return damaged("the piece %.40q is missing", role.piece)
		}
		*role.id = id
		t.special = append(t.special, id)
	}
	slices.Sort(t.special)
	return nil
}

// id is the id of a piece or a mark, or none.
func (t *wordPiece) id(piece string) int32 {
	if id := t.vocabulary.id(piece); id != none {
		return id
	}
	for _, m := range slices.Concat(t.raw.all, t.normal.all) {
		if m.content == piece {
			return m.id
		}
	}
	return none
}

// A tokenizerFile is what footnote reads of tokenizer.json.
type tokenizerFile struct {
	Model struct {
		Type    string          `json:"type"` // "" in files of 2020
		Unknown string          `json:"unk_token"`
		Inside  string          `json:"continuing_subword_prefix"`
		Longest int             `json:"max_input_chars_per_word"`
		Vocab   json.RawMessage `json:"vocab"`
	} `json:"model"`
	Normalizer struct {
		Type       string `json:"type"`
		Clean      bool   `json:"clean_text"`
		Ideographs bool   `json:"handle_chinese_chars"`
		Accents    *bool  `json:"strip_accents"` // as Lower if null
		Lower      bool   `json:"lowercase"`
	} `json:"normalizer"`
	PreTokenizer struct {
		Type string `json:"type"`
	} `json:"pre_tokenizer"`
	PostProcessor frame        `json:"post_processor"`
	Added         []addedPiece `json:"added_tokens"`
}

// An addedPiece is a mark as the file has it. That it takes the white space
// beside it along ("lstrip", "rstrip") does not matter: white space is in no
// word either way.
type addedPiece struct {
	ID         int    `json:"id"`
	Content    string `json:"content"`
	Alone      bool   `json:"single_word"`
	Normalized bool   `json:"normalized"`
	Special    bool   `json:"special"`
}

// parseTokenizer makes a tokenizer of a tokenizer.json that holds a WordPiece
// of BERT's kind.
func parseTokenizer(data []byte) (*wordPiece, error) {
	if !utf8.Valid(data) {
		return nil, damaged("the file is not UTF-8")
	}
	var f tokenizerFile
	if err := decode(data, &f); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	pieces, err := parsePieces(string(f.Model.Vocab))
	if err != nil {
		return nil, err
	}
	v, err := newVocabulary(pieces)
	if err != nil {
		return nil, err
	}
	t := &wordPiece{vocabulary: v, normalizer: f.normalizer(), longest: f.Model.Longest, count: len(pieces)}
	if err := t.addMarks(f.Added); err != nil {
		return nil, err
	}
	first, last, err := f.PostProcessor.marks()
	if err != nil {
		return nil, err
	}
	if err := t.name(first.name, last.name, f.Model.Unknown); err != nil {
		return nil, err
	}
	if int(t.first) != first.id || int(t.last) != last.id {
		return nil, damaged("the post_processor and the vocabulary have different ids for %.40q or %.40q", first.name, last.name)
	}
	return t, nil
}

// check returns an error if f is of another kind than footnote reads.
func (f *tokenizerFile) check() error {
	const reads = "footnote reads the WordPiece tokenizers of BERT models"
	m := f.Model
	switch {
	case m.Type != "WordPiece" && (m.Type != "" || m.Inside == ""):
		return unsupported("the tokenizer is of the kind %.40q, and "+reads, m.Type)
	case f.Normalizer.Type != "BertNormalizer":
		return unsupported("the normalizer is of the kind %.40q, and "+reads, f.Normalizer.Type)
	case f.PreTokenizer.Type != "BertPreTokenizer":
		return unsupported("the pre_tokenizer is of the kind %.40q, and "+reads, f.PreTokenizer.Type)
	case m.Inside != inside:
		return unsupported("pieces within a word are marked with %.40q, and footnote reads %q", m.Inside, inside)
	case m.Longest < 1 || m.Longest > maxWord:
		return unsupported("max_input_chars_per_word is %d, and footnote reads 1 to %d", m.Longest, maxWord)
	case len(f.Added) > maxMarks:
		return unsupported("it has more than %d added_tokens", maxMarks)
	}
	return nil
}

func (f *tokenizerFile) normalizer() normalizer {
	n := normalizer{
		clean:      f.Normalizer.Clean,
		ideographs: f.Normalizer.Ideographs,
		accents:    f.Normalizer.Lower,
		lower:      f.Normalizer.Lower,
	}
	if f.Normalizer.Accents != nil {
		n.accents = *f.Normalizer.Accents
	}
	return n
}

// addMarks adds the marks of a file. Their ids may lie behind those of the
// vocabulary.
func (t *wordPiece) addMarks(added []addedPiece) error {
	var raw, normal []mark
	seen := map[string]bool{}
	taken := map[int]bool{}
	for _, a := range added {
		if err := t.checkMark(a); err != nil {
			return err
		}
		if seen[a.Content] || taken[a.ID] {
			return damaged("added_tokens has the piece %.40q or its id %d twice", a.Content, a.ID)
		}
		seen[a.Content], taken[a.ID] = true, true
		m := mark{content: a.Content, id: int32(a.ID), alone: a.Alone}
		if a.Normalized {
			m.content = string(t.normalizer.append(nil, a.Content))
			normal = append(normal, m)
		} else {
			raw = append(raw, m)
		}
		if m.content == "" {
			return damaged("added_tokens has a piece of no letters, with the id %d", a.ID)
		}
		if a.Special {
			t.special = append(t.special, m.id)
		}
		t.count = max(t.count, a.ID+1)
	}
	t.raw, t.normal = newMarks(raw), newMarks(normal)
	return nil
}

// checkMark returns an error if a mark does not go with the vocabulary.
func (t *wordPiece) checkMark(a addedPiece) error {
	if a.ID < 0 || a.ID >= maxPieces {
		return damaged("the piece %.40q has the id %d, which cannot be", a.Content, a.ID)
	}
	if id := t.vocabulary.id(a.Content); id != none && int(id) != a.ID {
		return damaged("the piece %.40q has the ids %d and %d", a.Content, id, a.ID)
	}
	pieces := t.vocabulary.pieces
	if a.ID < len(pieces) && pieces[a.ID] != "" && pieces[a.ID] != a.Content {
		return damaged("the pieces %.40q and %.40q have the same id %d", pieces[a.ID], a.Content, a.ID)
	}
	return nil
}

// A frame is what is put around a text, in either of the forms in which files
// say it.
type frame struct {
	Type   string `json:"type"`
	Single []struct {
		SpecialToken *struct {
			ID string `json:"id"`
		}
		Sequence *struct{}
	} `json:"single"`
	Pieces map[string]struct {
		IDs []int `json:"ids"`
	} `json:"special_tokens"`
	CLS namedID `json:"cls"`
	SEP namedID `json:"sep"`
}

// A namedID is a piece and its id, in JSON a list of the two.
type namedID struct {
	name string
	id   int
}

// UnmarshalJSON reads a list of a name and a number.
func (n *namedID) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &[]any{&n.name, &n.id})
}

// marks are the pieces before and behind a text.
func (f *frame) marks() (first, last namedID, err error) {
	switch {
	case f.Type == "BertProcessing":
		return f.CLS, f.SEP, nil
	case f.Type != "TemplateProcessing":
		return first, last, unsupported("the post_processor is of the kind %.40q, and footnote reads "+
			"TemplateProcessing and BertProcessing", f.Type)
	case len(f.Single) != 3 || f.Single[0].SpecialToken == nil || f.Single[1].Sequence == nil || f.Single[2].SpecialToken == nil:
		return first, last, unsupported("the post_processor does not put one piece before a text and one behind it")
	}
	first, err = f.piece(f.Single[0].SpecialToken.ID)
	if err != nil {
		return first, last, err
	}
	last, err = f.piece(f.Single[2].SpecialToken.ID)
	return first, last, err
}

// piece is the piece of a template with its id.
func (f *frame) piece(name string) (namedID, error) {
	ids := f.Pieces[name].IDs
	if len(ids) != 1 {
		return namedID{}, damaged("the post_processor gives the piece %.40q %d ids instead of one", name, len(ids))
	}
	return namedID{name: name, id: ids[0]}, nil
}
