package sample

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// The files that [Configure] imports, and what it returns.
var (
	//go:embed configuration/*.csv
	files embed.FS
	// Configured is what [Configure] returns, whatever store it plays on.
	//
	//go:embed configuration/report.txt
	Configured string
)

// estate is a configuration database under play. Its clock stands still within a step.
type estate struct {
	*cmdb.Database
	ctx       context.Context
	now       time.Time
	made      int
	baselines []itsm.ID
	out       strings.Builder
}

// Configure leads a configuration database through what may happen to it, and returns what came of it as text. The
// repositories and the Saver of a fresh store are given; all else is fixed, so that every store must return the same.
func Configure(ctx context.Context, c cmdb.Config) (string, error) {
	e := &estate{ctx: itsm.WithActor(ctx, itsm.Actor{ID: "ann", Name: "Ann Ä", Tenant: "acme"}), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	c.Policy, c.Clock = itsm.AllowAll|itsm.AllowImport, func() time.Time { return e.now }
	c.NewID = func(time.Time) itsm.ID { // out of order
		e.made++
		return itsm.ID{byte(e.made * 37), byte(e.made >> 8), 7}
	}
	c.Reconciliation = cmdb.Reconciliation{
		Sources:    []cmdb.Source{{Name: "agent", Stale: itsm.Duration(7 * 24 * time.Hour)}, {Name: "scan"}},
		Precedence: []cmdb.Precedence{{Class: "hardware", Fields: []string{"location"}, Sources: []string{"scan"}}},
	}
	var err error
	if e.Database, err = cmdb.New(c); err != nil {
		return "", err
	}
	for _, step := range []struct {
		title string
		do    func() error
	}{
		{"people enter services", e.enter},
		{"the agent reports", e.agent},
		{"the scan reports", e.scan},
		{"people decide", e.decide},
		{"items are merged, split and retired", e.tidy},
		{"a baseline is taken", e.baseline},
		{"the agent reports again, in whole", e.later},
		{"people edit with and without a change request", e.edit},
		{"another baseline is taken", e.baseline},
		{"what failures bring down", e.impact},
		{"health", e.health},
		{"what changed since the first baseline", e.compare},
		{"do the baselines hold?", e.verify},
		{"the records", e.records},
	} {
		fmt.Fprintf(&e.out, "\n# %s\n", step.title)
		if err := step.do(); err != nil {
			return "", fmt.Errorf("%s: %w", step.title, err)
		}
		e.now = e.now.Add(time.Hour)
	}
	return e.named()
}

// show writes values as JSON, a line for each.
func show[T any](e *estate, values ...T) error {
	for _, v := range values {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		fmt.Fprintf(&e.out, "%s\n", raw)
	}
	return nil
}

// showAll is show for what is read one by one.
func showAll[T any](e *estate, values iter.Seq2[T, error]) error {
	for v, err := range values {
		if err == nil {
			err = show(e, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refused writes an error that has to come.
func (e *estate) refused(what string, err error) error {
	if err == nil {
		return fmt.Errorf("%s: wanted a refusal", what)
	}
	fmt.Fprintf(&e.out, "refused: %s: %v\n", what, err)
	return nil
}

// item finds an item by its title.
func (e *estate) item(title string) (cmdb.Item, error) {
	for x, err := range e.Items.All(e.ctx, itsm.Where[cmdb.Item]()) {
		if err != nil || x.Title == title {
			return x, err
		}
	}
	return cmdb.Item{}, fmt.Errorf("sample: there is no item %q", title)
}

// pair finds two items by their titles.
func (e *estate) pair(a, b string) (x, y cmdb.Item, err error) {
	if x, err = e.item(a); err == nil {
		y, err = e.item(b)
	}
	return x, y, err
}

// relations are the active relations of an item.
func (e *estate) relations(of cmdb.Item) ([]itsm.ID, error) {
	var out []itsm.ID
	for r, err := range e.Relations.All(e.ctx, itsm.Where(cmdb.RelationsByEnd.Is(of.Ref(cmdb.ItemName)), itsm.ByState[cmdb.Relation]().Is(cmdb.Active))) {
		if err != nil {
			return nil, err
		}
		out = append(out, r.ID)
	}
	return out, nil
}

// named returns the text with the numbers of records in place of their IDs.
func (e *estate) named() (string, error) {
	var pairs []string
	name := func(h *itsm.Header, kind string) {
		pairs = append(pairs, h.Ref(kind).String(), h.Number, h.ID.String(), h.Number)
	}
	err := errors.Join(
		eachOf(e.Items.All(e.ctx, itsm.Where[cmdb.Item]()), func(x *cmdb.Item) { name(&x.Header, cmdb.ItemName) }),
		eachOf(e.Relations.All(e.ctx, itsm.Where[cmdb.Relation]()), func(x *cmdb.Relation) { name(&x.Header, cmdb.RelationName) }),
		eachOf(e.Candidates.All(e.ctx, itsm.Where[cmdb.Candidate]()), func(x *cmdb.Candidate) { name(&x.Header, cmdb.CandidateName) }),
		eachOf(e.Baselines.All(e.ctx, itsm.Where[cmdb.Baseline]()), func(x *cmdb.Baseline) { name(&x.Header, cmdb.BaselineName) }))
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(e.out.String())) + "\n", err
}

func eachOf[T any](records iter.Seq2[T, error], see func(*T)) error {
	for x, err := range records {
		if err != nil {
			return err
		}
		see(&x)
	}
	return nil
}
