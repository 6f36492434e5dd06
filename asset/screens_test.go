package asset_test

import (
	"encoding/json"
	"testing"

	"github.com/itsmkit/itsm/asset"
	"github.com/stretchr/testify/require"
)

// A form can be made of each field: its schema says of which type it is, in the record and in every input.
func TestEachFieldHasASchema(t *testing.T) {
	var date, amount, free int
	var walk func(at string, s map[string]any)
	walk = func(at string, s map[string]any) {
		require.NotEmpty(t, s["type"], at)
		if s["format"] == "date" {
			date++
		}
		properties, _ := s["properties"].(map[string]any)
		if properties["currency"] != nil {
			amount++
		}
		if s["type"] == "object" && s["properties"] == nil {
			free++
			require.NotEqual(t, false, s["additionalProperties"], "%s takes whatever the class has", at)
		}
		for name, p := range properties {
			walk(at+"."+name, p.(map[string]any))
		}
		if items, has := s["items"].(map[string]any); has {
			walk(at+"[]", items)
		}
	}
	raw, err := json.Marshal(asset.Kind().Describe())
	require.NoError(t, err)
	var d struct {
		Record  map[string]any
		Actions []struct {
			Name  string
			Input map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(raw, &d))
	walk("record", d.Record)
	require.Equal(t, 11, date, "three of the purchase and the grant each, three ends, the use, the repair")
	require.Equal(t, 3, amount, "purchase, unit of a grant, proceeds")
	require.Equal(t, 1, free, "the specification")
	for _, a := range d.Actions {
		walk(a.Name, a.Input)
	}
	require.Equal(t, 1+4, free, "plan, register, specify, reclassify")
}

// Whoever edits classes picks the type of an attribute.
func TestTypesOfAttributesAreOffered(t *testing.T) {
	raw, err := json.Marshal(asset.ModelKind().Describe())
	require.NoError(t, err)
	require.Contains(t, string(raw), `"enum":["text","number","boolean","date","instant","choice","reference"]`)
}
