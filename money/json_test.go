package money_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/itsmkit/itsm/money"
)

func roundTrip[T any](t require.TestingT, v T) {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	var got T
	require.NoError(t, json.Unmarshal(raw, &got), "%s", raw)
	require.Equal(t, v, got, "%s", raw)
}

func TestJSON(t *testing.T) {
	for want, v := range map[string]any{
		`{"amount":"12.50","currency":"EUR"}`:    money.Must(money.New(1250, money.EUR)),
		`{"amount":"-0.05","currency":"EUR"}`:    money.Must(money.New(-5, money.EUR)),
		`{"amount":"0","currency":"JPY"}`:        money.Must(money.New(0, money.JPY)),
		`{"amount":"0.001","currency":"KWD"}`:    money.Must(money.New(1, money.KWD)),
		`{"amount":"0.000125","currency":"USD"}`: price(t, "0.000125", money.USD),
		`{"amount":"3.00","currency":"USD"}`:     price(t, "3", money.USD),
		`{"amount":"-3.10","currency":"USD"}`:    price(t, "-3.1", money.USD),
		`"0.19"`:                                 number(t, "0.190"),
		`"0"`:                                    money.Number{},
		`[null,null]`:                            []any{money.Amount{}, money.Price{}},
	} {
		raw, err := json.Marshal(v)
		require.NoError(t, err)
		require.Equal(t, want, string(raw))
	}
	roundTrip(t, money.Amount{})
	roundTrip(t, money.Price{})
	roundTrip(t, struct {
		A money.Amount `json:"a,omitzero"`
		B money.Amount `json:"b,omitzero"`
	}{A: money.Must(money.New(0, money.EUR))}) // 0.00 EUR stays, no amount is left out
}

func TestJSONTakes(t *testing.T) {
	want := money.Must(money.New(1250, money.EUR))
	for _, raw := range []string{
		`{"currency":"EUR","amount":"12.50"}`,
		" {\n\t\"amount\" : \"12.5\" ,\r \"currency\" : \"EUR\" } ",
		`{"amount":"12.500","currency":"EUR"}`,
		`{"\u0061mount":"12.50","currency":"\u0045UR"}`,
	} {
		var a money.Amount
		require.NoError(t, json.Unmarshal([]byte(raw), &a), raw)
		require.Equal(t, want, a, raw)
	}
}

// refusedJSON has the sentinel for each JSON that is no amount.
var refusedJSON = map[string]error{
	`12.50`:                             money.ErrSyntax,
	`"12.50 EUR"`:                       money.ErrSyntax,
	`[]`:                                money.ErrSyntax,
	`{}`:                                money.ErrSyntax,
	`{"amount":"12.50"}`:                money.ErrSyntax,
	`{"currency":"EUR"}`:                money.ErrSyntax,
	`{"amount":12.50,"currency":"EUR"}`: money.ErrSyntax,
	`{"amount":null,"currency":"EUR"}`:  money.ErrSyntax,
	`{"amount":"1","amount":"2"}`:       money.ErrSyntax,
	`{"amount":"1","currency":"EUR","x":"1"}`:            money.ErrSyntax,
	`{"Amount":"1","currency":"EUR"}`:                    money.ErrSyntax,
	`{"amount":"1","currency":"EUR","amount":"2"}`:       money.ErrSyntax,
	`{"currency":"USD","currency":"EUR","amount":"2"}`:   money.ErrSyntax,
	`{"amount":"","currency":"EUR"}`:                     money.ErrSyntax,
	`{"amount":"NaN","currency":"EUR"}`:                  money.ErrSyntax,
	`{"amount":"1e2","currency":"EUR"}`:                  money.ErrSyntax,
	`{"amount":"12.505","currency":"EUR"}`:               money.ErrScale,
	`{"amount":"0.5","currency":"JPY"}`:                  money.ErrScale,
	`{"amount":"92233720368547758.08","currency":"EUR"}`: money.ErrOverflow,
	`{"amount":"1","currency":""}`:                       money.ErrCurrency,
	`{"amount":"1","currency":"eur"}`:                    money.ErrCurrency,
	`{"amount":"1","currency":"QQQ"}`:                    money.ErrCurrency,
	`{"amount":"1","currency":"XAU"}`:                    money.ErrCurrency,
}

func TestJSONRefuses(t *testing.T) {
	before := money.Must(money.New(7, money.USD))
	for raw, want := range refusedJSON {
		a := before
		err := json.Unmarshal([]byte(raw), &a)
		require.ErrorIs(t, err, want, raw)
		require.Equal(t, before, a, "%s: an error leaves the value", raw)
	}
	for _, raw := range []string{ // what encoding/json would not pass on
		``, ` `, `{`, `{"`, `{"amount`, `{"amount"`, `{"amount":`, `{"amount":"1`, `{"amount":"1"`, `{"amount":"1",`, `{"amount":"1",}`,
		`{"amount":"1","currency":"EUR"`, `{"amount":"1","currency":"EUR"}}`, `{"amount":"1" "currency":"EUR"}`, `nul`, `null null`,
		"{\"amount\":\"1\n\",\"currency\":\"EUR\"}", `{"amount":"1\`, `{"amount":"1\"`, `{"amount":"\q","currency":"EUR"}`,
	} {
		a, p := before, before.Price()
		require.ErrorIs(t, a.UnmarshalJSON([]byte(raw)), money.ErrSyntax, "%q", raw)
		require.ErrorIs(t, p.UnmarshalJSON([]byte(raw)), money.ErrSyntax, "%q", raw)
		require.Equal(t, before, a)
		require.Equal(t, before.Price(), p)
	}
	n := number(t, "7")
	for _, raw := range []string{`0.19`, `""`, `"x"`, `{}`, `"0.1234567890123456789"`} {
		require.Error(t, json.Unmarshal([]byte(raw), &n), raw)
		require.Equal(t, "7", n.String())
	}
}

// FuzzUnmarshal: what an amount takes is what encoding/json takes as an object of two strings, and it reads back.
func FuzzUnmarshal(f *testing.F) {
	for raw := range refusedJSON {
		f.Add([]byte(raw))
	}
	f.Add([]byte(`{"amount":"12.50","currency":"EUR"}`))
	f.Add([]byte(` { "currency" : "\u004aPY", "amount":"-0" } `))
	f.Add([]byte(`{"amount":"9223372036854775807","currency":"JPY"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var a money.Amount
		if a.UnmarshalJSON(raw) != nil {
			require.Equal(t, money.Amount{}, a)
			return
		}
		if !a.IsZero() {
			var other map[string]string
			require.NoError(t, json.Unmarshal(raw, &other))
			require.Len(t, other, 2)
			parsed, err := money.Parse(other["amount"], money.Currency(other["currency"]))
			require.NoError(t, err)
			require.Equal(t, parsed, a)
		}
		roundTrip(t, a)
		var p money.Price
		require.NoError(t, p.UnmarshalJSON(raw), "an amount is a price too")
		require.Equal(t, a.Price(), p)
	})
}

// FuzzParse: what is read as a number is the number that big.Rat reads, and nothing else is read.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"", "0", "-0", "12.50", "-0.001", "1e9", "NaN", "Inf", "+1", "01", ".5", "5.", "9223372036854775807",
		"9223372036854775808", "0.000000000000000001", strings.Repeat("9", 70), "1_000", "0x10", "1/2"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkParse(t, text)
	})
}

// The schema names exactly the fields that the JSON has.
func TestJSONSchema(t *testing.T) {
	price, err := money.ParsePrice("0.5", money.EUR)
	require.NoError(t, err)
	for _, v := range []interface{ JSONSchema() string }{money.Must(money.New(1250, money.EUR)), price} {
		var schema struct {
			Properties map[string]map[string]string
			Required   []string
		}
		require.NoError(t, json.Unmarshal([]byte(v.JSONSchema()), &schema))
		raw, err := json.Marshal(v)
		require.NoError(t, err)
		var fields map[string]string
		require.NoError(t, json.Unmarshal(raw, &fields))
		require.Len(t, schema.Properties, len(fields))
		for name := range fields {
			require.Equal(t, "string", schema.Properties[name]["type"])
			require.Contains(t, schema.Required, name)
		}
	}
}
