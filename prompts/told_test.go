package prompts

import (
	"testing"

	"footnote/corpus"
	"footnote/retrieval/bert/mini"
)

// Each rule on what is told of what, by a sentence that keeps it and one that
// does not.
func TestToldOfWhat(t *testing.T) {
	r, knows := newReader(), mini.Knows()
	for _, test := range []struct{ name, text, good, bad string }{
		{"things change places", "The jury found Marsh guilty of fraud but cleared him of theft.",
			"The jury cleared Marsh of theft.", "The jury found Marsh guilty of theft but cleared him of fraud."},
		{"both sides of a deed", "Critics were less impressed than audiences.",
			"The critics were less impressed than audiences.", "Audiences were less impressed than critics."},
		{"a figure of another thing", "Veltrix made a loss of $2 billion, compared with a profit of $300 million a year before.",
			"Veltrix made a loss of $2 billion.", "Veltrix made a profit of $2 billion."},
		{"another counted", "About 3,000 homes lost power.", "3,000 homes lost power.", "3,000 people lost power."},
		{"parts of a whole", "Cracks were found in two of the five gates.",
			"Two of five gates were found to have cracks.", "Cracks were found in five gates."},
		{"the second largest", "It was the second-largest haul in the history of the port.",
			"It was the second-largest haul of the port.", "It was the largest haul in the history of the port."},
		{"all", "Some survivors spent the night in cars.", "Some survivors spent a night in cars.", "All survivors spent the night in cars."},
		{"to and from", "Turnout fell to 27 percent from 50 percent.", "Turnout fell from 50 percent to 27 percent.", "Turnout fell to 50 percent."},
		{"below zero", "It may be minus 12 degrees in the north.", "It may be -12 degrees in the north.", "It may be 12 degrees in the north."},
		{"a unit of one", "The firm heard of the move a minute before the bell.",
			"The firm heard of the move a minute before the bell.", "The firm heard of the move an hour before the bell."},
		{"who says it", "Officials said the object was a spy balloon; Beijing insists that it was a weather craft.",
			"Beijing insists that the object was a weather craft.", "Beijing said the object was a spy balloon."},
		{"what came first", "Engineers closed the gate after cracks were found in the wall.",
			"After cracks were found in the wall, engineers closed the gate.", "Cracks were found in the wall after engineers closed the gate."},
		{"for and against", "The town council voted against the plan.", "The council voted against the plan.", "The council voted for the plan."},
		{"not yet done", "The state agreed to pay the wages by April.", "The state agreed to pay the wages.", "The state paid the wages by April."},
		{"doubted", "The skeletons are probably offerings.", "The skeletons were probably offerings.", "The skeletons were offerings."},
		{"the next sentence", "Brun had not asked her to go. She will be replaced by Eide.", "She will be replaced by Eide.", "Brun had asked her to go."},
		{"last July", "The agency approved the drug last July.", "The agency approved the drug in July 2023.", "The agency approved the drug in July 2024."},
	} {
		source := pair{source: "2024-02-20 " + test.text}.sources(t)
		for sentence, want := range map[string]bool{test.good: true, test.bad: false} {
			_, flaw := newGate(r, inquiry{}, source, knows).check(claim{sentence, test.text, 1})
			if (flaw == "") != want {
				t.Errorf("%s: %q has the flaw %q", test.name, sentence, flaw)
			}
		}
	}
}

// A sentence that says nothing is borne out by nothing.
func TestWhatSaysNothingIsNotShown(t *testing.T) {
	g := newGate(newReader(), inquiry{}, passages(corpus.Article{ID: "a", Title: "Rice", Text: truth}), mini.Knows())
	for _, text := range []string{"It is that which they were.", "the the the the", truth + " the the the", "--- " + truth, "? " + truth, truth[:len(truth)-1] + ":"} {
		if _, flaw := g.check(claim{text, truth, 1}); flaw == "" {
			t.Errorf("%q is shown", text)
		}
	}
}
