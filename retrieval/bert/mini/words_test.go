package mini

import "testing"

func TestKnowsWholeWordsOnly(t *testing.T) {
	knows := Knows()
	for word, want := range map[string]bool{
		"ministry": true, "korea": true, "quokka": false, // is pieced together
		"ministry\n": false, "##s": false, "[PAD]": false, "": false,
	} {
		if knows(word) != want {
			t.Errorf("knows %q: %v", word, !want)
		}
	}
}
