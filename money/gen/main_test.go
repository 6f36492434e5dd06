package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTableIsGenerated compares the committed table with what the source gives.
func TestTableIsGenerated(t *testing.T) {
	committed, err := os.ReadFile("../table.go")
	require.NoError(t, err)
	got, err := generate(source, "2026-01-01")
	require.NoError(t, err)
	require.Equal(t, string(committed), string(got))
}

func TestGenerateRefuses(t *testing.T) {
	for name, rows := range map[string]string{
		"no rows":               "",
		"code":                  "eur,978,2,\n",
		"out of order":          "USD,840,2,\nEUR,978,2,\n",
		"the same again":        "EUR,978,2,\nEUR,979,2,\n",
		"numeric code":          "EUR,97,2,\n",
		"no number":             "EUR,9x8,2,\n",
		"decimals":              "EUR,978,5,\n",
		"status":                "EUR,978,2,gone\n",
		"numeric code is taken": "EUR,978,2,\nUSD,978,2,\n",
		"columns":               "EUR,978,2\n",
	} {
		header := "code,numeric,decimals,status\n"
		if name == "no rows" {
			header = ""
		}
		_, err := generate(header+rows, "2026-01-01")
		require.Error(t, err, name)
	}
	_, err := generate("code,numeric,decimals,status\nEUR,978,2,\n", "")
	require.Error(t, err, "no date")
}
