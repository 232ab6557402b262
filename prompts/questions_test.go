package prompts

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sets of questions that were written by somebody who had seen the articles but
// not the code, one a line: "yes" or "no", whether the articles answer it; the
// question; and the words of which one must be shown. The floors are a little
// below what was reached, so that a change may lose a question but not three.
func TestQuestionsOfOthers(t *testing.T) {
	for name, floor := range map[string]struct{ answered, refused int }{
		"seeds-plain": {38, 21}, // of 40 and 24
		"seeds-free":  {45, 42}, // of 60 and 50
		"samples":     {35, 22}, // of 40 and 30
	} {
		t.Run(name, func(t *testing.T) {
			var e *Extractive
			if name == "samples" {
				e, _ = samples(t)
			} else {
				e = seeds(t)
			}
			answered, refused := 0, 0
			for _, q := range questions(t, name) {
				a := ask(t, e, q.text)
				switch {
				case !q.answerable && a.Verdict == NotFound:
					refused++
				case q.answerable && slices.ContainsFunc(q.words, func(w string) bool { return strings.Contains(shown(a), w) }):
					answered++
				default:
					t.Logf("%s (%.2f)\n  want one of %q\n  got  %q", q.text, a.Confidence, q.words, shown(a))
				}
			}
			if answered < floor.answered || refused < floor.refused {
				t.Errorf("answered %d and refused %d, want at least %d and %d", answered, refused, floor.answered, floor.refused)
			}
		})
	}
}

type labelled struct {
	answerable bool
	text       string
	words      []string
}

func questions(t *testing.T, name string) []labelled {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "questions", name+".tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	for line := range strings.Lines(string(data)) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cols) < 2 {
			t.Fatalf("%s: not a question: %q", name, line)
		}
		q := labelled{answerable: cols[0] == "yes", text: cols[1]}
		if len(cols) > 2 {
			q.words = strings.Split(cols[2], "|")
		}
		out = append(out, q)
	}
	return out
}
