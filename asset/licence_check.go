package asset

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
	"github.com/itsmkit/itsm/money"
)

// estate is an Estate that was checked, with its products by name.
type estate struct {
	*Estate
	products map[string]int
	devices  map[string]*Device
	lines    map[string][]int // the products of each line
	findings []Finding
	found    map[Finding]bool
	problems []itsm.Problem
}

func (e *estate) fail(path, code string, params ...string) {
	if len(e.problems) >= maxProblems {
		return
	}
	p := itsm.Problem{Path: path, Code: code, Params: map[string]string{}}
	for i := 0; i+1 < len(params); i += 2 {
		p.Params[params[i]] = params[i+1]
	}
	e.problems = append(e.problems, p)
}

// checked validates an estate. What was found in use is no fault of the caller: a product that is not declared becomes
// a finding, not an error.
func (x *Estate) checked() (*estate, error) {
	e := &estate{Estate: x, products: map[string]int{}, devices: map[string]*Device{},
		lines: map[string][]int{}, found: map[Finding]bool{}}
	if x.On.IsZero() {
		e.fail("on", "required")
	}
	if !x.Currency.Valid() {
		e.fail("currency", "unknown", "value", clip(string(x.Currency)))
	}
	e.checkProducts()
	e.checkHoldings()
	for i := range x.Devices {
		e.checkDevice(i, &x.Devices[i])
	}
	for i, s := range x.Sessions {
		if !s.Until.After(s.From) {
			e.fail(fmt.Sprintf("sessions[%d].until", i), "not_after", "from", s.From.String())
		}
	}
	if len(e.problems) > 0 {
		return nil, &itsm.ValidationError{Problems: e.problems}
	}
	return e, nil
}

func (e *estate) checkProducts() {
	place := map[string]string{}
	for i, p := range e.Products {
		at := fmt.Sprintf("products[%d].", i)
		if _, twice := e.products[p.Name]; twice {
			e.fail(at+"name", "twice", "value", p.Name)
		}
		e.products[p.Name] = i
		if p.Name == "" {
			e.fail(at+"name", "required")
		}
		if !slices.Contains(p.Metric.Choices(), string(p.Metric)) {
			e.fail(at+"metric", "choice", "value", clip(string(p.Metric)), "allowed", strings.Join(p.Metric.Choices(), ", "))
		}
		if p.Line != "" {
			e.lines[p.Line] = append(e.lines[p.Line], i)
			key := p.Line + "/" + strconv.Itoa(p.Release)
			if other, taken := place[key]; taken {
				e.fail(at+"release", "twice", "value", strconv.Itoa(p.Release), "line", p.Line, "of", other)
			}
			place[key] = p.Name
		}
		e.checkMoney(at+"price", p.Price)
		r := p.Cores
		if (r != CoreRule{}) && p.Metric != PerCore {
			e.fail(at+"cores", "only_with", "metric", string(PerCore))
		}
		for _, n := range []struct {
			path  string
			value int64
		}{{"min_per_processor", r.MinPerProcessor}, {"min_per_server", r.MinPerServer}, {"pack", r.Pack}} {
			if n.value < 0 || n.value > maxCores {
				e.fail(at+"cores."+n.path, "range", "min", "0", "max", strconv.Itoa(maxCores))
			}
		}
		if r.Total && (r.Pack > 1 || r.MinPerServer > 0) {
			e.fail(at+"cores.total", "excludes", "fields", "pack, min_per_server", "because", "they are of single servers")
		}
		e.checkFactors(at+"cores.factors", r.Factors)
	}
}

// The most that is counted of one processor or server, and how much a core can weigh.
const (
	maxCores  = 1_000_000
	maxFactor = 1_000
)

func (e *estate) checkFactors(path, table string) {
	if table == "" {
		return
	}
	factors, ok := e.Factors[table]
	if !ok {
		e.fail(path, "unknown", "value", clip(table))
	}
	for _, processor := range slices.Sorted(maps.Keys(factors)) {
		if n := factors[processor]; n.Sign() < 0 || n.Cmp(money.Int(maxFactor)) > 0 {
			e.fail("factors."+clip(table)+"."+clip(processor), "range", "min", "0", "max", strconv.Itoa(maxFactor), "value", n.String())
		}
	}
}

func (e *estate) checkHoldings() {
	seen := map[string]bool{}
	for i, h := range e.Holdings {
		at := fmt.Sprintf("holdings[%d].", i)
		if h.ID == "" || seen[h.ID] {
			e.fail(at+"id", "required_once", "value", clip(h.ID))
		}
		seen[h.ID] = true
		if !slices.Contains(h.Metric.Choices(), string(h.Metric)) && h.Metric != "" {
			e.fail(at+"metric", "choice", "value", clip(string(h.Metric)), "allowed", strings.Join(h.Metric.Choices(), ", "))
		}
		for _, p := range h.problems(at) {
			e.fail(p.Path, p.Code, pairs(p.Params)...)
		}
		e.checkMoney(at+"cost", h.Cost)
	}
}

func (e *estate) checkMoney(path string, a money.Amount) {
	switch {
	case a.IsZero():
	case a.Currency() != e.Currency:
		e.fail(path, "currency", "value", string(a.Currency()), "want", string(e.Currency))
	case a.Sign() < 0:
		e.fail(path, "negative", "value", a.String())
	}
}

func (e *estate) checkDevice(i int, d *Device) {
	at := fmt.Sprintf("devices[%d].", i)
	if d.Name == "" || e.devices[d.Name] != nil {
		e.fail(at+"name", "required_once", "value", clip(d.Name))
	}
	e.devices[d.Name] = d
	for n, p := range d.Processors {
		if p.Cores < 1 || p.Cores > maxCores {
			e.fail(fmt.Sprintf("%sprocessors[%d].cores", at, n), "range", "min", "1", "max", strconv.Itoa(maxCores), "value", strconv.FormatInt(p.Cores, 10))
		}
	}
}

// find notes what the position cannot answer for.
func (e *estate) find(code, subject, text string) {
	f := Finding{Code: code, Subject: subject, Text: text}
	if !e.found[f] {
		e.found[f] = true
		e.findings = append(e.findings, f)
	}
}
