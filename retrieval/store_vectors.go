package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"

	"footnote/corpus"
)

// A PassageVector is the vector of the passage N of an article.
type PassageVector struct {
	Article corpus.ArticleID
	N       int
	Vector  Vector
	Text    string // what was embedded, if known; Vectors leaves it out
}

// SaveVectors keeps vectors of a model, all or none, in place of those it had
// for the same passages. A vector whose passage is gone by now, or has a text
// other than the one that was embedded, is dropped without a word. It is an
// error if one is not finite, not of length 1, or not of the dimension of the
// others of this model.
func (s *Store) SaveVectors(ctx context.Context, model string, vectors []PassageVector) error {
	if len(vectors) == 0 {
		return nil
	}
	for _, v := range vectors {
		if err := checkVector(v.Vector, len(vectors[0].Vector)); err != nil {
			return fmt.Errorf("vector of passage %d of article %q by model %q: %w", v.N, string(v.Article), model, err)
		}
	}
	return s.write(ctx, "saving vectors", func(tx *sql.Tx) error {
		if err := checkDimension(ctx, tx, model, len(vectors[0].Vector)); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO vectors (article, n, model, passage, sum, vector) VALUES (?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		return eachPassageOf(ctx, tx, vectors, func(v PassageVector, passage run) error {
			row := newVectorRow(model, v, passage.sum)
			_, err := insert.ExecContext(ctx, row.article, row.n, row.model, row.passage, row.sum, row.vector)
			return err
		})
	})
}

// checkVector reports what is wrong with a vector of a model whose vectors
// have that dimension.
func checkVector(v Vector, dimension int) error {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	switch length := math.Sqrt(square); {
	case len(v) == 0 || len(v) != dimension:
		return fmt.Errorf("it has %d dimensions, not %d", len(v), dimension)
	case math.IsNaN(length) || math.IsInf(length, 0):
		return errors.New("it is not finite")
	case math.Abs(length-1) > .01:
		return fmt.Errorf("its length is %.3g, not 1", length)
	}
	return nil
}

func checkDimension(ctx context.Context, q querier, model string, dimension int) error {
	known, err := vectorDimension(ctx, q, model)
	if err != nil {
		return err
	}
	if known > 0 && known != dimension {
		return &plainError{text: fmt.Sprintf("vectors of model %q have %d dimensions in the store, and now %d; "+
			"make them anew with: footnote reindex", model, known, dimension)}
	}
	return nil
}

func vectorDimension(ctx context.Context, q querier, model string) (int, error) {
	sizes, err := column[int](ctx, q, `SELECT octet_length(vector) FROM vectors WHERE model = ? LIMIT 1`, model)
	if err != nil || len(sizes) == 0 {
		return 0, err
	}
	return sizes[0] / 4, nil
}

// VectorDimension is how many dimensions the vectors of a model have; 0 if
// there are none.
func (s *Store) VectorDimension(ctx context.Context, model string) (dimension int, err error) {
	err = s.read(ctx, "reading the dimension of vectors", func(tx *sql.Tx) error {
		dimension, err = vectorDimension(ctx, tx, model)
		return err
	})
	return dimension, err
}

// eachPassageOf calls f with each of vectors whose passage is what it was
// embedded from.
func eachPassageOf(ctx context.Context, q querier, vectors []PassageVector, f func(PassageVector, run) error) error {
	type place struct {
		article corpus.ArticleID
		n       int64
	}
	byPlace := make(map[place]PassageVector, len(vectors))
	var ids []corpus.ArticleID
	for _, v := range vectors {
		byPlace[place{v.Article, int64(v.N)}] = v
		if len(ids) == 0 || ids[len(ids)-1] != v.Article {
			ids = append(ids, v.Article)
		}
	}
	for raw, err := range rawArticles(ctx, q, ids) {
		var damage *DamageError
		if errors.As(err, &damage) {
			continue
		}
		if err != nil {
			return err
		}
		for _, row := range raw.runs {
			v, ok := byPlace[place{corpus.ArticleID(raw.head.id), row.n}]
			if !ok {
				continue
			}
			p, err := row.passage(corpus.Article{ID: v.Article, Text: raw.text})
			if err != nil || v.Text != "" && v.Text != p.Text {
				continue
			}
			if err := f(v, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// A vectorRow is the row of a vector. It names the passage by its sum, so that
// a vector never stands for a text that was not embedded.
type vectorRow struct {
	article              string
	n                    int64
	model                string
	passage, sum, vector []byte
}

func newVectorRow(model string, v PassageVector, passage []byte) vectorRow {
	row := vectorRow{article: string(v.Article), n: int64(v.N), model: model, passage: passage}
	row.vector = make([]byte, 0, 4*len(v.Vector))
	for _, x := range v.Vector {
		row.vector = binary.LittleEndian.AppendUint32(row.vector, math.Float32bits(x))
	}
	row.sum = row.seal()
	return row
}

func (row *vectorRow) seal() []byte {
	return seal("vector", row.article, decimal(row.n), row.model, string(row.passage), string(row.vector))
}

// verify is the vector of a row that belongs to the passage of that sum, or a
// *DamageError.
func (row *vectorRow) verify(passage []byte) (PassageVector, error) {
	damage := &DamageError{
		Article: corpus.ArticleID(row.article),
		What:    fmt.Sprintf("the vector of its passage %d by model %q is not what was saved", row.n, row.model),
	}
	if !bytes.Equal(row.passage, passage) || !bytes.Equal(row.sum, row.seal()) || len(row.vector)%4 != 0 {
		return PassageVector{}, damage
	}
	v := make(Vector, len(row.vector)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(row.vector[4*i:]))
	}
	if checkVector(v, len(v)) != nil {
		return PassageVector{}, damage
	}
	return PassageVector{Article: corpus.ArticleID(row.article), N: int(row.n), Vector: v}, nil
}

// Vectors yields the vectors of a model by article and passage. For one that
// is not what was saved, or has not the dimension of the first, it yields a
// *DamageError and goes on; any other error ends it.
func (s *Store) Vectors(ctx context.Context, model string) iter.Seq2[PassageVector, error] {
	return s.VectorsOf(ctx, model, nil)
}

// VectorsOf is Vectors for some articles, or for all if there is no list.
func (s *Store) VectorsOf(ctx context.Context, model string, articles []corpus.ArticleID) iter.Seq2[PassageVector, error] {
	return func(yield func(PassageVector, error) bool) {
		err := s.read(ctx, "reading vectors", func(tx *sql.Tx) error {
			return eachVector(ctx, tx, model, articles, yield)
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(PassageVector{}, err)
		}
	}
}

func eachVector(ctx context.Context, q querier, model string, articles []corpus.ArticleID, yield func(PassageVector, error) bool) error {
	rows, err := selectVectors(ctx, q, model, articles)
	if err != nil {
		return err
	}
	defer rows.Close()
	dimension := 0
	for rows.Next() {
		var row vectorRow
		var passage []byte
		err := scan(ctx, rows, &row.article, &row.n, &row.model, &row.passage, &row.sum, &row.vector, &passage)
		if err != nil && !errors.Is(err, errMalformed) {
			return err
		}
		// A row that could not be read in full does not match its sum.
		v, err := row.verify(passage)
		if err == nil && dimension == 0 {
			dimension = len(v.Vector)
		}
		if err == nil && len(v.Vector) != dimension {
			v, err = PassageVector{}, &DamageError{Article: v.Article, What: "its vectors are not all of one dimension"}
		}
		if !yield(v, err) {
			return errStopped
		}
	}
	return rows.Err()
}

// selectVectors selects the vectors of a model, each with its passage's sum.
func selectVectors(ctx context.Context, q querier, model string, articles []corpus.ArticleID) (*sql.Rows, error) {
	// The plus keeps SQLite from the index by model: one model has nearly all
	// rows, and reading them as they lie is three times as fast.
	const query = `SELECT v.article, v.n, v.model, v.passage, v.sum, v.vector, p.sum
		FROM vectors v JOIN passages p ON p.article = v.article AND p.n = v.n WHERE +v.model = ?`
	const order = ` ORDER BY v.article, v.n`
	if articles == nil {
		return q.QueryContext(ctx, query+order, model)
	}
	list, err := json.Marshal(articles)
	if err != nil {
		return nil, err
	}
	return q.QueryContext(ctx, query+` AND v.article IN (SELECT value FROM json_each(?))`+order, model, string(list))
}

// VectorModels are the models whose vectors the store holds, and how many each
// has.
func (s *Store) VectorModels(ctx context.Context) (map[string]int, error) {
	models := map[string]int{}
	err := s.read(ctx, "counting vectors", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT model, count(*) FROM vectors GROUP BY model`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var model string
			var n int
			if err := rows.Scan(&model, &n); err != nil {
				return err
			}
			models[model] = n
		}
		return rows.Err()
	})
	return models, err
}

// dropBatch is how many vectors go at a time, so that other writers get their
// turn.
const dropBatch = 2048

// DropVectors drops the vectors of a model. What was dropped before an error
// stays dropped.
func (s *Store) DropVectors(ctx context.Context, model string) error {
	for dropped := int64(dropBatch); dropped == dropBatch; {
		err := s.write(ctx, "dropping vectors", func(tx *sql.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM vectors WHERE (article, n, model) IN
				(SELECT article, n, model FROM vectors WHERE model = ? LIMIT ?)`, model, dropBatch)
			if err != nil {
				return err
			}
			dropped, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lacking are the passages that have no vector of a model, or one of another
// text.
const lacking = `FROM passages p LEFT JOIN vectors v ON v.article = p.article AND v.n = p.n AND v.model = ? AND v.passage = p.sum
	WHERE v.article IS NULL`

// CountWithoutVector is how many passages have no vector of a model yet.
func (s *Store) CountWithoutVector(ctx context.Context, model string) (int, error) {
	var n int
	err := s.readers.QueryRowContext(ctx, `SELECT count(*) `+lacking, model).Scan(&n)
	return n, s.explain("counting the passages without a vector", err)
}

// WithoutVector are passages that have no vector of a model yet, at most limit,
// by article and number. Those of damaged articles are left out.
func (s *Store) WithoutVector(ctx context.Context, model string, limit int) (found []corpus.Passage, err error) {
	err = s.read(ctx, "finding passages without a vector", func(tx *sql.Tx) error {
		var last corpus.ArticleID
		for len(found) < limit {
			page, err := column[corpus.ArticleID](ctx, tx, `SELECT DISTINCT p.article `+lacking+
				` AND p.article > ? ORDER BY p.article LIMIT ?`, model, string(last), min(limit, 64))
			if err != nil || len(page) == 0 {
				return err
			}
			last = page[len(page)-1]
			if found, err = appendLacking(ctx, tx, model, page, limit, found); err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

// appendLacking appends to found the passages of some articles that have no
// vector of a model, until there are limit.
func appendLacking(ctx context.Context, q querier, model string, ids []corpus.ArticleID, limit int, found []corpus.Passage) ([]corpus.Passage, error) {
	for _, id := range ids {
		r, err := readArticle(ctx, q, id)
		var damage *DamageError
		if errors.As(err, &damage) || errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return found, err
		}
		numbers, err := column[int64](ctx, q, `SELECT p.n `+lacking+` AND p.article = ?`, model, string(id))
		if err != nil {
			return found, err
		}
		without := make(map[int64]bool, len(numbers))
		for _, n := range numbers {
			without[n] = true
		}
		for _, p := range r.Passages {
			if n, err := passageNumber(p); err == nil && without[n] && len(found) < limit {
				found = append(found, p)
			}
		}
	}
	return found, nil
}
