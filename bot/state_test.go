package bot

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"footnote/retrieval"
)

// openTestState is the state in dir until the test ends.
func openTestState(t *testing.T, dir string) *State {
	t.Helper()
	s, err := OpenState(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// must fails the test if err is one.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func noon() time.Time { return time.Date(2026, 3, 4, 12, 0, 0, 5000, time.UTC) }

func testAsked(answer string, at time.Time) Asked {
	return Asked{
		Answer: answer, Guild: "g1", Channel: "c1", Person: "p1", Conversation: "t1", At: at,
		Ask:      Ask{Text: "What of " + answer + "?", Since: noon().AddDate(-1, 0, 0), Outlets: []string{"AP", "BBC"}},
		Messages: []string{answer + "-m2", answer + "-m1"},
	}
}

func TestAskedComesBackAsItWasKept(t *testing.T) {
	dir := t.TempDir()
	want := testAsked("a1", noon())
	must(t, openTestState(t, dir).KeepAsked(t.Context(), testAsked("a1", noon().Add(-time.Hour))))
	s := openTestState(t, dir)
	want.Messages = []string{"m9", "m8"}
	must(t, s.KeepAsked(t.Context(), want))

	got, err := s.Asked(t.Context(), "a1")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Asked: %+v, %v\nwant %+v", got, err, want)
	}
	got, err = s.AskedIn(t.Context(), "m8")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("AskedIn: %+v, %v\nwant %+v", got, err, want)
	}
	if _, err := s.AskedIn(t.Context(), "a1-m1"); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("a message that was replaced: %v, want ErrNotFound", err)
	}
}

func TestLastOfIsTheLatestThatThePersonMaySee(t *testing.T) {
	s := openTestState(t, t.TempDir())
	open, private := testAsked("open", noon()), testAsked("private", noon().Add(time.Minute))
	private.Private = true
	must(t, errors.Join(s.KeepAsked(t.Context(), open), s.KeepAsked(t.Context(), private)))
	for _, test := range []struct{ guild, channel, person, want string }{
		{"g1", "c1", "p1", "private"},
		{"g1", "c1", "p2", "open"},
		{"g2", "c1", "p1", ""},
		{"g1", "c2", "p1", ""},
	} {
		got, err := s.LastOf(t.Context(), test.guild, test.channel, test.person)
		if got.Answer != test.want || (test.want == "") != errors.Is(err, retrieval.ErrNotFound) {
			t.Errorf("LastOf(%s, %s, %s) = %q, %v; want %q", test.guild, test.channel, test.person, got.Answer, err, test.want)
		}
	}
}

func TestLastInIsTheLatestOfAConversation(t *testing.T) {
	s := openTestState(t, t.TempDir())
	alone := testAsked("alone", noon().Add(time.Hour))
	alone.Conversation = ""
	must(t, errors.Join(s.KeepAsked(t.Context(), testAsked("late", noon())), s.KeepAsked(t.Context(), alone),
		s.KeepAsked(t.Context(), testAsked("early", noon().Add(-time.Second)))))
	if got, err := s.LastIn(t.Context(), "t1"); got.Answer != "late" {
		t.Errorf("LastIn = %q, %v; want late", got.Answer, err)
	}
	if _, err := s.LastIn(t.Context(), ""); !errors.Is(err, retrieval.ErrNotFound) {
		t.Errorf("the conversation of those without one: %v, want ErrNotFound", err)
	}
}

func TestConversationsThatAreJoinedAreThoseOfServers(t *testing.T) {
	s := openTestState(t, t.TempDir())
	direct := testAsked("direct", noon().Add(time.Hour))
	direct.Guild, direct.Conversation = "", "p1-and-bot"
	must(t, errors.Join(s.KeepAsked(t.Context(), testAsked("a1", noon())), s.KeepAsked(t.Context(), direct)))
	if got, err := s.conversations(t.Context(), 1); err != nil || !reflect.DeepEqual(got, []string{"t1"}) {
		t.Errorf("conversations %v, %v; want t1", got, err)
	}
}

func TestWhatIsOldIsDropped(t *testing.T) {
	s := openTestState(t, t.TempDir())
	must(t, errors.Join(s.KeepAsked(t.Context(), testAsked("old", noon())), s.KeepAsked(t.Context(), testAsked("new", noon().Add(time.Hour)))))
	before := noon().Add(time.Minute)
	if old, err := s.askedBefore(t.Context(), before); err != nil || !reflect.DeepEqual(old, []string{"old"}) {
		t.Errorf("askedBefore = %v, %v; want the old one", old, err)
	}
	must(t, s.Rate(t.Context(), "old", "p2", true, before.Add(time.Second)))
	must(t, s.dropOld(t.Context(), before))
	if left, err := queryTexts(t.Context(), s.db, `SELECT answer FROM ratings`); err != nil || len(left) != 0 {
		t.Errorf("ratings of %v are left: %v", left, err)
	}
	_, oldErr := s.Asked(t.Context(), "old")
	_, newErr := s.Asked(t.Context(), "new")
	if !errors.Is(oldErr, retrieval.ErrNotFound) || newErr != nil {
		t.Errorf("the old one: %v, the new one: %v; want that one alone gone", oldErr, newErr)
	}
}

func TestOneWaitsOnceForAnAnswer(t *testing.T) {
	s := openTestState(t, t.TempDir())
	first := Waiting{Answer: "a1", Guild: "g1", Channel: "c1", Person: "p1", Ask: Ask{Text: "Who?"}, At: noon()}
	second := Waiting{Answer: "a1", Person: "p2", At: noon()}
	must(t, errors.Join(s.Wait(t.Context(), first), s.Wait(t.Context(), first), s.Wait(t.Context(), second)))
	got, err := s.Waiting(t.Context())
	first.ID, second.ID = got[0].ID, got[1].ID
	if err != nil || !reflect.DeepEqual(got, []Waiting{first, second}) {
		t.Errorf("Waiting = %+v, %v\nwant %+v", got, err, []Waiting{first, second})
	}
}

func TestTheNumberOfAQuestionThatWaitsIsNeverUsedAgain(t *testing.T) {
	s := openTestState(t, t.TempDir())
	var ids []int64
	for range 2 {
		must(t, s.Wait(t.Context(), Waiting{Answer: "a1", Person: "p1", At: noon()}))
		all, err := s.Waiting(t.Context())
		must(t, errors.Join(err, s.StopWaiting(t.Context(), all[0].ID)))
		ids = append(ids, all[0].ID)
	}
	if ids[0] == ids[1] {
		t.Errorf("two questions have the number %d", ids[0])
	}
}

func TestSettingsAndPreferencesOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	s := openTestState(t, dir)
	set := Settings{Channels: []string{"c1"}, Outlets: []string{"AP"}, Plain: true}
	must(t, errors.Join(s.SetServer(t.Context(), "g1", Settings{}), s.SetServer(t.Context(), "g1", set),
		s.SetPlain(t.Context(), "p1", true), s.SetPlain(t.Context(), "p2", true), s.SetPlain(t.Context(), "p2", false)))
	s = openTestState(t, dir)
	if servers, err := s.Servers(t.Context()); !reflect.DeepEqual(servers, map[string]Settings{"g1": set}) {
		t.Errorf("Servers = %+v, %v", servers, err)
	}
	if plain, err := s.PlainFor(t.Context()); !reflect.DeepEqual(plain, map[string]bool{"p1": true}) {
		t.Errorf("PlainFor = %v, %v", plain, err)
	}
}

func TestTimesAreKeptForADay(t *testing.T) {
	s := openTestState(t, t.TempDir())
	late := noon().Add(25 * time.Hour)
	must(t, errors.Join(s.took(t.Context(), taking{[]string{"user:1", "guild:2"}, noon()}, taking{[]string{"user:1"}, late}),
		s.Identified(t.Context(), noon()), s.Identified(t.Context(), late)))
	takings, err := s.Takings(t.Context(), time.Time{})
	if err != nil || !reflect.DeepEqual(takings, map[string][]time.Time{"user:1": {late}}) {
		t.Errorf("Takings = %v, %v", takings, err)
	}
	identifies, err := s.Identifies(t.Context(), time.Time{})
	if err != nil || !reflect.DeepEqual(identifies, []time.Time{late}) {
		t.Errorf("Identifies = %v, %v", identifies, err)
	}
}

// filled is how many answers fill keeps: enough for SQLite to move rows about.
const filled = 80

// fill keeps many rows of a person in a server, all of which hold word.
func fill(t *testing.T, s *State, guild, person, word string) {
	t.Helper()
	for i := range filled {
		a := testAsked(fmt.Sprintf("%s-%d", word, i), noon())
		a.Guild, a.Person, a.Ask.Text = guild, person, strings.Repeat(word+" ", 3*i)
		must(t, s.KeepAsked(t.Context(), a))
		if i%10 == 0 {
			must(t, errors.Join(s.Rate(t.Context(), a.Answer, person, true, noon()),
				s.Wait(t.Context(), Waiting{Answer: a.Answer, Guild: guild, Person: person, Ask: a.Ask, At: noon()})))
		}
	}
	must(t, errors.Join(s.took(t.Context(), taking{[]string{"user:" + person, "guild:" + guild}, noon()}), s.SetPlain(t.Context(), person, true),
		s.SetServer(t.Context(), guild, Settings{Outlets: []string{word}})))
}

// traces counts how often a word stands in the files of a folder.
func traces(t *testing.T, dir, word string) (n int) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		n += bytes.Count(content, []byte(word))
		return err
	}))
	return n
}

func TestForgetLeavesNoTraceOnTheDisk(t *testing.T) {
	forgets := map[string]func(*State) ([]string, error){
		"person": func(s *State) ([]string, error) { return s.ForgetPerson(t.Context(), "anna-person") },
		"server": func(s *State) ([]string, error) { return s.ForgetServer(t.Context(), "anna-guild") },
	}
	for name, forget := range forgets {
		dir := t.TempDir()
		s := openTestState(t, dir)
		fill(t, s, "bert-guild", "bert-person", "bertword")
		fill(t, s, "anna-guild", "anna-person", "annaword")
		if traces(t, dir, "annaword") == 0 {
			t.Fatal("the word is nowhere, so this test shows nothing")
		}
		answers, err := forget(s)
		if err != nil || len(answers) != filled {
			t.Errorf("%s: %d answers, %v; want %d", name, len(answers), err, filled)
		}
		left := traces(t, dir, "anna-"+name) + traces(t, dir, "annaword-") + traces(t, dir, "annaword annaword")
		if left != 0 {
			t.Errorf("%s: %d traces are left", name, left)
		}
		if a, err := s.Asked(t.Context(), "bertword-7"); err != nil || a.Person != "bert-person" {
			t.Errorf("%s: another's row: %+v, %v", name, a, err)
		}
	}
}

func TestForgettingWhoAskedEndsWhatOthersWaitFor(t *testing.T) {
	s := openTestState(t, t.TempDir())
	must(t, errors.Join(s.KeepAsked(t.Context(), testAsked("a1", noon())),
		s.Wait(t.Context(), Waiting{Answer: "a1", Person: "p2", At: noon(), Ask: Ask{Text: "What of a1?"}})))
	if _, err := s.ForgetPerson(t.Context(), "p1"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Waiting(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("Waiting = %v, %v; want none", all, err)
	}
}

func TestForgettingWhoOnlyWaitsKeepsTheAskersAnswer(t *testing.T) {
	s := openTestState(t, t.TempDir())
	must(t, errors.Join(s.KeepAsked(t.Context(), testAsked("a1", noon())),
		s.Wait(t.Context(), Waiting{Answer: "a1", Person: "p2", At: noon()})))
	if answers, err := s.ForgetPerson(t.Context(), "p2"); err != nil || len(answers) != 0 {
		t.Errorf("ForgetPerson = %v, %v; want none", answers, err)
	}
	if all, err := s.Waiting(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("Waiting = %v, %v; want none", all, err)
	}
}

func TestFilesThatAreNoStateAreRefusedInASentence(t *testing.T) {
	newer := func(t *testing.T, dir string) {
		s, err := OpenState(t.Context(), dir)
		must(t, err)
		must(t, errors.Join(s.exec(t.Context(), "", `PRAGMA user_version = 2`), s.Close()))
	}
	other := func(t *testing.T, dir string) {
		must(t, makePrivate(filepath.Join(dir, stateFile)))
		db, err := openFile(filepath.Join(dir, stateFile))
		must(t, err)
		_, err = db.ExecContext(t.Context(), `CREATE TABLE x (y)`)
		must(t, errors.Join(err, db.Close()))
	}
	noise := func(t *testing.T, dir string) {
		must(t, os.WriteFile(filepath.Join(dir, stateFile), bytes.Repeat([]byte("noise "), 1000), 0o600))
	}
	folder := func(t *testing.T, dir string) { must(t, os.Mkdir(filepath.Join(dir, stateFile), 0o700)) }
	for _, test := range []struct {
		name string
		make func(*testing.T, string)
		want string
	}{
		{"newer", newer, "newer footnote (version 2, this one knows 1); use that version"},
		{"other program", other, "another program; move it away"},
		{"noise", noise, "bot.db is damaged or no file of footnote; move it away"},
		{"folder", folder, "cannot be written; check your rights"},
	} {
		dir := t.TempDir()
		test.make(t, dir)
		_, err := OpenState(t.Context(), dir)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v; want %q", test.name, err, test.want)
		}
	}
}

func TestADamagedFileGivesSentencesAndNoPanic(t *testing.T) {
	dir := t.TempDir()
	s := openTestState(t, dir)
	fill(t, s, "g1", "p1", "word")
	must(t, s.Close())
	content, err := os.ReadFile(filepath.Join(dir, stateFile))
	must(t, err)
	for cut := 0; cut < len(content); cut += len(content) / 20 {
		hole := bytes.Clone(content)
		clear(hole[cut:min(cut+5000, len(hole))])
		for _, damaged := range [][]byte{content[:cut], hole} {
			folder := t.TempDir()
			must(t, os.WriteFile(filepath.Join(folder, stateFile), damaged, 0o600))
			s, err := OpenState(t.Context(), folder)
			if err == nil {
				_, err = s.ForgetPerson(t.Context(), "p1")
				must(t, s.Close())
			}
			if err != nil && !strings.Contains(err.Error(), "; ") {
				t.Errorf("at %d: %v: says not what to do", cut, err)
			}
		}
	}
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made")
	openTestState(t, dir)
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, entry := range entries {
		info, err := entry.Info()
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", entry.Name(), info.Mode())
		}
	}
}

func TestOneBotHoldsAFolder(t *testing.T) {
	dir := t.TempDir()
	release, err := LockFolder(t.Context(), dir)
	must(t, err)
	if _, err := LockFolder(t.Context(), dir); !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir+"; stop it first") {
		t.Errorf("a second lock: %v", err)
	}
	must(t, release())
	release, err = LockFolder(t.Context(), dir)
	must(t, err)
	must(t, release())
	path := filepath.Join(dir, lockFile)
	must(t, os.WriteFile(path, []byte("no lock of footnote's"), 0o600))
	if _, err := LockFolder(t.Context(), dir); err == nil || errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), path+" cannot be locked; remove it") {
		t.Errorf("a file that is no lock: %v", err)
	}
}
