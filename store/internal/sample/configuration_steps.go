package sample

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// enter opens what no source reports.
func (e *estate) enter() error {
	for _, p := range []cmdb.Particulars{
		{Class: "service", Title: "shop", Environment: "production", Owner: "Ola Nordmann", Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Class: "virtual_machine", Redundancy: cmdb.AnyOf}}}},
		{Class: "service", Title: "mail", Environment: "production", Team: "Büro <1>"},
		{Class: "database", Title: "orders", Environment: "production", Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "runs_on", Redundancy: cmdb.KOfN, Min: 1}}}},
		{Class: "site", Title: "Oslo"},
		{Class: "site", Title: "Bergen"},
	} {
		if _, err := e.Items.Open(e.ctx, cmdb.Register{Item: p}); err != nil {
			return err
		}
	}
	_, err := e.Items.Open(e.ctx, cmdb.Plan{Item: cmdb.Particulars{Class: "toaster", Title: "toast"}})
	return e.refused("plan", err)
}

// agent imports items and relations by the keys of a source, then relates what people have entered.
func (e *estate) agent() error {
	if err := e.imports("agent", "agent.csv", cmdb.Mapping{}, false); err != nil {
		return err
	}
	if err := e.importsRelations("agent_relations.csv", false); err != nil {
		return err
	}
	for _, r := range [][3]string{{"shop", "depends_on", "web1"}, {"shop", "depends_on", "web2"}, {"shop", "depends_on", "web3"}, {"shop", "depends_on", "orders"},
		{"orders", "runs_on", "db1"}, {"orders", "runs_on", "db2"}, {"mail", "runs_on", "mail1"}, {"esx1", "located_in", "Oslo"}, {"esx3", "located_in", "Bergen"}} {
		if err := e.connect(r[0], r[1], r[2]); err != nil {
			return err
		}
	}
	if err := e.refused("a second place", e.connect("esx1", "located_in", "Bergen")); err != nil {
		return err
	}
	return e.refused("the same again", e.connect("shop", "depends_on", "web1"))
}

func (e *estate) connect(source, relation, target string) error {
	x, y, err := e.pair(source, target)
	if err == nil {
		_, err = e.Connect(e.ctx, x.Ref(cmdb.ItemName), relation, y.Ref(cmdb.ItemName))
	}
	return err
}

// scan imports a file whose rows have no keys and are recognised by the rules.
func (e *estate) scan() error {
	return e.imports("scan", "scan.csv", cmdb.Mapping{Comma: ';', Columns: map[string]string{"Serial No": "serial", "Kind": "class", "Name": "host", "Domain": "domain",
		"IP": "address", "Site": "location", "CPU": "cores"}}, false)
}

// decide takes a decision of each sort; each candidate was raised for a reason of its own.
func (e *estate) decide() error {
	same, err := e.item("esx4")
	if err != nil {
		return err
	}
	decisions := map[string]itsm.Action[cmdb.Candidate]{cmdb.WhyDisputed: cmdb.Match{Item: same.Ref(cmdb.ItemName)}, cmdb.WhyClass: cmdb.Create{},
		cmdb.WhyDiffers: cmdb.Discard{Reason: "a container, not a machine"}}
	for c, err := range e.Candidates.All(e.ctx, itsm.Where[cmdb.Candidate]()) {
		if err != nil {
			return err
		}
		decision := decisions[c.Why]
		if decision == nil {
			return fmt.Errorf("sample: no decision for a candidate that is %s", c.Why)
		}
		d, err := e.Decide(e.ctx, c.ID, decision)
		if err != nil {
			return err
		}
		fmt.Fprintln(&e.out, d.Number, c.Why, "is", d.State, d.Item, d.Reason)
		_, err = e.Decide(e.ctx, c.ID, cmdb.Create{})
		if err := e.refused("a second decision", err); err != nil {
			return err
		}
	}
	return e.scan() // follows the decisions
}

// tidy merges, splits and retires.
func (e *estate) tidy() error {
	keep, gone, err := e.pair("mail1", "mail-old")
	if err != nil {
		return err
	}
	if _, err = e.Merge(e.ctx, keep.ID, gone.ID, "found twice"); err != nil {
		return err
	}
	_, err = e.Merge(e.ctx, gone.ID, keep.ID, "the other way")
	if err := e.refused("a merge into what was merged", err); err != nil {
		return err
	}
	one, err := e.item("app3") // the scan reported a copy with the same serial number
	if err != nil {
		return err
	}
	if _, _, err = e.Split(e.ctx, one.ID, cmdb.Division{Sources: []string{"scan"}, Reason: "a copy"}); err != nil {
		return err
	}
	// What was merged by mistake lives again, and takes its relations along.
	if keep, gone, err = e.pair("web2", "web3"); err != nil {
		return err
	}
	with, err := e.relations(gone)
	if err != nil {
		return err
	}
	if _, err = e.Merge(e.ctx, keep.ID, gone.ID, "by mistake"); err != nil {
		return err
	}
	if _, _, err = e.Split(e.ctx, keep.ID, cmdb.Division{Merged: gone.ID, Relations: with, Reason: "it was one"}); err != nil {
		return err
	}
	old, err := e.item("old1")
	if err != nil {
		return err
	}
	_, err = e.Retire(e.ctx, old.ID, "switched off")
	return err
}

// baseline takes and authorises a baseline of production in place of the one before.
func (e *estate) baseline() error {
	b, err := e.TakeBaseline(e.ctx, cmdb.ProposeBaseline{Title: fmt.Sprint("production ", len(e.baselines)+1), Scope: cmdb.Scope{Environments: []string{"production"}}})
	if err != nil {
		return err
	}
	var last itsm.ID
	if n := len(e.baselines); n > 0 {
		last = e.baselines[n-1]
	}
	e.baselines = append(e.baselines, b.ID)
	if b, err = e.AuthoriseBaseline(e.ctx, b.ID, last); err != nil {
		return err
	}
	return show(e, b)
}

// later imports complete lists nine days later, when what the agent has said is stale.
func (e *estate) later() error {
	e.now = e.now.AddDate(0, 0, 9)
	if err := e.imports("agent", "agent_later.csv", cmdb.Mapping{}, true); err != nil {
		return err
	}
	if err := e.importsRelations("agent_relations_later.csv", true); err != nil {
		return err
	}
	return e.scan()
}

// edit changes an item that a change request names and one that none does, and shows the drift.
func (e *estate) edit() error {
	planned, other, err := e.pair("db2", "esx2")
	if err != nil {
		return err
	}
	values, err := itsm.AttributesOf(map[string]any{"memory_gb": 256, "description": "more <memory>"})
	if err != nil {
		return err
	}
	for _, x := range []cmdb.Item{planned, other} {
		if _, err := e.Items.Do(e.ctx, x.ID, cmdb.Edit{Values: values}); err != nil {
			return err
		}
	}
	drift, err := e.Drift(e.ctx, cmdb.DriftQuery{Baseline: e.baselines[0], Explained: []cmdb.Window{{Change: itsm.Ref{Kind: "change", ID: itsm.ID{15: 1}},
		Items: []itsm.Ref{planned.Ref(cmdb.ItemName)}, From: e.now, Until: e.now.Add(time.Hour), Fields: []string{"specification"}}}})
	if err != nil {
		return err
	}
	fmt.Fprintln(&e.out, "explained", drift.Explained[0].Changes, "undone", drift.Undone)
	return show(e, drift.Changes...)
}

func (e *estate) imports(source, file string, m cmdb.Mapping, complete bool) error {
	raw, err := files.ReadFile("configuration/" + file)
	if err != nil {
		return err
	}
	return e.summary(e.Import(e.ctx, cmdb.ReadCSV(bytes.NewReader(raw), m), cmdb.Import{Source: source, Complete: complete, Each: e.outcome}))
}

func (e *estate) importsRelations(file string, complete bool) error {
	raw, err := files.ReadFile("configuration/" + file)
	if err != nil {
		return err
	}
	return e.summary(e.ImportRelations(e.ctx, cmdb.ReadRelationsCSV(bytes.NewReader(raw), cmdb.Mapping{}), cmdb.Import{Source: "agent", Complete: complete, Each: e.outcome}))
}

func (e *estate) summary(s cmdb.Summary, err error) error {
	fmt.Fprintln(&e.out, "rows", s.Rows, "stored", s.Stored, s.Counts)
	return err
}

// outcome writes what an import made of a row.
func (e *estate) outcome(o cmdb.RowOutcome) error {
	fmt.Fprintln(&e.out, strings.Join(strings.Fields(fmt.Sprint("line ", o.Line, " ", o.Result, " ", o.By, " ", o.Of, " ", o.State, " ", o.Candidate, " ", o.Why)), " "))
	for _, f := range o.Found {
		fmt.Fprintln(&e.out, "  found by", f.Rule, f.Item)
	}
	if o.Result != cmdb.Created {
		for _, c := range o.Changes {
			fmt.Fprintf(&e.out, "  %s: %q -> %q, was %q\n", c.Field, c.From, c.To, c.Was)
		}
	}
	for _, c := range o.Overruled {
		fmt.Fprintf(&e.out, "  %s: not %q but %q by %s\n", c.Field, c.Claim, c.Value, c.By)
	}
	if o.Err != nil {
		fmt.Fprintln(&e.out, " ", o.Err)
	}
	return nil
}
