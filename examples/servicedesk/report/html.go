package report

import (
	"bytes"
	_ "embed" // the page and its style
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

// HTML writes the report as one page with charts that needs nothing else: no script, no network. It follows
// the reader's choice of a light or dark scheme.
func HTML(w io.Writer, r *Report) error {
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newPage(r)); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// page is what the template shows, in the words of the reader.
type page struct {
	Title, Subtitle string
	Style           template.CSS
	Figures         []figure
	Volumes         template.HTML
	Arrivals        template.HTML
	Lifecycle       template.HTML
	Reassignments   template.HTML
	Resolve         template.HTML
	Waiting         template.HTML
	Rare            string

	Priorities, Holds, Groups, Pairs, Categories, FinalStates, Longest, Run grid
	Refusals, RefusedRows                                                   *grid
	PingPong                                                                string
	History                                                                 *pageHistory
	Levels                                                                  *pageLevels
}

type pageHistory struct {
	Number, Title string
	Events        []pageEvent
}

type pageEvent struct {
	Time, ISO, Actor, Action, From, To, Note string
	Changes                                  []Change
}

func newPage(r *Report) *page {
	p := &page{
		Title: heading(r), Subtitle: subtitle(r), Style: template.CSS(styleCSS), Figures: figures(r),
		Volumes: volumeChart(r), Arrivals: heatChart(r), Lifecycle: flowChart(r), Reassignments: reassignChart(r),
		Resolve: resolveChart(r), Waiting: holdChart(r), Priorities: priorities(r), Holds: holds(r),
		Groups: groups(r), Pairs: pairs(r), Categories: categories(r), FinalStates: finalStates(r),
		Longest: longestTable(r, 12), Run: runCounts(r),
		PingPong: fmt.Sprintf("%s came back to a group that had it before, with %s in all.",
			plural(r.PingPong.Cases, "case"), plural(r.PingPong.Returns, "return")),
	}
	if hidden := newFlow(r).hidden; hidden > 0 {
		p.Rare = fmt.Sprintf("The %d rarest steps are not drawn.", hidden)
	}
	if r.Levels != nil {
		p.Levels = newPageLevels(r)
	}
	if len(r.Refused) > 0 {
		g := refusals(r)
		p.Refusals = &g
	}
	if len(r.RefusedRows) > 0 {
		g := refusedRows(r)
		p.RefusedRows = &g
	}
	if r.History != nil {
		p.History = newPageHistory(r.History)
	}
	return p
}

func newPageHistory(h *History) *pageHistory {
	p := &pageHistory{Number: name(h.Number), Title: name(h.Title)}
	for _, e := range h.Events {
		x := pageEvent{Time: stamp(e.Time), ISO: e.Time.Format("2006-01-02T15:04:05Z07:00"), Actor: name(e.Actor),
			Action: label(e.Action), To: label(e.To), Note: strings.TrimSpace(e.Note)}
		if e.From != e.To && e.From != "" {
			x.From = label(e.From)
		}
		for _, c := range e.Changes {
			x.Changes = append(x.Changes, Change{Field: clean(c.Field), Old: dash(c.Old), New: dash(c.New)})
		}
		p.Events = append(p.Events, x)
	}
	return p
}
