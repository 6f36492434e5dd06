package depreciation_test

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

// answers computes what a kind of vectors asks for: from "in" something whose JSON is compared with "want". What is refused
// is {"error": code}, and who is to blame.
type answers map[string]func(in input) (any, error)

// topics are those of this package and of the ones inside it, each with its kinds. A kind that is not there fails.
var topics = map[string]answers{
	"02-depreciation": depreciationVectors,
}

// refusals are the codes of errors, beside those that an answer has in itself.
type refusals []struct {
	err  error
	code string
}

// answer returns {"error": code}, or the error if it has no code.
func (r refusals) answer(err error) (any, error) {
	for _, known := range r {
		if errors.Is(err, known.err) {
			return map[string]string{"error": known.code}, nil
		}
	}
	return nil, err
}

// vector is a case; testdata/vectors/CONVENTIONS.md says what it means.
type vector struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	In        json.RawMessage `json:"in"`
	Want      any             `json:"want"`
	Tolerance string          `json:"tolerance"`
}

func TestVectorDepreciation(t *testing.T) {
	require.Positive(t, runVectors(t, filepath.Join("testdata", "vectors")))
	if folder := os.Getenv("ITSM_VECTORS"); folder != "" {
		runVectors(t, folder)
	}
}

// runVectors compares every case of our topics below a folder and returns how many there were.
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
		kinds, ours := topics[head.Topic]
		if !ours {
			return nil // of another package
		}
		var file struct {
			Vectors []vector `json:"vectors"`
		}
		require.NoError(t, json.Unmarshal(raw, &file), path)
		for _, v := range file.Vectors {
			v.compare(t, kinds)
			run++
		}
		return nil
	})
	require.NoError(t, err)
	t.Logf("vectors %s: %d run", filepath.Base(folder), run)
	return run
}

func (v vector) compare(t *testing.T, kinds answers) {
	answer, known := kinds[v.Kind]
	require.True(t, known, "%s: unknown kind %s", v.ID, v.Kind)
	in := input{}
	require.NoError(t, json.Unmarshal(v.In, &in), v.ID)
	defer func() {
		if wrong, ok := recover().(bad); ok {
			require.NoError(t, wrong.error, v.ID)
		}
	}()
	got, err := answer(in)
	require.NoError(t, err, v.ID)
	raw, err := json.Marshal(got)
	require.NoError(t, err, v.ID)
	var plain any
	require.NoError(t, json.Unmarshal(raw, &plain), v.ID)
	tolerance, ok := new(big.Rat).SetString(v.Tolerance)
	require.True(t, ok, "%s: tolerance %q", v.ID, v.Tolerance)
	require.NotEmpty(t, v.Want, v.ID)
	if difference := differ(v.Want, plain, tolerance, ""); difference != "" {
		require.Fail(t, v.ID, "%s\nin   %s\ngot  %s", difference, v.In, raw)
	}
}

// differ returns where two values differ: only fields that are wanted are compared, lists in order and length, numbers
// within the tolerance, and with a tolerance of 0 as texts, so that the number of decimals counts too.
func differ(want, got any, tolerance *big.Rat, at string) string {
	switch want := want.(type) {
	case map[string]any:
		fields, ok := got.(map[string]any)
		if !ok {
			return at + ": wanted an object"
		}
		for name, value := range want {
			if d := differ(value, fields[name], tolerance, at+"."+name); d != "" {
				return d
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return at + ": wanted " + strconv.Itoa(len(want)) + " elements, got " + strconv.Itoa(len(list))
		}
		for i := range want {
			if d := differ(want[i], list[i], tolerance, at+"["+strconv.Itoa(i)+"]"); d != "" {
				return d
			}
		}
		return ""
	case string:
		text, ok := got.(string)
		w, number := new(big.Rat).SetString(want)
		g, also := new(big.Rat).SetString(text)
		if number && ok && also && (tolerance.Sign() > 0 && w.Sub(w, g).Abs(w).Cmp(tolerance) <= 0) {
			return ""
		}
	}
	if want != got {
		return at + ": wanted " + show(want) + ", got " + show(got)
	}
	return ""
}

func show(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

// input is the "in" of a vector, by field.
type input map[string]json.RawMessage

// bad is a vector that cannot be read; it fails the test.
type bad struct{ error }

// into reads a field, if it is there.
func (in input) into(name string, v any) {
	if raw, ok := in[name]; ok {
		if err := json.Unmarshal(raw, v); err != nil {
			panic(bad{err})
		}
	}
}

func (in input) has(name string) bool { return in[name] != nil }

func (in input) text(name string) (s string) {
	in.into(name, &s)
	return s
}

func (in input) yes(name string, otherwise bool) bool {
	in.into(name, &otherwise)
	return otherwise
}

// number returns a number, 0 if it is not there.
func (in input) number(name string) money.Number {
	if !in.has(name) {
		return money.Number{}
	}
	return number(in.text(name))
}

func number(text string) money.Number {
	n, err := money.ParseNumber(text)
	if err != nil {
		panic(bad{err})
	}
	return n
}

// whole returns a whole number, or another one where the field is not there.
func (in input) whole(name string, otherwise int) int {
	if !in.has(name) {
		return otherwise
	}
	n, err := strconv.Atoi(in.text(name))
	if err != nil {
		panic(bad{err})
	}
	return n
}

// currency returns one with as many decimals as the vector's exponent.
func (in input) currency() money.Currency {
	c, ok := map[string]money.Currency{"0": money.JPY, "2": money.EUR, "3": money.KWD}[in.text("exponent")]
	if !ok {
		panic(bad{errors.New("exponent " + in.text("exponent"))})
	}
	return c
}

// amount returns an amount in the vector's currency.
func (in input) amount(name string) money.Amount {
	a, err := money.Parse(in.text(name), in.currency())
	if err != nil {
		panic(bad{err})
	}
	return a
}

// rounding is half up where the vector names none.
func (in input) rounding() money.Rounding {
	r := money.HalfUp
	in.into("rounding", &r)
	return r
}

// plain is an amount as vectors write it: without its currency.
func plain(a money.Amount) string {
	return strings.TrimSuffix(a.String(), " "+string(a.Currency()))
}

func plains(list []money.Amount) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = plain(a)
	}
	return out
}
