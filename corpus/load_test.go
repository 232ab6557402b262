package corpus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// write makes a folder of the files given as path and content in turn.
func write(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func loadAll(t *testing.T, place string) []Item {
	t.Helper()
	return slices.Collect(Load(t.Context(), place, strings.NewReader("")))
}

// reasons are the errors of items, "" for an article.
func reasons(items []Item) []string {
	var all []string
	for _, item := range items {
		reason := ""
		if item.Err != nil {
			reason = item.Err.Error()
		}
		all = append(all, reason)
	}
	return all
}

func TestSeedsAreReadAsTheyAre(t *testing.T) {
	seeds := filepath.Join("..", "..", "shared", "seeds")
	if _, err := os.Stat(seeds); err != nil {
		t.Skip("the seed articles are not here")
	}
	items := loadAll(t, seeds)
	if len(items) != 2 || items[0].Err != nil || items[1].Err != nil {
		t.Fatalf("got %q, want two articles", reasons(items))
	}
	ap, aj := items[0].Article, items[1].Article
	for _, test := range []struct{ what, got, want string }{
		{"outlet", ap.Outlet, "AP"},
		{"day", Day(ap.Published), "2022-11-11"},
		{"title", ap.Title, "The United States will buy 100,000 artillery shells from South Korean…"},
		{"start", ap.Text[:30], "WASHINGTON (AP) The United Sta"},
		{"end", ap.Text[len(ap.Text)-22:], "of Seoul, South Korea."},
		{"outlet", aj.Outlet, "Al Jazeera"},
		{"day", Day(aj.Published), ""},
		{"title", aj.Title, "Washington plans to buy 100,000 South Korean-made artillery shells for use in…"},
		{"start", aj.Text[:20], "Washington plans to "},
		{"end", aj.Text[len(aj.Text)-18:], "the time comes.”"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %q, want %q", test.what, test.got, test.want)
		}
	}
	if !ap.Derived || !aj.Derived {
		t.Error("the titles are not marked as derived")
	}
	if !strings.Contains(aj.Text, "\nPutin warns Seoul\n") {
		t.Error("the heading within the text is gone")
	}
}

func TestLoadYieldsFilesByPath(t *testing.T) {
	dir := write(t,
		"b.txt", "Text b.",
		"a/two.md", "Text two.",
		"a/one", "Text one.",
		"c.jsonl", `{"text":"Text c."}`+"\n\n"+`{"text":"Text d."}`,
		".hidden", "no", ".git/x.txt", "no", "a/.x.txt", "no",
	)
	var got []string
	for _, item := range loadAll(t, dir) {
		where, _ := filepath.Rel(dir, item.Where())
		got = append(got, where+" "+item.Article.Text)
	}
	want := []string{"a/one Text one.", "a/two.md Text two.", "b.txt Text b.", "c.jsonl:1 Text c.", "c.jsonl:3 Text d."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLoadNamesWhatItCannotRead(t *testing.T) {
	dir := write(t,
		"empty.txt", "", "blank.txt", " \n\n",
		"picture.txt", "\x89PNG\x00\x00", "nul.md", "a\x00b",
		"latin.txt", "caf\xe9", "wide.txt", "\xff\xfea\x00",
		"line.txt", strings.Repeat("a ", 10<<20),
		"page.html", "<p>Text.", "news.txt.gz", "x",
		"date.txt", "date 2022-13-45\n\nText.",
	)
	huge := filepath.Join(dir, "huge.txt")
	if err := errors.Join(os.WriteFile(huge, nil, 0o644), os.Truncate(huge, 40<<20)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"missing.txt": "no such file or directory; check the path",
		"empty.txt":   "the article has no text",
		"blank.txt":   "the article has no text",
		"picture.txt": "looks like a binary file",
		"nul.md":      "looks like a binary file",
		"latin.txt":   "not UTF-8 (first bad byte at offset 3); convert it, for example: iconv -f WINDOWS-1252 -t UTF-8",
		"wide.txt":    "UTF-16, not UTF-8; convert it",
		"line.txt":    "larger than 4 MiB",
		"huge.txt":    "40 MiB or more; footnote reads texts of up to 32 MiB",
		"page.html":   ".html files are not read; footnote reads .txt, .md and .jsonl files",
		"news.txt.gz": ".gz files are not read",
		"date.txt":    `"2022-13-45" is not a date`,
	} {
		items := loadAll(t, filepath.Join(dir, name))
		if len(items) != 1 || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), want) {
			t.Errorf("%s: got %q, want %q", name, reasons(items), want)
		}
		if want := filepath.Join(dir, name); items[0].Source != want || items[0].Article != (Article{}) {
			t.Errorf("%s: got source %q and article %v", name, items[0].Source, items[0].Article)
		}
	}
	if got, want := len(loadAll(t, dir)), 11; got != want {
		t.Errorf("the folder: got %d items, want %d", got, want)
	}
}

func TestLoadRefusesDevices(t *testing.T) {
	if items := loadAll(t, os.DevNull); len(items) != 1 || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), "device") {
		t.Errorf("got %q", reasons(items))
	}
}

func TestFolderWithoutArticles(t *testing.T) {
	for _, dir := range []string{write(t), write(t, ".hidden.txt", "Text."), write(t, "a/b/picture.png", "x")} {
		items := loadAll(t, dir)
		last := items[len(items)-1]
		if last.Source != dir || last.Err == nil || last.Err.Error() != "the folder holds no articles; footnote reads .txt, .md and .jsonl files" {
			t.Errorf("got %q", reasons(items))
		}
	}
}

func TestLinksInFolders(t *testing.T) {
	outside := write(t, "secret.txt", "Secret.")
	dir := write(t, "sub/real.txt", "Real.")
	for name, target := range map[string]string{
		"inside.txt":   "sub/real.txt",
		"loop.txt":     "loop.txt",
		"dangling.txt": "nowhere.txt",
		"up.txt":       "../" + filepath.Base(outside) + "/secret.txt",
		"abs.txt":      filepath.Join(outside, "secret.txt"),
		"folder":       "sub",
		"parent":       ".",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip("no links here")
		}
	}
	got := map[string]bool{}
	for _, item := range loadAll(t, dir) {
		name, _ := filepath.Rel(dir, item.Source)
		got[name] = item.Err == nil
		if item.Err != nil && !strings.Contains(item.Err.Error(), "link") {
			t.Errorf("%s: got %q, want what is wrong with the link", name, item.Err)
		}
	}
	want := map[string]bool{
		"inside.txt": true, "sub/real.txt": true,
		"loop.txt": false, "dangling.txt": false, "up.txt": false, "abs.txt": false, "folder": false, "parent": false,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLoadReadsStdin(t *testing.T) {
	for stdin, want := range map[string]string{
		"Title here\n\nSome text.":                                    "stdin-" + hash("Some text.", 12) + " Title here",
		"---\ntitle: T\nid: x\n---\nSome text.":                       "x T",
		"\ufeff\n {\"id\":7,\"title\":\"T\",\"text\":\"Some text.\"}": "7 T",
	} {
		items := slices.Collect(Load(t.Context(), "-", strings.NewReader(stdin)))
		if len(items) != 1 || items[0].Err != nil {
			t.Fatalf("%q: got %q", stdin, reasons(items))
		}
		if got := string(items[0].Article.ID) + " " + items[0].Article.Title; got != want || items[0].Source != "-" {
			t.Errorf("%q: got %q from %q, want %q", stdin, got, items[0].Source, want)
		}
	}
}

func TestLoadReportsStdinThatBreaksOff(t *testing.T) {
	for start, want := range map[string]string{
		"Text.":     "it cannot be read: cut off",
		`{"text":"`: "line 1 cannot be read: cut off",
	} {
		broken := io.MultiReader(strings.NewReader(start), brokenReader{errors.New("cut off")})
		items := slices.Collect(Load(t.Context(), "-", broken))
		if len(items) != 1 || items[0].Err == nil || items[0].Err.Error() != want {
			t.Errorf("%s: got %q, want %q", start, reasons(items), want)
		}
	}
}

func TestLoadBoundsStdin(t *testing.T) {
	items := slices.Collect(Load(t.Context(), "-", strings.NewReader(strings.Repeat(" ", maxFile+1))))
	if len(items) != 1 || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), "32 MiB or more") {
		t.Errorf("got %q", reasons(items))
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

func TestLoadStopsWhenToldTo(t *testing.T) {
	dir := write(t, "a.txt", "Text a.", "b.txt", "Text b.", "c.jsonl", `{"text":"Text c."}`)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for range Load(ctx, dir, nil) {
		n++
		cancel()
	}
	if n != 1 {
		t.Errorf("got %d items after the context was done, want 1", n)
	}
	for range Load(t.Context(), dir, nil) {
		break
	}
}

func TestFileIDComesFromThePath(t *testing.T) {
	for path, want := range map[string]string{
		"/news/U.S. to Buy Shells!.txt":            "u-s-to-buy-shells-",
		"/news/новости.txt":                        "file-",
		"/news/" + strings.Repeat("a", 60) + ".md": strings.Repeat("a", 48) + "-",
	} {
		if got := string(fileID(path)); got != want+hash(path, 8) {
			t.Errorf("%s: got %s, want %s and a hash", path, got, want)
		}
	}
}

func TestExtension(t *testing.T) {
	for name, want := range map[string]string{
		"a.TXT": ".txt", "a": "", "v1.2": "", "U.S. deal": "", "a.txt~": ".txt~", "a.b.md": ".md", "": "", "a.": "",
	} {
		if got := extension(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestPlainErrorsKeepTheirCause(t *testing.T) {
	err := plainError(&fs.PathError{Op: "open", Path: "/secret", Err: syscall.EACCES})
	if !errors.Is(err, fs.ErrPermission) || strings.Contains(err.Error(), "/secret") {
		t.Errorf("got %q", err)
	}
}

func TestParseTakesTheIDFromTheName(t *testing.T) {
	for name, want := range map[string]ArticleID{"sample/one.txt": "one", "two.md": "two", "three": "three"} {
		for a, err := range Parse(name, []byte("Text.")) {
			if err != nil || a.ID != want {
				t.Errorf("%s: got %q and %v, want %q", name, a.ID, err, want)
			}
		}
	}
}
