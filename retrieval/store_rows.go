package retrieval

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"footnote/corpus"
)

// timeLayout is RFC 3339 with all nine digits of the second, so that texts
// sort as times do.
const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

// seal is the checksum of a row: the SHA-256 of its kind and its fields, each
// preceded by its length.
func seal(kind string, fields ...string) []byte {
	size := 0
	for _, f := range fields {
		size += len(f) + 4
	}
	row := make([]byte, 0, size+len(kind)+4)
	row = appendField(row, kind)
	for _, f := range fields {
		row = appendField(row, f)
	}
	sum := sha256.Sum256(row)
	return sum[:]
}

func appendField(row []byte, f string) []byte {
	row = binary.LittleEndian.AppendUint32(row, uint32(len(f)))
	return append(row, f...)
}

// decimal is the form of a number in a seal.
func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// scan reads a row into variables; errMalformed is the error if its values are
// not of their kinds.
func scan(ctx context.Context, row interface{ Scan(...any) error }, into ...any) error {
	err := row.Scan(into...)
	if err == nil || errors.Is(err, sql.ErrNoRows) || sqliteCode(err) != 0 || ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errMalformed, err)
}

// headColumns are the columns of a head, in the order of its fields; the text
// comes after them. Articles and versions both have them.
const headColumns = `id, version, title, derived, outlet, url, published, source, added, loaded, edited, revision, passages, sum, collection`

// headMarks are the places of headColumns in a statement.
const headMarks = `?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`

// Fields that a person has set, as bits of the column edited.
const (
	editedTitle = 1 << iota
	editedOutlet
	editedURL
	editedPublished
)

// A head is the row of an article without its text, which it names by its
// version.
type head struct {
	id, version, title         string
	derived                    int64
	outlet, url, published     string
	source, added              string
	loaded                     []byte
	edited, revision, passages int64
	sum                        []byte
	collection                 string
}

// newHead is the sealed row of a record whose article had the sum loaded before
// a person edited it.
func newHead(r Record, loaded [sha256.Size]byte, edited, revision int64) head {
	h := head{
		id: string(r.ID), version: corpus.TextSum(r.Text), title: r.Title,
		outlet: r.Outlet, url: r.URL, published: corpus.Day(r.Published),
		source: r.Source, added: r.Added.UTC().Format(timeLayout),
		loaded: loaded[:], edited: edited, revision: revision, passages: int64(len(r.Passages)),
		collection: r.Collection,
	}
	if r.Derived {
		h.derived = 1
	}
	h.sum = h.seal()
	return h
}

// into is where the columns of a head are scanned into.
func (h *head) into(more ...any) []any {
	return append([]any{
		&h.id, &h.version, &h.title, &h.derived, &h.outlet, &h.url, &h.published, &h.source, &h.added,
		&h.loaded, &h.edited, &h.revision, &h.passages, &h.sum, &h.collection,
	}, more...)
}

// values are the columns of a head as arguments of a statement.
func (h *head) values(more ...any) []any {
	return append([]any{
		h.id, h.version, h.title, h.derived, h.outlet, h.url, h.published, h.source, h.added,
		h.loaded, h.edited, h.revision, h.passages, h.sum, h.collection,
	}, more...)
}

// seal is the checksum of h. The common collection adds no field to it: so rows
// of version 2 keep theirs, and no other row has the same, for it has one field
// more.
func (h *head) seal() []byte {
	fields := []string{
		h.id, h.version, h.title, decimal(h.derived), h.outlet, h.url, h.published, h.source, h.added,
		string(h.loaded), decimal(h.edited), decimal(h.revision), decimal(h.passages),
	}
	if h.collection != "" {
		fields = append(fields, h.collection)
	}
	return seal("article", fields...)
}

func (h *head) damage(what string) error {
	return &DamageError{Article: corpus.ArticleID(h.id), What: what}
}

// record is what h says, without text and passages, or a *DamageError.
func (h *head) record() (Record, error) {
	if !bytes.Equal(h.sum, h.seal()) {
		return Record{}, h.damage("what is known about it is not what was saved")
	}
	published, err := parseDay(h.published)
	if err != nil {
		return Record{}, h.damage("its date is not one")
	}
	added, err := time.Parse(timeLayout, h.added)
	if err != nil {
		return Record{}, h.damage("the time it was added is not one")
	}
	return Record{
		Article: corpus.Article{
			ID: corpus.ArticleID(h.id), Title: h.title, Derived: h.derived != 0,
			Outlet: h.outlet, URL: h.url, Published: published,
		},
		Collection: h.collection,
		Source:     h.source,
		Added:      added.UTC(),
	}, nil
}

// full is the record of h with its text, or a *DamageError.
func (h *head) full(text string) (Record, error) {
	r, err := h.record()
	if err != nil {
		return Record{}, err
	}
	if corpus.TextSum(text) != h.version {
		return Record{}, h.damage("its text is not what was saved")
	}
	r.Text = text
	return r, nil
}

func parseDay(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, day)
}

// A run is the row of a passage.
type run struct {
	article       string
	n, start, end int64
	heading       string
	sum           []byte
}

// newRun is the sealed row of a passage.
func newRun(p corpus.Passage) (run, error) {
	n, err := passageNumber(p)
	if err != nil {
		return run{}, err
	}
	heading := []byte("[]")
	if len(p.Heading) > 0 {
		if heading, err = json.Marshal(p.Heading); err != nil {
			return run{}, err
		}
	}
	row := run{article: string(p.Article), n: n, start: int64(p.Start), end: int64(p.End), heading: string(heading)}
	row.sum = row.seal(p.Text)
	return row, nil
}

// passageNumber is the number at the end of the id of p.
func passageNumber(p corpus.Passage) (int64, error) {
	digits, ok := strings.CutPrefix(string(p.ID), string(p.Article)+"#")
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil || n < 0 {
		return 0, fmt.Errorf("passage %q is not numbered within article %q", p.ID, p.Article)
	}
	return n, nil
}

func (r *run) seal(text string) []byte {
	return seal("passage", r.article, decimal(r.n), decimal(r.start), decimal(r.end), r.heading, text)
}

// passage is the passage of a that r marks, or a *DamageError.
func (r *run) passage(a corpus.Article) (corpus.Passage, error) {
	damage := &DamageError{Article: a.ID, What: fmt.Sprintf("its passage %d is not what was saved", r.n)}
	if r.start < 0 || r.start > r.end || r.end > int64(len(a.Text)) {
		return corpus.Passage{}, damage
	}
	if !bytes.Equal(r.sum, r.seal(a.Text[r.start:r.end])) {
		return corpus.Passage{}, damage
	}
	var heading []string
	if r.heading != "[]" {
		if err := json.Unmarshal([]byte(r.heading), &heading); err != nil {
			return corpus.Passage{}, damage
		}
	}
	return corpus.NewPassage(a, int(r.n), int(r.start), int(r.end), heading), nil
}
