package bot

// answerWords are the fixed words around questions and answers.
type answerWords struct {
	// The commands and what they take.
	ask, question, since, until, asOf, outlet, private naming
	sources, answer                                    naming

	// What is wrong with a question.
	noDate   string // %s is what was typed
	noDays   string
	noOutlet string // %s is what was typed

	// An answer.
	askedAs      string // %s is a question
	asOfDay      string // %s is a day
	limitedTo    string // %s is outlets and days
	cut          string
	independent  count
	verified     count // %d of %d: those shown, and all of them, which the form goes by
	removed      count
	quotesOnly   string
	answerID     string // %s is an id
	differNumber string
	differDate   string
	differClaim  string
	newer        string
	undatedLeft  count
	fromSamples  string
	notKept      string

	// Why there are quotes only.
	modelUnavailable string
	overBudget       string
	nothingVerified  string
	modelFoundNone   string

	// A refusal, and what was asked of.
	notFound string
	missing  string // %s is names
	comma    string // with its blank, as in the next
	or       string
	nearest  string
	articles count
	dated    string // %s articles, %s and %s the first and the last day

	// An article.
	unknownOutlet string
	undated       string

	// Buttons: at most 80 characters.
	showSources string // %d is how many
	helpful     string
	unhelpful   string
	retry       string
	remove      string
	followUp    string
	tellMe      string
	stopTelling string
	previous    string
	next        string

	// A source.
	toQuestion string // %s is a question
	citesNone  string
	page       string // %d of %d
	plainPage  string // %d of %d, to be read aloud
	before     string // %s is a text, as in the next two
	quote      string
	after      string
	changed    string
	gone       string

	// What comes of a button.
	thanks       string
	notYours     string
	followTitle  string // at most 45 characters
	followLabel  string // at most 45 characters
	willTell     string
	willTellHere string
	alreadyTells string
	tooMany      string // %d is how many
	tellsNoMore  string
	nowAnswered  string // %s is a question
}

// A naming is what a command or an option is called, and what it is for.
type naming struct {
	Name  string // at most 32 small letters, digits, hyphens and underscores
	About string // at most 100 characters
}

func answerWordsIn(l Language) answerWords {
	switch l {
	case German:
		return germanAnswers()
	case French:
		return frenchAnswers()
	case Spanish:
		return spanishAnswers()
	case Japanese:
		return japaneseAnswers()
	}
	return englishAnswers()
}
