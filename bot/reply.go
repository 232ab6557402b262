package bot

// A Reply is what the bot shows, free of Discord's types: a front end renders
// it. The zero value is an empty message.
type Reply struct {
	Blocks  []Block
	Rows    [][]Action // buttons, five a row at most
	Form    *Form      // opens a form, instead of all else; only as an immediate reply
	Choices []Choice   // for Typing, instead of all else
	Plain   bool       // for screen readers: no decoration that must be seen
	Ping    string     // the person who may be pinged; "" is nobody
	Gone    bool       // takes away the message that the request was about, instead of all else
	Remove  []string   // with Gone: the ids of the messages that go with it
	Answer  string     // the id of the answer that is shown; "" if it is none
	// Private is for that person alone. What comes after an acknowledgement is
	// as private as that was; this then keeps it from replacing what was to be
	// updated.
	Private bool
}

// A Block is a part of a reply that is never split unless it is longer than a
// message: a sentence, a source, a quote.
type Block struct {
	Kind  BlockKind
	Spans []Span
}

// A BlockKind says how a block stands on the page.
type BlockKind int

// How blocks stand.
const (
	Sentence  BlockKind = iota // runs on behind the sentence before
	Paragraph                  // begins a paragraph
	Line                       // begins a line: a source, a list's item
	Heading                    // the title of what follows
	Quotation                  // the words of a source, set off
	Note                       // small, beside the point: what footnote itself says of the reply
)

// A Span is a run of text in one style. Its text is as it stands in the source
// or the words of the bot: a front end escapes it.
type Span struct {
	Text  string
	Style Style
	URL   string // where a Link leads: http or https, else it is shown as text
}

// A Style says how a span looks.
type Style int

// How spans look.
const (
	Normal      Style = iota
	Strong            // bold
	Marker            // the "[1]" of a citation: never split, never parted from the word before
	Link              // Text leads to URL
	Code              // to be typed as it is
	ChannelName       // Text is a channel's id: a front end shows the name
	RoleName          // Text is a role's id: a front end shows the name
)

// An Action is a button: Label is what it says, ID is what comes back.
type Action struct {
	Label    string
	ID       string // at most 100 bytes, see action
	Danger   bool
	Disabled bool
}

// A Form asks for text.
type Form struct {
	ID     string // comes back in Request.Action
	Title  string // at most 45 characters
	Fields []Field
}

// A Field is a line, or several, of a form.
type Field struct {
	Name     string // comes back in Request.Options
	Label    string // at most 45 characters
	Long     bool   // several lines
	Required bool
	Max      int // characters, at most 4,000
	Value    string
}

// A Choice is what a person can choose while typing: at most 25, of 100
// characters.
type Choice struct{ Label, Value string }
