package prompts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/retrieval"
)

// A line of testdata/followups has the questions of the turns before, parted by
// " >> "; their answers, likewise; a follow-up; and what must become of it:
// "alone" if it stands alone, "=" and the rewriting, or words that it must have
// and, after "-", must not have. The lines of before.tsv were written before
// the rules. Those of after.tsv were written after them, to measure on: when they
// were new, 55 of 62 came out right. Those of fresh.tsv are the follow-ups and new
// questions of conversations that were written without a look at the rules, with
// the answers that were shown: when they were new, 30 of 63 follow-ups came out
// right, and all 20 new questions; 36 more were written when that was mended.
func TestFollowUpsStandAlone(t *testing.T) {
	for name, floor := range map[string]int{"before": 60, "after": 61, "fresh": 105} {
		r, right := newReader(), 0
		lines := tsv(t, filepath.Join("followups", name+".tsv"))
		for _, cols := range lines {
			got, leans := r.standAlone(cols[2], conversation(cols[0], cols[1]))
			if becomes(cols[3], cols[2], got, leans) {
				right++
			} else {
				t.Logf("%s + %q\n  want %s\n  got  %s (%v)", cols[0], cols[2], cols[3], got, leans)
			}
		}
		t.Logf("%s: %d of %d are right", name, right, len(lines))
		if right < floor {
			t.Errorf("%s: %d of %d are right, want at least %d", name, right, len(lines), floor)
		}
	}
}

func conversation(questions, answers string) []Turn {
	if questions == "" {
		return nil
	}
	var out []Turn
	said := strings.Split(answers, " >> ")
	for i, q := range strings.Split(questions, " >> ") {
		out = append(out, Turn{q, said[i]})
	}
	return out
}

func becomes(want, question, got string, leans bool) bool {
	if want == "alone" {
		return got == question && !leans
	}
	if exact, ok := strings.CutPrefix(want, "="); ok {
		return leans && got == exact
	}
	low := strings.ToLower(got)
	for w := range strings.SplitSeq(strings.ToLower(want), "|") {
		banned, not := strings.CutPrefix(w, "-")
		padded := " " + strings.NewReplacer("?", " ", ",", " ", "(", " ", ")", " ", "'s", " ").Replace(low) + " "
		if not && strings.Contains(padded, " "+banned+" ") || !not && !strings.Contains(low, w) {
			return false
		}
	}
	return leans
}

func tsv(t *testing.T, path string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(data)) {
		out = append(out, strings.Split(strings.TrimRight(line, "\n"), "\t"))
	}
	return out
}

func FuzzStandAlone(f *testing.F) {
	for _, q := range []string{"and the North?", "why?", "Did they say that then?", "and before that?", "How many?", "in", "the the", "what about", "?", "its", "\x00\xff"} {
		f.Add(q, "Is South Korea sending lethal aid to Ukraine in 2022?", "The ministry said on Friday that it was not.")
		f.Add("and "+q, q, q)
	}
	r := newReader()
	f.Fuzz(func(t *testing.T, question, before, answer string) {
		if len(question)+len(before)+len(answer) > 3000 || !utf8.ValidString(question+before+answer) {
			t.Skip()
		}
		got, leans := r.standAlone(question, []Turn{{before, answer}})
		if !leans && got != question {
			t.Fatalf("%q stands alone and became %q", question, got)
		}
		told := stemsOf(retrieval.Terms(question + " " + before + " " + answer + " and in on that"))
		for place := range r.study(before + " " + answer).places {
			_, land, _ := strings.Cut(place, " ")
			told[retrieval.Stem(land)] = true
		}
		for _, w := range retrieval.Terms(got) {
			if !told[w.Stem] {
				t.Fatalf("%q is in neither %q, %q nor %q, but in %q", w.Word, question, before, answer, got)
			}
		}
	})
}
