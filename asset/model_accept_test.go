package asset_test

import (
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/stretchr/testify/require"
)

// What a scanner reports may lack what is required; all else is asked of it as of what people enter.
func TestAccept(t *testing.T) {
	m, err := asset.Compile([]asset.Class{{Name: "mobile", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{{Key: "imei", Type: itsm.FieldText, Required: true, Unique: true}}}})
	require.NoError(t, err)
	for _, c := range []struct {
		name    string
		class   string
		values  itsm.Attributes
		missing []string
		want    string // of the error
	}{
		{"nothing", "mobile", nil, []string{"imei"}, ""},
		{"null", "mobile", itsm.Attributes{{Key: "imei", Value: "null"}}, []string{"imei"}, ""},
		{"complete", "mobile", itsm.Attributes{{Key: "imei", Value: `"1"`}}, nil, ""},
		{"wrong type", "mobile", itsm.Attributes{{Key: "imei", Value: "1"}}, nil, "specification.imei"},
		{"undeclared", "mobile", itsm.Attributes{{Key: "colour", Value: `"red"`}}, nil, "specification.colour: undeclared"},
		{"twice", "mobile", itsm.Attributes{{Key: "imei", Value: `"1"`}, {Key: "imei", Value: `"2"`}}, nil, "specification.imei: twice"},
		{"unknown class", "toaster", nil, nil, "class: unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := m.Accept(c.class, c.values)
			if c.want != "" {
				require.ErrorIs(t, err, itsm.ErrInvalid)
				require.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.missing, got.Missing)
			checked, err := m.Check(c.class, c.values)
			if len(c.missing) > 0 {
				require.ErrorContains(t, err, "specification.imei: required")
				return
			}
			require.NoError(t, err)
			require.Equal(t, checked, got, "what is complete is accepted as it is checked")
			require.Equal(t, `mobile.imei="1"`, got.Unique[0])
		})
	}
}

// Canonical is what Check makes of one value, and Keys are those of Attributes.
func TestCanonicalAndKeys(t *testing.T) {
	m, err := asset.Compile([]asset.Class{{Name: "a", Category: asset.Hardware, Attributes: []asset.AttributeDefinition{{Key: "at", Type: itsm.FieldInstant}, {Key: "n", Type: itsm.FieldNumber}}},
		{Name: "b", Extends: "a", Attributes: []asset.AttributeDefinition{{Key: "size", Type: itsm.FieldChoice, Choices: []string{"s", "m"}}}}})
	require.NoError(t, err)
	require.Equal(t, []string{"at", "n", "size"}, m.Keys("b"), "those of the class above come first")
	require.Nil(t, m.Keys("c"))
	for _, class := range []string{"a", "b"} {
		require.Len(t, m.Attributes(class), len(m.Keys(class)))
	}
	for _, c := range [][3]string{{"at", `"2026-03-02T10:00:00+01:00"`, `"2026-03-02T09:00:00Z"`}, {"size", `"m"`, `"m"`}, {"n", "7", "7"}} {
		got, err := m.Canonical("b", c[0], c[1])
		require.NoError(t, err)
		require.Equal(t, c[2], got)
		checked, err := m.Check("b", itsm.Attributes{{Key: c[0], Value: c[1]}})
		require.NoError(t, err)
		require.Equal(t, got, checked.Values.Raw(c[0]))
	}
	for _, c := range [][4]string{{"b", "size", `"xl"`, "specification.size"}, {"a", "size", `"m"`, "specification.size: undeclared"}, {"b", "n", `"x"`, "specification.n"}, {"c", "n", "1", "class: unknown"}} {
		_, err := m.Canonical(c[0], c[1], c[2])
		require.ErrorIs(t, err, itsm.ErrInvalid)
		require.ErrorContains(t, err, c[3])
	}
}

// What only configuration management knows is no asset, however it is tried.
func TestConfigurationIsNoAsset(t *testing.T) {
	d := newDepot(t, asset.Kind())
	classes := append(asset.StandardClasses(), asset.Class{Name: "service", Category: asset.Configuration}, asset.Class{Name: "mail_service", Extends: "service"})
	m, err := asset.Compile(classes)
	require.NoError(t, err)
	require.Equal(t, asset.Configuration, m.Category("mail_service"))
	require.NoError(t, m.MayHold("mail_service"), "an item may be of it")
	_, err = d.models.Open(d.as("ann"), asset.Define{Model: "standard", Classes: classes})
	require.NoError(t, err)
	refused := func(err error) {
		t.Helper()
		require.ErrorIs(t, err, itsm.ErrInvalid)
		for _, s := range []string{"class: category", "mail_service", "configuration", "a class of assets"} {
			require.ErrorContains(t, err, s)
		}
	}
	p := asset.Particulars{Title: "Mail", Class: "mail_service"}
	_, err = d.desk.Open(d.as("ann"), asset.Register{Asset: p})
	refused(err)
	_, err = d.desk.Open(d.as("ann"), asset.Plan{Asset: p})
	refused(err)
	x := d.open(laptop())
	_, err = d.desk.Do(d.as("ann"), x.ID, asset.Reclassify{Class: "mail_service"})
	refused(err)
}
