package money_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/itsmkit/itsm/money"
)

// A supplier's invoice: three laptops, taxed and shared among two cost centres.
func Example() {
	laptop, err := money.Parse("1249.90", money.EUR)
	if err != nil {
		fmt.Println(err)
		return
	}
	rate, _ := money.ParseNumber("0.19")
	net, _ := laptop.Mul(3)
	tax, _ := net.Times(rate, money.HalfUp)
	gross, _ := net.Add(tax)
	parts, _ := gross.Allocate([]int64{2, 1})
	fmt.Println(net, tax, gross)
	fmt.Println(parts)
	// Output:
	// 3749.70 EUR 712.44 EUR 4462.14 EUR
	// [2974.76 EUR 1487.38 EUR]
}

// What cannot be said exactly is an error that says why.
func Example_errors() {
	euro := money.Must(money.New(100, money.EUR))
	dollar := money.Must(money.New(100, money.USD))
	_, err := euro.Add(dollar)
	fmt.Println(errors.Is(err, money.ErrCurrency), err)
	_, err = money.Parse("12.345", money.EUR)
	fmt.Println(errors.Is(err, money.ErrScale), err)
	_, err = euro.Mul(1 << 62)
	fmt.Println(errors.Is(err, money.ErrOverflow), err)
	_, err = euro.Times(money.Int(1), "")
	fmt.Println(errors.Is(err, money.ErrRounding), err)
	// Output:
	// true money: the currencies differ: EUR and USD
	// true money: 12.345 EUR has more decimals than the coin (2)
	// true money: overflow: the result does not fit
	// true money: no rounding is named
}

// The coin that is left over goes to the largest fraction, the earlier first.
func ExampleAmount_Allocate() {
	invoice := money.Must(money.New(100_00, money.EUR))
	parts, _ := invoice.Allocate([]int64{1, 1, 1, 0})
	fmt.Println(parts)
	credit, _ := invoice.Neg().Split(3)
	fmt.Println(credit)
	_, err := invoice.Allocate([]int64{0, 0})
	fmt.Println(err)
	// Output:
	// [33.34 EUR 33.33 EUR 33.33 EUR 0.00 EUR]
	// [-33.34 EUR -33.33 EUR -33.33 EUR]
	// money: zero weights: the sum of all 2 is 0
}

// A call to an interface costs less than a coin: the price keeps its decimals until the end.
func ExamplePrice() {
	call, _ := money.ParsePrice("0.000125", money.USD)
	free, _ := money.ParsePrice("-0.05", money.USD)
	calls, _ := money.ParseNumber("123457")
	exact, _ := call.Mul(calls)
	exact, _ = exact.Add(free)
	bill, _ := exact.Round(money.HalfEven)
	fmt.Println(call, exact, bill)
	// Output: 0.000125 USD 15.382125 USD 15.38 USD
}

// A formula without end: a year's cost for 47 of 365 days, at two thirds, is calculated in fractions and rounded once.
func ExampleRoundRat() {
	year := money.Must(money.Parse("1200", money.EUR))
	share := new(big.Rat).Mul(big.NewRat(47, 365), big.NewRat(2, 3))
	part, _ := money.RoundRat(share.Mul(share, year.Rat()), money.EUR, money.HalfUp)
	fmt.Println(part)
	// Output: 103.01 EUR
}

// The quote stays beside the result.
func ExampleRates() {
	rate, _ := money.ParseNumber("1.0843")
	rates, err := money.NewRates(3, money.Quote{From: money.EUR, To: money.USD, Rate: rate,
		Date: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Source: "ECB reference rates"})
	if err != nil {
		fmt.Println(err)
		return
	}
	invoice := money.Must(money.Parse("250.00", money.USD))
	sunday := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	c, _ := rates.Convert(invoice, money.EUR, sunday, money.HalfUp)
	fmt.Println(c.From, "=", c.To, "at", c.Quote.Rate, c.Quote.Source, c.Quote.Date.Format(time.DateOnly))
	_, err = rates.Convert(invoice, money.EUR, sunday.AddDate(0, 0, 7), money.HalfUp)
	fmt.Println(err)
	// Output:
	// 250.00 USD = 230.56 EUR at 1.0843 ECB reference rates 2026-11-20
	// money: no exchange rate from USD to EUR for 2026-11-29: the latest is of 2026-11-20
}

func ExampleAmount_MarshalJSON() {
	raw, _ := json.Marshal(money.Must(money.New(1250, money.EUR)))
	fmt.Println(string(raw))
	var a money.Amount
	fmt.Println(json.Unmarshal([]byte(`{"amount":"12.5","currency":"EUR"}`), &a), a)
	fmt.Println(json.Unmarshal([]byte(`{"amount":12.5,"currency":"EUR"}`), &a))
	// Output:
	// {"amount":"12.50","currency":"EUR"}
	// <nil> 12.50 EUR
	// money: syntax: want {"amount":"12.50","currency":"EUR"}: field "amount" is not a string
}

func ExampleStyle() {
	a := money.Must(money.Parse("-1234567.5", money.EUR))
	fmt.Println(a)
	fmt.Println(money.Style{Point: ",", Group: "."}.Format(a))
	fmt.Println(money.Style{Group: ",", CodeFirst: true}.Format(a))
	// Output:
	// -1234567.50 EUR
	// -1.234.567,50 EUR
	// EUR -1,234,567.50
}
