package main

import (
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"golang.org/x/term"
)

// getenv is the value of a variable of the process, "" if it is not set.
func (e env) getenv(name string) string {
	for _, line := range e.environ {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return value
		}
	}
	return ""
}

// colour says whether text on stream is styled: if it is a terminal and nobody
// objects, or if somebody insists.
func (a *app) colour(stream io.Writer) bool {
	force := a.getenv("CLICOLOR_FORCE")
	switch {
	case a.flags.noColor, a.getenv("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	case a.getenv("TERM") == "dumb":
		return false
	}
	return a.isTerminal(stream)
}

// isTerminal says whether stream, or what lies beneath it, is a terminal.
func (a *app) isTerminal(stream io.Writer) bool {
	if o, ok := stream.(*output); ok {
		stream = o.Writer
	}
	return a.terminal(stream)
}

// A page is a stream of text for people, with its looks.
type page struct {
	io.Writer
	styled bool
	width  int // columns to wrap at; 0 is not at all
}

// maxWidth keeps lines readable on wide terminals.
const maxWidth = 100

// page is what commands write their text to.
func (a *app) page() page {
	p := page{Writer: a.stdout, styled: a.colour(a.stdout)}
	if f, ok := a.output.Writer.(*os.File); ok && a.terminal(f) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			p.width = min(width, maxWidth)
		}
	}
	return p
}

func (p page) bold(s string) string { return p.render(lipgloss.NewStyle().Bold(true), s) }
func (p page) dim(s string) string  { return p.render(lipgloss.NewStyle().Faint(true), s) }

// render styles s line by line: styled as one block, its lines would be padded
// to one length.
func (p page) render(style lipgloss.Style, s string) string {
	if !p.styled {
		return s
	}
	style = style.TabWidth(lipgloss.NoTabConversion)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = style.Render(line)
		}
	}
	return strings.Join(lines, "\n")
}

// wrap breaks the lines of s at the width of the page, less the indent, and
// indents them.
func (p page) wrap(s string, indent int) string {
	if p.width > indent+20 {
		s = lipgloss.Wrap(s, p.width-indent, "")
	}
	margin := strings.Repeat(" ", indent)
	var b strings.Builder
	for line := range strings.Lines(s) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(margin)
		}
		b.WriteString(line)
	}
	return b.String()
}

// columns lays rows out under each other; every column but the last is as wide
// as its widest cell.
func columns(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell)
			if j < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[j]-lipgloss.Width(cell)+2))
			}
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}
