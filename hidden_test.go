package itsm_test

import (
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/memory"
	"github.com/stretchr/testify/require"
)

// TestReasonsHide: a reason does not tell an actor what the record does not, on the button and in the error alike.
func TestReasonsHide(t *testing.T) {
	d := ticketDeclaration(t)
	d.Actions[2] = itsm.Do(Start{}, func(t *Ticket, _ itsm.Moment) error {
		return itsm.Deny("anothers", "group", t.Group, "reason", t.Body, "floor", t.Attributes.Text("floor"), "caller", t.Caller)
	})
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	all := map[string]string{"group": "g", "reason": "b", "floor": "3", "caller": "bo"}
	for name, c := range map[string]struct {
		hidden []string
		want   map[string]string
	}{
		"nothing":             {nil, all},
		"something else":      {[]string{"body"}, all},
		"the field":           {[]string{"group"}, map[string]string{"reason": "b", "floor": "3", "caller": "bo"}},
		"within a struct":     {[]string{"pause.reason"}, map[string]string{"group": "g", "floor": "3", "caller": "bo"}},
		"the struct":          {[]string{"pause"}, map[string]string{"group": "g", "floor": "3", "caller": "bo"}},
		"an attribute":        {[]string{"attributes.floor"}, map[string]string{"group": "g", "reason": "b", "caller": "bo"}},
		"all attributes":      {[]string{"attributes"}, map[string]string{"group": "g", "reason": "b", "caller": "bo"}},
		"everything it names": {[]string{"attributes.floor", "group", "pause", "caller"}, nil},
	} {
		b := benchOn(t, k, memory.New(), policy{see: itsm.View{Hidden: c.hidden}})
		rec := b.raise(t, Raise{Caller: "bo", Attributes: itsm.Attributes{{Key: "floor", Value: `"3"`}}})
		rec, err := b.Do(ann(), rec.ID, Change{Title: &Text{"t"}, Group: "g", Body: "b"})
		require.NoError(t, err)
		_, err = b.Do(ann(), rec.ID, Start{})
		var refused *itsm.TransitionError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, &itsm.Reason{Code: "anothers", Params: c.want}, refused.Reason, name)
		options, err := b.Options(ann(), rec)
		require.NoError(t, err)
		require.Equal(t, "start", options[2].Action)
		require.Equal(t, refused.Reason, options[2].Why, name)
	}
}

// TestDescriptionHides: neither a vendor's label nor the name of a composite index tells of a hidden field.
func TestDescriptionHides(t *testing.T) {
	d := ticketDeclaration(t)
	d.Labels = map[string]string{"ticket.field.count": "Staff to be dismissed", "ticket.attribute.cost": "What it costs us", "ticket.field.group": "Team"}
	k, err := itsm.NewKind("ticket", d)
	require.NoError(t, err)
	b := benchOn(t, k, memory.New(), policy{see: itsm.View{Hidden: []string{"count", "attributes.cost"}}})
	got, err := b.Describe(ann())
	require.NoError(t, err)
	require.NotContains(t, got.Labels, "ticket.field.count")
	require.NotContains(t, got.Labels, "ticket.attribute.cost")
	require.Equal(t, "Team", got.Labels["ticket.field.group"])
	for _, x := range got.Indexes {
		require.NotContains(t, x.With, "group,count")
		require.NotContains(t, x.With, "caller,flag,count")
		if x.Name == "caller" {
			require.Equal(t, []string{"caller,opened"}, x.With)
		}
	}
	require.Equal(t, "Staff to be dismissed", k.Describe().Labels["ticket.field.count"])
}
