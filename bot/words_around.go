package bot

// aroundWords are the fixed words of the commands that do not ask.
type aroundWords struct {
	search   searchWords
	articles articlesWords
	check    checkWords
	forget   forgetWords
	plain    plainWords
	help     helpWords
	colon    string // between a label and what it is of, with its blanks
	page     string // %d of %d
	tooOld   string
}

type searchWords struct {
	command, query naming

	heading string // %s is a query
	nothing string
}

type articlesWords struct {
	command, filter naming

	heading  string
	matching string // %s is a filter, %s a number of articles
	own      string
	ownCount count // of the articles before it
}

type checkWords struct {
	command naming // of a menu: its name may be any, its about is for help

	noClaim      string
	heading      string
	supported    string
	contradicted string
	otherNumber  string
	otherDate    string
	notCovered   string
	nearest      string
	left         count
	noJudgement  string
}

type forgetWords struct {
	command, me naming

	done     count // answers
	messages string
	traces   string
}

type plainWords struct {
	command naming

	on, off, offHere string
}

type helpWords struct {
	command naming

	promise  string
	asking   string
	ask      string
	mention  string
	direct   string
	exact    string
	commands string
	here     string
	samples  string
	quotes   string
	model    string // %s is its name
	limits   string // %d for a person, %d for a server
	privacy  string
	kept     string
	sent     string // %s is the model's name
	forget   string // %s is a command
}

func aroundWordsIn(l Language) aroundWords {
	switch l {
	case German:
		return germanAround()
	case French:
		return frenchAround()
	case Spanish:
		return spanishAround()
	case Japanese:
		return japaneseAround()
	}
	return englishAround()
}
