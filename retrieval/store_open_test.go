package retrieval

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/corpus"
)

// lateMigrations end one version after those of the code.
func lateMigrations() []migration {
	return append(migrations(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE late (x INTEGER) STRICT`)
		return err
	})
}

// closedStoreIn leaves a store with one article in dir.
func closedStoreIn(t *testing.T, dir string, steps []migration) {
	t.Helper()
	s, err := openStore(t.Context(), dir, steps)
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, testRecord("a", 1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNewerStoreIsRefused(t *testing.T) {
	dir := t.TempDir()
	closedStoreIn(t, dir, lateMigrations())
	before := readStoreFile(t, dir)
	_, err := OpenStore(t.Context(), dir)
	const want = "this store was written by a newer footnote (version 4, this one knows 3); use that version, or another --data folder"
	if !errors.Is(err, ErrNewer) || err.Error() != want {
		t.Errorf("OpenStore = %v, want %q", err, want)
	}
	if !bytes.Equal(before, readStoreFile(t, dir)) {
		t.Error("the file was changed")
	}
}

func TestOlderStoreIsMigratedThroughACopy(t *testing.T) {
	dir := t.TempDir()
	closedStoreIn(t, dir, migrations())
	s, err := openStore(t.Context(), dir, lateMigrations())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := all(t, s); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("All = %v, want what was there", got)
	}
	if _, err := s.readers.Exec(`SELECT x FROM late`); err != nil {
		t.Errorf("the migration did not run: %v", err)
	}

	old := t.TempDir()
	backup := filepath.Join(dir, storeFile+".v3.bak")
	if info, err := os.Stat(backup); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v, %v", info, err)
	}
	if err := os.Rename(backup, filepath.Join(old, storeFile)); err != nil {
		t.Fatal(err)
	}
	if got := all(t, openTestStore(t, old)); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("the copy holds %v, want what was there", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
		t.Errorf("%v were left behind", left)
	}
}

// storeOfVersion leaves a store of a version before 3 in dir: article a is in
// the corpus, an answer cites b, which is not, and sums are those of that time.
func storeOfVersion(t *testing.T, dir string, version int) {
	t.Helper()
	s, err := openStore(t.Context(), dir, migrations()[:version])
	if err != nil {
		t.Fatal(err)
	}
	const columns = `id, version, title, derived, outlet, url, published, source, added, loaded, edited, revision, passages, sum`
	kept, cited := testRecord("a", 1), testRecord("b", 1)
	err = s.write(t.Context(), "making an old store", func(tx *sql.Tx) error {
		revision, err := nextRevision(t.Context(), tx)
		if err != nil {
			return err
		}
		for table, r := range map[string]Record{"articles": kept, "versions": cited} {
			h := newHead(r, r.Sum(), 0, revision)
			values := append(h.values()[:14], r.Text)
			if _, err := tx.Exec(`INSERT INTO `+table+` (`+columns+`, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, values...); err != nil {
				return err
			}
		}
		for _, p := range kept.Passages {
			row, err := newRun(p)
			if err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO passages (article, n, start_at, end_at, heading, sum) VALUES (?, ?, ?, ?, ?, ?)`,
				row.article, row.n, row.start, row.end, row.heading, row.sum)
			if err != nil {
				return err
			}
		}
		return insertAnswer(t.Context(), tx, testAnswer("answer", 1), []reference{{"b", corpus.TextSum(cited.Text)}})
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

// checkLifted reports what a store that storeOfVersion made has lost.
func checkLifted(t *testing.T, s *Store) {
	t.Helper()
	if got := all(t, s); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("All = %v, want what was there", got)
	}
	cited, err := s.Cited(t.Context(), "answer")
	if want := []CitedVersion{{testRecord("b", 1).Article, Gone}}; err != nil || !reflect.DeepEqual(cited, want) {
		t.Errorf("Cited = %v, %v, want %v", cited, err, want)
	}
	checkClean(t, s)
}

func TestOldStoresAreLifted(t *testing.T) {
	for _, version := range []int{1, 2} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			dir, old := t.TempDir(), t.TempDir()
			storeOfVersion(t, dir, version)
			s := openTestStore(t, dir)
			checkLifted(t, s)
			if changes := mustSave(t, s, testRecord("a", 1)); changes[0] != Unchanged {
				t.Errorf("saving again what was there = %v", changes)
			}
			mustReserve(t, s, noon(1), 10, 100)
			if err := s.SetNote(t.Context(), "key", "value", noon(1)); err != nil {
				t.Error(err)
			}
			backup := fmt.Sprintf("%s.v%d.bak", storeFile, version)
			if err := os.Rename(filepath.Join(dir, backup), filepath.Join(old, storeFile)); err != nil {
				t.Fatal(err)
			}
			checkLifted(t, openTestStore(t, old))
		})
	}
}

// A column behind the text costs the reading of all the text's pages.
func TestTheTextIsTheLastColumn(t *testing.T) {
	s := openTestStore(t, t.TempDir())
	for _, table := range []string{"articles", "versions"} {
		names, err := column[string](t.Context(), s.readers, `SELECT name FROM pragma_table_info(?) ORDER BY cid DESC LIMIT 1`, table)
		if err != nil || !slices.Equal(names, []string{"text"}) {
			t.Errorf("the last column of %s is %q, %v", table, names, err)
		}
	}
}

// A Close that waited for the reader would wait for an hour.
func TestCloseDoesNotWaitForReaders(t *testing.T) {
	dir := t.TempDir()
	reader := openTestStore(t, dir)
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, testRecord("a", 1))
	err = reader.read(t.Context(), "reading", func(tx *sql.Tx) error {
		if _, err := readArticle(t.Context(), tx, "a"); err != nil {
			return err
		}
		mustSave(t, s, testRecord("b", 1))
		if _, err := s.writer.ExecContext(t.Context(), `PRAGMA busy_timeout = 3600000`); err != nil {
			return err
		}
		return s.Close()
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	dir := t.TempDir()
	closedStoreIn(t, dir, migrations())
	fault := errors.New("no")
	steps := append(lateMigrations(), func(context.Context, *sql.Tx) error { return fault })
	if _, err := openStore(t.Context(), dir, steps); !errors.Is(err, fault) {
		t.Fatalf("openStore = %v, want the fault of the migration", err)
	}
	if got := all(t, openTestStore(t, dir)); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("All = %v, want what was there", got)
	}
}

func TestForeignFileIsLeftAlone(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE t (x); INSERT INTO t VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	database, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		content []byte
		want    string
		damaged bool
	}{
		"a short text":                {[]byte("hello"), "is not a store of footnote", true},
		"a long text":                 {bytes.Repeat([]byte("hello\n"), 10000), "is not a store of footnote", true},
		"zeros":                       {make([]byte, 8192), "is not a store of footnote", true},
		"another program's database":  {database, "is a database of another program", false},
		"a store with a broken start": {append([]byte("X"), database[1:]...), "is not a store of footnote", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, storeFile), tt.content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := OpenStore(t.Context(), dir)
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("OpenStore = %v, want %q", err, tt.want)
			}
			if errors.Is(err, ErrDamaged) != tt.damaged {
				t.Errorf("OpenStore = %v, which is ErrDamaged: %v", err, !tt.damaged)
			}
			if !bytes.Equal(readStoreFile(t, dir), tt.content) {
				t.Error("the file was changed")
			}
		})
	}
}

func readStoreFile(t *testing.T, dir string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, storeFile))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestStoreWhereNoneCanBe(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, storeFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("OpenStore on a folder of that name: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenStore(t.Context(), file); err == nil {
		t.Error("OpenStore took a file for a folder")
	}
}

func TestEmptyFileBecomesAStore(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, storeFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	mustSave(t, openTestStore(t, dir), testRecord("a", 1))
}

// assertReadsOnly opens the store in dir, which cannot be written.
func assertReadsOnly(t *testing.T, dir string) {
	t.Helper()
	s := openTestStore(t, dir)
	if !s.ReadOnly() {
		t.Error("ReadOnly is false")
	}
	if got := all(t, s); !reflect.DeepEqual(got, []Record{testRecord("a", 1)}) {
		t.Errorf("All = %v, want what was there", got)
	}
	if changes := mustSave(t, s, testRecord("a", 1)); changes[0] != Unchanged {
		t.Errorf("Save of what is there = %v", changes)
	}
	_, err := s.Save(t.Context(), []Record{testRecord("b", 1)})
	if !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), "can only be read") {
		t.Errorf("Save = %v, want ErrReadOnly", err)
	}
	checkClean(t, s)
}

func TestReadOnlyRights(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write whatever the rights say")
	}
	for name, mode := range map[string]struct{ file, dir fs.FileMode }{
		"file":   {0o400, 0o700},
		"folder": {0o600, 0o500},
		"both":   {0o400, 0o500},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			closedStoreIn(t, dir, migrations())
			if err := errors.Join(os.Chmod(filepath.Join(dir, storeFile), mode.file), os.Chmod(dir, mode.dir)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(dir, 0o700) }) // so that it can be removed
			assertReadsOnly(t, dir)
		})
	}
}

func TestReadOnlyDisk(t *testing.T) {
	dir := mountTestDisk(t, "size=8m")
	closedStoreIn(t, dir, migrations())
	remount(t, dir, "ro")
	assertReadsOnly(t, dir)
}

func TestReadOnlyDiskHidesNoCommit(t *testing.T) {
	dir := mountTestDisk(t, "size=8m")
	s := openTestStore(t, dir)
	mustSave(t, s, testRecord("a", 1))
	content, err := os.ReadFile(filepath.Join(dir, storeFile))
	wal, err2 := os.ReadFile(filepath.Join(dir, storeFile+"-wal"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	crashed := mountTestDisk(t, "size=8m")
	err = os.WriteFile(filepath.Join(crashed, storeFile), content, 0o600)
	err2 = os.WriteFile(filepath.Join(crashed, storeFile+"-wal"), wal, 0o600)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	remount(t, crashed, "ro")
	if s, err := OpenStore(t.Context(), crashed); err == nil {
		defer s.Close()
		if got := all(t, s); len(got) != 1 {
			t.Errorf("the store shows %d articles, want the one that was saved", len(got))
		}
	} else if !strings.Contains(err.Error(), "was not closed") {
		t.Errorf("OpenStore = %v", err)
	}
}

// mountTestDisk is a disk of its own, where the system lets a test have one.
func mountTestDisk(t *testing.T, options string) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("needs the right to mount")
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

func remount(t *testing.T, dir, option string) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "remount,"+option, dir).CombinedOutput(); err != nil {
		t.Skipf("remount: %v: %s", err, out)
	}
}

func TestSmallDiskFillsUp(t *testing.T) {
	dir := mountTestDisk(t, "size=1m")
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() // on a full disk it may have nothing to fold into
	saved := 0
	for err == nil && saved < 10000 {
		if _, err = s.Save(t.Context(), []Record{testRecord(fmt.Sprintf("%05d", saved), 1)}); err == nil {
			saved++
		}
	}
	if err == nil || !strings.Contains(err.Error(), "the disk") {
		t.Fatalf("after %d articles: %v", saved, err)
	}
	if got := all(t, s); len(got) != saved {
		t.Errorf("%d articles are there, want the %d that were saved", len(got), saved)
	}
	checkClean(t, s)
}

// killDirVar tells a child process to save articles into a folder until it is
// killed.
const killDirVar = "FOOTNOTE_TEST_KILL_DIR"

// TestKillChild is no test: it is what TestKilledSaves runs in a process of its
// own. It names each article on standard output once it is saved.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(killDirVar)
	if dir == "" {
		t.Skip("runs as a child of TestKilledSaves only")
	}
	s, err := OpenStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("%d-%d", os.Getpid(), i)
		batch := []Record{testRecord(id, 1), testRecord("shared", i)}
		if _, err := s.Save(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("\nsaved %s\n", id)
		if i%7 == 6 {
			if _, err := s.Remove(t.Context(), "shared"); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestKilledSaves(t *testing.T) {
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(5, 6))
	var acknowledged []string
	for range 25 {
		acknowledged = append(acknowledged, killedChild(t, dir, rnd.IntN(12), time.Duration(rnd.IntN(3000))*time.Microsecond)...)
	}
	s := openTestStore(t, dir)
	checkClean(t, s)
	for _, id := range acknowledged {
		got, err := s.Article(t.Context(), corpus.ArticleID(id))
		if err != nil || !reflect.DeepEqual(got, testRecord(id, 1)) {
			t.Errorf("article %s, which was acknowledged: %v", id, err)
		}
	}
	if len(acknowledged) == 0 {
		t.Error("no child saved anything")
	}
}

// killedChild kills a process a moment after it has saved that many articles
// and returns their ids.
func killedChild(t *testing.T, dir string, after int, moment time.Duration) (saved []string) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKillChild$")
	child.Env = append(os.Environ(), killDirVar+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		id, ok := strings.CutPrefix(lines.Text(), "saved ")
		if !ok {
			continue
		}
		if saved = append(saved, id); len(saved) == after+1 {
			time.AfterFunc(moment, func() { child.Process.Kill() })
		}
	}
	if err := child.Wait(); err == nil || child.ProcessState.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return saved
}
