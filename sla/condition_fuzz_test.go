package sla_test

import (
	"encoding/json"
	"testing"

	"github.com/itsmkit/itsm/incident"
	"github.com/itsmkit/itsm/sla"
	"github.com/stretchr/testify/require"
)

// A condition that is read has one canonical text, which JSON with and without the escapes for HTML keeps; and no condition
// breaks the check.
func FuzzCondition(f *testing.F) {
	for _, seed := range []string{
		`{"always":true}`, `{"field":"state","in":["new","on_hold"]}`, `{"field":"reopenings","min":1,"max":2.50}`,
		`{"all":[{"fact":"vip","in":[true]},{"any":[{"by":"caller"},{"public":false}]},{"not":{"changed":["group"]}}]}`,
		`{"field":"title","in":["a<b>&\u2028\u00e9","\\u2028\t\b"]}`, `{"field":"service","in":[{"id":"\u0031","kind":"a\\"}]}`, `{"action":["resolve"]}`,
	} {
		f.Add(seed)
	}
	d := incident.Kind().Describe()
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := sla.ParseCondition(raw)
		if err != nil {
			return
		}
		again, err := sla.ParseCondition(c.String())
		require.NoError(t, err)
		require.Equal(t, c, again)
		escaped, err := json.Marshal(c)
		require.NoError(t, err)
		var read sla.Condition
		require.NoError(t, json.Unmarshal(escaped, &read))
		require.Equal(t, c.String(), read.String())
		c.Check(d, "start")
	})
}
