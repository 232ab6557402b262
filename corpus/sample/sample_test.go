package sample

import (
	"strings"
	"testing"
)

func TestEverySampleNamesItsSource(t *testing.T) {
	articles, err := Articles()
	if err != nil {
		t.Fatal(err)
	}
	if len(articles) < 6 || len(articles) > 12 {
		t.Errorf("%d samples, want 6 to 12", len(articles))
	}
	for _, a := range articles {
		if a.Title == "" || a.Derived || a.Outlet == "" || a.Published.IsZero() {
			t.Errorf("%s lacks a title, an outlet or a date: %q %q %v", a.ID, a.Title, a.Outlet, a.Published)
		}
		if !strings.Contains(a.Text, "This brief retells, in footnote's own words,") {
			t.Errorf("%s does not say what it retells", a.ID)
		}
	}
}
