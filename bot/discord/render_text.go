package discord

import (
	"slices"
	"strings"

	"footnote/bot"
)

// An atom is a run of a message that is never split: a word, a link.
type atom struct {
	lead   string // what parts it from the atom before: nothing, a blank or a line's end
	text   string // as Discord takes it
	strong bool
	tied   bool // never parted from the atom before
	ends   bool // ends a sentence
}

// A text is a block as atoms.
type text struct {
	atoms  []atom
	prefix string // begins each line
	lines  bool   // line ends of the spans are kept
	plain  bool
	quoted bool   // the words of a source
	lead   string // of the next atom
}

// paint turns a block into what Discord shows like it.
func paint(b bot.Block, plain bool) *text {
	t := &text{plain: plain, quoted: b.Kind == bot.Quotation, lines: b.Kind == bot.Quotation || b.Kind == bot.Paragraph}
	switch {
	case plain:
	case b.Kind == bot.Quotation:
		t.prefix = "> "
	case b.Kind == bot.Note:
		t.prefix = "-# "
	}
	for _, s := range marked(b, plain) {
		t.span(s, b.Kind == bot.Heading && !plain)
	}
	return t
}

// marked are the spans of a block. In plain text the words of a source stand in
// quotation marks, as nothing else tells them from those of footnote; stress
// sets them around what is strong, if anything is.
func marked(b bot.Block, plain bool) []bot.Span {
	isStrong := func(s bot.Span) bool { return s.Style == bot.Strong }
	if !plain || b.Kind != bot.Quotation || slices.ContainsFunc(b.Spans, isStrong) {
		return b.Spans
	}
	return slices.Concat([]bot.Span{{Text: "“"}}, b.Spans, []bot.Span{{Text: "”"}})
}

func (t *text) span(s bot.Span, strong bool) {
	words := clean(s.Text)
	switch s.Style {
	case bot.Link:
		if to := address(s.URL); to != "" {
			t.add(atom{text: "[" + label(words, s.URL) + "](<" + to + ">)", strong: strong, tied: t.before() != ""})
			return
		}
	case bot.Marker:
		if isMarker(words) {
			t.add(atom{text: words, strong: strong, tied: true, ends: t.atEnd()})
			return
		}
	case bot.Code:
		if isVerbatim(words) {
			t.add(atom{text: "`" + words + "`", strong: strong, tied: t.before() != ""})
			return
		}
	case bot.ChannelName, bot.RoleName:
		if isSnowflake(s.Text) {
			t.add(atom{text: nameOf(s), strong: strong, tied: t.before() != ""})
			return
		}
	case bot.Strong:
		words, strong = t.stress(words), !t.plain
	}
	t.words(words, strong)
}

// nameOf is what Discord shows as the name of a channel or a role.
func nameOf(s bot.Span) string {
	if s.Style == bot.RoleName {
		return "<@&" + s.Text + ">"
	}
	return "<#" + s.Text + ">"
}

// stress is how a strong text reads: where bold cannot be seen, what counts in
// a quote stands in quotation marks, and else nothing is lost without.
func (t *text) stress(words string) string {
	if !t.plain || !t.quoted || strings.TrimFunc(words, isBlank) == "" {
		return words
	}
	core := strings.TrimFunc(words, isBlank)
	return strings.Replace(words, core, "“"+core+"”", 1)
}

// words adds what a text says, word by word.
func (t *text) words(s string, strong bool) {
	for s != "" {
		word := strings.TrimLeftFunc(s, isBlank)
		t.blank(s[:len(s)-len(word)])
		if s = word; s == "" {
			return
		}
		if end := strings.IndexFunc(s, isBlank); end >= 0 {
			word = s[:end]
		}
		s = s[len(word):]
		t.word(word, s == "", strong)
	}
}

// word adds a word, in pieces if it is long; last says that the span ends.
func (t *text) word(word string, last, strong bool) {
	before := t.before()
	for tied := before != ""; word != ""; tied = false {
		piece := word[:pieceLen(word)]
		word = word[len(piece):]
		t.add(atom{text: escape(piece, before, last || word != ""), strong: strong, tied: tied, ends: endsSentence(piece)})
		before = piece
	}
}

// before is what the next atom follows without a blank.
func (t *text) before() string {
	if t.lead != "" || len(t.atoms) == 0 {
		return ""
	}
	return t.atoms[len(t.atoms)-1].text
}

// blank notes the white space before the next atom.
func (t *text) blank(s string) {
	switch {
	case t.lines && strings.Contains(s, "\n"):
		t.lead = "\n"
	case s != "" && t.lead == "":
		t.lead = gapOf(s)
	}
}

func (t *text) add(a atom) {
	if a.lead = t.lead; len(t.atoms) == 0 {
		a.lead, a.tied = "", false
	}
	t.atoms, t.lead = append(t.atoms, a), ""
}

// atEnd says whether the sentence has ended.
func (t *text) atEnd() bool { return len(t.atoms) > 0 && t.atoms[len(t.atoms)-1].ends }

// draw is the first n atoms as Discord takes them.
func (t *text) draw(n int) string {
	p := pen{prefix: t.prefix}
	for _, a := range t.atoms[:n] {
		p.write(a)
	}
	return p.close()
}

// drop takes the first n atoms away: what follows begins a page, and so a line.
func (t *text) drop(n int) {
	if t.atoms = t.atoms[n:]; len(t.atoms) > 0 {
		t.atoms[0].lead = ""
	}
}

// cut is how many atoms make the longest beginning that fits into most units and
// ends with a sentence, else with a word, else with any atom.
func (t *text) cut(most int) int {
	var bySentence, byWord, byAtom int
	p := pen{prefix: t.prefix}
	for i, a := range t.atoms {
		if p.size > 0 && !a.tied {
			byWord = i
			if t.atoms[i-1].ends {
				bySentence = i
			}
		}
		if p.write(a); p.closedSize() > most {
			break
		}
		byAtom = i + 1
	}
	for _, n := range [...]int{bySentence, byWord, byAtom} {
		if n > 0 {
			return n
		}
	}
	return 1 // no atom is as long as a message
}

// A pen writes atoms, and bold around those that are strong.
type pen struct {
	prefix string
	b      strings.Builder
	size   int // units written
	strong bool
	digits string // all that the line holds so far, if that is a number
}

func (p *pen) write(a atom) {
	if p.strong && (!a.strong || a.lead == "\n") {
		p.stress(false)
	}
	p.put(a.lead)
	begins := p.size == 0 || a.lead == "\n"
	if begins {
		p.put(p.prefix)
		p.digits = ""
	}
	if a.strong && !p.strong {
		p.stress(true)
	}
	p.put(p.guarded(a, begins))
}

// guarded is an atom's text without what acts only where a line begins.
func (p *pen) guarded(a atom, begins bool) string {
	if !begins && (p.digits == "" || a.lead != "") {
		p.digits = ""
		return a.text
	}
	text := escapeStart(a.text, p.digits)
	if p.digits += a.text; !isNumber(p.digits) {
		p.digits = ""
	}
	return text
}

func (p *pen) put(s string) {
	p.b.WriteString(s)
	p.size += units(s)
}

func (p *pen) stress(on bool) {
	p.put("**")
	p.strong = on
}

func (p *pen) closedSize() int {
	if p.strong {
		return p.size + len("**")
	}
	return p.size
}

func (p *pen) close() string {
	if p.strong {
		p.stress(false)
	}
	return p.b.String()
}
