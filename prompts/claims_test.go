package prompts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// readClaims reads a whole text at once.
func readClaims(text string) (claims []claim, none bool) {
	var r claimReader
	claims = append(r.write(text), r.close()...)
	return claims, r.none()
}

func TestClaimsOfJSON(t *testing.T) {
	one := []claim{{"It rained.", "rain fell all day", 2}}
	const object = `{"source": 2, "quote": "rain fell all day", "sentence": "It rained."}`
	for name, text := range map[string]string{
		"as asked":                   `{"answer": [` + object + `]}`,
		"a list":                     `[` + object + `]`,
		"one object":                 object,
		"lines":                      object + "\n",
		"a fence":                    "```json\n{\"answer\": [" + object + "]}\n```",
		"words around":               "Sure! Here is the JSON:\n\n" + object + "\nI hope that it helps.",
		"thoughts before it":         "\n<think>\nLet me see. Snow fell [1]. {" + object + "</think>\n\n" + object,
		"wrapped":                    `{"result": {"answer": [{"claim": ` + object + `}]}}`,
		"broken off after it":        `{"answer": [` + object + `, {"source": 1, "quote": "rai`,
		"another order":              `{"sentence": "It rained.", "source": 2, "quote": "rain fell all day"}`,
		"another key":                `{"source": 2, "quote": "rain fell all day", "text": "It rained."}`,
		"capital keys":               `{"Source": 2, "Quote": "rain fell all day", "Sentence": "It rained."}`,
		"more keys":                  `{"source": 2, "sure": true, "quote": "rain fell all day", "sentence": "It rained.", "why": null}`,
		"a comma at the end":         `{"answer": [` + strings.Replace(object, "}", ",\n}", 1) + `,]}`,
		"a number in a string":       strings.Replace(object, "2", `"2"`, 1),
		"a marker for a number":      strings.Replace(object, "2", `"[2]"`, 1),
		"a list of numbers":          strings.Replace(object, "2", `[2, 3]`, 1),
		"a number by its name":       strings.Replace(object, "2", `"Source 2"`, 1),
		"a line break in a string":   strings.Replace(object, "fell all", "fell\nall", 1),
		"an object without sentence": `{"source": 1, "quote": "it was a wet day"}` + object,
		"an object with a blank one": `{"source": 1, "quote": "it was a wet day", "sentence": " "}` + object,
		"an object that is none":     `{"source": 1, quote: it was wet}` + object,
		"a sentence that is no text": `{"source": 1, "quote": "it was a wet day", "sentence": 5}` + object,
		"an object that is too long": `{"sentence": "` + strings.Repeat("very ", maxObject) + `"}` + object,
		"too much around it":         `{"answer": [` + strings.Repeat(" ", maxObject) + object + `]}`,
		"too many braces around it":  strings.Repeat(`{"a": `, maxOpen) + object,
	} {
		if got, none := readClaims(text); !slices.Equal(got, one) || none {
			t.Errorf("%s: got %+v, none %v", name, got, none)
		}
	}
}

func TestClaimsOfJSONKeepWhatStringsHold(t *testing.T) {
	got, _ := readClaims(`{"source": 1, "quote": "he said: \"{no}\" \\", "sentence": "He said \u201cno\u201d} to {it."}`)
	if want := []claim{{"He said “no”} to {it.", `he said: "{no}" \`, 1}}; !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestAClaimWithoutASourceHasNumberZero(t *testing.T) {
	for _, source := range []string{`null`, `"AP"`, `0`, `-1`, `99999999999999999999`, `1.5`, `{}`, `[]`} {
		got, _ := readClaims(`{"source": ` + source + `, "quote": "", "sentence": "It rained."}`)
		if want := []claim{{"It rained.", "", 0}}; !slices.Equal(got, want) {
			t.Errorf("%s: got %+v", source, got)
		}
	}
}

func TestAClaimIsReadAtItsBrace(t *testing.T) {
	var r claimReader
	if got := r.write(`{"answer": [{"source": 1, "quote": "a b c", "sentence": "A."`); len(got) > 0 {
		t.Errorf("got %+v before the brace", got)
	}
	if got := r.write(`}`); len(got) != 1 {
		t.Errorf("got %+v at the brace", got)
	}
}

func TestClaimsOfProse(t *testing.T) {
	rain, snow := "It rained in the U.S. on Monday.", "Snow fell in Seoul."
	for text, want := range map[string][]claim{
		rain + " [1] " + snow + " [2]":                          {{rain, "", 1}, {snow, "", 2}},
		"It rained in the U.S. on Monday [1]. " + snow + "【2】":  {{rain, "", 1}, {snow, "", 2}},
		rain + "[1][2]\n\n" + snow + " (Source 3)":              {{rain, "", 1}, {rain, "", 2}, {snow, "", 3}},
		rain + " [1, 2] " + snow + " (sources 3 and 1)":         {{rain, "", 1}, {rain, "", 2}, {snow, "", 1}, {snow, "", 3}},
		"- " + rain + " [1]\n- " + snow + " [2]\n":              {{rain, "", 1}, {snow, "", 2}},
		rain + " [1] " + snow:                                   {{rain, "", 1}, {snow, "", 0}},
		rain + " " + snow + " [2]":                              {{rain, "", 0}, {snow, "", 2}},
		"It rained in the U.S. [1] on Monday. " + snow + " [2]": {{rain, "", 1}, {snow, "", 2}},
		"[1] " + rain:                         {{rain, "", 1}},
		"Snow [2] fell in Seoul.":             {{snow, "", 2}},
		"Snow fell in Seoul (2022) [2].":      {{"Snow fell in Seoul (2022).", "", 2}},
		"Snow fell in Seoul [sic]. [2]":       {{"Snow fell in Seoul [sic].", "", 2}},
		"“Snow fell in Seoul.” [2]":           {{"“Snow fell in Seoul.”", "", 2}},
		rain + " [1] Snow fell in Seoul [0].": {{rain, "", 1}, {"Snow fell in Seoul [0].", "", 0}},
	} {
		if got, none := readClaims(text); !slices.Equal(got, want) || none {
			t.Errorf("%s\ngot  %+v, none %v\nwant %+v", text, got, none, want)
		}
	}
}

func TestASentenceOfProseIsReadWhenTheNextBegins(t *testing.T) {
	for _, text := range []string{"It rained. [1] ", "It rained [1]. ", "It rained [1]\n"} {
		var r claimReader
		if got := r.write(text); len(got) > 0 {
			t.Errorf("%q: got %+v too early", text, got)
		}
		if got := r.write("S"); len(got) != 1 {
			t.Errorf("%q: got %+v", text, got)
		}
	}
}

func TestAModelThatFindsNoAnswerSaysSo(t *testing.T) {
	for text, want := range map[string]bool{
		`{"answer": []}`:                     true,
		"```json\n{\"answer\": [ ]}\n```":    true,
		`[]`:                                 true,
		"The sources do not answer this.":    true,
		"I am sorry. The sources are silent": true,
		"One. Two has words. Three has too.": false,
		"It rained. [1]":                     false,
		`{"answer": [{"sentence": "It."}]}`:  false,
		`{"answer": ["[]"]}`:                 false,
		`{"answer": [`:                       false,
		``:                                   false,
	} {
		claims, none := readClaims(text)
		if none != want || none && len(claims) > 0 {
			t.Errorf("%s: got %v with %+v", text, none, claims)
		}
	}
}

func TestClaimsAreFew(t *testing.T) {
	for _, text := range []string{`{"sentence": "It rained."}`, "It rained. [1] ", "It rained. "} {
		if got, _ := readClaims(strings.Repeat(text, 200)); len(got) != maxClaims {
			t.Errorf("%s: %d claims", text, len(got))
		}
	}
}

// costlyTexts are those that would be costly to a reader that looks back.
var costlyTexts = []string{"{", "}", `"\`, `{"`, "{}", "[", "[1]", "[1", "]", "[1] ", ". ", "A. ", "U.S. [1] ", "a", " ", "“", "\xf0", "{\"a\":", "[1]. . "}

func TestReadingKeepsLittle(t *testing.T) {
	for _, text := range costlyTexts {
		for _, before := range []string{"", "{", "<think>"} {
			var r claimReader
			r.write(before + strings.Repeat(text, 200_000/len(text)))
			r.close()
			kept := cap(r.objects.text) + 8*cap(r.objects.starts) + cap(r.prose.text) + 16*cap(r.prose.markers) + 40*cap(r.prose.held)
			if kept > 8*maxObject {
				t.Errorf("%q after %q: keeps %d bytes", text, before, kept)
			}
		}
	}
}

func BenchmarkClaimReader(b *testing.B) {
	object := `{"source": 1, "quote": "rain fell all day", "sentence": "It rained."},`
	for _, text := range append([]string{object}, costlyTexts...) {
		b.Run(fmt.Sprintf("%.8q", text), func(b *testing.B) {
			text := strings.Repeat(text, 200_000/len(text))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				readClaims(text)
			}
		})
	}
}

func TestRewrittenQuestion(t *testing.T) {
	const want = "Is North Korea sending lethal aid?"
	for reply, want := range map[string]string{
		`{"question": "Is North Korea sending lethal aid?"}`:                    want,
		"```json\n{\"question\": \"Is North Korea\\nsending lethal aid?\"}":     want,
		`Here: {"answer": {"question": "Is North Korea sending lethal aid?",}}`: want,
		"Is North Korea sending lethal aid?\n":                                  want,
		`{"question": ""}`:                                                      "",
		`{"question": "Is North`:                                                "",
		``:                                                                      "",
	} {
		if got := rewritten(reply); got != want {
			t.Errorf("%s: got %q", reply, got)
		}
	}
}

func FuzzClaimReader(f *testing.F) {
	for _, text := range append(slices.Clone(costlyTexts),
		`{"answer": [{"source": 1, "quote": "a b c", "sentence": "A “b” c."}, {"source": "[2]", "sentence": "D."}]}`,
		"Ça va. [1] Это так【2】. 雨が降った。[3] The end (source 4)",
		"A. B. C. [1]\n- D [2]\n- E\n\n{\"sentence\": \"F\"}",
	) {
		f.Add(text, uint64(0x5a5a_1234))
	}
	f.Fuzz(func(t *testing.T, text string, cuts uint64) {
		want, none := readClaims(text)
		var r claimReader
		var got []claim
		for rest := text; rest != ""; {
			n := min(len(rest), int(cuts%7)+1)
			got = append(got, r.write(rest[:n])...)
			rest, cuts = rest[n:], cuts>>3|cuts<<61
		}
		got = append(got, r.close()...)
		if !slices.Equal(got, want) || r.none() != none {
			t.Fatalf("in pieces %+v, at once %+v", got, want)
		}
		if len(got) > maxClaims {
			t.Fatalf("%d claims", len(got))
		}
		for _, c := range got {
			if strings.TrimSpace(c.sentence) == "" || len(c.sentence)+len(c.quote) > 3*maxObject || c.source < 0 || c.source > 1023 {
				t.Fatalf("claim %+v", c)
			}
		}
	})
}
