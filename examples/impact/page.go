package main

import (
	"bytes"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"github.com/itsmkit/itsm/asset/cmdb"
)

//go:embed page.html
var pageHTML string

//go:embed style.css
var styleCSS string

// sight is what the page shows, in the words of the reader.
type sight struct {
	Title, Summary, Seed string
	Style                template.CSS
	Picture              template.HTML
	Left                 string // what the picture leaves out
	Services             table
	Whys                 []why
	Sections             []section
	Mermaid              string
	Download             template.URL
}

// why is a path in words.
type why struct {
	Name  string
	State cmdb.State
	Hops  []Hop
}

// section is a heading with some words and tables.
type section struct {
	Title  string
	Words  []string
	Tables []table
}

type table struct {
	Title string
	Heads []string // one that begins with # is of numbers
	Rows  [][]string
}

// page writes the report as one page that needs nothing else: no script, no network.
func page(r *Report) ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{
		"state":  stateWords,
		"number": func(head string) bool { return strings.HasPrefix(head, "#") },
		"head":   func(head string) string { return strings.TrimPrefix(head, "#") },
		"isState": func(s string) bool {
			return s == "down" || s == "at risk" || s == "degraded"
		},
		"class": func(s string) string { return strings.ReplaceAll(s, " ", "_") },
	}).Parse(pageHTML)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, look(r))
	return out.Bytes(), err
}

func look(r *Report) sight {
	drawn := r.picture.size()
	s := sight{
		Title: r.Failed.Name + " fails", Summary: summary(r), Seed: fmt.Sprintf("An invented estate of %d items, seed %d.", r.Items, r.Seed), Style: template.CSS(styleCSS),
		Picture: picture(r), Mermaid: r.mermaid,
		Left: fmt.Sprintf("Each item is drawn with the one input that decided its state. Of %d items and records that are reached the picture has %d; it leaves out what is beside the paths, such as the other hosts of a rack.",
			r.Failed.Reached, drawn),
		Download: template.URL("data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(r.mermaid))),
		Services: table{Title: "Services that are hit", Heads: []string{"Service", "Matters", "State", "Why", "Must not fail now"}},
	}
	if r.hidden > 0 {
		s.Left += fmt.Sprintf(" The last %d services of the table are left out too.", r.hidden)
	}
	for _, h := range r.Services {
		s.Services.Rows = append(s.Services.Rows, []string{h.Name, h.Criticality, stateWords(h.State), reason(h), strings.Join(h.Next, ", ")})
		s.Whys = append(s.Whys, why{h.Name, h.State, h.Why})
	}
	for _, section := range []section{promised(r), diagnosed(r), mended(r), expectedOf(r), windowOf(r), relied(r), counted(r)} {
		if len(section.Words)+len(section.Tables) > 0 {
			s.Sections = append(s.Sections, section)
		}
	}
	return s
}

// size counts the items of a tree.
func (b *branch) size() int {
	n := 1
	for _, c := range b.children {
		n += c.size()
	}
	return n
}
