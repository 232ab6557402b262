package bert

import (
	"encoding/json"
	"os"
	"testing"

	"footnote/retrieval"
)

// FOOTNOTE_TEST_REFERENCE is a file that train/reference.py wrote with the
// weights of the model that FOOTNOTE_TEST_MODEL names.
func TestAPublishedModelEmbedsAsTheReferenceDoes(t *testing.T) {
	path, reference := os.Getenv("FOOTNOTE_TEST_MODEL"), os.Getenv("FOOTNOTE_TEST_REFERENCE")
	if path == "" || reference == "" {
		t.Skip("FOOTNOTE_TEST_MODEL and FOOTNOTE_TEST_REFERENCE are not both set")
	}
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(reference)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	least, count := 1.0, 0
	for lines := json.NewDecoder(file); lines.More(); count++ {
		var want struct {
			Text   string
			Vector retrieval.Vector
		}
		if err := lines.Decode(&want); err != nil {
			t.Fatal(err)
		}
		cosine := 0.0
		for i, x := range mustEmbed(t, m, want.Text)[0] {
			cosine += float64(x) * float64(want.Vector[i])
		}
		if least = min(least, cosine); cosine < .9999 {
			t.Errorf("%.60q: cosine %.6f to the reference", want.Text, cosine)
		}
	}
	t.Logf("least cosine of %d texts: %.6f", count, least)
}
