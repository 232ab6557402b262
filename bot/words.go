package bot

import "strings"

// A Language is one the bot speaks in its fixed words, as Discord spells it.
type Language string

// The languages. What an article says stays in the article's own.
const (
	English  Language = "en"
	German   Language = "de"
	French   Language = "fr"
	Spanish  Language = "es"
	Japanese Language = "ja"
)

// Languages are all of them, English first.
func Languages() []Language { return []Language{English, German, French, Spanish, Japanese} }

// LanguageOf is the language of a locale such as "es-419"; English if the bot
// does not speak it.
func LanguageOf(locale string) Language {
	head, _, _ := strings.Cut(strings.ToLower(locale), "-")
	for _, l := range Languages() {
		if string(l) == head {
			return l
		}
	}
	return English
}

// phrases are the bot's fixed words in one language. Each part is a struct of
// strings, beside the handlers that say them.
type phrases struct {
	language Language
	gate     gateWords
	answer   answerWords
	around   aroundWords
	admin    adminWords
}

func phrasesIn(l Language) phrases {
	return phrases{l, gateWordsIn(l), answerWordsIn(l), aroundWordsIn(l), adminWordsIn(l)}
}

// A count is a phrase with a number in it, "%d" in both forms.
type count struct{ One, Many string }
