package bot

import (
	"context"
	"fmt"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// Bounds on what a server may add, and on what it is shown of it.
const (
	maxAttachment = 1 << 20 // bytes
	maxPasted     = 4000    // characters, Discord's own bound of a form's field
	mostAtOnce    = 200     // articles of one file
	mostOwn       = 2000    // articles of one server
	mostListed    = 5       // of the articles of a file before they are added
	firstWords    = 200     // characters
)

// ingestedFrom is the source of an article that was added in a chat.
const ingestedFrom = "chat"

func ingestCommand() command {
	spec := newSpec("ingest", func(p phrases) naming { return p.admin.ingest.command })
	spec.Admin, spec.GuildOnly = true, true
	spec.Options = []OptionSpec{
		newOption("file", Attachment, func(p phrases) naming { return p.admin.ingest.file }),
		newOption("title", Text, func(p phrases) naming { return p.admin.ingest.title }),
		newOption("outlet", Text, func(p phrases) naming { return p.admin.ingest.outlet }),
		newOption("url", Text, func(p phrases) naming { return p.admin.ingest.url }),
		newOption("published", Text, func(p phrases) naming { return p.admin.ingest.published }),
	}
	return command{CommandSpec: spec, private: always, instant: pasteForm, run: kindly(ingestFile)}
}

// pasteForm is for who attaches nothing: a form to paste a text into, with what
// the options said of it.
func pasteForm(_ *Bot, c *call) (Reply, bool) {
	if c.File != nil {
		return Reply{}, false
	}
	w := c.words.admin.ingest
	field := func(name, label string, most int) Field {
		value := []rune(oneLine(c.Options[name]))
		return Field{Name: name, Label: label, Max: most, Value: string(value[:min(len(value), most)])}
	}
	text := field("text", w.textLabel, maxPasted)
	text.Long, text.Required = true, true
	return Reply{Form: &Form{
		ID:    action{name: "ingest"}.id(),
		Title: w.form,
		Fields: []Field{
			text,
			field("title", w.titleLabel, 300),
			field("outlet", w.outletLabel, 100),
			field("url", w.urlLabel, 2000),
			field("published", w.publishedLabel, 40),
		},
	}}, true
}

func ingestPasted(_ context.Context, b *Bot, c *call) (Reply, error) {
	return b.proposeAdding(c, "pasted.txt", []byte(c.Options["text"]))
}

func ingestFile(ctx context.Context, b *Bot, c *call) (Reply, error) {
	data, err := readAttachment(ctx, c.File, c.words.admin.ingest)
	if err != nil {
		return Reply{}, err
	}
	return b.proposeAdding(c, c.File.Name, data)
}

// A plan is what an admin is asked to confirm.
type plan struct {
	add    []corpus.Article
	remove corpus.ArticleID
}

// proposeAdding reads articles and asks whether they are to be added.
func (b *Bot) proposeAdding(c *call, name string, data []byte) (Reply, error) {
	if c.Place.Guild == "" { // a form of one who runs the bot, sent from outside a server
		return Reply{}, refusal(c.words.gate.serversOnly)
	}
	found, unread, err := readArticles(c, name, data)
	if err != nil {
		return Reply{}, err
	}
	if err := checkRoom(c, found); err != nil {
		return Reply{}, err
	}
	b.shelves.plans.put(c.ID, ownerOf(c.Request), b.options.Now(), plan{add: found})
	return additionReply(c, found, unread), nil
}

// checkRoom refuses articles that would be too many for the server.
func checkRoom(c *call, found []corpus.Article) error {
	fresh := countOf(found, func(a corpus.Article) bool { return !c.corpus.Scope.Own(a.ID) })
	if fresh > 0 && len(ownArticles(c.corpus.Scope))+fresh > mostOwn {
		return refusal(fmt.Sprintf(c.words.admin.ingest.full, c.words.grouped(mostOwn)))
	}
	return nil
}

// additionReply shows what would be added, and asks.
func additionReply(c *call, found []corpus.Article, unread int) Reply {
	w := c.words.admin.ingest
	passages, undated := 0, 0
	for _, a := range found {
		passages += len(corpus.Chunker{}.Chunk(a))
		if a.Published.IsZero() {
			undated++
		}
	}
	blocks := []Block{textBlock(Heading, c.words.counted(len(found), w.question))}
	for _, a := range found[:min(len(found), mostListed)] {
		blocks = append(blocks, Block{Line, c.words.sourceSpans(listed(a))})
	}
	if more := len(found) - mostListed; more > 0 {
		blocks = append(blocks, textBlock(Line, c.words.counted(more, w.more)))
	}
	blocks = append(blocks, textBlock(Line, c.words.counted(passages, w.passages)))
	if len(found) == 1 {
		blocks = append(blocks, textBlock(Quotation, clip(oneLine(found[0].Text), firstWords)))
	}
	if unread > 0 {
		blocks = append(blocks, textBlock(Note, c.words.counted(unread, w.unread)))
	}
	if undated > 0 {
		blocks = append(blocks, textBlock(Note, c.words.counted(undated, w.undated)))
	}
	return Reply{
		Blocks: append(blocks, textBlock(Note, w.only)),
		Rows: [][]Action{{
			{Label: w.add, ID: action{name: "ingest-add", arg: c.ID}.id()},
			{Label: c.words.admin.cancel, ID: action{name: "cancel", arg: c.ID}.id()},
		}},
	}
}

// planned is what the pressed button confirms.
func (b *Bot) planned(c *call) (plan, error) {
	p, ok := b.shelves.plans.get(c.action.arg, ownerOf(c.Request), b.options.Now())
	if !ok {
		return plan{}, refusal(c.words.admin.tooOld)
	}
	return p, nil
}

// addPlanned adds the articles that their admin has agreed to add. Pressed
// again, it adds none twice.
func addPlanned(ctx context.Context, b *Bot, c *call) (Reply, error) {
	p, err := b.planned(c)
	if err != nil {
		return Reply{}, err
	}
	if err := checkRoom(c, p.add); err != nil { // other admins may have been faster
		return Reply{}, err
	}
	done := map[retrieval.Change]int{}
	for _, a := range p.add {
		r := retrieval.Record{Article: a, Source: ingestedFrom, Added: b.options.Now().UTC()}
		change, err := b.options.Store.AddTo(ctx, c.Place.Guild, r)
		if err != nil {
			return Reply{}, fmt.Errorf("adding a server's article: %w", err)
		}
		done[change]++
	}
	b.shelves.plans.drop(func(o owner) bool { return o == ownerOf(c.Request) })
	b.ingested(ctx)
	w := c.words.admin.ingest
	counts := []string{
		c.words.counted(done[retrieval.Added], w.added),
		c.words.counted(done[retrieval.Changed], w.changed),
		c.words.counted(done[retrieval.Unchanged], w.unchanged),
	}
	return Reply{Blocks: []Block{
		textBlock(Paragraph, strings.Join(counts, ", ")+"."),
		textBlock(Sentence, w.ask),
	}}, nil
}

// ingested has questions asked of the articles as they are now. If that does not
// work, they are a little later.
func (b *Bot) ingested(ctx context.Context) {
	if b.options.Ingested == nil {
		return
	}
	if err := b.options.Ingested(ctx); err != nil {
		b.options.Log.WarnContext(ctx, "articles that came in or went are not noticed at once", "error", err)
	}
}

// cancelPlan drops what waits for a yes.
func cancelPlan(_ context.Context, b *Bot, c *call) (Reply, error) {
	if _, err := b.planned(c); err != nil {
		return Reply{}, err
	}
	b.shelves.plans.drop(func(o owner) bool { return o == ownerOf(c.Request) })
	return saying(c.words.admin.cancelled), nil
}
