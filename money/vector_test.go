package money_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/money"
)

// vectorFile is a file of test vectors; testdata/vectors/README.md says what they are.
type vectorFile struct {
	Topic   string   `json:"topic"`
	Vectors []vector `json:"vectors"`
}

type vector struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
	In   struct {
		Amount   string         `json:"amount"`
		Currency money.Currency `json:"currency"`
		Exponent string         `json:"exponent"`
		Weights  []string       `json:"weights"`
		Parts    string         `json:"parts"`
	} `json:"in"`
	Want struct {
		Parts []string `json:"parts"`
		Error string   `json:"error"`
	} `json:"want"`
}

func TestVectorAllocate(t *testing.T) {
	require.Positive(t, runVectors(t, filepath.Join("testdata", "vectors")))
	if folder := os.Getenv("ITSM_VECTORS"); folder != "" {
		runVectors(t, folder)
	}
}

// runVectors compares every case of the topic below a folder and returns how many there were.
func runVectors(t *testing.T, folder string) int {
	run := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() || !strings.HasSuffix(path, ".json") {
			return nil
		}
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		var head struct {
			Topic string `json:"topic"`
		}
		_ = json.Unmarshal(raw, &head) // what is no such file has no topic
		if head.Topic != "01-allocate" {
			return nil // of another package
		}
		var file vectorFile
		require.NoError(t, json.Unmarshal(raw, &file), path)
		for _, v := range file.Vectors {
			v.compare(t)
			run++
		}
		return nil
	})
	require.NoError(t, err)
	t.Logf("vectors %s: %d run", filepath.Base(folder), run)
	return run
}

// compare runs a case in every way that its numbers allow: with fractions always, with decimals and with integers
// where they fit.
func (v vector) compare(t *testing.T) {
	require.Equal(t, v.In.Exponent, strconv.Itoa(v.In.Currency.Decimals()), v.ID)
	amount, err := money.Parse(v.In.Amount, v.In.Currency)
	if err != nil {
		v.check(t, nil, err)
		return
	}
	switch v.Kind {
	case "allocate.equal":
		n, err := strconv.Atoi(v.In.Parts)
		require.NoError(t, err, v.ID)
		parts, err := amount.Split(n)
		v.check(t, parts, err)
		ones := make([]int64, max(n, 0))
		for i := range ones {
			ones[i] = 1
		}
		parts, err = amount.Allocate(ones)
		v.check(t, parts, err)
	case "allocate.weights":
		fractions := make([]*big.Rat, len(v.In.Weights))
		var numbers []money.Number
		var whole []int64
		for i, w := range v.In.Weights {
			var ok bool
			fractions[i], ok = new(big.Rat).SetString(w)
			require.True(t, ok, "%s: weight %s", v.ID, w)
			if n, err := money.ParseNumber(w); err == nil {
				numbers = append(numbers, n)
			}
			if n, err := strconv.ParseInt(w, 10, 64); err == nil {
				whole = append(whole, n)
			}
		}
		parts, err := amount.AllocateRat(fractions)
		v.check(t, parts, err)
		if len(numbers) == len(fractions) {
			parts, err = amount.AllocateBy(numbers)
			v.check(t, parts, err)
		}
		if len(whole) == len(fractions) {
			parts, err = amount.Allocate(whole)
			v.check(t, parts, err)
		}
	default:
		require.Fail(t, "unknown kind", "%s: %s", v.ID, v.Kind)
	}
}

// codes are the words of the vectors for our errors.
var codes = map[string]error{
	"too_precise":     money.ErrScale,
	"no_weights":      money.ErrNoWeights,
	"negative_weight": money.ErrNegativeWeight,
	"zero_weights":    money.ErrZeroWeights,
}

func (v vector) check(t *testing.T, got []money.Amount, err error) {
	t.Helper()
	if v.Want.Error != "" {
		want, known := codes[v.Want.Error]
		require.True(t, known && errors.Is(err, want), "%s: want %s, got %v", v.ID, v.Want.Error, err)
		return
	}
	require.NoError(t, err, v.ID)
	var texts []string
	for _, a := range got {
		texts = append(texts, strings.TrimSuffix(a.String(), " "+string(v.In.Currency)))
	}
	require.Equal(t, v.Want.Parts, texts, v.ID)
}
