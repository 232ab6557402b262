package retrieval

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// applicationID marks a SQLite file as a store of footnote: "fnot".
const applicationID = 0x666e6f74

// A migration lifts the tables of a store by one version.
type migration func(ctx context.Context, tx *sql.Tx) error

// migrations are all steps from an empty file to the tables that this code
// works on. The version of a store is how many of them it has been through.
func migrations() []migration {
	return []migration{tables(schema), tables(counts), tables(collections)}
}

// tables is the migration that runs statements.
func tables(statements string) migration {
	return func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statements)
		return err
	}
}

// schema is version 1. A row's sum is the SHA-256 of all its other columns,
// see seal; the last column is the long one, so that the others can be read
// without it. An article's passages number as many as its row says.
const schema = `
CREATE TABLE counter (
	revision INTEGER NOT NULL -- of the latest change to an article; 0 before the first
) STRICT;
INSERT INTO counter VALUES (0);

CREATE TABLE articles (
	id        TEXT NOT NULL PRIMARY KEY,
	version   TEXT NOT NULL,    -- hexadecimal SHA-256 of the text
	title     TEXT NOT NULL,
	derived   INTEGER NOT NULL, -- whether the title was made from the lead
	outlet    TEXT NOT NULL,
	url       TEXT NOT NULL,
	published TEXT NOT NULL,    -- 2006-01-02 or empty
	source    TEXT NOT NULL,
	added     TEXT NOT NULL,    -- RFC 3339, UTC
	loaded    BLOB NOT NULL,    -- SHA-256 of the article as it was loaded, before edits
	edited    INTEGER NOT NULL, -- which fields a person has set, see the edited constants
	revision  INTEGER NOT NULL,
	passages  INTEGER NOT NULL,
	sum       BLOB NOT NULL,
	text      TEXT NOT NULL
) STRICT;

CREATE TABLE passages (
	article   TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
	n         INTEGER NOT NULL,
	start_at  INTEGER NOT NULL, -- offsets in bytes into the article's text
	end_at    INTEGER NOT NULL,
	heading   TEXT NOT NULL,    -- a JSON array
	sum       BLOB NOT NULL,    -- covers the run of text as well
	PRIMARY KEY (article, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE vectors (
	article   TEXT NOT NULL,
	n         INTEGER NOT NULL,
	model     TEXT NOT NULL,
	passage   BLOB NOT NULL,    -- the sum of the passage that was embedded
	sum       BLOB NOT NULL,
	vector    BLOB NOT NULL,    -- float32, little endian
	PRIMARY KEY (article, n, model),
	FOREIGN KEY (article, n) REFERENCES passages (article, n) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX vectors_by_model ON vectors (model);

CREATE TABLE answers (
	id        TEXT NOT NULL PRIMARY KEY,
	question  TEXT NOT NULL,
	asked     TEXT NOT NULL,    -- RFC 3339, UTC, of one length
	sum       BLOB NOT NULL,    -- covers what it cites as well
	body      BLOB NOT NULL
) STRICT;
CREATE INDEX answers_by_time ON answers (asked, id);

CREATE TABLE cited (
	answer    TEXT NOT NULL REFERENCES answers (id) ON DELETE CASCADE,
	n         INTEGER NOT NULL,
	article   TEXT NOT NULL,
	version   TEXT NOT NULL,
	PRIMARY KEY (answer, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX cited_by_article ON cited (article, version);

-- Articles that an answer cites and that are no longer so in the corpus: rows
-- of the table articles, as they were.
CREATE TABLE versions (
	id        TEXT NOT NULL,
	version   TEXT NOT NULL,
	title     TEXT NOT NULL,
	derived   INTEGER NOT NULL,
	outlet    TEXT NOT NULL,
	url       TEXT NOT NULL,
	published TEXT NOT NULL,
	source    TEXT NOT NULL,
	added     TEXT NOT NULL,
	loaded    BLOB NOT NULL,
	edited    INTEGER NOT NULL,
	revision  INTEGER NOT NULL,
	passages  INTEGER NOT NULL,
	sum       BLOB NOT NULL,
	text      TEXT NOT NULL,
	PRIMARY KEY (id, version)
) STRICT;
`

// counts are what version 2 adds. Rows are sealed as in version 1.
const counts = `
CREATE TABLE usage (
	day        TEXT NOT NULL PRIMARY KEY, -- 2006-01-02, UTC
	prompt     INTEGER NOT NULL,          -- tokens that models took
	completion INTEGER NOT NULL,
	reserved   INTEGER NOT NULL,          -- tokens set aside for requests under way
	sum        BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What was found out and is to be remembered, such as what an endpoint refuses.
CREATE TABLE notes (
	key       TEXT NOT NULL PRIMARY KEY,
	at        TEXT NOT NULL,    -- RFC 3339, UTC, of one length
	sum       BLOB NOT NULL,
	value     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

// collections is what version 3 adds: whose article it is, "" for the common
// collection. The text moves behind it, so that it stays the last column.
const collections = `
ALTER TABLE articles ADD COLUMN collection TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN moved TEXT NOT NULL DEFAULT '';
UPDATE articles SET moved = text;
ALTER TABLE articles DROP COLUMN text;
ALTER TABLE articles RENAME COLUMN moved TO text;

ALTER TABLE versions ADD COLUMN collection TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN moved TEXT NOT NULL DEFAULT '';
UPDATE versions SET moved = text;
ALTER TABLE versions DROP COLUMN text;
ALTER TABLE versions RENAME COLUMN moved TO text;
`

// upgrade brings the tables to the version that steps lead to. A store that
// has tables already is copied beside itself first.
func (s *Store) upgrade(ctx context.Context, steps []migration) error {
	found, err := s.version(ctx, s.readers)
	switch {
	case err != nil:
		return err
	case found > len(steps):
		return newerError(found, len(steps))
	case found == len(steps):
		return nil
	case found == 0:
		return s.write(ctx, "making the store", func(tx *sql.Tx) error { return s.climb(ctx, tx, steps, "") })
	}
	spare, err := s.copyBeside(ctx)
	if err != nil {
		return err
	}
	defer os.Remove(spare) // nothing is there once it has its name
	return s.write(ctx, "bringing the store up to date", func(tx *sql.Tx) error { return s.climb(ctx, tx, steps, spare) })
}

// climb runs the steps that are missing, unless another process has been
// faster. The spare copy, if there is one, gets the name of the version that
// it holds.
func (s *Store) climb(ctx context.Context, tx *sql.Tx, steps []migration, spare string) error {
	found, err := s.version(ctx, tx)
	if err != nil || found >= len(steps) {
		return err
	}
	if spare != "" {
		if err := os.Rename(spare, fmt.Sprintf("%s.v%d.bak", s.path, found)); err != nil {
			return err
		}
	}
	for _, step := range steps[found:] {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(steps)))
	return err
}

// copyBeside writes all that the store holds into a new file in its folder.
func (s *Store) copyBeside(ctx context.Context) (path string, err error) {
	const doing = "copying the store before bringing it up to date"
	if s.readOnly {
		return "", s.readOnlyError(nil)
	}
	file, err := os.CreateTemp(filepath.Dir(s.path), storeFile+".*.tmp")
	if err != nil {
		return "", fmt.Errorf("%s: %w", doing, err)
	}
	_, err = s.writer.ExecContext(ctx, `VACUUM INTO ?`, file.Name())
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(s.explain(doing, err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// A querier is a database or a transaction on it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version is how many migrations the store has been through; 0 for an empty
// file. Any other file is refused.
func (s *Store) version(ctx context.Context, q querier) (int, error) {
	var tables, application, version int
	err := q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sqlite_schema),
		(SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`).
		Scan(&tables, &application, &version)
	switch {
	case err != nil:
		return 0, s.explain("opening the store", err)
	case tables == 0 && application == 0 && version == 0:
		return 0, nil
	case application != applicationID || version < 1:
		return 0, &plainError{text: s.path + " is a database of another program; move it away, or use another --data folder"}
	}
	return version, nil
}

func newerError(found, known int) error {
	return &plainError{
		text: fmt.Sprintf("this store was written by a newer footnote (version %d, this one knows %d); "+
			"use that version, or another --data folder", found, known),
		cause: ErrNewer,
	}
}
