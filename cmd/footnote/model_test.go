package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writeModel writes the tiny model into a folder.
func writeModel(t *testing.T, folder string) {
	t.Helper()
	for name, data := range tinyModel() {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// writeArchive writes the tiny model into an archive, beside files that no
// encoder reads.
func writeArchive(t *testing.T, name string) {
	t.Helper()
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	files := tinyModel()
	files["README.md"] = []byte("# A model")
	files["train_script.py"] = []byte("print()")
	for name, content := range files {
		file, err := archive.Create("small_model/model/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAddTakesFromAnArchiveWhatAnEncoderReads(t *testing.T) {
	for _, archive := range []string{"small.zip", "small_model-1.0-py3-none-any.whl"} {
		t.Run(archive, func(t *testing.T) {
			s := newSession(t)
			writeArchive(t, archive)
			if code := s.do(t.Context(), "model", "add", "--data", "data", "--name", "mine", archive); code != exitDone {
				t.Fatalf("exit code %d: %s", code, &s.stderr)
			}
			installed, err := filepath.Glob("data/models/*/*/*")
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, path := range installed {
				names = append(names, filepath.Base(path))
			}
			if want := []string{"1_Pooling", "config.json", "model.safetensors", "tokenizer.json"}; !slices.Equal(names, want) {
				t.Errorf("installed are %q", installed)
			}
			if left, err := filepath.Glob("data/models/.*"); err != nil || len(left) > 0 {
				t.Errorf("left over are %q, %v", left, err)
			}
		})
	}
}

// A cache of models is made of links to where the files really lie.
func TestAddFollowsLinks(t *testing.T) {
	s := newSession(t)
	writeModel(t, "blobs")
	if err := os.MkdirAll("snapshots/small-model", 0o700); err != nil {
		t.Fatal(err)
	}
	for name := range tinyModel() {
		if filepath.Dir(name) != "." {
			continue
		}
		if err := os.Symlink(filepath.Join("..", "..", "blobs", name), filepath.Join("snapshots", "small-model", name)); err != nil {
			t.Fatal(err)
		}
	}
	if code := s.do(t.Context(), "model", "add", "snapshots"); code != exitDone {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
}

func TestAnotherModelDoesNotTakeAName(t *testing.T) {
	s := newSession(t)
	writeModel(t, "small-model")
	if code := s.do(t.Context(), "model", "add", "small-model"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	weights := tinyModel()["model.safetensors"]
	copy(weights[len(weights)-4:], []byte{0, 0, 0x80, 0x3f})
	write(t, "small-model/model.safetensors", string(weights))
	code := s.do(t.Context(), "model", "add", "small-model")
	if code != exitFailure || !strings.Contains(s.stderr.String(), "another model is installed as small-model: "+tinySpace("small-model")) {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
}

func TestGetGoesOnWhereItWasInterrupted(t *testing.T) {
	s := newSession(t)
	weights := tinyModel()["model.safetensors"]
	whole := newHub(t)
	ctx, interrupt := context.WithCancel(t.Context())
	var ranges []string
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if filepath.Base(r.URL.Path) != "model.safetensors" {
			whole.Config.Handler.ServeHTTP(w, r)
			return
		}
		if ranges = append(ranges, r.Header.Get("Range")); len(ranges) > 1 {
			whole.Config.Handler.ServeHTTP(w, r)
			return
		}
		w.Write(weights[:100])
		http.NewResponseController(w).Flush()
		interrupt()
		<-r.Context().Done()
	}))
	defer hub.Close()
	args := []string{"model", "get", "owner/Tiny-Model", "--hub", hub.URL, "--revision", hubRevision, "--sha256", sumOf(weights)}
	if code := s.do(ctx, args...); code != exitInterrupted || !strings.Contains(s.stderr.String(), "what came so far is kept") {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	if code := s.do(t.Context(), args...); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.Contains(s.stdout.String(), tinySpace("tiny-model")) {
		t.Errorf("stdout: %s", &s.stdout)
	}
}

func TestAHubThatWantsALoginHasTheExitCodeOfThat(t *testing.T) {
	s := newSession(t)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "who are you", http.StatusUnauthorized)
	}))
	defer hub.Close()
	s.env.environ = append(s.env.environ, "HF_ENDPOINT="+hub.URL)
	if code := s.do(t.Context(), "model", "get", "bge-small", "--json"); code != exitConfig {
		t.Errorf("exit code %d", code)
	}
	if !strings.HasPrefix(s.stdout.String(), `{"error":{"code":"unauthorized","message":"the hub has no BAAI/bge-small-en-v1.5, or wants a login`) {
		t.Errorf("stdout: %s", &s.stdout)
	}
}

func TestBrokenDownloadsAreNotInstalled(t *testing.T) {
	s := newSession(t)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("no model at all"))
	}))
	defer hub.Close()
	code := s.do(t.Context(), "model", "get", "owner/Tiny-Model", "--data", "data", "--hub", hub.URL,
		"--revision", hubRevision, "--sha256", sumOf([]byte("no model at all")))
	if code != exitFailure || !strings.Contains(s.stderr.String(), "config.json") {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if left, err := os.ReadDir("data/models"); err != nil || len(left) > 0 {
		t.Errorf("left over are %v, %v", left, err)
	}
}

// slow is an endpoint that embeds one batch; then it calls what is then.
func slow(t *testing.T, then func(w http.ResponseWriter)) string {
	t.Helper()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if asked += len(in.Input); asked > 128 {
			then(w)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		var items []string
		for i := range in.Input {
			items = append(items, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":[0,1]}`, i))
		}
		fmt.Fprintf(w, `{"object":"list","model":"m","data":[%s]}`, strings.Join(items, ","))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1"
}

// withPassages is a session with an endpoint for embedding and 200 passages
// that lack a vector.
func withPassages(t *testing.T, endpoint string) *session {
	t.Helper()
	s := newSession(t)
	s.env.environ = append(s.env.environ, "FOOTNOTE_EMBEDDINGS_PROVIDER=openai", "FOOTNOTE_EMBEDDINGS_MODEL=m",
		"FOOTNOTE_EMBEDDINGS_BASE_URL="+endpoint)
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, `{"id":"a%d","text":"Article %d says this."}`+"\n", i, i)
	}
	write(t, "many.jsonl", lines.String())
	if code := s.do(t.Context(), "ingest", "--defer", "many.jsonl"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	return s
}

func TestAnInterruptedReindexSaysHowManyAreLeft(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	s := withPassages(t, slow(t, func(http.ResponseWriter) { interrupt() }))
	if code := s.do(ctx, "reindex"); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	want := "footnote: interrupted; 72 passages wait for their vector, what was made so far is kept\ngo on with: footnote reindex\n"
	if s.stderr.String() != want {
		t.Errorf("stderr: %s", &s.stderr)
	}
}

func TestReindexWithoutItsEndpointIsAFailure(t *testing.T) {
	s := withPassages(t, slow(t, func(w http.ResponseWriter) { http.Error(w, "down", http.StatusServiceUnavailable) }))
	if code := s.do(t.Context(), "reindex", "--json"); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
	if !strings.HasPrefix(s.stdout.String(), `{"model":"openai:m","embedded":128,"refused":0,"pending":72,"dropped":[],`) {
		t.Errorf("stdout: %s", &s.stdout)
	}
	if !strings.Contains(s.stderr.String(), "the embedder is not available for now: 72 passages wait for their vector") {
		t.Errorf("stderr: %s", &s.stderr)
	}
}

func TestReindexTellsWhatTheEmbedderRefuses(t *testing.T) {
	s := withPassages(t, slow(t, func(w http.ResponseWriter) { http.Error(w, "too long", http.StatusBadRequest) }))
	if code := s.do(t.Context(), "reindex"); code != exitSkipped {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.HasPrefix(s.stdout.String(), "128 passages embedded by openai:m") || !strings.Contains(s.stderr.String(), "the embedder refuses the passage") {
		t.Errorf("stdout: %s\nstderr: %s", &s.stdout, &s.stderr)
	}
}

func TestModelNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"bge-small": true, "all-MiniLM-L6-v2": true, "e5.v2": true,
		"": false, ".": false, "..": false, ".hidden": false, "a/b": false, `a\b`: false, "../a": false, "a b": false, "a\n": false,
		"none": false, "builtin": false, strings.Repeat("a", 65): false,
	} {
		if err := checkModelName(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestBarsLeaveTheOutputAlone(t *testing.T) {
	s := newSession(t)
	s.env.terminal = func(any) bool { return true }
	write(t, "rain.txt", "It rained for the first time in three hundred days.")
	if code := s.do(t.Context(), "ingest", "rain.txt"); code != exitDone {
		t.Errorf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.HasPrefix(s.stdout.String(), "1 added") {
		t.Errorf("stdout: %s", &s.stdout)
	}
}
