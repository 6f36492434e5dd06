package cmdb_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
	"github.com/itsmkit/itsm/internal/golden"
)

// Every mistake is told by the field, the rule and what is allowed instead, and changes nothing.
func TestItemsRefuse(t *testing.T) {
	r := newRoom(t, sourced)
	x := r.register(cmdb.Particulars{Class: "server", Title: "web1"})
	x = r.do(x, cmdb.LockFields{Fields: []string{"host"}})
	say := func(pairs ...string) itsm.Attributes {
		var out itsm.Attributes
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, itsm.Attribute{Key: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	long := strings.Repeat("é", 201)
	for _, c := range []struct {
		name string
		do   itsm.Action[cmdb.Item]
		says []string
	}{
		{"unknown class", cmdb.Register{Item: cmdb.Particulars{Class: "toaster"}}, []string{"class: unknown", "toaster", "allowed", "server"}},
		{"abstract class", cmdb.Discover{Class: "configuration_item", Source: "scan"}, []string{"class: abstract", "allowed"}},
		{"no class", cmdb.Plan{}, []string{"class: required"}},
		{"reclassified to nothing", cmdb.Reclassify{Class: "toaster"}, []string{"class: unknown", "toaster"}},
		{"a number that is none", cmdb.Edit{Values: say("cores", `"four"`)}, []string{"values.cores", "want number"}},
		{"a text that is none", cmdb.Observe{Source: "scan", Values: say("location", "7")}, []string{"values.location: type", "want text"}},
		{"no JSON", cmdb.Observe{Source: "scan", Values: say("cores", "4x")}, []string{"values.cores"}},
		{"unknown source", cmdb.Observe{Source: "rumour"}, []string{"source: unknown", "rumour", "agent, scan"}},
		{"people by observation", cmdb.Observe{Source: cmdb.Manual}, []string{"source: unknown", "agent, scan"}},
		{"unknown field", cmdb.Observe{Source: "scan", Values: say("colour", `"red"`)}, []string{"values.colour: undeclared", "allowed", "cores"}},
		{"a field twice", cmdb.Observe{Source: "scan", Values: say("cores", "1", "cores", "2")}, []string{"cores: twice"}},
		{"a text field in the specification", cmdb.Register{Item: cmdb.Particulars{Class: "server", Specification: say("host", `"a"`)}}, []string{"specification.host: is a field"}},
		{"too long", cmdb.Edit{Values: say("title", `"`+long+`"`)}, []string{"values.title: too long", "max 200"}},
		{"too long a key", cmdb.Observe{Source: "scan", Key: strings.Repeat("k", 301)}, []string{"key: too long", "max 300"}},
		{"NUL", cmdb.Edit{Values: say("description", `"a\u0000b"`)}, []string{"description", "nul"}},
		{"NUL in a key", cmdb.Observe{Source: "scan", Key: "a\x00b"}, []string{"key", "nul"}},
		{"no text at all", cmdb.Observe{Source: "scan", Key: "\xff"}, []string{"key", "utf8"}},
		{"nothing to edit", cmdb.Edit{}, []string{"values: required"}},
		{"a locked field", cmdb.Edit{Values: say("host", `"web2"`)}, []string{"values.host: locked", "unlock the field first"}},
		{"a lock of nothing", cmdb.LockFields{Fields: []string{"colour"}}, []string{"fields: unknown", "colour", "allowed"}},
		{"no lock", cmdb.UnlockFields{Fields: []string{"serial"}}, []string{"fields: not locked", "serial"}},
		{"restored from silence", cmdb.RestoreValue{Field: "serial", Source: "scan"}, []string{"source: says nothing", "scan"}},
		{"missed by silence", cmdb.Miss{Source: "scan"}, []string{"source: says nothing", "scan"}},
		{"a need of an unknown type", cmdb.SetNeeds{Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Relation: "likes", Redundancy: cmdb.AnyOf}}}}, []string{"needs.of", "likes"}},
		{"a need of none", cmdb.SetNeeds{Needs: &cmdb.OwnNeeds{Of: []cmdb.Need{{Redundancy: cmdb.KOfN}}}}, []string{"needs.of"}},
		{"an asset that is none", cmdb.Represent{Asset: itsm.Ref{Kind: "person", ID: itsm.ID{1}}}, []string{"asset: kind", "want asset"}},
		{"retired without a reason", cmdb.Retire{}, []string{"reason: required"}},
		{"merged into itself", cmdb.MergeInto{Into: ref(x), Reason: "x"}, []string{"into: kind", "another ci"}},
		{"absorbing no item", cmdb.Absorb{From: itsm.Ref{Kind: "asset", ID: itsm.ID{1}}}, []string{"from: kind", "another ci"}},
		{"forgetting nobody", cmdb.Forget{}, []string{"sources: required"}},
		{"forgetting more than is given back", cmdb.Forget{Sources: []string{cmdb.Manual}, Instead: []cmdb.Report{{Source: "scan"}}}, []string{"instead: source", "scan"}},
		{"a branch without reports", cmdb.Branch{Class: "server", From: ref(x)}, []string{"reports: required"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := r.Items.Do(r.ctx(), x.ID, c.do)
			if cmdb.ItemKind().Lifecycle().Allows("", c.do.Name()) {
				_, err = r.Items.Open(r.ctx(), c.do)
			}
			require.ErrorIs(t, err, itsm.ErrInvalid)
			for _, s := range c.says {
				require.ErrorContains(t, err, s)
			}
			require.Equal(t, x, r.get(x))
		})
	}
	_, err := r.Items.Do(r.ctx(), x.ID, cmdb.Separate{})
	require.ErrorIs(t, err, itsm.ErrNotAllowed)
}

// Whatever JSON says a record or an action is, reading it returns a record or an error of the input, and what was read is
// written and read again as it is.
func FuzzItem(f *testing.F) {
	for _, seed := range []string{
		`{"id":"00000000-0000-7000-8000-000000000001","state":"operational","version":1,"revision":1,"class":"server","title":"a","reports":[{"source":"scan","keys":["1"],"first_at":"2026-03-02T09:00:00Z","last_at":"2026-03-02T09:00:00Z","values":{"cores":8}}]}`,
		`{"reports":[{"source":"a"},{"source":"a"}]}`, `{"needs":{"of":[{"redundancy":"k_of_n","min":-1}]}}`, `{"values":{"cores":1e999}}`, `{}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	k := cmdb.ItemKind()
	f.Fuzz(func(t *testing.T, raw []byte) {
		if x, err := k.Shape().Decode(raw); err == nil {
			once := golden.JSON(t, x)
			again, err := k.Shape().Decode(once)
			require.NoError(t, err)
			require.Equal(t, string(once), string(golden.JSON(t, again)))
		}
		for _, name := range []string{"discover", "observe", "absorb", "branch", "forget"} {
			if a, err := k.Decode(name, raw); err == nil {
				again, err := k.Decode(name, golden.JSON(t, a))
				require.NoError(t, err, name)
				require.Equal(t, string(golden.JSON(t, a)), string(golden.JSON(t, again)), name)
			}
		}
	})
}
