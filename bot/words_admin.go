package bot

// adminWords are the fixed words of the commands for admins.
type adminWords struct {
	ingest   ingestWords
	remove   removeWords
	settings settingsWords
	status   statusWords

	cancel    string
	cancelled string
	tooOld    string
}

type ingestWords struct {
	command, file, title, outlet, url, published naming

	// The form: at most 45 characters each.
	form           string
	textLabel      string
	titleLabel     string
	outletLabel    string
	urlLabel       string
	publishedLabel string

	// What is wrong with what was given.
	otherKind  string
	tooLarge   string
	tooMany    string // %d is the most
	unreadable string
	forOne     string
	noURL      string
	noDate     string // %s is what was typed
	full       string // %s is the most

	// What would be added.
	question count
	more     count
	passages count
	unread   count
	undated  count
	only     string
	add      string

	// What was.
	added     count
	changed   count
	unchanged count
	ask       string
}

type removeWords struct {
	command, article naming

	question string
	kept     string
	remove   string
	none     string
	several  string
	gone     string
	done     string
	traces   string
}

type settingsWords struct {
	command, channel, role, outlets, plain, reset naming

	now     string
	changed string

	channels   string
	anywhere   string
	roles      string
	anybody    string
	chosen     string
	fromOutlet string
	allOutlets string
	plainText  string
	on, off    string

	channelClosed string
	tooMany       string // %d channels or roles, %d outlets
	unknownOutlet string // %s is its name
}

type statusWords struct {
	command naming

	heading    string
	articles   string
	model      string
	noModel    string
	version    string
	uptime     string
	work       string
	running    string // %d, and %d that wait
	tokens     string
	unknown    string
	connection string
}

func adminWordsIn(l Language) adminWords {
	switch l {
	case German:
		return germanAdmin()
	case French:
		return frenchAdmin()
	case Spanish:
		return spanishAdmin()
	case Japanese:
		return japaneseAdmin()
	}
	return englishAdmin()
}
