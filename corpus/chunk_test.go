package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const shared = "../../shared"

func TestPassagesAreRunsOfWholeSentences(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "Sentence number %d speaks of the U.S. Army and Lt. Col. Smith. ", i)
		if i%4 == 3 {
			b.WriteString("\n\n")
		}
	}
	a := Article{ID: "a", Text: b.String()}
	for _, c := range []Chunker{{}, {Words: 30}, {Words: 60, Overlap: 1}, {Words: 1}} {
		checkPassages(t, c, a)
	}
}

func TestPassagesStayUnderOneHeading(t *testing.T) {
	a := Article{ID: "a", Text: "Lead.\n\n# Aid\n\nShells.\n\n## Prices\n\nDear.\n\n# Sport\n\nA game."}
	var got []string
	for _, p := range (Chunker{}).Chunk(a) {
		got = append(got, strings.Join(p.Heading, "/")+": "+p.Text)
	}
	want := []string{": Lead.", "Aid: Shells.", "Aid/Prices: Dear.", "Sport: A game."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOnlyHeadingsAreOnePassage(t *testing.T) {
	got := Chunker{}.Chunk(Article{ID: "a", Text: "# One\n\n# Two"})
	if len(got) != 1 || got[0].Text != "# One\n\n# Two" {
		t.Errorf("got %v", got)
	}
}

func FuzzChunk(f *testing.F) {
	f.Add("One. Two “three. Four” five.\n\n## Six\n\n- seven", 20, 1)
	f.Add(strings.Repeat("é", 5000), 1, 0)
	f.Add("A\u2028B. \xffC", 5, 3)
	f.Fuzz(func(t *testing.T, text string, words, overlap int) {
		if !utf8.ValidString(text) || len(text) > 1<<12 {
			t.Skip()
		}
		checkPassages(t, Chunker{Words: words % 500, Overlap: max(0, overlap%5)}, Article{ID: "a", Text: text})
	})
}

// checkPassages holds the invariants of chunking: each passage is the run that
// it claims to be, valid, in order, made of whole sentences, and without
// overlap every sentence is in exactly one.
func checkPassages(t *testing.T, c Chunker, a Article) {
	t.Helper()
	passages := c.Chunk(a)
	sentences := Sentences(a.Text)
	starts, ends := map[int]bool{}, map[int]bool{}
	for _, s := range sentences {
		starts[s.Start], ends[s.End] = true, true
	}
	last := -1
	for i, p := range passages {
		if p.Text != a.Text[p.Start:p.End] || p.Text == "" || !utf8.ValidString(p.Text) {
			t.Fatalf("%+v: passage %d is not its run of the text", c, i)
		}
		if p.Start <= last {
			t.Fatalf("%+v: passage %d does not come after the one before", c, i)
		}
		last = p.Start
		if len(sentences) > 0 && (!starts[p.Start] || !ends[p.End]) {
			t.Fatalf("%+v: passage %d cuts a sentence: %q", c, i, p.Text)
		}
	}
	if c.Overlap > 0 {
		return
	}
	for _, s := range sentences {
		in := 0
		for _, p := range passages {
			if p.Start <= s.Start && s.End <= p.End {
				in++
			}
		}
		if in != 1 {
			t.Fatalf("%+v: sentence %q is in %d passages", c, s.In(a.Text), in)
		}
	}
}

func TestSeedsAreCutIntoPassages(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(shared, "seeds", "*.txt"))
	if len(files) == 0 {
		t.Skip("no seeds beside the project")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		checkPassages(t, Chunker{}, Article{ID: "a", Text: string(data)})
	}
}

// None of these may take time that grows with the square of their length: at
// 1 MiB that would be minutes.
func TestHostileTextsAreCut(t *testing.T) {
	const size = 1 << 20
	for _, text := range []string{
		strings.Repeat("$. ", size/3), "a" + strings.Repeat(".", size) + "b", strings.Repeat("!)", size/2) + "x",
		strings.Repeat(". (", size/3), strings.Repeat("1.", size/2) + "é" + strings.Repeat("1.", 9), strings.Repeat("“", size/3),
		strings.Repeat("世界。", size/9), "## " + strings.Repeat("h", size/2) + strings.Repeat("\n\nText.", 100),
	} {
		for _, p := range (Chunker{}).Chunk(Article{ID: "a", Text: text}) {
			heading := strings.Join(p.Heading, "")
			if len(p.Text) > 2*maxSentence || len(heading) > maxMarked {
				t.Fatalf("a passage of %d bytes under a heading of %d", len(p.Text), len(heading))
			}
		}
	}
}
