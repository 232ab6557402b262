package bot

import (
	"slices"
	"strings"
	"unicode"
)

// smallTalk are words that ask nothing, alone or together.
const smallTalk = ` hi hello hey thanks thank you thx ty ok okay cool great nice lol help
	hallo moin danke dir vielen dank super gut hilfe
	bonjour salut merci beaucoup aide
	hola gracias muchas vale ayuda
	こんにちは ありがとう ありがとうございます ヘルプ `

// asksNothing says whether text is a greeting, thanks or a sign at most.
func asksNothing(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	known := strings.Fields(smallTalk)
	return !isVisible(text) || !slices.ContainsFunc(words, func(word string) bool { return !slices.Contains(known, word) })
}
