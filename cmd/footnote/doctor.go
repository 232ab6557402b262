package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"footnote/retrieval"

	"github.com/spf13/cobra"
)

// A finding is what doctor knows of one part.
type finding struct {
	Name   string `json:"name"`
	Status string `json:"status"` // ok, note or broken
	Detail string `json:"detail"`
	Fix    string `json:"fix"` // what to do; "" if nothing need be done
}

type doctorJSON struct {
	Checks []finding `json:"checks"`
}

const (
	statusOK     = "ok"
	statusNote   = "note"   // works, but there is something to know
	statusBroken = "broken" // does not work
)

// doctorCommand is "footnote doctor".
func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Is everything set up, and what to do about what is not",
		Long:  "Looks at the settings, the store, the embedder, the model and Discord. A language\nmodel is asked one question over a sample article; its tokens are counted in the\nstore, which is made if there is none yet.\nEnds with exit code 78 if the settings cannot be used, 1 if something is broken.",
		Args:  atMost(0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd.Context()) },
	}
}

func (a *app) doctor(ctx context.Context) error {
	s, err := a.settings()
	if err != nil {
		f := finding{"settings", statusBroken, err.Error(), "correct it, then run: footnote doctor"}
		return errors.Join(a.showFindings([]finding{f}), outcome(exitConfig))
	}
	embedding, refused := a.examineEmbedding(ctx, s)
	findings := []finding{examineFile(s), a.examineStore(ctx, s)}
	findings = append(findings, embedding...)
	model, modelRefused := a.examineModel(ctx, s)
	findings = append(findings, model...)
	discord, discordRefused := a.examineDiscord(ctx, s)
	findings = append(findings, discord)
	for _, err := range s.passedOver {
		if isOfDiscord(err) { // which has a finding of its own
			continue
		}
		findings = append(findings, finding{"settings", statusNote, err.Error() + " (nothing uses it as footnote is set up)", ""})
	}
	if err := a.showFindings(findings); err != nil {
		return err
	}
	return verdict(findings, refused || modelRefused || discordRefused)
}

// verdict is the outcome of all findings; refused says that settings or a key
// were.
func verdict(findings []finding, refused bool) error {
	if refused {
		return outcome(exitConfig)
	}
	for _, f := range findings {
		if f.Status == statusBroken {
			return outcome(exitFailure)
		}
	}
	return nil
}

func (a *app) showFindings(findings []finding) error {
	if a.flags.json {
		return a.printJSON(doctorJSON{findings})
	}
	p := a.page()
	for _, f := range findings {
		fmt.Fprintf(p, "%-9s %-7s %s\n", f.Name, f.Status, printable(f.Detail))
		if f.Fix != "" {
			fmt.Fprintf(p, "%17s %s\n", "", p.bold(f.Fix))
		}
	}
	return nil
}

func examineFile(s *settings) finding {
	f := finding{Name: "settings", Status: statusOK}
	if s.file == "" {
		f.Detail = "no settings file; looked at " + strings.Join(s.usualFiles(), ", ")
		return f
	}
	info, err := os.Stat(s.file)
	if err != nil {
		return finding{"settings", statusBroken, s.file + ": " + readingFault(err), "put the file back"}
	}
	f.Detail = fmt.Sprintf("%s, mode %04o", s.file, info.Mode().Perm())
	if s.secretsInFile() && info.Mode().Perm()&0o077 != 0 {
		f.Status = statusNote
		f.Detail += "; it holds a secret and others can read it"
		f.Fix = "chmod 600 " + s.file
	}
	return f
}

func (a *app) examineStore(ctx context.Context, s *settings) finding {
	f := finding{Name: "store", Status: statusOK}
	lib, err := a.quietLibrary(ctx)
	if err != nil {
		return finding{"store", statusBroken, err.Error(), checkHint(err)}
	}
	defer lib.close()
	if lib.samples > 0 {
		f.Status = statusNote
		f.Detail = "no articles in " + s.Data.Dir + " yet; the sample articles are asked"
		f.Fix = "footnote ingest FOLDER"
		return f
	}
	store := lib.store
	entries, err := store.List(ctx)
	if err != nil {
		return finding{"store", statusBroken, err.Error(), "footnote check"}
	}
	f.Detail = fmt.Sprintf("%s, %s: %s", store.Path(), fileSize(store.Path()), contents(entries))
	if ids := damagedIn(entries); len(ids) > 0 {
		f.Detail += fmt.Sprintf("; damaged: %s (%s)", count(len(ids), "article"), clip(list(ids), 200))
		return finding{"store", statusBroken, f.Detail, "footnote check"}
	}
	if store.ReadOnly() {
		f.Status = statusNote
		f.Detail += "; it can be read but not written"
		f.Fix = "make it and its folder writable to ingest and to remember answers"
	}
	return f
}

// checkHint is what to do about a store that cannot be opened, beyond what err
// says itself.
func checkHint(err error) string {
	if errors.Is(err, retrieval.ErrDamaged) {
		return "footnote check"
	}
	return ""
}

func damagedIn(entries []retrieval.Entry) []string {
	var ids []string
	for _, e := range entries {
		if e.Damaged {
			ids = append(ids, oneLine(string(e.ID)))
		}
	}
	return ids
}

func contents(entries []retrieval.Entry) string {
	return count(len(entries), "article") + ", " + count(passagesIn(entries), "passage")
}

func passagesIn(entries []retrieval.Entry) int {
	n := 0
	for _, e := range entries {
		n += e.Passages
	}
	return n
}

func fileSize(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "size unknown"
	}
	return fmt.Sprintf("%.1f MiB", float64(info.Size())/(1<<20))
}
