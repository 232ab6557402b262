package main

import (
	"context"
	"errors"
	"fmt"

	"footnote/retrieval"

	"github.com/spf13/cobra"
)

type checkJSON struct {
	Articles int          `json:"articles"`
	Passages int          `json:"passages"`
	Damaged  []damageJSON `json:"damaged"`
}

type damageJSON struct {
	Article string `json:"article"`
	What    string `json:"what"`
}

// checkCommand is "footnote check".
func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check every checksum, offset and index entry of the store",
		Long:  "Reads the whole store and compares it with the checksums taken when it was written.\nEnds with exit code 5 if something is not as it was.",
		Args:  atMost(0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.check(cmd.Context()) },
	}
}

func (a *app) check(ctx context.Context) (err error) {
	store, err := a.existingStore(ctx)
	if errors.Is(err, retrieval.ErrDamaged) {
		return a.tellDamage(retrieval.Report{Damaged: []retrieval.DamageError{{What: oneLine(err.Error())}}})
	}
	if err != nil {
		return err
	}
	if store == nil {
		return a.noStoreToCheck()
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	report, err := store.Check(ctx)
	if err != nil {
		return err
	}
	return a.tellDamage(report)
}

// tellDamage shows a report and has its exit code.
func (a *app) tellDamage(report retrieval.Report) error {
	if err := a.showReport(report); err != nil {
		return err
	}
	if len(report.Damaged) > 0 {
		return outcome(exitDamage)
	}
	return nil
}

func (a *app) noStoreToCheck() error {
	if a.flags.json {
		return a.printJSON(checkJSON{Damaged: []damageJSON{}})
	}
	_, err := fmt.Fprintf(a.stdout, "There is no store in %s yet, so there is nothing to check.\n", a.loaded.Data.Dir)
	return err
}

func (a *app) showReport(r retrieval.Report) error {
	if a.flags.json {
		out := checkJSON{Articles: r.Articles, Passages: r.Passages, Damaged: []damageJSON{}}
		for _, d := range r.Damaged {
			out.Damaged = append(out.Damaged, damageJSON{string(d.Article), d.What})
		}
		return a.printJSON(out)
	}
	for _, d := range r.Damaged {
		fmt.Fprintln(a.stdout, printable(d.Error()))
	}
	_, err := fmt.Fprintf(a.stdout, "%s and %s are as they were saved; %s damaged.\n",
		count(r.Articles, "article"), count(r.Passages, "passage"), was(len(r.Damaged)))
	return err
}

func was(n int) string {
	switch n {
	case 0:
		return "nothing is"
	case 1:
		return "one thing is"
	}
	return grouped(n) + " things are"
}
