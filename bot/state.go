package bot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// stateFile is the name of the state in the data folder.
const stateFile = "bot.db"

// A State is what the bot keeps besides articles and answers: one SQLite file
// in the data folder, private to its owner, with deleted rows overwritten. It
// is safe for use by several goroutines, which take turns.
type State struct {
	path string
	db   *sql.DB // one connection, so that no reader keeps deleted rows alive
}

// Settings are a server's own.
type Settings struct {
	Channels []string // where the bot answers; none is all that Options allows
	Roles    []string // who may ask; none is everybody that Options allows
	Outlets  []string // asked of where a question names none; none is all
	Plain    bool     // replies for screen readers
}

// An Ask is a question as it was put, with what it asked of: what Retry needs.
type Ask struct {
	Text               string
	Since, Until, AsOf time.Time
	Outlets            []string
	Private            bool
	Language           Language // of the bot's words around the answer
}

// An Asked is an answer that was shown: to whom and where.
type Asked struct {
	Answer       string // its id
	Guild        string
	Channel      string
	Person       string
	Conversation string // where a follow-up finds it; "" if it starts none
	Private      bool
	Ask          Ask
	At           time.Time
	Messages     []string // ids of the messages that show it, in order
}

// A Waiting is a question whose asker wants to be told when an article answers it.
type Waiting struct {
	ID      int64  // given by Wait; never that of another, not even later
	Answer  string // the refusal's id
	Guild   string
	Channel string // "" to be told directly
	Person  string
	Ask     Ask
	At      time.Time
}

// OpenState opens the state in dir and makes both if they are missing. A file
// of a newer version, of another program or a damaged one is refused with a
// sentence that says what to do. The driver "sqlite" must be registered.
func OpenState(ctx context.Context, dir string) (*State, error) {
	path, err := filepath.Abs(filepath.Join(dir, stateFile))
	if err != nil {
		return nil, fmt.Errorf("finding the bot's state: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	db, err := openFile(path, "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
		"cell_size_check(1)", "trusted_schema(0)")
	if err != nil {
		return nil, fmt.Errorf("opening the bot's state: %w", err)
	}
	s := &State{path, db}
	if err := s.makeTables(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// makePrivate leaves a file at path; one that is made only its owner may read.
// SQLite gives its companion files the same rights.
func makePrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made; check your rights, or use another --data folder: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("a file of the bot cannot be made; make room for it and check your rights, or use another --data folder: %w", err)
	}
	return file.Close()
}

// openFile is the SQLite file at path, by one connection with these settings.
func openFile(path string, pragmas ...string) (*sql.DB, error) {
	options := url.Values{"_txlock": {"immediate"}, "_pragma": pragmas}
	name := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Close ends all use of the state.
func (s *State) Close() error { return s.explain("closing the bot's state", s.db.Close()) }

// write runs f in a transaction and commits it unless f fails.
func (s *State) write(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	defer tx.Rollback() // nothing is left to undo after Commit
	if err := f(tx); err != nil {
		return s.explain(doing, err)
	}
	return s.explain(doing, tx.Commit())
}

// exec runs one statement.
func (s *State) exec(ctx context.Context, doing, statement string, args ...any) error {
	_, err := s.db.ExecContext(ctx, statement, args...)
	return s.explain(doing, err)
}

// A querier is a database or a transaction on it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// queryAll is what a query yields, each row read by read.
func queryAll[T any](ctx context.Context, q querier, read func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// queryTexts are the single column of a query.
func queryTexts(ctx context.Context, q querier, query string, args ...any) ([]string, error) {
	return queryAll(ctx, q, func(scan func(...any) error) (text string, err error) { return text, scan(&text) }, query, args...)
}

// Primary result codes of SQLite, the low byte of what its driver reports
// (sqlite.org/rescode.html).
const (
	codeError      = 1 // of a fixed statement: the tables are not those which were made
	codePerm       = 3
	codeBusy       = 5
	codeReadOnly   = 8
	codeIO         = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeCantOpen   = 14
	codeConstraint = 19 // likewise, of rows
	codeNotADB     = 26
)

// sqliteCode is the primary result code of SQLite in err, or 0. The driver's
// own type is known to the main package only.
func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return 0
	}
	return coded.Code() & 0xff
}

// explain is err with what was being done, and with what to do where a person
// can do something.
func (s *State) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	switch sqliteCode(err) {
	case codeBusy:
		doing = "another footnote process holds " + s.path + "; try again"
	case codeFull:
		doing = "the disk is full; free some space and try again"
	case codeIO:
		doing = "the disk under " + s.path + " does not answer as it should; check it, then try again"
	case codeCorrupt, codeNotADB, codeError, codeConstraint:
		doing = s.path + " is damaged or no file of footnote; move it away and start again: settings of servers and open notices are in it"
	case codeCantOpen, codePerm, codeReadOnly:
		doing = s.path + " cannot be written; check your rights to it and its folder"
	}
	return fmt.Errorf("%s: %w", doing, err)
}
