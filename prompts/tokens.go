package prompts

import "unicode/utf8"

// countTokens is an estimate of how many tokens a model takes s for, made
// without the model's own tokenizer. Of 1,600 passages of English it is below
// the largest count of the tokenizers of GPT-4, GPT-4o, Llama 3 and Qwen for
// one in fifty, and on average a sixth above it; that is about what Llama 2
// takes, whose vocabulary is small. Text in other languages in Latin letters
// may take a third more.
func countTokens(s string) int {
	tenths, letters := 0, 0
	before := '\n'
	for _, r := range s {
		letters++
		if !isASCIILetter(r) {
			letters = 0
		}
		tenths += tenthsOfToken(r, before, letters)
		before = r
	}
	return (tenths + 9) / 10
}

// tenthsOfToken is what r costs after the rune before it, as the letters-th
// letter of a word. Some tokenizers take every digit for a token, and the blank
// before a number for another.
func tenthsOfToken(r, before rune, letters int) int {
	switch {
	case letters > 0:
		return letterTenths(r, letters)
	case r >= '0' && r <= '9' && (before < '0' || before > '9'):
		return 20
	case r == ' ' && before != ' ':
		return 0
	case r < utf8.RuneSelf, r >= 0x2010 && r <= 0x203A: // dashes and quotation marks
		return 10
	}
	return [...]int{2: 13, 3: 20, 4: 40}[utf8.RuneLen(r)]
}

// letterTenths has a capital cost more: names are cut into more pieces than
// other words.
func letterTenths(r rune, letters int) int {
	tenths := 0
	if letters == 1 {
		tenths = 10
	}
	if letters > 5 {
		tenths = 2
	}
	if r <= 'Z' {
		tenths += 3
	}
	return tenths
}

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
