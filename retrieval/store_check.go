package retrieval

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"footnote/corpus"
)

// A Report is what Check found.
type Report struct {
	Articles, Passages int // that are whole
	Damaged            []DamageError
}

// add notes damage, once.
func (r *Report) add(d DamageError) {
	if !slices.Contains(r.Damaged, d) {
		r.Damaged = append(r.Damaged, d)
	}
}

// note adds err if it is a *DamageError and returns any other.
func (r *Report) note(err error) error {
	var damage *DamageError
	if errors.As(err, &damage) {
		r.add(*damage)
		return nil
	}
	return err
}

// Check reads everything and compares it with its checksums: articles,
// passages and their offsets, vectors, answers and what they cite, counts of
// tokens, notes, and the structure of the file. Damage is in the report; an
// error means that the check did not come to its end.
func (s *Store) Check(ctx context.Context) (Report, error) {
	var report Report
	checks := []func(context.Context, *sql.Tx, *Report) error{
		checkFile, checkParents, checkCounter, checkArticles, checkVersions, checkAnswers, checkVectors,
		checkUsage, checkNotes,
	}
	err := s.read(ctx, "checking the store", func(tx *sql.Tx) error {
		for _, check := range checks {
			err := check(ctx, tx, &report)
			if unreadable(err) {
				err = &DamageError{What: fmt.Sprintf("part of the file cannot be read (%v)", err)}
			}
			if err := report.note(err); err != nil {
				return err
			}
		}
		return nil
	})
	return report, err
}

// checkFile has SQLite look at its pages and indexes.
func checkFile(ctx context.Context, tx *sql.Tx, report *Report) error {
	found, err := column[string](ctx, tx, `PRAGMA integrity_check(20)`)
	for _, what := range found {
		if what != "ok" {
			report.add(DamageError{What: strings.Join(strings.Fields(what), " ")})
		}
	}
	return err
}

// checkParents finds rows whose article, passage or answer is missing.
func checkParents(ctx context.Context, tx *sql.Tx, report *Report) error {
	orphans, err := column[string](ctx, tx, `SELECT DISTINCT "table" || ' without ' || parent FROM pragma_foreign_key_check ORDER BY 1`)
	for _, what := range orphans {
		report.add(DamageError{What: "there are " + what})
	}
	return err
}

func checkCounter(ctx context.Context, tx *sql.Tx, report *Report) error {
	var right bool
	row := tx.QueryRowContext(ctx, `SELECT count(*) = 1 AND max(revision) >= (SELECT ifnull(max(revision), 0) FROM articles) FROM counter`)
	err := scan(ctx, row, &right)
	if err == nil && !right {
		report.add(DamageError{What: "the counter of changes is not what was saved"})
	}
	return err
}

func checkArticles(ctx context.Context, tx *sql.Tx, report *Report) error {
	var other error
	err := walk(ctx, tx, func(r Record, err error) bool {
		if err == nil {
			report.Articles++
			report.Passages += len(r.Passages)
		}
		other = report.note(err)
		return other == nil
	})
	if other != nil {
		return other
	}
	return err
}

// checkVersions verifies the texts that were laid aside for answers.
func checkVersions(ctx context.Context, tx *sql.Tx, report *Report) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+headColumns+`, text, EXISTS (
		SELECT 1 FROM cited WHERE cited.article = versions.id AND cited.version = versions.version) FROM versions ORDER BY id, version`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var h head
		var text string
		var cited bool
		if err := scan(ctx, rows, h.into(&text, &cited)...); err != nil {
			return err
		}
		if _, err := h.full(text); err != nil {
			report.add(DamageError{Article: corpus.ArticleID(h.id), What: "a text of it that an answer cites is not what was saved"})
		}
		if !cited {
			report.add(DamageError{Article: corpus.ArticleID(h.id), What: "a text of it was kept that no answer cites"})
		}
	}
	return rows.Err()
}

func checkAnswers(ctx context.Context, tx *sql.Tx, report *Report) error {
	ids, err := column[string](ctx, tx, `SELECT id FROM answers ORDER BY id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, refs, err := readAnswer(ctx, tx, id)
		if err := report.note(err); err != nil {
			return err
		}
		for _, ref := range refs {
			_, err := readVersion(ctx, tx, ref)
			if err := report.note(err); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkVectors(ctx context.Context, tx *sql.Tx, report *Report) error {
	models, err := column[string](ctx, tx, `SELECT DISTINCT model FROM vectors ORDER BY model`)
	if err != nil {
		return err
	}
	for _, model := range models {
		var other error
		err := eachVector(ctx, tx, model, nil, func(_ PassageVector, err error) bool {
			other = report.note(err)
			return other == nil
		})
		if other != nil {
			return other
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func checkUsage(ctx context.Context, tx *sql.Tx, report *Report) error {
	days, err := column[string](ctx, tx, `SELECT day FROM usage ORDER BY day`)
	if err != nil {
		return err
	}
	for _, day := range days {
		_, err := readUsage(ctx, tx, day)
		if err := report.note(err); err != nil {
			return err
		}
	}
	return nil
}

func checkNotes(ctx context.Context, tx *sql.Tx, report *Report) error {
	keys, err := column[string](ctx, tx, `SELECT key FROM notes ORDER BY key`)
	if err != nil {
		return err
	}
	for _, key := range keys {
		_, _, err := readNote(ctx, tx, key)
		if err := report.note(err); err != nil {
			return err
		}
	}
	return nil
}
