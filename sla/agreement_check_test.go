package sla_test

import (
	"testing"
	"time"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/calendar"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/money"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

func condition(t require.TestingT, raw string) sla.Condition {
	c, err := sla.ParseCondition(raw)
	require.NoError(t, err)
	return c
}

// Each wrong term is refused with its place: by the desk when it is drafted, and by Compile in terms that are plain data.
func TestBadTerms(t *testing.T) {
	ten := itsm.Duration(10*366*24*time.Hour) + itsm.Duration(time.Millisecond)
	for name, c := range map[string]struct {
		change     func(*sla.Clauses)
		path, code string
	}{
		"an amount of nothing":        {func(c *sla.Clauses) { c.Targets[0].Amounts[1].Working = 0 }, "targets[0].amounts[1].working", "required"},
		"less than nothing":           {func(c *sla.Clauses) { c.Targets[0].Amounts[1].Working = -1 }, "targets[0].amounts[1].working", "range"},
		"more than ten years":         {func(c *sla.Clauses) { c.Targets[0].Amounts[1].Working = ten }, "targets[0].amounts[1].working", "range"},
		"ten thousand years of days":  {func(c *sla.Clauses) { c.Targets[0].Amounts[0] = sla.Amount{Days: 3_660_000} }, "targets[0].amounts[0].days", "range"},
		"working time and days":       {func(c *sla.Clauses) { c.Targets[0].Amounts[0].Days = 1 }, "targets[0].amounts[0].days", "excludes"},
		"a time of day without days":  {func(c *sla.Clauses) { c.Targets[0].Amounts[0].By = "16:00" }, "targets[0].amounts[0].by", "only_with"},
		"no time of day":              {func(c *sla.Clauses) { c.Targets[0].Amounts[0] = sla.Amount{Days: 1, By: "4 pm"} }, "targets[0].amounts[0].by", "format"},
		"no amount":                   {func(c *sla.Clauses) { c.Targets[0].Amounts = nil }, "targets[0].amounts", "required"},
		"no target":                   {func(c *sla.Clauses) { c.Targets = nil }, "targets", "required"},
		"a target twice":              {func(c *sla.Clauses) { c.Targets = append(c.Targets, c.Targets[0]) }, "targets[1].name", "twice"},
		"a target without a name":     {func(c *sla.Clauses) { c.Targets[0].Name = "" }, "targets[0].name", "required"},
		"a target of two words":       {func(c *sla.Clauses) { c.Targets[0].Name = "time to" }, "targets[0].name", "format"},
		"no start":                    {func(c *sla.Clauses) { c.Targets[0].Start = sla.Condition{} }, "targets[0].start", "required"},
		"no stop":                     {func(c *sla.Clauses) { c.Targets[0].Stop = sla.Condition{} }, "targets[0].stop", "required"},
		"an unknown change":           {func(c *sla.Clauses) { c.Targets[0].Change = "forget" }, "targets[0].change", "choice"},
		"an unknown calendar":         {func(c *sla.Clauses) { c.Targets[0].Hours = []sla.HoursChoice{{Calendar: "offic"}} }, "targets[0].hours[0].calendar", "unknown"},
		"no calendar":                 {func(c *sla.Clauses) { c.Calendars = nil }, "calendars", "required"},
		"a calendar without hours":    {func(c *sla.Clauses) { c.Calendars[1].Hours = sla.WorkingHours{} }, "calendars[1].hours", "required"},
		"a calendar without a name":   {func(c *sla.Clauses) { c.Calendars[1].Name = "" }, "calendars[1].name", "required"},
		"a calendar twice":            {func(c *sla.Clauses) { c.Calendars[1].Name = "office" }, "calendars", "calendar"},
		"a factor of nothing":         {func(c *sla.Clauses) { c.Targets[0].Factors = []sla.Factor{{When: sla.Always()}} }, "targets[0].factors[0].percent", "range"},
		"a factor for nobody":         {func(c *sla.Clauses) { c.Targets[0].Factors = []sla.Factor{{Percent: 50}} }, "targets[0].factors[0].when", "required"},
		"a threshold of two places":   {func(c *sla.Clauses) { c.Targets[0].Thresholds[0].Before = 1 }, "targets[0].thresholds[0].percent", "one_of"},
		"a threshold nowhere":         {func(c *sla.Clauses) { c.Targets[0].Thresholds[0].Percent = 0 }, "targets[0].thresholds[0].percent", "one_of"},
		"a threshold too far":         {func(c *sla.Clauses) { c.Targets[0].Thresholds[0].Percent = 10_001 }, "targets[0].thresholds[0].percent", "range"},
		"a threshold twice":           {func(c *sla.Clauses) { c.Targets[0].Thresholds[0].Name = "warning" }, "targets[0].thresholds[1].name", "twice"},
		"repeated without an end":     {func(c *sla.Clauses) { c.Targets[0].Thresholds[0].Every = 1 }, "targets[0].thresholds[0].times", "range"},
		"an unknown escalation":       {func(c *sla.Clauses) { c.Targets[0].Thresholds[1].Do[0].Do = "shout" }, "targets[0].thresholds[1].do[0].do", "choice"},
		"within for a customer":       {func(c *sla.Clauses) { c.Targets[0].Within = "resolution" }, "targets[0].within", "operational_only"},
		"a fair share of nothing":     {func(c *sla.Clauses) { c.Targets[0].FairShare = 50 }, "targets[0].fair_share", "only_with"},
		"an unknown type":             {func(c *sla.Clauses) { c.Type = "slo" }, "type", "choice"},
		"no kind":                     {func(c *sla.Clauses) { c.Kind = "" }, "kind", "required"},
		"a supplier of a customer":    {func(c *sla.Clauses) { c.Supplier = itsm.Ref{Kind: "supplier", ID: itsm.ID{1}} }, "supplier", "only_with"},
		"an end before the beginning": {func(c *sla.Clauses) { c.ValidFrom, c.ValidUntil = monday, monday }, "valid_until", "not_after_valid_from"},
		"a goal of more than all":     {func(c *sla.Clauses) { c.Goal = 10_001 }, "goal", "range"},
		"a credit without a fee":      {func(c *sla.Clauses) { c.Credits = []sla.Credit{{Below: 1, Share: 1}} }, "fee", "required"},
		"a fee below nothing":         {func(c *sla.Clauses) { c.Fee = money.Must(money.New(-1, money.EUR)) }, "fee", "negative"},
		"a credit of more than everything": {func(c *sla.Clauses) {
			c.Fee = money.Must(money.New(1, money.EUR))
			c.Credits = []sla.Credit{{Below: 9500, Share: 10_001}}
		}, "credits[0].share", "range"},
	} {
		t.Run(name, func(t *testing.T) {
			terms := clauses(t)
			c.change(&terms)
			b := newBureau(t)
			_, err := b.desk.Open(b.ctx(), sla.Draft{Terms: terms})
			p := refused(t, err)
			require.Equal(t, []string{c.path, c.code}, []string{p.Path, p.Code})

			g := agreement(t)
			setTerms(&g, terms)
			r, err := sla.Compile(sla.Terms{Subjects: []sla.Subject{sla.IncidentSubject()}, Agreements: []sla.Agreement{g}})
			require.Nil(t, r)
			if c.path == "kind" {
				require.ErrorContains(t, err, "is not among the subjects")
				return
			}
			p = refused(t, err)
			require.Equal(t, []string{c.path, c.code}, []string{p.Path, p.Code})
		})
	}
}

// A calendar without working time is refused before it is in an agreement.
func TestNoWorkingTime(t *testing.T) {
	_, err := sla.HoursOf(calendar.Definition{Zone: "UTC", Hours: calendar.Hours{"mon": {}}, Closed: []string{"2026-12-25"}})
	require.Equal(t, "calendar", refused(t, err).Code)
}

// setTerms makes plain data of terms.
func setTerms(g *sla.Agreement, c sla.Clauses) {
	g.Title, g.Type, g.Kind, g.Supplier, g.Targets, g.Calendars = c.Title, c.Type, c.Kind, c.Supplier, c.Targets, c.Calendars
	g.ValidFrom, g.ValidUntil, g.Goal, g.Period, g.Fee, g.Credits = c.ValidFrom, c.ValidUntil, c.Goal, c.Period, c.Fee, c.Credits
}

// All problems come in one pass.
func TestAllProblemsAtOnce(t *testing.T) {
	c := clauses(t)
	c.Title, c.Targets[0].Amounts[0].Working, c.Targets[0].Pause = " ", 0, sla.Is("hold.raeson", "caller")
	b := newBureau(t)
	_, err := b.desk.Open(b.ctx(), sla.Draft{Terms: c})
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	var paths []string
	for _, p := range invalid.Problems {
		paths = append(paths, p.Path)
	}
	require.Equal(t, []string{"targets[0].amounts[0].working", "title", "targets[0].pause"}, paths)
	require.Equal(t, "hold.reason", invalid.Problems[2].Params["near"])
}

func TestUnderpinningContractNeedsASupplier(t *testing.T) {
	c := clauses(t)
	c.Type = sla.UC
	b := newBureau(t)
	_, err := b.desk.Open(b.ctx(), sla.Draft{Terms: c})
	require.Equal(t, "supplier", refused(t, err).Path)
}

func TestAgreementAboutAnUnknownKind(t *testing.T) {
	c := clauses(t)
	c.Kind = "incidents"
	b := newBureau(t)
	_, err := b.desk.Open(b.ctx(), sla.Draft{Terms: c})
	p := refused(t, err)
	require.Equal(t, []string{"kind", "unknown", "incident"}, []string{p.Path, p.Code, p.Params["near"]})
}

// floors is an incident with attributes of a host.
func floors(t require.TestingT) itsm.Description {
	k, err := incident.NewKind(incident.Options{Fields: []itsm.Field{{Key: "floor", Type: itsm.FieldNumber}, {Key: "since", Type: itsm.FieldDate}}})
	require.NoError(t, err)
	return k.Describe()
}

func TestConditionIsCheckedAgainstTheKind(t *testing.T) {
	d := floors(t)
	ref := `{"kind":"service","id":"00000000-0000-7000-8000-000000000001"}`
	for _, c := range []struct{ condition, path, code, hint string }{
		{`{"field":"priority","in":["p1"]}`, "", "", ""},
		{`{"field":"state","in":["on_hold"]}`, "", "", ""},
		{`{"field":"hold.reason","exists":true}`, "", "", ""},
		{`{"field":"service","in":[` + ref + `]}`, "", "", ""},
		{`{"field":"service.kind","in":["service"]}`, "", "", ""},
		{`{"field":"reopenings","min":1}`, "", "", ""},
		{`{"field":"created_at","min":"2026-01-01T00:00:00Z"}`, "", "", ""},
		{`{"field":"attributes.floor","min":2,"max":2}`, "", "", ""},
		{`{"field":"attributes.since","in":["2026-01-01"]}`, "", "", ""},
		{`{"field":"held_for","in":["PT1H"]}`, "", "", ""},
		{`{"action":["resolve"]}`, "", "", ""},
		{`{"changed":["affected","hold","group"]}`, "", "", ""},
		{`{"by":"caller"}`, "", "", ""},
		{`{"fact":"vip","in":[true]}`, "", "", ""},

		{`{"field":"prioritty","in":["p1"]}`, "start", "unknown_field", "priority"},
		{`{"field":"reason","in":["caller"]}`, "start", "unknown_field", "hold.reason, major.reason, override.reason"},
		{`{"all":[{"always":true},{"not":{"field":"attributes.flor","exists":true}}]}`, "start.all[1].not", "unknown_field", "attributes.floor"},
		{`{"field":"hold","exists":true}`, "start", "type", "a field with one value"},
		{`{"field":"affected","exists":true}`, "start", "type", "a field with one value"},
		{`{"field":"priority","in":["p1","p9"]}`, "start.in[1]", "value", "p1, p2, p3"},
		{`{"field":"state","in":["onhold"]}`, "start.in[0]", "value", "on_hold"},
		{`{"field":"priority","in":[1]}`, "start.in[0]", "value", "a text"},
		{`{"field":"priority","min":1}`, "start.min", "type", "a field of a number or an instant: only those have an order"},
		{`{"field":"reopenings","in":["1"]}`, "start.in[0]", "value", "a whole number"},
		{`{"field":"reopenings","in":[1.0]}`, "start.in[0]", "value", "a whole number"},
		{`{"field":"reopenings","max":"2026-01-01T00:00:00Z"}`, "start.max", "value", "a number"},
		{`{"field":"created_at","max":5}`, "start.max", "value", "an instant"},
		{`{"field":"created_at","in":["2026-01-01T01:00:00+01:00"]}`, "start.in[0]", "value", "an instant in UTC, such as 2026-11-24T09:00:00Z"},
		{`{"field":"held_for","in":["PT60M"]}`, "start.in[0]", "value", "a duration such as PT1H30M"},
		{`{"field":"attributes.floor","in":[2.5]}`, "start.in[0]", "value", "min and max: a number of 2.5 may be written 2.50 in a record"},
		{`{"field":"attributes.since","in":["1/2/26"]}`, "start.in[0]", "value", "a date such as 2026-11-24"},
		{`{"field":"service","in":["mail"]}`, "start.in[0]", "value", `{"kind":"…","id":"…"}`},
		{`{"field":"id","in":["x"]}`, "start.in[0]", "value", "an ID in lower case"},
		{`{"action":["resolv"]}`, "start", "unknown_action", "resolve"},
		{`{"changed":["grp"]}`, "start", "unknown_field", ""},
		{`{"by":"service"}`, "start", "type", "a text that holds an actor's ID"},
	} {
		found := condition(t, c.condition).Check(d, "start")
		if c.code == "" {
			require.Empty(t, found, c.condition)
			continue
		}
		require.Len(t, found, 1, c.condition)
		require.Equal(t, []string{c.path, c.code}, []string{found[0].Path, found[0].Code}, c.condition)
		require.Contains(t, []string{found[0].Params["near"], found[0].Params["want"]}, c.hint, c.condition)
	}
}

func TestSubjectIsCheckedAgainstTheKind(t *testing.T) {
	d := incident.Kind().Describe()
	require.Empty(t, sla.IncidentSubject().Check(d, "subjects[0]"))
	found := sla.Subject{Kind: "change", Service: "caller", Customer: "service", Group: "team", Priority: "watchers"}.Check(d, "subjects[0]")
	var paths []string
	for _, p := range found {
		paths = append(paths, p.Path+" "+p.Code)
	}
	require.Equal(t, []string{"subjects[0].kind unknown", "subjects[0].service type", "subjects[0].customer type", "subjects[0].group unknown_field", "subjects[0].priority type"}, paths)
}

// The standard targets ask only for what an incident has.
func TestStandardTargetsFitAnIncident(t *testing.T) {
	a := agreement(t, resolution(), sla.ResponseTarget(sla.Amount{Working: hours(1)}), sla.NextReplyTarget(sla.Amount{Working: hours(1)}),
		sla.GroupTarget(sla.Amount{Working: hours(1)}), sla.SupplierTarget(sla.Amount{Working: hours(1)}))
	require.NoError(t, sla.CheckAgreement(incident.Kind().Describe(), a))
	a.Kind, a.Targets[3].Each = "change", "groop"
	err := sla.CheckAgreement(incident.Kind().Describe(), a)
	require.ErrorContains(t, err, "kind: unknown (value change, want incident); targets[3].each: unknown field (near group, value groop)")
}

func TestTermsAreChecked(t *testing.T) {
	good, bad, other := agreement(t, resolution()), agreement(t, resolution()), agreement(t, resolution())
	bad.Targets[0].Stop, other.Kind = sla.Is("stat", "closed"), "incidnt"
	subjects := []sla.Subject{sla.IncidentSubject(), {Kind: "incident", Group: "grup"}, {Kind: "change"}}
	err := sla.Terms{Subjects: subjects, Agreements: []sla.Agreement{good, bad, other}}.Check(incident.Kind().Describe())
	var invalid *itsm.ValidationError
	require.ErrorAs(t, err, &invalid)
	var got []string
	for _, p := range invalid.Problems {
		got = append(got, p.Path+" "+p.Code+" "+p.Params["near"])
	}
	require.Equal(t, []string{"subjects[1].group unknown_field group", "subjects[2].kind unknown ",
		"agreements[1].targets[0].stop unknown_field state", "agreements[2].kind unknown incident"}, got)
	require.NoError(t, sla.Terms{Subjects: subjects[:1], Agreements: []sla.Agreement{good}}.Check(incident.Kind().Describe()))
}
