package prompts

// A claim is a sentence that a model wrote, with what it says bears it out.
type claim struct {
	sentence string
	quote    string // "" where the format has none: the gate then looks for one
	source   int    // the number of a source of the prompt; 0 if none was given
}
