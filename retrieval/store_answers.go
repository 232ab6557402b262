package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"footnote/corpus"
)

// minAnswerPrefix is how much of an answer's id may stand for all of it.
const minAnswerPrefix = 4

// A Remembered is an answer as it is kept.
type Remembered struct {
	ID, Question string
	Asked        time.Time
	Body         []byte // JSON; the store does not look into it
}

// A CitedState says what became of an article that an answer cites.
type CitedState int

// What can have become of a cited article.
const (
	Current    CitedState = iota // its text is the same
	Superseded                   // it has another text now
	Gone                         // it is no longer in the corpus
)

// A CitedVersion is an article as it was when an answer cited it.
type CitedVersion struct {
	corpus.Article
	State CitedState
}

// A reference is a version of an article: its id, and the sum of its text.
type reference struct{ article, version string }

// Remember keeps an answer and all that is needed to show what it cites. Each
// of cited comes with its text; one that is not so in the corpus, or no longer,
// is kept aside.
func (s *Store) Remember(ctx context.Context, r Remembered, cited []corpus.Article) error {
	refs := make([]reference, 0, len(cited))
	articles := make(map[reference]corpus.Article, len(cited))
	for _, a := range cited {
		if err := errors.Join(a.Validate(), checkDay(a.Published)); err != nil {
			return fmt.Errorf("article %q: %w", string(a.ID), err)
		}
		ref := reference{string(a.ID), corpus.TextSum(a.Text)}
		if _, ok := articles[ref]; !ok {
			refs = append(refs, ref)
		}
		articles[ref] = a
	}
	return s.write(ctx, "keeping the answer", func(tx *sql.Tx) error {
		if err := insertAnswer(ctx, tx, r, refs); err != nil {
			return err
		}
		for _, ref := range refs {
			if err := keepVersion(ctx, tx, ref, articles[ref]); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertAnswer(ctx context.Context, tx *sql.Tx, r Remembered, refs []reference) error {
	asked := r.Asked.UTC().Format(timeLayout)
	body := slices.Concat([]byte{}, r.Body) // never NULL
	_, err := tx.ExecContext(ctx, `INSERT INTO answers (id, question, asked, sum, body) VALUES (?, ?, ?, ?, ?)`,
		r.ID, r.Question, asked, sealAnswer(r, asked, refs), body)
	if err != nil {
		return err
	}
	for n, ref := range refs {
		_, err := tx.ExecContext(ctx, `INSERT INTO cited (answer, n, article, version) VALUES (?, ?, ?, ?)`,
			r.ID, n, ref.article, ref.version)
		if err != nil {
			return err
		}
	}
	return nil
}

func sealAnswer(r Remembered, asked string, refs []reference) []byte {
	fields := []string{r.ID, r.Question, asked, string(r.Body)}
	for _, ref := range refs {
		fields = append(fields, ref.article, ref.version)
	}
	return seal("answer", fields...)
}

// keepVersion lays a aside unless it is what the corpus holds.
func keepVersion(ctx context.Context, tx *sql.Tx, ref reference, a corpus.Article) error {
	var current bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM articles WHERE id = ? AND version = ?)`, ref.article, ref.version).
		Scan(&current)
	if err != nil || current {
		return err
	}
	h := newHead(Record{Article: a}, a.Sum(), 0, 0)
	_, err = tx.ExecContext(ctx, `INSERT OR IGNORE INTO versions (`+headColumns+`, text) VALUES (`+headMarks+`, ?)`, h.values(a.Text)...)
	return err
}

// Answer is the answer of that id, or of the one id that begins so if id has
// four characters or more. The error wraps ErrNotFound if there is none, or
// more than one; it is a *DamageError if the answer is not what was saved.
func (s *Store) Answer(ctx context.Context, id string) (r Remembered, err error) {
	err = s.read(ctx, "reading an answer", func(tx *sql.Tx) error {
		if id, err = fullAnswerID(ctx, tx, id); err != nil {
			return err
		}
		r, _, err = readAnswer(ctx, tx, id)
		return err
	})
	return r, err
}

// LastAnswer is the answer to the latest question, with the errors of Answer.
func (s *Store) LastAnswer(ctx context.Context) (r Remembered, err error) {
	err = s.read(ctx, "reading the last answer", func(tx *sql.Tx) error {
		ids, err := column[string](ctx, tx, `SELECT id FROM answers ORDER BY asked DESC, id DESC LIMIT 1`)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return &plainError{text: "there is no answer yet; ask something first", cause: ErrNotFound}
		}
		r, _, err = readAnswer(ctx, tx, ids[0])
		return err
	})
	return r, err
}

// Answers are the latest answers, at most limit, the latest first; a negative
// limit is none. Those that are not what was saved are left out: Check names
// them.
func (s *Store) Answers(ctx context.Context, limit int) (answers []Remembered, err error) {
	err = s.read(ctx, "reading the answers", func(tx *sql.Tx) error {
		ids, err := column[string](ctx, tx, `SELECT id FROM answers ORDER BY asked DESC, id DESC LIMIT ?`, limit)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, _, err := readAnswer(ctx, tx, id)
			var damage *DamageError
			if errors.As(err, &damage) {
				continue
			}
			if err != nil {
				return err
			}
			answers = append(answers, r)
		}
		return nil
	})
	return answers, err
}

// fullAnswerID is the id that id stands for.
func fullAnswerID(ctx context.Context, q querier, id string) (string, error) {
	ids, err := column[string](ctx, q, `SELECT id FROM answers WHERE id = ?`, id)
	if err == nil && len(ids) == 0 && len(id) >= minAnswerPrefix {
		ids, err = column[string](ctx, q, `SELECT id FROM answers WHERE id > ?1 AND substr(id, 1, length(?1)) = ?1 LIMIT 2`, id)
	}
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", &plainError{text: fmt.Sprintf("there is no answer %q", id), cause: ErrNotFound}
	case len(ids) > 1:
		return "", &plainError{text: fmt.Sprintf("several answers begin with %q; give more of the id", id), cause: ErrNotFound}
	}
	return ids[0], nil
}

// readAnswer is the answer of that id and what it cites, in order.
func readAnswer(ctx context.Context, q querier, id string) (Remembered, []reference, error) {
	damage := &DamageError{What: fmt.Sprintf("answer %q is not what was saved", id)}
	refs, err := readReferences(ctx, q, id)
	if err != nil {
		return Remembered{}, nil, err
	}
	var r Remembered
	var asked string
	var sum []byte
	row := q.QueryRowContext(ctx, `SELECT id, question, asked, sum, body FROM answers WHERE id = ?`, id)
	err = scan(ctx, row, &r.ID, &r.Question, &asked, &sum, &r.Body)
	if err != nil && !errors.Is(err, errMalformed) {
		return Remembered{}, nil, err
	}
	if err != nil || !bytes.Equal(sum, sealAnswer(r, asked, refs)) {
		return Remembered{}, nil, damage
	}
	if r.Asked, err = time.Parse(timeLayout, asked); err != nil {
		return Remembered{}, nil, damage
	}
	r.Asked = r.Asked.UTC()
	return r, refs, nil
}

func readReferences(ctx context.Context, q querier, answer string) ([]reference, error) {
	rows, err := q.QueryContext(ctx, `SELECT article, version FROM cited WHERE answer = ? ORDER BY n`, answer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var refs []reference
	for rows.Next() {
		var ref reference
		if err := scan(ctx, rows, &ref.article, &ref.version); err != nil {
			return nil, err
		}
		refs = append(refs, ref)
	}
	return refs, rows.Err()
}

// Cited are the articles that an answer cites, each with the text it had then,
// in the order in which Remember got them. It takes ids and gives errors as
// Answer does.
func (s *Store) Cited(ctx context.Context, answer string) (cited []CitedVersion, err error) {
	err = s.read(ctx, "reading what an answer cites", func(tx *sql.Tx) error {
		id, err := fullAnswerID(ctx, tx, answer)
		if err != nil {
			return err
		}
		_, refs, err := readAnswer(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, ref := range refs {
			c, err := readVersion(ctx, tx, ref)
			if err != nil {
				return err
			}
			cited = append(cited, c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return cited, nil
}

func readVersion(ctx context.Context, q querier, ref reference) (CitedVersion, error) {
	inCorpus, err := column[string](ctx, q, `SELECT version FROM articles WHERE id = ?`, ref.article)
	if err != nil {
		return CitedVersion{}, err
	}
	table, state := "versions", Superseded
	switch {
	case len(inCorpus) == 0:
		state = Gone
	case inCorpus[0] == ref.version:
		table, state = "articles", Current
	}
	var h head
	var text string
	row := q.QueryRowContext(ctx, `SELECT `+headColumns+`, text FROM `+table+` WHERE id = ? AND version = ?`, ref.article, ref.version)
	err = scan(ctx, row, h.into(&text)...)
	if errors.Is(err, sql.ErrNoRows) {
		return CitedVersion{}, &DamageError{Article: corpus.ArticleID(ref.article), What: "a text of it that an answer cites is missing"}
	}
	if err != nil {
		return CitedVersion{}, err
	}
	r, err := h.full(text)
	return CitedVersion{Article: r.Article, State: state}, err
}

// Forget drops an answer, and every version of an article that no other answer
// cites; their texts are gone from the disk when it returns. It takes ids and
// gives errors as Answer does.
func (s *Store) Forget(ctx context.Context, answer string) error {
	err := s.write(ctx, "forgetting an answer", func(tx *sql.Tx) error {
		id, err := fullAnswerID(ctx, tx, answer)
		if err != nil {
			return err
		}
		return forget(ctx, tx, id)
	})
	if err != nil {
		return err
	}
	return s.erase(ctx)
}

// ForgetAnswers forgets answers as Forget does, all or none, by their full ids;
// those that are not there are passed over. After ErrTraces it may be called
// again with the same ids, to erase what is left.
func (s *Store) ForgetAnswers(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	err := s.write(ctx, "forgetting answers", func(tx *sql.Tx) error { return forget(ctx, tx, ids...) })
	if err != nil {
		return err
	}
	return s.erase(ctx)
}

// forget drops answers, and the versions that none cites any more.
func forget(ctx context.Context, tx *sql.Tx, ids ...string) error {
	for _, id := range ids {
		if _, err := tx.ExecContext(ctx, `DELETE FROM answers WHERE id = ?`, id); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM versions WHERE NOT EXISTS (
		SELECT 1 FROM cited WHERE cited.article = versions.id AND cited.version = versions.version)`)
	return err
}
