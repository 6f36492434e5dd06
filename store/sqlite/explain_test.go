package sqlite

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/store/storetest"
)

// TestIndexesAreUsed asks SQLite how it answers the query that each index is declared for: values of all parts but
// the last, in the order of the last. It must walk that index and sort nothing.
func TestIndexesAreUsed(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), Options{Sync: SyncNormal})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	For(s, storetest.Things())
	For(s, incident.Kind())
	for _, shape := range []*itsm.Shape{storetest.Things().Shape(), incident.Kind().Shape()} {
		for _, index := range shape.Indexes() {
			t.Run(shape.Name()+"/"+string(index.Name), func(t *testing.T) {
				explainIndex(t, s, shape, index)
			})
		}
	}
}

func explainIndex(t *testing.T, s *Store, shape *itsm.Shape, index itsm.IndexShape) {
	last := index.Parts[len(index.Parts)-1]
	q := itsm.Select{}
	for _, p := range index.Parts[:len(index.Parts)-1] {
		q.Where = append(q.Where, itsm.Condition{Index: p.Name, Type: p.Type, In: []itsm.Key{sample(p.Type, 1)}})
	}
	ordered := q
	if !last.Multi {
		ordered.Order = itsm.Order{Index: last.Name, Desc: true}
		explained(t, s, shape, index, ordered, "the order")
		low, high := sample(last.Type, 1), sample(last.Type, 2)
		ordered.Where = append(ordered.Where[:len(ordered.Where):len(ordered.Where)], itsm.Condition{Index: last.Name, Type: last.Type, Min: &low, Max: &high})
		explained(t, s, shape, index, ordered, "a range")
	}
	q.Where = append(q.Where, itsm.Condition{Index: last.Name, Type: last.Type, In: []itsm.Key{sample(last.Type, 1)}})
	explained(t, s, shape, index, q, "a value")
	q.Where[0].In = append(q.Where[0].In, sample(index.Parts[0].Type, 2))
	if !last.Multi && len(index.Parts) > 1 {
		q.Where = q.Where[:len(q.Where)-1]
		q.Order = itsm.Order{Index: last.Name}
	}
	explained(t, s, shape, index, q, "two values")
}

func sample(t itsm.ValueType, n int64) itsm.Key {
	switch t {
	case itsm.TypeNumber, itsm.TypeTime, itsm.TypeBool:
		return itsm.Key{N: n}
	}
	return itsm.Key{S: fmt.Sprint("v", n)}
}

// explained holds that the plan of a query walks the index, and sorts no more than the heads of merged walks.
func explained(t *testing.T, s *Store, shape *itsm.Shape, index itsm.IndexShape, q itsm.Select, what string) {
	t.Helper()
	sel, err := shape.Select(itsm.Scope{Tenant: "acme"}, q)
	require.NoError(t, err, what)
	table, err := s.engine.TableOf(shape.Name())
	require.NoError(t, err)
	query, args := table.Page(dialect{}, sel, nil, 51, nil)
	rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	require.NoError(t, err, query)
	defer func() { require.NoError(t, rows.Close()) }()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		require.NoError(t, rows.Scan(&id, &parent, &unused, &detail))
		plan = append(plan, detail)
	}
	require.NoError(t, rows.Err())
	all := strings.Join(plan, "\n")
	name := table.Names[slices.Index(names(table.Indexes), index.Name)]
	require.True(t, strings.Contains(all, "INDEX "+name+" (") || strings.Contains(all, "SEARCH l USING PRIMARY KEY"),
		"%s of index %s does not use it:\n%s\n\n%s", what, index.Name, all, query)
	require.NotContains(t, all, "SCAN t", "%s of index %s walks the whole table:\n%s\n\n%s", what, index.Name, all, query)
	require.NotContains(t, all, "AUTOMATIC", "%s of index %s walks something else first:\n%s\n\n%s", what, index.Name, all, query)
	if !strings.Contains(query, "UNION") {
		require.NotContains(t, all, "TEMP B-TREE", "%s of index %s is sorted:\n%s\n\n%s", what, index.Name, all, query)
	}
}

func names(all []itsm.IndexShape) []itsm.IndexName {
	var out []itsm.IndexName
	for _, i := range all {
		out = append(out, i.Name)
	}
	return out
}
