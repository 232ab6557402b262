package hub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// quick are limits that a test can wait for.
func quick() limits {
	return limits{
		connect: time.Second, firstByte: 10 * time.Second, idle: 10 * time.Second,
		total: time.Minute, pause: time.Nanosecond, longest: time.Second,
	}
}

func weights() []byte { return bytes.Repeat([]byte("0123456789abcdef"), 8192) }

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

const revision = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"

// A shelf is a hub on loopback with one model, owner/small. before is called
// with each request for the weights and their number, from 1, and reports
// whether it has answered.
type shelf struct {
	*httptest.Server
	files  map[string][]byte
	before func(w http.ResponseWriter, r *http.Request, n int) bool

	mu     sync.Mutex
	ranges []string // of the requests for the weights
}

func newShelf(t testing.TB) *shelf {
	s := &shelf{
		files: map[string][]byte{
			"config.json":           []byte(`{"model_type":"bert"}`),
			"tokenizer.json":        []byte(`{"version":"1.0"}`),
			"1_Pooling/config.json": []byte(`{"pooling_mode_mean_tokens":true}`),
			"model.safetensors":     weights(),
		},
		before: func(http.ResponseWriter, *http.Request, int) bool { return false },
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	return s
}

func (s *shelf) serve(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/owner/small/resolve/"+revision+"/")
	data, there := s.files[name]
	if !ok || !there {
		http.NotFound(w, r)
		return
	}
	if name == "model.safetensors" && s.before(w, r, s.count(r)) {
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("ETag", `"`+sum(data)+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

func (s *shelf) count(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ranges = append(s.ranges, r.Header.Get("Range")+" "+r.Header.Get("If-Range"))
	return len(s.ranges)
}

func (s *shelf) pin() Pin {
	return Pin{
		Repository: "owner/small", Revision: revision,
		Weights: sum(s.files["model.safetensors"]), Tokenizer: sum(s.files["tokenizer.json"]),
	}
}

func (s *shelf) get(t testing.TB, folder string) error {
	return get(t.Context(), s.pin(), folder, Options{Endpoint: s.URL}, quick())
}

// cut sends the first n bytes of the weights and breaks off.
func cut(w http.ResponseWriter, n int) {
	w.Header().Set("ETag", `"`+sum(weights())+`"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(weights())))
	if _, err := w.Write(weights()[:n]); err != nil {
		return
	}
	http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// filesIn are the files below folder, by name.
func filesIn(t testing.TB, folder string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		found[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func sameFiles(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }

func TestGetFetchesWhatIsThere(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	if got := filesIn(t, folder); !sameFiles(got, s.files) {
		t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestGetTellsItsProgress(t *testing.T) {
	s := newShelf(t)
	last := map[string][2]int64{}
	o := Options{Endpoint: s.URL + "/", Progress: func(file string, done, total int64) { last[file] = [2]int64{done, total} }}
	if err := get(t.Context(), s.pin(), t.TempDir(), o, quick()); err != nil {
		t.Fatal(err)
	}
	for name, data := range s.files {
		if n := int64(len(data)); last[name] != [2]int64{n, n} {
			t.Errorf("%s ended at %v, want %d", name, last[name], n)
		}
	}
}

func TestAFileThatThisHubLacksIsNotAnotherHubs(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	delete(s.files, "1_Pooling/config.json")
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	if got := filesIn(t, folder); !sameFiles(got, s.files) {
		t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestADamagedTagIsNotSent(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	part := filepath.Join(folder, "model.safetensors.part")
	for path, data := range map[string][]byte{part: weights()[:1000], part + ".etag": make([]byte, 20)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.get(t, folder); err != nil {
		t.Error(err)
	}
}

func TestWhatIsWholeIsNotFetchedAgain(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	for range 2 {
		if err := s.get(t, folder); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.ranges) != 1 {
		t.Errorf("the weights were asked for %d times", len(s.ranges))
	}
}

func TestACutDownloadGoesOnFromThere(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	s.before = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n == 1 {
			cut(w, 1000)
		}
		return false
	}
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	if want := `bytes=1000- "` + sum(weights()) + `"`; len(s.ranges) != 2 || s.ranges[1] != want {
		t.Errorf("asked for %q, want %q", s.ranges, want)
	}
	if got := filesIn(t, folder); !sameFiles(got, s.files) {
		t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestTheNextCallGoesOnFromThere(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	down := true
	s.before = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		switch {
		case n == 1:
			cut(w, 1000)
		case down:
			http.Error(w, "down", http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	if err := s.get(t, folder); err == nil {
		t.Fatal("no error of a hub that is down")
	}
	if _, err := os.Stat(filepath.Join(folder, "model.safetensors")); err == nil {
		t.Error("the cut weights have the name of whole ones")
	}
	down = false
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	if last := s.ranges[len(s.ranges)-1]; !strings.HasPrefix(last, "bytes=1000- ") {
		t.Errorf("asked for %q", last)
	}
	if got := filesIn(t, folder); !sameFiles(got, s.files) {
		t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestResumingWhereTheHubDoesNotPlayAlong(t *testing.T) {
	tests := []struct {
		name   string
		answer func(w http.ResponseWriter, r *http.Request)
	}{
		{"it ignores the range", func(w http.ResponseWriter, _ *http.Request) { w.Write(weights()) }},
		{"it sends another range", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(weights())-1, len(weights())))
			w.WriteHeader(http.StatusPartialContent)
			w.Write(weights())
		}},
		{"it says no range", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusPartialContent)
			w.Write(weights()[1000:])
		}},
		{"it finds the range too long", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, folder := newShelf(t), t.TempDir()
			s.before = func(w http.ResponseWriter, r *http.Request, n int) bool {
				if n == 1 {
					cut(w, 1000)
				}
				if n == 2 {
					tt.answer(w, r)
				}
				return n == 2
			}
			if err := s.get(t, folder); err != nil {
				t.Fatal(err)
			}
			if got := filesIn(t, folder); !sameFiles(got, s.files) {
				t.Errorf("got %v", slices.Sorted(maps.Keys(got)))
			}
		})
	}
}

func TestAWrongHashThrowsTheFileAway(t *testing.T) {
	for _, name := range []string{"tokenizer.json", "model.safetensors"} {
		s, folder := newShelf(t), t.TempDir()
		pin := s.pin()
		s.files[name] = []byte("another file")
		err := get(t.Context(), pin, folder, Options{Endpoint: s.URL}, quick())
		pinned := map[string]string{"tokenizer.json": pin.Tokenizer, "model.safetensors": pin.Weights}[name]
		if err == nil || !strings.Contains(err.Error(), sum(s.files[name])) || !strings.Contains(err.Error(), pinned) {
			t.Errorf("%s: got %v", name, err)
		}
		for left := range filesIn(t, folder) {
			if strings.HasPrefix(left, name) {
				t.Errorf("%s is still there", left)
			}
		}
	}
}

func TestADamagedPartBeginsAnew(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	part := filepath.Join(folder, "model.safetensors.part")
	if err := os.WriteFile(part, make([]byte, 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.get(t, folder)
	if err == nil || !strings.Contains(err.Error(), "run the same command again") {
		t.Errorf("got %v", err)
	}
	if err := s.get(t, folder); err != nil {
		t.Errorf("the second call: %v", err)
	}
}

func TestAPartThatIsWholeIsKept(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "model.safetensors.part"), weights(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.get(t, folder); err != nil {
		t.Fatal(err)
	}
	if len(s.ranges) > 0 || !sameFiles(filesIn(t, folder), s.files) {
		t.Errorf("asked for %q", s.ranges)
	}
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	tests := []struct {
		status     int
		retryAfter string
		want       string
		asked      int
	}{
		{401, "", "the hub has no owner/small, or wants a login for it (status 401); check the name", 1},
		{403, "", "refuses to hand out owner/small (status 403); check the proxy", 1},
		{404, "", "the hub has no model.safetensors of owner/small at that revision (status 404); check the name", 1},
		{418, "", "an answer that is not understood (status 418)", 1},
		{429, "", "the hub asks for fewer requests (status 429); try again later", tries},
		{429, "3600", "try again in 1h0m0s", 1},
		{429, "Wed, 21 Oct 2015 07:28:00 GMT", "try again later", tries},
		{503, "soon", "the hub has a fault of its own (status 503); try again later", tries},
	}
	for _, tt := range tests {
		s := newShelf(t)
		s.before = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
			w.Header().Set("Retry-After", tt.retryAfter)
			http.Error(w, "<html>", tt.status)
			return true
		}
		err := s.get(t, t.TempDir())
		if e, ok := errors.AsType[*Error](err); !ok || e.Status != tt.status || !strings.Contains(e.Error(), tt.want) {
			t.Errorf("%d: got %v, want %q", tt.status, err, tt.want)
		}
		if len(s.ranges) != tt.asked {
			t.Errorf("%d %q: asked %d times, want %d", tt.status, tt.retryAfter, len(s.ranges), tt.asked)
		}
	}
}

func TestAPageIsNoFile(t *testing.T) {
	s := newShelf(t)
	s.before = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte("<title>Log in</title>"))
		return true
	}
	err := s.get(t, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "a page came where model.safetensors was due") || len(s.ranges) != 1 {
		t.Errorf("got %v after %d requests", err, len(s.ranges))
	}
}

func TestAFileThatIsTooLargeIsRefusedAtItsHead(t *testing.T) {
	s := newShelf(t)
	s.before = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Header().Set("Content-Length", strconv.FormatInt(maxWeights+1, 10))
		return true
	}
	if err := s.get(t, t.TempDir()); err == nil || !strings.Contains(err.Error(), "model.safetensors is larger than 2048 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestAFileWithoutLengthEndsAtItsLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	p, err := openPart(path, wanted{name: "f", most: 10})
	if err != nil {
		t.Fatal(err)
	}
	err = p.copy(t.Context(), strings.NewReader(strings.Repeat("x", 11)), func() {})
	if err == nil || !strings.Contains(err.Error(), "f is larger than") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(path + ".part"); err == nil {
		t.Error("its part is still there")
	}
}

func TestASilentHubIsLeft(t *testing.T) {
	s := newShelf(t)
	release := make(chan struct{})
	defer close(release)
	s.before = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Write([]byte("0"))
		http.NewResponseController(w).Flush()
		<-release
		return true
	}
	l := quick()
	l.idle = 20 * time.Millisecond
	err := get(t.Context(), s.pin(), t.TempDir(), Options{Endpoint: s.URL}, l)
	if err == nil || !strings.Contains(err.Error(), "the hub fell silent") {
		t.Errorf("got %v", err)
	}
}

func TestAModelHasATimeInAll(t *testing.T) {
	s := newShelf(t)
	release := make(chan struct{})
	defer close(release)
	s.before = func(http.ResponseWriter, *http.Request, int) bool { <-release; return true }
	l := quick()
	l.total = 50 * time.Millisecond
	err := get(t.Context(), s.pin(), t.TempDir(), Options{Endpoint: s.URL}, l)
	if _, ok := errors.AsType[*Error](err); !ok || !strings.Contains(err.Error(), "the hub took too long") {
		t.Errorf("got %v", err)
	}
}

func TestAnInterruptKeepsWhatThereIs(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	ctx, interrupt := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	s.before = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Write(weights()[:1000])
		http.NewResponseController(w).Flush()
		<-release
		return true
	}
	o := Options{Endpoint: s.URL, Progress: func(file string, done, _ int64) {
		if file == "model.safetensors" && done == 1000 {
			interrupt()
		}
	}}
	if err := get(ctx, s.pin(), folder, o, quick()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := len(filesIn(t, folder)["model.safetensors.part"]); n != 1000 {
		t.Errorf("%d bytes were kept", n)
	}
}

func TestAHubThatIsNotThere(t *testing.T) {
	s := newShelf(t)
	s.Close()
	err := s.get(t, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "nothing listens there") {
		t.Errorf("got %v", err)
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	tests := []struct{ name, to, want string }{
		{"endless", "", "redirects without an end"},
		{"out of this machine", "http://192.0.2.1/signed?key=s3cr3t", "which is not followed"},
		{"to a file", "file:///etc/passwd", "which is not followed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newShelf(t)
			s.before = func(w http.ResponseWriter, r *http.Request, _ int) bool {
				to := tt.to
				if to == "" {
					to = r.URL.Path
				}
				http.Redirect(w, r, to, http.StatusFound)
				return true
			}
			err := s.get(t, t.TempDir())
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestARedirectIsFollowedToTheFile(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	s.before = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if r.URL.RawQuery != "" {
			return false
		}
		http.Redirect(w, r, s.URL+r.URL.Path+"?signed=1", http.StatusFound)
		return true
	}
	if err := s.get(t, folder); err != nil {
		t.Error(err)
	}
}

func TestRedirectRules(t *testing.T) {
	tests := []struct {
		from, to string
		ok       bool
	}{
		{"https://hub.example", "https://files.example", true},
		{"https://hub.example", "http://files.example", false},
		{"https://hub.example", "http://127.0.0.1", false},
		{"http://127.0.0.1:1", "http://localhost:2", true},
		{"http://[::1]:1", "http://127.0.0.2:2", true},
		{"http://127.0.0.1:1", "http://files.example", false},
		{"http://127.0.0.1:1", "http://127.0.0.1.files.example", false},
	}
	for _, tt := range tests {
		from := httptest.NewRequest(http.MethodGet, tt.from, nil)
		err := checkRedirect(httptest.NewRequest(http.MethodGet, tt.to, nil), []*http.Request{from})
		if (err == nil) != tt.ok {
			t.Errorf("%s to %s: %v", tt.from, tt.to, err)
		}
	}
}

func TestTheProxyIsAsked(t *testing.T) {
	s, folder := newShelf(t), t.TempDir()
	asked := false
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.IsAbs()
		s.serve(w, r)
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Endpoint: "http://127.0.0.1:1", Proxy: http.ProxyURL(address)}
	if err := get(t.Context(), s.pin(), folder, o, quick()); err != nil || !asked {
		t.Errorf("asked is %v: %v", asked, err)
	}
	proxy.Close()
	if err := get(t.Context(), s.pin(), t.TempDir(), o, quick()); err == nil || !strings.Contains(err.Error(), "the proxy cannot be reached") {
		t.Errorf("got %v", err)
	}
}

func TestPins(t *testing.T) {
	good := Pin{"owner/name", revision, sum(nil), sum(nil)}
	tests := []struct {
		name   string
		change func(*Pin)
		want   string
	}{
		{"whole", func(*Pin) {}, ""},
		{"no tokenizer", func(p *Pin) { p.Tokenizer = "" }, ""},
		{"no owner", func(p *Pin) { p.Repository = "name" }, "is not the name of a model on a hub"},
		{"a path", func(p *Pin) { p.Repository = "../name" }, "is not the name of a model on a hub"},
		{"a query", func(p *Pin) { p.Repository = "owner/name?x" }, "is not the name of a model on a hub"},
		{"a line", func(p *Pin) { p.Repository = "owner/name\n" }, "is not the name of a model on a hub"},
		{"a branch", func(p *Pin) { p.Revision = "main" }, `"main" is not a revision`},
		{"capitals", func(p *Pin) { p.Revision = strings.ToUpper(revision) }, "is not a revision"},
		{"a short hash", func(p *Pin) { p.Weights = "53aa" }, `"53aa" is not a SHA-256`},
		{"a bad tokenizer", func(p *Pin) { p.Tokenizer = "53aa" }, `"53aa" is not a SHA-256`},
	}
	for _, tt := range tests {
		p := good
		tt.change(&p)
		err := Get(t.Context(), p, t.TempDir(), Options{Endpoint: "http://127.0.0.1:1"})
		if tt.want == "" {
			tt.want = "nothing listens there"
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestEndpoints(t *testing.T) {
	tests := []struct{ address, want, fault string }{
		{"https://huggingface.co/", "https://huggingface.co", ""},
		{"https://mirror.example/hub", "https://mirror.example/hub", ""},
		{"http://localhost:8080", "http://localhost:8080", ""},
		{"http://[::1]:8080", "http://[::1]:8080", ""},
		{"http://mirror.example", "", "must be an https address"},
		{"https://me:s3cr3t@mirror.example", "", "no password"},
		{"https://mirror.example?key=s3cr3t", "", "no password"},
		{"mirror.example", "", "must be a web address"},
		{"file:///models", "", "must be a web address"},
		{"ftp://mirror.example", "", "must be an https address"},
	}
	for _, tt := range tests {
		got, err := CheckEndpoint(tt.address)
		if got != tt.want || (err == nil) != (tt.fault == "") || err != nil && !strings.Contains(err.Error(), tt.fault) {
			t.Errorf("%s: got %q, %v", tt.address, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: the error holds the secret", tt.address)
		}
	}
}

func TestKnownModelsArePinned(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Known() {
		if err := m.Pin.Check(); err != nil || m.Pin.Tokenizer == "" {
			t.Errorf("%s: %v", m.Name, err)
		}
		if seen[m.Name] || seen[m.Pin.Weights] {
			t.Errorf("%s is there twice", m.Name)
		}
		seen[m.Name], seen[m.Pin.Weights] = true, true
		for _, name := range []string{m.Name, m.Pin.Repository} {
			if found, ok := Find(name); !ok || found != m {
				t.Errorf("%s is not found", name)
			}
		}
	}
	if _, ok := Find("no such model"); ok {
		t.Error("a model that is not there is found")
	}
}

// FuzzHub holds that whatever a hub answers, the weights under their name are
// those that were pinned, and that no error goes without a sentence.
func FuzzHub(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5}, uint16(1000))
	f.Add([]byte{3, 0, 3, 0}, uint16(0))
	f.Add([]byte{1, 1, 4, 2, 1}, uint16(65535))
	f.Fuzz(func(t *testing.T, script []byte, at uint16) {
		s, folder := newShelf(t), t.TempDir()
		s.before = func(w http.ResponseWriter, _ *http.Request, n int) bool {
			if n > len(script) {
				return false
			}
			switch script[n-1] % 6 {
			case 0:
				cut(w, int(at))
			case 1:
				w.WriteHeader(http.StatusPartialContent)
				w.Write(weights()[at:])
			case 2:
				w.WriteHeader(int(200 + at%400))
			case 3:
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", at, len(weights())-1, len(weights())))
				w.WriteHeader(http.StatusPartialContent)
				w.Write(weights()[at:])
			case 4:
				w.Write(weights()[:at])
			case 5:
				return false
			}
			return true
		}
		err := s.get(t, folder)
		got, there := filesIn(t, folder)["model.safetensors"]
		if there != (err == nil) || there && !bytes.Equal(got, weights()) {
			t.Errorf("there is %v, %d bytes: %v", there, len(got), err)
		}
		if e, ok := errors.AsType[*Error](err); err != nil && (!ok || e.What == "" || e.Do == "") {
			t.Errorf("got %v", err)
		}
	})
}
