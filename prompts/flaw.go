package prompts

// A Flaw is why a sentence of a model is not shown.
type Flaw string

// The flaws. What a sentence says is checked last, so that a flaw of its words
// tells of a sentence whose quote stands in a source.
const (
	// FlawNotPlain: it has what could act where it is shown: an address, a
	// mention, a mark of Markdown, an invisible or reordering character.
	FlawNotPlain Flaw = "not_plain"
	// FlawLength: it has fewer than three words and is not the very answer, or
	// more than 500 characters.
	FlawLength Flaw = "length"
	// FlawInstructions: it repeats the prompt's own instructions.
	FlawInstructions Flaw = "instructions"
	// FlawStrange: it has a word that neither the sources, the question nor the
	// language know.
	FlawStrange Flaw = "strange_word"
	// FlawNoSource: it names no source of the prompt and quotes none.
	FlawNoSource Flaw = "no_source"
	// FlawShortQuote: its quote has fewer than three words and is not the very
	// number or name asked for, or stands in its source more than once.
	FlawShortQuote Flaw = "short_quote"
	// FlawLongQuote: its quote touches more than three sentences.
	FlawLongQuote Flaw = "long_quote"
	// FlawQuote: its quote stands in no source: it is invented, changed or
	// joined from several places.
	FlawQuote Flaw = "quote"
	// FlawNumber: it has a number that its quote does not have, or has of
	// something else.
	FlawNumber Flaw = "number"
	// FlawDate: it has a date that neither its quote nor its quote's context
	// has, or that contradicts its quote.
	FlawDate Flaw = "date"
	// FlawName: it names whom or what neither its quote nor its quote's context
	// names.
	FlawName Flaw = "name"
	// FlawRole: it has one do what in its quote another does.
	FlawRole Flaw = "role"
	// FlawNegation: it affirms what its quote denies, or denies what its quote
	// affirms.
	FlawNegation Flaw = "negation"
	// FlawHedge: it states what its quote only holds possible, alleges or plans.
	FlawHedge Flaw = "hedge"
	// FlawOpposite: it says the opposite of a word of its quote.
	FlawOpposite Flaw = "opposite"
	// FlawUnsupported: too little of what it says is in its quote.
	FlawUnsupported Flaw = "unsupported"
	// FlawBeside: it is borne out, but has nothing to do with the question.
	FlawBeside Flaw = "beside_the_question"
)
