package torture_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/store/storetest"
)

// text is a condition on an index over a text of things.
func text(index itsm.IndexName, values ...string) itsm.Condition {
	c := itsm.Condition{Index: index, Type: itsm.TypeText, In: []itsm.Key{}}
	for _, v := range values {
		c.In = append(c.In, itsm.Key{S: v})
	}
	return c
}

// TestManyConditions asks for as much at once as the kernel takes, in a query and in its scope: conditions, values, spans of
// an index that have all of them. Each store answers.
func TestManyConditions(t *testing.T) {
	all := []string{"a", "tag"}
	for i := len(all); i < 1000; i++ {
		all = append(all, fmt.Sprint("v", i))
	}
	ranges := slices.Repeat([]itsm.Condition{{Index: "title", Type: itsm.TypeText, Min: &itsm.Key{S: "a"}, Max: &itsm.Key{S: "b"}}}, 90)
	values := append(slices.Repeat([]itsm.Condition{text("title", all...)}, 5), slices.Repeat([]itsm.Condition{text("tag", all...)}, 5)...)
	spans := []itsm.Condition{text("group", all[:20]...), text("tag", all...), text("title", all...)}
	in := itsm.Scope{Tenant: acme.Tenant, Any: append(ranges, values...)}
	for _, s := range subjects() {
		t.Run(s.name, func(t *testing.T) {
			o := s.openFresh(t)
			rec, err := deskOf(storetest.Things(), o.things).Open(itsm.System(t.Context(), acme.Tenant), storetest.Create{Content: storetest.Content{Title: "a", Group: "a", Tags: []string{"tag"}}})
			require.NoError(t, err)
			for name, q := range map[string]itsm.Select{
				"all": {Where: append(ranges, values...), Scan: true}, "spans": {Where: spans, Order: itsm.Order{Index: "count"}},
			} {
				query := itsm.Query[storetest.Thing]{Select: q}
				page, err := o.things.Find(t.Context(), in, query, itsm.PageRequest{})
				require.NoError(t, err, name)
				require.Len(t, page.Items, 1, name)
				require.Equal(t, rec.ID, page.Items[0].ID, name)
				counts, err := o.things.Count(t.Context(), in, query)
				require.NoError(t, err, name)
				require.EqualValues(t, 1, counts.Total, name)
			}
		})
	}
}
