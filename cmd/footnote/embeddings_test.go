package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// meaning is an embeddings endpoint to which "vessel" and "ship" are one.
func meaning(t *testing.T) (server *httptest.Server, down *atomic.Bool) {
	t.Helper()
	down = &atomic.Bool{}
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			http.Error(w, "down for now", http.StatusServiceUnavailable)
			return
		}
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"object":"list","model":"m","data":[`)
		for i, text := range in.Input {
			v := [2]int{1, 0}
			if strings.Contains(text, "ship") || strings.Contains(text, "vessel") {
				v = [2]int{0, 1}
			}
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"object":"embedding","index":%d,"embedding":[%d,%d]}`, i, v[0], v[1])
		}
		fmt.Fprint(w, `],"usage":{"prompt_tokens":1,"total_tokens":1}}`)
	}))
	t.Cleanup(server.Close)
	return server, down
}

// withMeaning is a session whose settings name the endpoint, and two articles.
func withMeaning(t *testing.T) (*session, *atomic.Bool) {
	s := newSession(t)
	server, down := meaning(t)
	s.env.environ = append(s.env.environ, "FOOTNOTE_EMBEDDINGS_PROVIDER=openai",
		"FOOTNOTE_EMBEDDINGS_MODEL=m", "FOOTNOTE_EMBEDDINGS_BASE_URL="+server.URL+"/v1")
	for name, text := range map[string]string{
		"port.txt":   "A ship left Strelsau on Friday with forty barrels of oil.",
		"castle.txt": "The duke of Ruritania opened a castle on Monday.",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s, down
}

func TestAnEndpointFindsByMeaning(t *testing.T) {
	s, _ := withMeaning(t)
	if code := s.do(t.Context(), "ingest", "."); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	if code := s.do(t.Context(), "search", "--json", "vessel"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	var found struct {
		Hits []struct {
			Passage    struct{ Text string }
			VectorRank *int `json:"vector_rank"`
			WordRank   *int `json:"word_rank"`
		}
	}
	if err := json.Unmarshal([]byte(s.stdout.String()), &found); err != nil {
		t.Fatal(err)
	}
	first := found.Hits[0]
	if !strings.Contains(first.Passage.Text, "ship") || first.VectorRank == nil || *first.VectorRank != 1 || first.WordRank != nil {
		t.Errorf("got %s", &s.stdout)
	}
}

func TestWithoutTheEndpointWordsRank(t *testing.T) {
	s, down := withMeaning(t)
	if code := s.do(t.Context(), "ingest", "."); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	down.Store(true)
	code := s.do(t.Context(), "search", "castle")
	if code != exitDone || !strings.Contains(s.stdout.String(), "castle") || !strings.Contains(s.stderr.String(), "searching by words alone") {
		t.Errorf("exit code %d, stdout %s, stderr %s", code, &s.stdout, &s.stderr)
	}
}

// What is taken in while the endpoint is down is found by words at once, and by
// meaning after the next ingest.
func TestEmbeddingWaitsForTheEndpoint(t *testing.T) {
	s, down := withMeaning(t)
	down.Store(true)
	if code := s.do(t.Context(), "ingest", "."); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	if !strings.Contains(s.stderr.String(), "2 passages") {
		t.Errorf("stderr does not say what waits: %s", &s.stderr)
	}
	down.Store(false)
	if code := s.do(t.Context(), "ingest", "."); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	if code := s.do(t.Context(), "search", "vessel"); code != exitDone || !strings.Contains(s.stdout.String(), "ship") {
		t.Errorf("exit code %d, stdout %s", code, &s.stdout)
	}
}

// Another model may go by the name of the one before.
func TestVectorsOfAnotherDimensionAreMadeAnew(t *testing.T) {
	s, _ := withMeaning(t)
	if code := s.do(t.Context(), "ingest", "."); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &s.stderr)
	}
	wider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var vectors []string
		for i := range in.Input {
			vectors = append(vectors, fmt.Sprintf(`{"object":"embedding","index":%d,"embedding":[1,2,3]}`, i))
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"object":"list","model":"m","data":[%s]}`, strings.Join(vectors, ","))
	}))
	t.Cleanup(wider.Close)
	s.env.environ = append(s.env.environ, "FOOTNOTE_EMBEDDINGS_BASE_URL="+wider.URL+"/v1")

	const remedy = "footnote reindex"
	if code := s.do(t.Context(), "search", "castle"); code != exitDone || !strings.Contains(s.stderr.String(), remedy) {
		t.Errorf("search: exit code %d, stderr %s", code, &s.stderr)
	}
	if code := s.do(t.Context(), "doctor"); code != exitFailure || !strings.Contains(s.stdout.String(), "2 dimensions, and it now makes 3") {
		t.Errorf("doctor: exit code %d, stdout %s", code, &s.stdout)
	}
	if code := s.do(t.Context(), "reindex"); code != exitDone || !strings.Contains(s.stdout.String(), "2 passages embedded") {
		t.Errorf("reindex: exit code %d, stdout %s", code, &s.stdout)
	}
	if code := s.do(t.Context(), "search", "castle"); code != exitDone || strings.Contains(s.stderr.String(), remedy) {
		t.Errorf("search: exit code %d, stderr %s", code, &s.stderr)
	}
}
