package mini

import "strings"

// Knows returns a function that says whether a word, in lower case, is one of
// the whole words that the model knows: some twenty thousand of English, names
// among them. The vocabulary is read at each call of Knows.
func Knows() func(word string) bool {
	words := make(map[string]bool)
	for piece := range strings.Lines(string(vocab)) {
		piece = strings.TrimSuffix(piece, "\n")
		if !strings.HasPrefix(piece, "##") && !strings.HasPrefix(piece, "[") {
			words[piece] = true
		}
	}
	return func(word string) bool { return words[word] }
}
