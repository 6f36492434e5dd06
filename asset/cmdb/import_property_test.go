package cmdb_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset/cmdb"
)

// A model of what sources say, as simple as it can be: of each machine the last values of each source, and when.
type saidModel map[int]map[string]saidLast

type saidLast struct {
	location, cores string
	at              time.Time // when it was last noted
	gone            bool
}

// value is what the first of the sources in order says that is neither stale nor gone, or else the first that is stale,
// or else the first that is gone.
func (m saidModel) value(machine int, order []string, now time.Time, of func(saidLast) string) string {
	var by [3]string
	for _, source := range order {
		s, rank := m[machine][source], 0
		if source == "agent" && now.Sub(s.at) > 7*24*time.Hour {
			rank = 1
		}
		if s.gone {
			rank = 2
		}
		if by[rank] == "" {
			by[rank] = of(s)
		}
	}
	return cmp.Or(by[0], by[1], by[2])
}

// TestImportsFollowTheModel runs any imports of two sources in any order, with repetitions, complete ones and time
// between them, and compares each field with the model above: the precedence and the staleness rule of `sourced`.
func TestImportsFollowTheModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := newRoom(t, func(c *cmdb.Config) {
			sourced(c)
			for i := range c.Reconciliation.Sources {
				c.Reconciliation.Sources[i].Refresh = itsm.Duration(time.Hour)
			}
		})
		model := saidModel{}
		for range rapid.IntRange(1, 8).Draw(rt, "imports") {
			r.now = r.now.Add(time.Duration(rapid.IntRange(0, 6).Draw(rt, "days")) * 24 * time.Hour)
			source := rapid.SampledFrom([]string{"agent", "scan"}).Draw(rt, "source")
			machines := rapid.SliceOfNDistinct(rapid.IntRange(0, 5), 0, 6, rapid.ID).Draw(rt, "machines")
			complete := rapid.Bool().Draw(rt, "complete")
			var rows []cmdb.Row
			for i, machine := range machines {
				says := saidLast{location: rapid.SampledFrom([]string{"", "Oslo", "Bergen"}).Draw(rt, "location"),
					cores: rapid.SampledFrom([]string{"", "4", "8"}).Draw(rt, "cores"), at: r.now}
				v := map[string]any{"serial": "S" + strconv.Itoa(machine)}
				if says.location != "" {
					v["location"] = says.location
				}
				if says.cores != "" {
					v["cores"] = says.cores
				}
				rows = append(rows, cmdb.Row{Line: i + 1, Class: "server", Key: fmt.Sprintf("%s-%d", source, machine), Values: values(t, v), Plain: true})
				if model[machine] == nil {
					model[machine] = map[string]saidLast{}
				}
				model[machine][source] = says
			}
			if complete {
				for machine, by := range model {
					if s, ok := by[source]; ok && !slices.Contains(machines, machine) {
						s.gone = true
						model[machine][source] = s
					}
				}
			}
			how := cmdb.Import{Source: source, Complete: complete, MaxMissing: 1}

			dry := how
			dry.DryRun = true
			foretold := r.imports(dry, rows...)
			out := r.imports(how, rows...)
			require.Equal(rt, results(foretold), results(out), "a dry run tells what happens")
			for i := range out {
				require.Equal(rt, foretold[i].Changes, out[i].Changes)
			}

			all := r.items()
			require.Len(rt, all, len(model))
			versions := map[itsm.ID]int64{}
			for _, x := range all {
				versions[x.ID] = x.Version
				machine, err := strconv.Atoi(x.Serial[1:])
				require.NoError(rt, err)
				if _, said := model[machine][source]; !said || !slices.Contains(machines, machine) {
					continue // nothing may have been done to it: fields follow at the next action
				}
				require.Equal(rt, model.value(machine, []string{"scan", "agent"}, r.now, func(s saidLast) string { return s.location }), x.Location)
				require.Equal(rt, model.value(machine, []string{"agent", "scan"}, r.now, func(s saidLast) string { return s.cores }), x.Specification.Text("cores"))
			}
			for machine, by := range model {
				require.Equal(rt, by[source].gone, r.gone(all, machine, source))
			}
			for _, o := range r.imports(how, rows...) {
				require.Equal(rt, cmdb.Unchanged, o.Result, "once more")
			}
			for _, x := range r.items() {
				require.Equal(rt, versions[x.ID], x.Version, "once more")
			}
		}
	})
}

func (r *room) gone(all []cmdb.Item, machine int, source string) bool {
	i := slices.IndexFunc(all, func(x cmdb.Item) bool { return x.Serial == "S"+strconv.Itoa(machine) })
	require.GreaterOrEqual(r.t, i, 0)
	report := all[i].Report(source)
	return report != nil && report.Gone
}
