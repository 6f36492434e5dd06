package asset_test

import (
	"errors"
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/stretchr/testify/require"
)

// What Check accepts it accepts unchanged the second time, and whatever it refuses is the input's fault.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`"a"`, `1.50`, `true`, `"2026-02-28"`, `"2026-02-28T10:00:00+01:00"`, `{"id":"00000000-0000-7000-8000-000000000001","kind":"asset"}`, `nul`, `"\ud800"`, ``} {
		f.Add("a", seed)
	}
	types := []itsm.FieldType{itsm.FieldText, itsm.FieldNumber, itsm.FieldBoolean, itsm.FieldDate, itsm.FieldInstant, itsm.FieldReference}
	var list []asset.AttributeDefinition
	for i, t := range types {
		list = append(list, asset.AttributeDefinition{Key: string(rune('a' + i)), Type: t, Unique: t != itsm.FieldNumber && t != itsm.FieldBoolean})
	}
	m, err := asset.Compile([]asset.Class{{Name: "x", Category: asset.Hardware, Attributes: list}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, key, raw string) {
		checked, err := m.Check("x", itsm.Attributes{{Key: key, Value: raw}})
		if err != nil {
			require.True(t, errors.Is(err, itsm.ErrInvalid))
			return
		}
		again, err := m.Check("x", checked.Values)
		require.NoError(t, err)
		require.Equal(t, checked, again)
	})
}
