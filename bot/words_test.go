package bot

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// phrasesBelow are all strings in a value of phrases, by their path.
func phrasesBelow(path string, v reflect.Value, found map[string]string) {
	switch v.Kind() {
	case reflect.String:
		found[path] = v.String()
	case reflect.Struct:
		for i := range v.NumField() {
			phrasesBelow(path+"."+v.Type().Field(i).Name, v.Field(i), found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			phrasesBelow(fmt.Sprintf("%s[%d]", path, i), v.Index(i), found)
		}
	default:
		found[path] = ""
	}
}

func allPhrases(l Language) map[string]string {
	found := make(map[string]string)
	phrasesBelow("", reflect.ValueOf(phrasesIn(l)), found)
	delete(found, ".language")
	return found
}

func TestEveryPhraseIsThereInEveryLanguage(t *testing.T) {
	english := allPhrases(English)
	if len(english) < 50 {
		t.Fatalf("only %d phrases were found", len(english))
	}
	for _, l := range Languages() {
		phrases := allPhrases(l)
		if len(phrases) != len(english) {
			t.Errorf("%s has %d phrases, English has %d", l, len(phrases), len(english))
		}
		for path, text := range phrases {
			if text == "" {
				t.Errorf("%s%s is empty", l, path)
			}
		}
	}
}

func TestPhrasesTakeTheSameInEveryLanguage(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d+\])?.`)
	verbs := func(text string) []string {
		found := verb.FindAllString(text, -1)
		slices.Sort(found)
		return found
	}
	english := allPhrases(English)
	for _, l := range Languages() {
		for path, text := range allPhrases(l) {
			if got, want := verbs(text), verbs(english[path]); !slices.Equal(got, want) {
				t.Errorf("%s%s takes %q, the English one %q", l, path, got, want)
			}
		}
	}
}

func TestNoTwoLanguagesShareTheGatesSentences(t *testing.T) {
	seen := make(map[string]Language)
	for _, l := range Languages() {
		text := gateWordsIn(l).trouble
		if other, there := seen[text]; there {
			t.Errorf("%s says the same as %s: %q", l, other, text)
		}
		seen[text] = l
	}
}

func TestLanguageOfALocale(t *testing.T) {
	for locale, want := range map[string]Language{
		"en-US": English, "de": German, "fr": French, "es-ES": Spanish, "es-419": Spanish, "ja": Japanese, "DE": German, "pt-BR": English, "": English,
	} {
		if got := LanguageOf(locale); got != want {
			t.Errorf("LanguageOf(%q) = %s, want %s", locale, got, want)
		}
	}
}

func TestPunctuationIsTheLanguagesOwn(t *testing.T) {
	for l, wrong := range map[Language]*regexp.Regexp{
		English:  regexp.MustCompile(`"|[«»„]`),
		German:   regexp.MustCompile(`"|[«»]|“[^„]*”`),
		French:   regexp.MustCompile(`[^\x{a0}][;?!»]|« | :|["“”]`),
		Spanish:  regexp.MustCompile(`["“”]|« | »`),
		Japanese: regexp.MustCompile(`["“”«»]|[\p{Han}\p{Hiragana}\p{Katakana}][,:;?!(]|。 `),
	} {
		phrases := allPhrases(l)
		for _, path := range slices.Sorted(maps.Keys(phrases)) {
			if bad := wrong.FindString(phrases[path]); bad != "" {
				t.Errorf("%s%s has %q: %q", l, path, bad, phrases[path])
			}
		}
	}
}
