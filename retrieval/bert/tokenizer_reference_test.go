package bert

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the reference says to testdata; needs FOOTNOTE_TEST_PYTHON")

// pieceIDs are the lines of a vocab.txt as tokenizer.json has them.
func pieceIDs(vocab []byte) map[string]int {
	ids := map[string]int{}
	for line := range strings.Lines(string(vocab)) {
		ids[strings.TrimSuffix(line, "\n")] = len(ids)
	}
	return ids
}

// object is a JSON object.
type object = map[string]any

// uncased is a tokenizer.json of the pieces in testdata, like that of
// all-MiniLM-L6-v2.
func uncased(tb testing.TB) object {
	vocab, err := os.ReadFile("testdata/vocab.txt")
	if err != nil {
		tb.Fatal(err)
	}
	ids := pieceIDs(vocab)
	var added []any
	for _, name := range []string{"[PAD]", "[CLS]", "[SEP]", "[UNK]", "[MASK]"} {
		added = append(added, addedObject(ids[name], name, object{"special": true}))
	}
	special := func(name string) object { return object{"SpecialToken": object{"id": name, "type_id": 0}} }
	return object{
		"version": "1.0", "truncation": nil, "padding": nil, "decoder": nil,
		"added_tokens":  added,
		"normalizer":    object{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": nil, "lowercase": true},
		"pre_tokenizer": object{"type": "BertPreTokenizer"},
		"post_processor": object{
			"type":   "TemplateProcessing",
			"single": []any{special("[CLS]"), object{"Sequence": object{"id": "A", "type_id": 0}}, special("[SEP]")},
			"pair":   []any{object{"Sequence": object{"id": "A", "type_id": 0}}, object{"Sequence": object{"id": "B", "type_id": 0}}},
			"special_tokens": object{
				"[CLS]": object{"id": "[CLS]", "ids": []int{ids["[CLS]"]}, "tokens": []string{"[CLS]"}},
				"[SEP]": object{"id": "[SEP]", "ids": []int{ids["[SEP]"]}, "tokens": []string{"[SEP]"}},
			},
		},
		"model": object{
			"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100, "vocab": ids,
		},
	}
}

// addedObject is an element of added_tokens; flags that are true are in on.
func addedObject(id int, content string, on object) object {
	o := object{"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": false}
	for key, value := range on {
		o[key] = value
	}
	return o
}

// cased is a tokenizer.json with all that uncased has not: case and accents
// stay, nothing is cleaned, marks behind the vocabulary, BertProcessing.
func cased(tb testing.TB) object {
	t := uncased(tb)
	ids := t["model"].(object)["vocab"].(map[string]int)
	n := len(ids)
	t["normalizer"] = object{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": false, "lowercase": false}
	t["post_processor"] = object{"type": "BertProcessing", "cls": []any{"[CLS]", ids["[CLS]"]}, "sep": []any{"[SEP]", ids["[SEP]"]}}
	t["added_tokens"] = append(t["added_tokens"].([]any),
		addedObject(n, "<b>", object{"single_word": true, "lstrip": true}),
		addedObject(n+1, "New York", object{"normalized": true, "rstrip": true}),
		addedObject(n+2, "New Yorker", object{"normalized": true}),
		addedObject(n+3, "b>", nil),
	)
	return t
}

// marked is uncased with marks that are looked for in the normal form.
func marked(tb testing.TB) object {
	t := uncased(tb)
	n := len(t["model"].(object)["vocab"].(map[string]int))
	t["added_tokens"] = append(t["added_tokens"].([]any),
		addedObject(n, "New York", object{"normalized": true}),
		addedObject(n+1, "Café", object{"normalized": true, "single_word": true, "lstrip": true, "rstrip": true}),
		addedObject(n+2, "<B>", object{"normalized": true, "special": true}),
		addedObject(n+3, "new YORKER", object{"normalized": true}),
	)
	return t
}

// accented is uncased, except that accents stay: lower case alone.
func accented(tb testing.TB) object {
	t := uncased(tb)
	t["normalizer"].(object)["strip_accents"] = false
	return t
}

func encoded(tb testing.TB, value any) []byte {
	data, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func parsed(tb testing.TB, tokenizer object) *wordPiece {
	t, err := parseTokenizer(encoded(tb, tokenizer))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// sumOfIDs is the CRC-32 of ids as testdata/reference.py makes it.
func sumOfIDs(ids []int32) string {
	var data []byte
	for _, id := range ids {
		data = binary.LittleEndian.AppendUint32(data, uint32(id))
	}
	return sum(data)
}

func sum(data []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(data)) }

// A question to the reference.
type referenceRequest struct {
	Tokenizer any      `json:"tokenizer"`
	Lines     []string `json:"lines"`
	Forms     bool     `json:"forms"`
}

// ask runs the reference, if FOOTNOTE_TEST_PYTHON names a Python that has it.
func (r referenceRequest) ask(tb testing.TB) (sums []string, ok bool) {
	python := os.Getenv("FOOTNOTE_TEST_PYTHON")
	if python == "" {
		return nil, false
	}
	command := exec.CommandContext(tb.Context(), python, "testdata/reference.py")
	command.Stdin, command.Stderr = bytes.NewReader(encoded(tb, r)), os.Stderr
	out, err := command.Output()
	if err != nil {
		tb.Fatalf("running the reference: %v", err)
	}
	return strings.Fields(string(out)), true
}

// sums are what the reference says now, if it is there, or else what it said.
func (r referenceRequest) sums(tb testing.TB, name string) []string {
	file := filepath.Join("testdata", name+".crc")
	if sums, ok := r.ask(tb); ok {
		if *update {
			if err := os.WriteFile(file, []byte(strings.Join(sums, "\n")+"\n"), 0o644); err != nil {
				tb.Fatal(err)
			}
		}
		return sums
	}
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Fields(string(data))
}

// compare holds the tokenizer to what the reference says of lines.
func (r referenceRequest) compare(t *testing.T, tokenizer *wordPiece, want []string) {
	t.Helper()
	if len(want) != len(r.Lines) {
		t.Fatalf("the reference has %d lines, want %d", len(want), len(r.Lines))
	}
	wrong := 0
	for i, line := range r.Lines {
		got := sumOfIDs(tokenizer.encode(line, 1<<30))
		if r.Forms {
			got = sum(tokenizer.normalizer.append(nil, line))
		}
		if got == want[i] {
			continue
		}
		if wrong++; wrong <= 5 {
			t.Errorf("line %d differs from the reference: %.300q", i, line)
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d lines differ", wrong, len(r.Lines))
	}
}

func TestSameAsReference(t *testing.T) {
	tests := []struct {
		name      string
		tokenizer func(testing.TB) object
		lines     []string
		forms     bool
	}{
		{"lines", uncased, referenceLines(10_000), false},
		{"cased", cased, referenceLines(2_000), false},
		{"marked", marked, referenceLines(2_000), false},
		{"accented", accented, referenceLines(2_000), false},
		{"points", uncased, blocksOfPoints(), false},
		{"pointforms", uncased, blocksOfPoints(), true},
		{"pointcases", accented, blocksOfPoints(), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tokenizer := test.tokenizer(t)
			r := referenceRequest{Tokenizer: tokenizer, Lines: test.lines, Forms: test.forms}
			r.compare(t, parsed(t, tokenizer), r.sums(t, test.name))
		})
	}
}

// publishedTokenizerFile is the tokenizer.json of a model that somebody published.
func publishedTokenizerFile(tb testing.TB) []byte {
	folder := os.Getenv("FOOTNOTE_TEST_MODEL")
	file, err := os.ReadFile(filepath.Join(folder, "tokenizer.json"))
	if folder == "" || err != nil {
		tb.Skip("FOOTNOTE_TEST_MODEL names no folder with a tokenizer.json")
	}
	return file
}

func publishedTokenizer(tb testing.TB) *wordPiece {
	t, err := parseTokenizer(publishedTokenizerFile(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestPublishedTokenizerIsSameAsReference(t *testing.T) {
	r := referenceRequest{
		Tokenizer: json.RawMessage(publishedTokenizerFile(t)),
		Lines:     append(referenceLines(10_000), blocksOfPoints()...),
	}
	want, ok := r.ask(t)
	if !ok {
		t.Skip("FOOTNOTE_TEST_PYTHON names no Python with the package tokenizers")
	}
	r.compare(t, publishedTokenizer(t), want)
}
