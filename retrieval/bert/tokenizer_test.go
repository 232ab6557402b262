package bert

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// smallVocab is a vocabulary whose pieces may be read off a test.
const smallVocab = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nbank\n##s\n##er\nba\n##n\nthe\n.\na\n##a\nσ\n##σ\nα\n"

func small(tb testing.TB, lower bool) *wordPiece {
	t, err := parseVocab([]byte(smallVocab), lower)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// spelled are the pieces of ids, parted by blanks.
func spelled(t *wordPiece, ids []int32) string {
	var pieces []string
	for _, id := range ids {
		pieces = append(pieces, t.vocabulary.pieces[id])
	}
	return strings.Join(pieces, " ")
}

func TestWordsAreCutIntoTheLongestPieces(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", ""},
		{" \t\n", ""},
		{"The banks.", "the bank ##s ."},
		{"banan", "ba ##n ##a ##n"},
		{"bank's", "bank [UNK] [UNK]"},
		{"bankx", "[UNK]"},
		{"the [MASK]bank", "the [MASK] bank"},
		{"[mask]", "[UNK] [UNK] [UNK]"},
		{"the\x00 ba\u00adnk", "the bank"},
		{"bänk \xffthe", "bank the"},
		{"ΑΣ", "α ##σ"},
		{strings.Repeat("a", 100), "a" + strings.Repeat(" ##a", 99)},
		{strings.Repeat("a", 101), "[UNK]"},
	}
	tokenizer := small(t, true)
	for _, test := range tests {
		want := strings.TrimSpace("[CLS] "+test.want) + " [SEP]"
		if got := spelled(tokenizer, tokenizer.encode(test.text, 512)); got != want {
			t.Errorf("%.40q: got %s, want %s", test.text, got, want)
		}
	}
}

func TestCasedModelKeepsCaseAndAccents(t *testing.T) {
	tokenizer := small(t, false)
	if got := spelled(tokenizer, tokenizer.encode("bank Bank bänk", 512)); got != "[CLS] bank [UNK] [UNK] [SEP]" {
		t.Errorf("got %s", got)
	}
}

func TestLongTextsAreCutAtTheLimit(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"the bank", 4, "[CLS] the bank [SEP]"},
		{"the bank", 3, "[CLS] the [SEP]"},
		{"the banks", 4, "[CLS] the bank [SEP]"},
		{"the banksx", 4, "[CLS] the [UNK] [SEP]"},
		{"the bank", 2, "[CLS] [SEP]"},
		{"the bank", 1, "[CLS]"},
		{"the bank", 0, ""},
		{"the bank", -1, ""},
	}
	tokenizer := small(t, true)
	for _, test := range tests {
		if got := spelled(tokenizer, tokenizer.encode(test.text, test.limit)); got != test.want {
			t.Errorf("%q at %d: got %s, want %s", test.text, test.limit, got, test.want)
		}
	}
}

func TestKnown(t *testing.T) {
	tokenizer := small(t, true)
	for text, want := range map[string]bool{"": false, "🙂 中": false, "[MASK]": false, "🙂 bank": true, "🙂 中 bank": false, "?": false, "🙂?": false, "bank?": true} {
		if got := tokenizer.known(tokenizer.encode(text, 512)); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}

func TestVocabularyMayEndItsLinesEitherWay(t *testing.T) {
	for _, vocab := range []string{smallVocab, strings.TrimSuffix(smallVocab, "\n"), strings.ReplaceAll(smallVocab, "\n", "\r\n")} {
		tokenizer, err := parseVocab([]byte(vocab), true)
		if err != nil {
			t.Fatal(err)
		}
		if got := spelled(tokenizer, tokenizer.encode("banks", 512)); tokenizer.size() != 17 || got != "[CLS] bank ##s [SEP]" {
			t.Errorf("got %d ids, %s", tokenizer.size(), got)
		}
	}
}

func TestFaultsOfVocab(t *testing.T) {
	tests := []struct{ vocab, want string }{
		{"", `the piece "[CLS]" is missing; get the model again`},
		{"[CLS]\n[UNK]\n", `the piece "[SEP]" is missing; get the model again`},
		{"[CLS]\n[SEP]\n", `the piece "[UNK]" is missing; get the model again`},
		{smallVocab + "##er\n", `it has the piece "##er" twice; get the model again`},
		{smallVocab + "\xff\n", `the file is not UTF-8; get the model again`},
		{strings.Repeat("\n", maxPieces+1), `it has more than 1000000 pieces; ` + chooseAnother},
	}
	for _, test := range tests {
		if _, err := parseVocab([]byte(test.vocab), true); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

const chooseAnother = "choose a BERT encoder such as all-MiniLM-L6-v2 or bge-small-en-v1.5"

// changed is uncased with one value changed, at a path of keys.
func changed(tb testing.TB, value any, path ...string) object {
	t := uncased(tb)
	at := t
	for _, key := range path[:len(path)-1] {
		at = at[key].(object)
	}
	at[path[len(path)-1]] = value
	return t
}

func TestFaultsOfTokenizer(t *testing.T) {
	const reads = "and footnote reads the WordPiece tokenizers of BERT models; " + chooseAnother
	added := func(id int, content string) any { return []any{addedObject(id, content, nil)} }
	frame := func(change object) object {
		f := maps.Clone(uncased(t)["post_processor"].(object))
		maps.Copy(f, change)
		return f
	}
	tests := []struct {
		value any
		path  string
		want  string
	}{
		{"BPE", "model/type", `the tokenizer is of the kind "BPE", ` + reads},
		{nil, "model", `the tokenizer is of the kind "", ` + reads},
		{"Lowercase", "normalizer/type", `the normalizer is of the kind "Lowercase", ` + reads},
		{nil, "normalizer", `the normalizer is of the kind "", ` + reads},
		{"Whitespace", "pre_tokenizer/type", `the pre_tokenizer is of the kind "Whitespace", ` + reads},
		{nil, "post_processor", `the post_processor is of the kind "", and footnote reads TemplateProcessing and BertProcessing; ` + chooseAnother},
		{frame(object{"single": []any{}}), "post_processor", `the post_processor does not put one piece before a text and one behind it; ` + chooseAnother},
		{frame(object{"special_tokens": object{}}), "post_processor", `the post_processor gives the piece "[CLS]" 0 ids instead of one; get the model again`},
		{object{"type": "BertProcessing", "cls": []any{"[CLS]", 3}, "sep": []any{"[SEP]", 3}}, "post_processor",
			`the post_processor and the vocabulary have different ids for "[CLS]" or "[SEP]"; get the model again`},
		{object{"type": "BertProcessing", "cls": []any{"[BOS]", 3}, "sep": []any{"[SEP]", 4}}, "post_processor",
			`the piece "[BOS]" is missing; get the model again`},
		{"<unk>", "model/unk_token", `the piece "<unk>" is missing; get the model again`},
		{"@@", "model/continuing_subword_prefix", `pieces within a word are marked with "@@", and footnote reads "##"; ` + chooseAnother},
		{0, "model/max_input_chars_per_word", `max_input_chars_per_word is 0, and footnote reads 1 to 200; ` + chooseAnother},
		{int64(1 << 40), "model/max_input_chars_per_word", `max_input_chars_per_word is 1099511627776, and footnote reads 1 to 200; ` + chooseAnother},
		{[]any{"a", -1.5}, "model/vocab", `model.vocab is not a JSON object; get the model again`},
		{object{"a": -1}, "model/vocab", `the piece "a" has the id -1, which cannot be; get the model again`},
		{object{"a": maxPieces}, "model/vocab", `the piece "a" has the id 1000000, which cannot be; get the model again`},
		{object{"a": "1"}, "model/vocab", `the piece "a" has the id "1", which cannot be; get the model again`},
		{object{"a": object{"b": 1}}, "model/vocab", `the piece "a" has the id {"b":1, which cannot be; get the model again`},
		{object{"a": 7, "b": 7}, "model/vocab", `the pieces "a" and "b" have the same id 7; get the model again`},
		{added(-1, "x"), "added_tokens", `the piece "x" has the id -1, which cannot be; get the model again`},
		{added(maxPieces, "x"), "added_tokens", `the piece "x" has the id 1000000, which cannot be; get the model again`},
		{added(4, "[CLS]"), "added_tokens", `the piece "[CLS]" has the ids 3 and 4; get the model again`},
		{added(4, "<x>"), "added_tokens", `the pieces "[SEP]" and "<x>" have the same id 4; get the model again`},
		{added(5000, ""), "added_tokens", `added_tokens has a piece of no letters, with the id 5000; get the model again`},
		{append(added(5000, "<x>").([]any), addedObject(5000, "<y>", nil)), "added_tokens",
			`added_tokens has the piece "<y>" or its id 5000 twice; get the model again`},
		{slices.Repeat([]any{addedObject(5000, "x", nil)}, maxMarks+1), "added_tokens", `it has more than 2000 added_tokens; ` + chooseAnother},
	}
	for _, test := range tests {
		_, err := parseTokenizer(encoded(t, changed(t, test.value, strings.Split(test.path, "/")...)))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.path, err, test.want)
		}
	}
}

func TestFileThatIsNoTokenizer(t *testing.T) {
	tests := []struct{ file, want string }{
		{"", "the file is not JSON"},
		{`{"model": {`, "the file is not JSON"},
		{"\xff", "the file is not UTF-8"},
		{`{"model": {"type": 7}}`, "is a JSON number, which cannot be"},
		{`{"model": {"type": "WordPiece", "vocab": {"a": 1, "a": 2}, "continuing_subword_prefix": "##", "max_input_chars_per_word": 9},
			"normalizer": {"type": "BertNormalizer"}, "pre_tokenizer": {"type": "BertPreTokenizer"}}`, `it has the piece "a" twice`},
	}
	for _, test := range tests {
		if _, err := parseTokenizer([]byte(test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%.30q: got %v, want %s", test.file, err, test.want)
		}
	}
}

func TestTokenizerOf2020HasNoKind(t *testing.T) {
	parsed(t, changed(t, "", "model", "type"))
}

func TestPiecesAreReadAsJSONHasThem(t *testing.T) {
	pieces, err := parsePieces("{ \"\\u0061\\\"\\\\\" : 1 ,\n\t\"b\":0,\"\\ud83d\\ude42\":3}")
	if want := []string{"b", `a"\`, "", "🙂"}; err != nil || !slices.Equal(pieces, want) {
		t.Errorf("got %q, %v", pieces, err)
	}
}

func TestMarksBehindTheVocabularyCount(t *testing.T) {
	tokenizer := parsed(t, changed(t, []any{addedObject(9000, "<x>", object{"special": true})}, "added_tokens"))
	ids := tokenizer.encode("a<x>", 512)
	if tokenizer.size() != 9001 || !slices.Contains(ids, 9000) || !tokenizer.known(ids) || tokenizer.known([]int32{9000}) {
		t.Errorf("got %d ids, %v", tokenizer.size(), ids)
	}
}

func checkIDs(t *testing.T, tokenizer *wordPiece, text string, limit int) {
	t.Helper()
	ids := tokenizer.encode(text, limit)
	if len(ids) > limit || len(ids) < min(2, limit) {
		t.Fatalf("%d ids, want at most %d", len(ids), limit)
	}
	for _, id := range ids {
		if id < 0 || int(id) >= tokenizer.size() {
			t.Fatalf("id %d of %d", id, tokenizer.size())
		}
	}
	if limit >= 2 && (ids[0] != tokenizer.first || ids[len(ids)-1] != tokenizer.last) {
		t.Fatalf("the text is not between marks: %v", ids)
	}
	whole := tokenizer.encode(text, 1<<30)
	if limit >= 2 && !slices.Equal(ids[:len(ids)-1], whole[:len(ids)-1]) {
		t.Fatalf("ids of the beginning are not the beginning of the ids: %v, %v", ids, whole)
	}
	if limit >= len(whole) && len(ids) != len(whole) {
		t.Fatalf("%d ids of %d under a limit of %d", len(ids), len(whole), limit)
	}
}

func FuzzEncode(f *testing.F) {
	for i, line := range referenceLines(40) {
		f.Add(line, uint8(i))
	}
	tokenizers := []*wordPiece{parsed(f, uncased(f)), parsed(f, cased(f)), parsed(f, marked(f))}
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		for _, tokenizer := range tokenizers {
			checkIDs(t, tokenizer, text, int(limit))
		}
	})
}

func FuzzTokenizer(f *testing.F) {
	for _, tokenizer := range []object{uncased(f), cased(f), marked(f)} {
		vocab := tokenizer["model"].(object)["vocab"].(map[string]int)
		maps.DeleteFunc(vocab, func(_ string, id int) bool { return id > 12 })
		f.Add(encoded(f, tokenizer), "New Yorkers <b> raised a café\u0301!")
	}
	f.Fuzz(func(t *testing.T, file []byte, text string) {
		tokenizer, err := parseTokenizer(file)
		if err != nil {
			return
		}
		checkIDs(t, tokenizer, text, 12)
	})
}

// article is a passage of 200 words.
func article(tb testing.TB) string {
	text, err := os.ReadFile("../../corpus/sample/ecb-rates-september.md")
	if err != nil {
		tb.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text))[:200], " ")
}

func BenchmarkEncode(b *testing.B) {
	tokenizer := publishedTokenizer(b)
	for name, text := range map[string]string{
		"passage": article(b),
		"accents": strings.Repeat("Новости Καλημέρα ", 100),
		"letter":  strings.Repeat("a", 1<<20),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				tokenizer.encode(text, 512)
			}
		})
	}
}

func BenchmarkParseVocab(b *testing.B) {
	vocab, err := os.ReadFile("mini/vocab.txt")
	if err != nil {
		b.Skip("there is no model")
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseVocab(vocab, true); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseTokenizer(b *testing.B) {
	file := publishedTokenizerFile(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseTokenizer(file); err != nil {
			b.Fatal(err)
		}
	}
}
