package retrieval

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// storeFile is the name of the store in its folder.
const storeFile = "footnote.db"

// A Store keeps articles, their passages and vectors, and the answers that
// cite them, in one SQLite file that several processes may share. What it
// hands out has been compared with a checksum taken when it was saved. It is
// safe for use by several goroutines.
type Store struct {
	path     string
	readOnly bool
	readers  *sql.DB
	writer   *sql.DB // one connection, made when it is first needed

	watchMu sync.Mutex
	watch   *sql.Conn // for DataVersion, whose numbers hold for one connection
}

// OpenStore opens the store in dir and makes both if they are missing. A store
// of an older version is brought up to date, after a copy of it was laid
// beside it; one of a newer version is refused with ErrNewer. A store that
// cannot be written is opened for reading only.
func OpenStore(ctx context.Context, dir string) (*Store, error) {
	return openStore(ctx, dir, migrations())
}

// FindStore reports whether dir holds the file of a store, without opening it.
// An empty file is none: it is what a full disk leaves of a store that was
// begun. An error is a sentence that says why nobody can know.
func FindStore(dir string) (bool, error) {
	info, err := statStore(filepath.Join(dir, storeFile))
	return err == nil && info != nil && info.Size() > 0, err
}

// statStore is what is known of the file at path, nil if there is none.
func statStore(path string) (fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, &plainError{
			text:  fmt.Sprintf("%s cannot be reached (%v); check the folder and your rights to it, or use another --data folder", path, reason(err)),
			cause: err,
		}
	case !info.Mode().IsRegular():
		return nil, &plainError{text: path + " is not a file; move it away, or use another --data folder"}
	}
	return info, nil
}

// reason is the fault in err without the path, which the sentence around it
// names.
func reason(err error) error {
	if fault, ok := errors.AsType[*fs.PathError](err); ok {
		return fault.Err
	}
	return err
}

func openStore(ctx context.Context, dir string, steps []migration) (*Store, error) {
	path, err := filepath.Abs(filepath.Join(dir, storeFile))
	if err != nil {
		return nil, fmt.Errorf("finding the store: %w", err)
	}
	made, err := makeStoreFile(path)
	if err != nil {
		return nil, err
	}
	s, err := connect(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := s.upgrade(ctx, steps); err != nil {
		err = errors.Join(err, s.Close())
		// Only on a full disk: after any other fault another process may be at
		// work on the same file.
		if made && diskFull(sqliteCode(err)) {
			err = errors.Join(err, removeStore(path))
		}
		return nil, err
	}
	return s, nil
}

// makeStoreFile leaves a file at path that only its owner may read, and reports
// whether it made it. SQLite gives its companion files the same rights.
func makeStoreFile(path string) (made bool, err error) {
	info, err := statStore(path)
	if err != nil || info != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, cannotMake(filepath.Dir(path), err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil // another process was faster
	}
	if err != nil {
		return false, cannotMake(path, err)
	}
	return true, file.Close()
}

// removeStore removes the file at path and its companions.
func removeStore(path string) error {
	var errs []error
	for _, suffix := range []string{"-shm", "-wal", ""} {
		if err := os.Remove(path + suffix); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func cannotMake(path string, err error) error {
	return &plainError{
		text:  fmt.Sprintf("%s cannot be made (%v); make room for it, or use another --data folder", path, reason(err)),
		cause: err,
	}
}

// connect opens the file at path for reading and writing, or for reading only
// where its disk or its rights allow no more.
func connect(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path}
	err := s.open(ctx, "")
	if err == nil {
		return s, nil
	}
	if !cannotWrite(err) {
		return nil, err
	}
	if err = s.open(ctx, "ro"); err == nil {
		return s, nil
	}
	// Without its companion files SQLite reads a store on such a disk only if
	// told that nothing changes it; commits that lie in the -wal would be lost
	// to view.
	if info, statErr := os.Stat(path + "-wal"); statErr == nil && info.Size() > 0 {
		return nil, &plainError{
			text:  path + " was not closed and cannot be written here; open it once where footnote may write",
			cause: err,
		}
	}
	if err = s.open(ctx, "immutable"); err != nil {
		return nil, err
	}
	return s, nil
}

// open sets the handles of s for a mode ("", "ro" or "immutable") and reads
// once, for SQLite opens a file only when it is used.
func (s *Store) open(ctx context.Context, mode string) error {
	readers, err := sql.Open("sqlite", readerDSN(s.path, mode))
	if err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	readers.SetMaxOpenConns(5) // four, and one for DataVersion
	readers.SetMaxIdleConns(5)
	readOnly, err := probe(ctx, readers)
	if err != nil {
		return errors.Join(s.explain("opening the store", err), readers.Close())
	}
	writer, err := sql.Open("sqlite", writerDSN(s.path))
	if err != nil {
		return errors.Join(fmt.Errorf("opening the store: %w", err), readers.Close())
	}
	writer.SetMaxOpenConns(1)
	s.readers, s.writer, s.readOnly = readers, writer, readOnly || mode != ""
	return nil
}

// probe reads from the file and reports whether SQLite could open it for
// reading only.
func probe(ctx context.Context, db *sql.DB) (readOnly bool, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var tables int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return false, err
	}
	err = conn.Raw(func(c any) error {
		if c, ok := c.(interface{ IsReadOnly(string) (bool, error) }); ok {
			readOnly, err = c.IsReadOnly("main")
		}
		return err
	})
	return readOnly, err
}

// writerDSN names the file at path for the one connection that writes.
func writerDSN(path string) string {
	return dsn(path, url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)",
			"cell_size_check(1)", "trusted_schema(0)",
		},
	})
}

// readerDSN names the file at path for connections that read. They leave the
// journal mode alone, for the file may turn out to be another program's.
func readerDSN(path, mode string) string {
	options := url.Values{"_pragma": {"busy_timeout(5000)", "query_only(1)", "cell_size_check(1)", "trusted_schema(0)"}}
	if mode != "" {
		options.Set("mode", "ro")
	}
	if mode == "immutable" {
		options.Set("immutable", "1")
	}
	return dsn(path, options)
}

func dsn(path string, options url.Values) string {
	file := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: options.Encode()}
	return file.String()
}

// Path is the file of the store.
func (s *Store) Path() string { return s.path }

// ReadOnly reports whether the store could be opened for reading only; writes
// then give ErrReadOnly.
func (s *Store) ReadOnly() bool { return s.readOnly }

// Close ends all use of the store and folds what was written into its one
// file, unless another process still needs it apart or the disk is full.
func (s *Store) Close() error {
	s.watchMu.Lock()
	defer s.watchMu.Unlock()
	var errs []error
	if s.watch != nil {
		errs = append(errs, s.watch.Close())
		s.watch = nil
	}
	errs = append(errs, s.readers.Close())
	if s.writer.Stats().OpenConnections > 0 {
		// On a full disk this fails, and nothing is lost: what was written stays
		// in the companion file. It waits for no reader, as TRUNCATE would.
		_, _ = s.checkpoint(context.Background(), "PASSIVE")
	}
	errs = append(errs, s.writer.Close())
	return s.explain("closing the store", errors.Join(errs...))
}

// checkpoint moves what was written into the one file. The mode is SQLite's:
// TRUNCATE waits for readers and then empties the companion file, PASSIVE moves
// what it can at once. It reports false if readers or a writer kept it from
// that.
func (s *Store) checkpoint(ctx context.Context, mode string) (done bool, err error) {
	var busy, pages, moved int
	err = s.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(`+mode+`)`).Scan(&busy, &pages, &moved)
	return busy == 0, err
}

// write runs f in a transaction that holds the store for writing and commits
// it unless f fails.
func (s *Store) write(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	if s.readOnly {
		return s.readOnlyError(nil)
	}
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	defer tx.Rollback() // nothing is left to undo after Commit
	if err := f(tx); err != nil {
		return s.explain(doing, err)
	}
	return s.explain(doing, tx.Commit())
}

// read runs f on one state of the store, whatever is written meanwhile.
func (s *Store) read(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	tx, err := s.readers.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s.explain(doing, err)
	}
	defer tx.Rollback() // there is nothing to commit
	return s.explain(doing, f(tx))
}

// Begun reports whether anything was ever ingested here. It stays true when
// all of it is removed.
func (s *Store) Begun(ctx context.Context) (bool, error) {
	var begun bool
	err := scan(ctx, s.readers.QueryRowContext(ctx, `SELECT revision > 0 FROM counter`), &begun)
	return begun, s.explain("reading the store", err)
}

// Watch calls changed at first and whenever the store has changed, be it by
// another process, until ctx ends; it looks as often as every says. Errors go to
// failed, and the next look tries again.
func (s *Store) Watch(ctx context.Context, every time.Duration, changed func(context.Context) error, failed func(error)) {
	var seen int64
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		version, err := s.DataVersion(ctx)
		if err == nil && version != seen {
			if err = changed(ctx); err == nil {
				seen = version
			}
		}
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// DataVersion is a number that is another one after any commit, by this or
// another process. It says nothing about order.
func (s *Store) DataVersion(ctx context.Context) (int64, error) {
	s.watchMu.Lock()
	defer s.watchMu.Unlock()
	if s.watch == nil {
		conn, err := s.readers.Conn(ctx)
		if err != nil {
			return 0, s.explain("watching the store", err)
		}
		s.watch = conn
	}
	var version int64
	err := s.watch.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version)
	return version, s.explain("watching the store", err)
}
