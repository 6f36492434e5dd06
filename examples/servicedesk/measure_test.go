package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// twoVerdicts is the log with a second case that was closed too late, by its own words.
func twoVerdicts() string {
	return header() + strings.Replace(strings.Replace(log, "INC2,New,true,0,0,1,true", "INC2,Closed,false,0,0,1,false", 1), "1/3/2016 09:20", "20/3/2016 09:20", 1)
}

// noVerdicts is the log without what it says about service levels on the rows with the given counts of changes.
func noVerdicts(rows ...string) string {
	text := log
	for _, n := range rows {
		text = strings.ReplaceAll(text, ",0,0,"+n+",true,", ",0,0,"+n+",?,")
	}
	return header() + text
}

type measured struct {
	MadeSLA *struct {
		Cases, Agree int
		Share        float64
	} `json:"made_sla"`
	Period        struct{ From string }
	ServiceLevels struct {
		Terms, Zone string
		Promises    []struct {
			Target                string
			Met, Missed, Breached int
		}
		WhatIf []struct {
			Name                         string
			Judged, Better, Worse, Other int
		} `json:"what_if"`
		Fit *struct {
			All struct{ Cases, Agree int }
		}
	} `json:"service_levels"`
}

func measureBy(t testing.TB, args ...string) measured {
	t.Helper()
	code, out, errs := call(append(args, "-json")...)
	require.Zero(t, code, errs)
	var m measured
	require.NoError(t, json.Unmarshal([]byte(out), &m))
	return m
}

// The first case has nobody at work until it is resolved on the next day, ten working hours after it was opened at 9:00: a response is
// due within four. The second is at work after ten minutes; where it is closed on Sunday, the 20th, 139 working hours have
// counted, of 40.
func TestVerdictsOfALog(t *testing.T) {
	for _, c := range []struct {
		log          string
		cases, agree int
	}{
		{header() + log, 2, 1},
		{twoVerdicts(), 2, 1},
		{noVerdicts("1"), 1, 0}, // the second has none on its last row
	} {
		m := measureBy(t, "-log", saved(t, "log.csv", c.log))
		require.Equal(t, []int{c.cases, c.agree}, []int{m.MadeSLA.Cases, m.MadeSLA.Agree})
		require.InDelta(t, float64(c.agree)/float64(c.cases), m.MadeSLA.Share, 1e-12)
		require.Equal(t, "Standard terms", m.ServiceLevels.Terms)
	}
	require.Nil(t, measureBy(t, "-log", saved(t, "log.csv", noVerdicts("0", "1", "2"))).MadeSLA)
	require.Nil(t, measureBy(t, "-incidents", "20").MadeSLA, "a simulated year has no verdicts of its own")
}

func TestZone(t *testing.T) {
	path := saved(t, "log.csv", header()+log)
	require.Equal(t, "2016-03-01T09:00:00Z", measureBy(t, "-log", path).Period.From)
	m := measureBy(t, "-log", path, "-zone", "Asia/Tokyo")
	require.Equal(t, "2016-03-01T09:00:00+09:00", m.Period.From)
	require.Equal(t, "Asia/Tokyo", m.ServiceLevels.Zone)
	_, out, _ := call("-log", path, "-zone", "Asia/Tokyo", "-history", "INC1")
	require.Contains(t, out, "2016-03-01 09:00  Report")
	require.Contains(t, out, "closed_at: 2016-03-07 09:00")
}

func TestFitAndAgreement(t *testing.T) {
	dir := t.TempDir()
	path, file := saved(t, "log.csv", twoVerdicts()), filepath.Join(dir, "fit.json")
	m := measureBy(t, "-log", path, "-fit", file)
	require.Equal(t, 2, m.ServiceLevels.Fit.All.Cases)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "nothing else is left behind")
	again := measureBy(t, "-log", path, "-agreement", file)
	require.Equal(t, m.ServiceLevels.Fit.All.Agree, again.MadeSLA.Agree, "the tracker judges as the fit did")
	require.Equal(t, file, again.ServiceLevels.Terms)
	compared := measureBy(t, "-log", path, "-whatif", file, "-whatif", filepath.Join("levels", "standard.json"))
	require.Len(t, compared.ServiceLevels.WhatIf, 2)
	require.Zero(t, compared.ServiceLevels.WhatIf[1].Better+compared.ServiceLevels.WhatIf[1].Worse+compared.ServiceLevels.WhatIf[1].Other)

	none := saved(t, "none.csv", noVerdicts("0", "1", "2"))
	code, out, errs := call("-log", none, "-fit", file)
	require.Equal(t, []any{1, ""}, []any{code, out})
	require.Contains(t, errs, none+": no closed case has a made_sla on its last row")
}

// A wrong file of terms ends the run before anything is written.
func TestWrongTerms(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("levels", "standard.json"))
	require.NoError(t, err)
	path := saved(t, "terms.json", strings.Replace(string(good), "hold.reason", "hold.raeson", 1))
	page := filepath.Join(filepath.Dir(path), "desk.html")
	for _, args := range [][]string{{"-agreement", path}, {"-whatif", path}, {"-whatif", filepath.Join("levels", "standard.json"), "-whatif", path, "-html", page}} {
		code, out, errs := call(append(args, "-incidents", "20")...)
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.NoFileExists(t, page)
		require.True(t, strings.HasPrefix(errs, "servicedesk: "+path+": line "), errs)
		require.Contains(t, errs, "agreements[0].targets[1].pause: unknown field (near hold.reason, value hold.raeson)")
		require.Equal(t, 1, strings.Count(errs, "\n"))
	}
}
