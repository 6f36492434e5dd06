package focus

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Options are how a dataset is read. The zero value is strict.
type Options struct {
	// Lenient refuses only what leaves no sound cost line: billed and effective cost, currency, periods, charge category
	// and service name must be there, and what is there must be readable. All else is passed to Report and the value
	// stands; a number with too many digits is rounded, half to even, to those that fit.
	Lenient bool
	// Report gets what a lenient reader passes over, with its line. nil drops it.
	Report func(line int, p Problem)
	// Nulls are further texts that stand for null, beside the empty one: "null", `\N`.
	Nulls []string
}

// MaxColumns is how many columns a dataset may have.
const MaxColumns = 2000

// Reader reads a dataset row by row. It is not for concurrent use.
type Reader struct {
	csv     *csv.Reader
	options Options
	header  []string
	places  []int // of the fields in the table of columns; -1 for a custom one
	order   []int // of the fields: the currency first
	rules   []bound
	tags    tagCache
	line    int
	faults  []Problem // of the row under way
}

// NewReader reads the header. A header that is refused is a [HeaderError].
func NewReader(r io.Reader, o Options) (*Reader, error) {
	plain := bufio.NewReader(r)
	if mark, _ := plain.Peek(3); string(mark) == "\ufeff" { // of the encoding, which spreadsheets write
		if _, err := plain.Discard(3); err != nil {
			return nil, err
		}
	}
	c := csv.NewReader(plain)
	c.ReuseRecord = true
	header, err := c.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the dataset is empty")
		}
		return nil, &HeaderError{Cause: err}
	}
	in := &Reader{csv: c, options: o, header: slices.Clone(header), tags: tagCache{}, line: 1}
	in.options.Nulls = slices.Clone(o.Nulls)
	return in, in.take()
}

// take finds the columns of the header.
func (r *Reader) take() error {
	if len(r.header) > MaxColumns {
		return &HeaderError{Cause: errors.New("more than 2000 columns")}
	}
	var found HeaderError
	var has [64]bool
	seen := map[string]bool{}
	for i, name := range r.header {
		at := columnNamed(name)
		switch {
		case seen[name]:
			found.Twice = append(found.Twice, clip(name))
		case at >= 0:
			has[at] = true
		case !strings.HasPrefix(name, "x_") || !utf8.ValidString(name):
			found.Unknown = append(found.Unknown, clip(name))
		}
		seen[name] = true
		r.places = append(r.places, at)
		if at == 0 {
			r.order = slices.Insert(r.order, 0, i)
		} else {
			r.order = append(r.order, i)
		}
	}
	for i := range columns {
		if c := &columns[i]; !has[i] && c.demand&mandatory > 0 {
			found.Missing = append(found.Missing, c.name)
		}
	}
	r.rules = boundRules(func(column int) bool { return has[column] })
	if r.options.Lenient {
		for _, name := range found.Unknown {
			r.report(Problem{Column: name, Rule: "unknown", Allowed: "a column of FOCUS 1.2, or a name that begins with x_"})
		}
		found.Unknown = nil
		found.Missing = slices.DeleteFunc(found.Missing, func(name string) bool {
			if columns[columnNamed(name)].demand&essential > 0 {
				return false
			}
			r.report(Problem{Column: name, Rule: "missing"})
			return true
		})
	}
	if slices.Sort(found.Missing); len(found.Missing)+len(found.Unknown)+len(found.Twice) > 0 {
		return &found
	}
	return nil
}

// Header returns the names of the columns that the dataset has, in its order.
func (r *Reader) Header() []string { return slices.Clone(r.header) }

// Read returns the next charge, which is the caller's. A row that is refused is a [RowError]; the next call goes on behind
// it. At the end the error is io.EOF; any other error is that of the io.Reader, and final.
func (r *Reader) Read() (*Charge, error) {
	fields, err := r.csv.Read()
	var syntax *csv.ParseError
	switch {
	case errors.As(err, &syntax) && errors.Is(err, csv.ErrFieldCount):
		r.line, _ = r.csv.FieldPos(0)
		return nil, &RowError{r.line, []Problem{{Rule: "fields", Allowed: "as many fields as the header has"}}}
	case errors.As(err, &syntax):
		r.line = syntax.StartLine
		return nil, &RowError{r.line, []Problem{{Rule: "csv", Value: syntax.Err.Error(), Allowed: `quotes around a whole field, doubled within`}}}
	case err != nil:
		return nil, err
	}
	r.line, _ = r.csv.FieldPos(0)
	r.faults = nil
	c := r.charge(fields)
	if len(r.faults) > 0 {
		return nil, &RowError{r.line, r.faults}
	}
	return c, nil
}

// charge reads the fields of a row. What is wrong is in r.faults.
func (r *Reader) charge(fields []string) *Charge {
	c := &Charge{Line: r.line}
	wrong := uint64(0) // the columns that have a problem
	for _, i := range r.order {
		text, at := fields[i], r.places[i]
		if slices.Contains(r.options.Nulls, text) {
			text = ""
		}
		if !utf8.ValidString(text) {
			r.fail(r.header[i], text, flaw{rule: "utf8", allowed: "valid UTF-8"})
			continue
		}
		if at < 0 {
			if text != "" {
				c.Custom = append(c.Custom, Custom{r.header[i], text})
			}
			continue
		}
		if found := r.set(c, &columns[at], text); found.rule != "" {
			r.fail(columns[at].name, text, found)
			wrong |= 1 << at
		}
	}
	slices.SortFunc(c.Custom, func(a, b Custom) int { return strings.Compare(a.Column, b.Column) })
	if wrong&1 == 0 { // without a currency there is no price to judge
		r.judge(c, wrong)
	}
	return c
}

// fail keeps a problem of the row under way, or reports it.
func (r *Reader) fail(column, value string, found flaw) {
	p := Problem{column, found.rule, clip(value), found.allowed}
	if found.minor && r.options.Lenient {
		r.report(p)
		return
	}
	r.faults = append(r.faults, p)
}

func (r *Reader) report(p Problem) {
	if r.options.Report != nil {
		r.options.Report(r.line, p)
	}
}

// All returns the charges that are left, with the errors of rows in between. It ends behind any other error.
func (r *Reader) All() iter.Seq2[*Charge, error] {
	return func(yield func(*Charge, error) bool) {
		for {
			c, err := r.Read()
			if errors.Is(err, io.EOF) || !yield(c, err) || err != nil && !errors.Is(err, ErrRow) {
				return
			}
		}
	}
}

// MaxRowErrors is how many errors of rows [ReadAll] collects before it gives up.
const MaxRowErrors = 100

// ReadAll reads a whole dataset: all charges, or none and what is wrong with it.
func ReadAll(in io.Reader, o Options) ([]*Charge, error) {
	r, err := NewReader(in, o)
	if err != nil {
		return nil, err
	}
	var charges []*Charge
	var failures []error
	for c, err := range r.All() {
		if err == nil {
			charges = append(charges, c)
		} else if failures = append(failures, err); len(failures) == MaxRowErrors {
			break
		}
	}
	if len(failures) > 0 {
		return nil, errors.Join(failures...)
	}
	return charges, nil
}

// Each returns charges as [Bills] and [Totals] take them.
func Each(charges ...*Charge) iter.Seq2[*Charge, error] {
	return func(yield func(*Charge, error) bool) {
		for _, c := range charges {
			if !yield(c, nil) {
				return
			}
		}
	}
}
