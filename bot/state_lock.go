package bot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
)

// lockFile is the name of the file in the data folder that the running bot
// holds.
const lockFile = "bot.lock"

// ErrInUse is why a second bot is refused.
var ErrInUse = errors.New("another footnote bot works in the data folder")

// LockFolder keeps a data folder for one bot until release is called or the
// process ends, however it ends: the system frees the lock. A second bot is
// refused with a sentence that says what to do, which wraps ErrInUse.
func LockFolder(ctx context.Context, dir string) (release func() error, err error) {
	path, err := filepath.Abs(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, fmt.Errorf("finding the data folder: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	db, err := openFile(path, "busy_timeout(0)", "journal_mode(MEMORY)")
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	conn, err := lock(ctx, db)
	if err != nil {
		err = errors.Join(err, db.Close())
		if sqliteCode(err) == codeBusy {
			return nil, fmt.Errorf("%w %s; stop it first, or use another --data folder", ErrInUse, dir)
		}
		return nil, fmt.Errorf("%s cannot be locked; remove it and check your rights to its folder: %w", path, err)
	}
	return func() error { return errors.Join(conn.Close(), db.Close()) }, nil
}

// lock begins a transaction that keeps all others out, and that nobody ends.
// SQLite takes the lock for it from the system, by the means of each system.
func lock(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `BEGIN EXCLUSIVE`); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
