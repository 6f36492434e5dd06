package money_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/internal/vectors"
	"github.com/itsmkit/itsm/money"
)

// vector is a case; testdata/vectors/README.md says where they come from.
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
	counts := vectors.Run(t, func(topic, _ string) bool { return topic == "01-allocate" }, func(t *testing.T, raw json.RawMessage) {
		var v vector
		require.NoError(t, json.Unmarshal(raw, &v))
		v.compare(t)
	})
	require.Positive(t, counts[0])
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
