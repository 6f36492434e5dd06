package asset_test

import (
	"testing"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/asset"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func thing(change func(*asset.Particulars)) asset.Register {
	p := asset.Particulars{Title: "Headset", Class: "peripheral"}
	change(&p)
	return asset.Register{Asset: p}
}

// Danish companies are called A/S, and a '/' in a serial number is no end of a manufacturer's name.
func TestManufacturersWithASlash(t *testing.T) {
	d := newDepot(t, asset.Kind())
	of := func(manufacturer, serial string) asset.Register {
		return thing(func(p *asset.Particulars) { p.Manufacturer, p.Serial = manufacturer, serial })
	}
	x := d.open(of("GN Audio A/S", "7"))
	found, err := d.desk.Count(d.as("ann"), itsm.Where(asset.BySerial.Is(asset.SerialKey("gn audio a/s", " 7"))))
	require.NoError(t, err)
	require.Equal(t, int64(1), found.Total)
	d.open(of("GN Audio A", "S/7"))
	d.open(of("GN Audio A%2FS", "7"))
	_, err = d.desk.Open(d.as("ann"), of("GN AUDIO A/S", "7"))
	require.ErrorIs(t, err, itsm.ErrDuplicate)
	require.Equal(t, "GN Audio A/S", x.Manufacturer)
}

// Two serial keys are the same only if both their parts are.
func TestSerialKeyIsOneToOne(t *testing.T) {
	part := rapid.StringMatching(`[A/%2F5]{1,6}`)
	rapid.Check(t, func(t *rapid.T) {
		m, n, s, u := part.Draw(t, "m"), part.Draw(t, "n"), part.Draw(t, "s"), part.Draw(t, "u")
		require.Equal(t, m == n && s == u, asset.SerialKey(m, s) == asset.SerialKey(n, u))
	})
}

// What was never bought holds no label and no number: they are for the one that is bought instead.
func TestCancelledAssetsFreeTheirNumbers(t *testing.T) {
	d := newDepot(t, asset.Kind())
	p := asset.Particulars{Title: "Phone", Class: "mobile", Manufacturer: "Example", Serial: "S-1", Tag: "A-1",
		Specification: values(t, map[string]any{"imei": "356938035643809"})}
	x := d.open(asset.Plan{Asset: p})
	for range 2 {
		_, err := d.desk.Open(d.as("ann"), asset.Register{Asset: p})
		require.ErrorIs(t, err, itsm.ErrDuplicate)
	}
	x = d.do(x, asset.Cancel{Reason: "too dear"})
	require.Equal(t, "A-1", x.Tag, "it is still told what was planned")
	d.open(asset.Register{Asset: p})
}

// A label that was put on the wrong thing comes off it, and two things change their labels.
func TestLabelsChangePlaces(t *testing.T) {
	d := newDepot(t, asset.Kind())
	x := d.open(thing(func(p *asset.Particulars) { p.Manufacturer, p.Serial, p.Tag = "Example", "S-1", "A-1" }))
	y := d.open(thing(func(p *asset.Particulars) { p.Manufacturer, p.Serial, p.Tag = "Example", "S-2", "A-2" }))
	require.ErrorIs(t, d.refused(y, asset.Identify{Manufacturer: "Example", Serial: "S-2", Tag: " a-1"}), itsm.ErrDuplicate)
	x = d.do(x, asset.Identify{Manufacturer: "Example", Serial: "S-1"})
	require.Empty(t, x.Tag)
	y = d.do(y, asset.Identify{Manufacturer: "Example", Serial: "S-2", Tag: " A-1"})
	require.Equal(t, "A-1", y.Tag)
	x = d.do(x, asset.Identify{Tag: "A-2"})
	require.Equal(t, []string{"", "", "A-2"}, []string{x.Manufacturer, x.Serial, x.Tag}, "all are set")
	found, err := d.desk.Count(d.as("ann"), itsm.Where(asset.ByTag.Is("A-2")))
	require.NoError(t, err)
	require.Equal(t, int64(1), found.Total)
}
