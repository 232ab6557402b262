package retrieval

import (
	"strings"
	"testing"
)

func TestCopiesAreToldFromOtherTexts(t *testing.T) {
	for other, want := range map[string]bool{
		wire: true, strings.ToUpper(wire): true, wire + " More is to follow.": true, "Shells were sold.": false, "": false,
	} {
		if got := AreCopies(wire, other); got != want {
			t.Errorf("%q: %v", other, got)
		}
	}
}
