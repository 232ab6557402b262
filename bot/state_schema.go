package bot

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// stateID marks a SQLite file as a state of the bot: "fnob".
const stateID = 0x666e6f62

// stateVersion is the version of the tables that this code works on.
const stateVersion = 1

// stateTables is version 1. Times are microseconds since 1970, UTC.
const stateTables = `
CREATE TABLE asked (
	answer       TEXT NOT NULL PRIMARY KEY,
	guild        TEXT NOT NULL,
	channel      TEXT NOT NULL,
	person       TEXT NOT NULL,
	conversation TEXT NOT NULL,
	private      INTEGER NOT NULL,
	at           INTEGER NOT NULL,
	ask          TEXT NOT NULL     -- an Ask as JSON
) STRICT;
CREATE INDEX asked_by_time ON asked (at);
CREATE INDEX asked_by_place ON asked (guild, channel, at);
CREATE INDEX asked_by_conversation ON asked (conversation, at);
CREATE INDEX asked_by_person ON asked (person);

CREATE TABLE messages (
	id     TEXT NOT NULL PRIMARY KEY,
	answer TEXT NOT NULL REFERENCES asked (answer) ON DELETE CASCADE,
	n      INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_answer ON messages (answer, n);

CREATE TABLE ratings (
	answer TEXT NOT NULL,
	person TEXT NOT NULL,
	up     INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (answer, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_by_time ON ratings (at);

CREATE TABLE waiting (
	id      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again: a message is sent once for it
	answer  TEXT NOT NULL,
	guild   TEXT NOT NULL,
	channel TEXT NOT NULL,
	person  TEXT NOT NULL,
	at      INTEGER NOT NULL,
	ask     TEXT NOT NULL,
	UNIQUE (answer, person)
) STRICT;

CREATE TABLE servers (
	guild    TEXT NOT NULL PRIMARY KEY,
	settings TEXT NOT NULL              -- Settings as JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE joined (guild TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID; -- servers that the bot is in
CREATE TABLE plain (person TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE takings (key TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX takings_by_time ON takings (at);

CREATE TABLE identifies (at INTEGER NOT NULL) STRICT;
CREATE INDEX identifies_by_time ON identifies (at);
`

// makeTables makes the tables in an empty file and refuses a file that has
// others.
func (s *State) makeTables(ctx context.Context) error {
	return s.write(ctx, "opening the bot's state", func(tx *sql.Tx) error {
		var tables, application, version int
		err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM sqlite_schema),
			(SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`).
			Scan(&tables, &application, &version)
		switch {
		case err != nil:
			return err
		case tables > 0 && (application != stateID || version < 1):
			return fmt.Errorf("%s is a database of another program; move it away, or use another --data folder", s.path)
		case version > stateVersion:
			return fmt.Errorf("%s was written by a newer footnote (version %d, this one knows %d); use that version, or another --data folder",
				s.path, version, stateVersion)
		case version == stateVersion:
			return nil
		}
		_, err = tx.ExecContext(ctx, stateTables+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", stateID, stateVersion))
		return err
	})
}

// stamp is t as the tables hold it.
func stamp(t time.Time) int64 { return t.UnixMicro() }

// unstamp is the time that stamp wrote.
func unstamp(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
