package bench_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/memory"
)

// actor is who acts in every benchmark. The policy is asked about each action: the actor is not the system.
var actor = itsm.Actor{ID: "bo", Name: "Bo Larsen", Tenant: "acme", Roles: []string{"agent"}}

func acting() context.Context { return itsm.WithActor(context.Background(), actor) }

// records is how many incidents the actions go round, so that each action finds other memory than the last one
// did, and the instant of the last change, which is indexed, moves with each action, as it does in use.
const records = 1000

// fields declares the attributes of the records with lists.
var fields = []itsm.Field{
	{Key: "cost_centre", Type: itsm.FieldText},
	{Key: "floor", Type: itsm.FieldNumber},
	{Key: "vip", Type: itsm.FieldBoolean},
}

// subject is a desk over the memory store with its incidents.
type subject struct {
	desk  *itsm.Desk[incident.Incident]
	store *memory.Store
	ids   []itsm.ID
}

// newSubject opens n incidents that are being worked on: without any list, or with three lists of two elements
// each and three attributes.
func newSubject(tb testing.TB, n int, lists bool) *subject {
	tb.Helper()
	kind, err := incident.NewKind(incident.Options{Fields: fields})
	require.NoError(tb, err)
	s := &subject{store: memory.New()}
	s.desk, err = itsm.NewDesk(kind, itsm.Config[incident.Incident]{Repository: memory.For(s.store, kind), Policy: itsm.AllowAll})
	require.NoError(tb, err)
	for i := range n {
		s.ids = append(s.ids, s.open(tb, i, lists))
	}
	return s
}

// askAll asks a desk for a page by each of its indexes and by a word, so that the store keeps all of them from now on.
func askAll(tb testing.TB, desk *itsm.Desk[incident.Incident]) {
	tb.Helper()
	shape := desk.Kind().Shape()
	kept := map[int]bool{}
	ask := func(q itsm.Select) {
		_, err := desk.Find(acting(), itsm.Query[incident.Incident]{Select: q}, itsm.PageRequest{})
		require.NoError(tb, err)
	}
	for i, index := range shape.Indexes() {
		last := len(index.Parts) - 1
		for _, ordered := range []bool{true, false} {
			var q itsm.Select
			for n, p := range index.Parts {
				if n == last && ordered {
					q.Order.Index = p.Name
					continue
				}
				q.Where = append(q.Where, itsm.Condition{Index: p.Name, Type: p.Type, In: []itsm.Key{{S: "x"}}})
			}
			if sel, err := shape.Select(itsm.Scope{}, q); err == nil && sel.Access().Index == i {
				ask(q)
				kept[i] = true
				break
			}
		}
		if !kept[i] {
			tb.Logf("%s is not asked", index.Name)
		}
	}
	require.Len(tb, kept, len(shape.Indexes()))
	ask(itsm.Select{Text: "mail"})
}

// newIndexed is a subject without lists whose store keeps all indexes.
func newIndexed(tb testing.TB, n int) *subject {
	tb.Helper()
	s := newSubject(tb, n, false)
	askAll(tb, s.desk)
	return s
}

// report is what the i-th incident is opened with.
func report(i int) incident.Report {
	return incident.Report{
		Title:       fmt.Sprintf("Mail does not arrive in office %d", i%97),
		Description: "Since this morning no mail from outside arrives. Inside the house it does.",
		Channel:     incident.Email, Caller: fmt.Sprintf("caller-%04d", i%5000), Location: fmt.Sprintf("site-%02d", i%40),
		Category: "messaging", Subcategory: "delivery", Symptom: "no delivery",
		Service: itsm.Ref{Kind: "service", ID: itsm.ID{1, byte(i % 50)}},
		Impact:  incident.High, Urgency: incident.Medium,
	}
}

func (s *subject) open(tb testing.TB, i int, lists bool) itsm.ID {
	tb.Helper()
	report := report(i)
	if lists {
		var err error
		report.Affected = []itsm.Ref{{Kind: "ci", ID: itsm.ID{2, byte(i)}}, {Kind: "ci", ID: itsm.ID{3, byte(i)}}}
		report.Attributes, err = itsm.AttributesOf(map[string]any{"cost_centre": "4711", "floor": 3, "vip": true})
		require.NoError(tb, err)
	}
	ctx := acting()
	rec, err := s.desk.Open(ctx, report)
	require.NoError(tb, err)
	do := func(a itsm.Action[incident.Incident]) {
		_, err := s.desk.Do(ctx, rec.ID, a)
		require.NoError(tb, err)
	}
	if lists {
		do(incident.Watch{Who: "eva"})
		do(incident.Watch{Who: "jan"})
		do(incident.Attach{ID: "1", File: "header.txt", URL: "https://files.example/1", MediaType: "text/plain", Bytes: 2048})
		do(incident.Attach{ID: "2", File: "screen.png", URL: "https://files.example/2", MediaType: "image/png", Bytes: 81920})
	}
	do(incident.Assign{Group: "messaging", To: "bo"})
	do(incident.Start{})
	return rec.ID
}

// assigns are the two actions that the benchmarks take turns with: the incident goes to the other group and
// back, for ever.
var assigns = [2]itsm.Action[incident.Incident]{
	incident.Assign{Group: "network", To: "kim"},
	incident.Assign{Group: "messaging", To: "bo"},
}

// holds put an incident on hold and go on with it.
var holds = [2]itsm.Action[incident.Incident]{
	incident.PutOnHold{Reason: incident.ForSupplier},
	incident.Resume{},
}

// turn returns the i-th action on the i-th record: all records take the first of the pair, then all the second.
func turn[A any](pair *[2]A, ids []itsm.ID, i int) (itsm.ID, A) {
	return ids[i%len(ids)], pair[i/len(ids)%2]
}
