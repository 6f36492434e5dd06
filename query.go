package itsm

import (
	"encoding/json"
	"time"
)

// Query selects records of a kind: those that meet all conditions and have all words, in an order.
//
// Without an order the records come by ID, which is the order of their opening, to the millisecond; with a condition of a
// range they come in the order of the first such condition's index.
type Query[T any] struct{ Select }

// Cond is a condition on an index of records of type T.
type Cond[T any] struct{ Condition }

// Select is a [Query] without its type parameter; it goes to and from JSON.
type Select struct {
	Where []Condition `json:"where,omitempty"` // all must hold: up to 100, with 10,000 values together
	Text  string      `json:"text,omitempty"`  // each word is a prefix of a word of the record
	Order Order       `json:"order,omitzero"`
	// Scan allows a query that no index serves: it then walks all records of the tenant.
	Scan bool `json:"scan,omitempty"`
}

// Condition selects by one index: the values in In, or, when In is nil, those from Min to Max.
type Condition struct {
	Index    IndexName
	Type     ValueType
	In       []Key
	Min, Max *Key // nil: open
}

// Order is by an index; the zero Order is described at [Query].
type Order struct {
	Index IndexName `json:"index"`
	Desc  bool      `json:"desc,omitempty"`
}

// Where begins a query.
func Where[T any](conditions ...Cond[T]) Query[T] {
	var q Query[T]
	for _, c := range conditions {
		q.Where = append(q.Where, c.Condition)
	}
	return q
}

// Sorted returns the query with an order.
func (q Query[T]) Sorted(o Order) Query[T] {
	q.Order = o
	return q
}

// Matching returns the query with words to search for.
func (q Query[T]) Matching(text string) Query[T] {
	q.Text = text
	return q
}

// Scanning returns the query with the permission to walk all records where no index serves it.
func (q Query[T]) Scanning() Query[T] {
	q.Scan = true
	return q
}

// matches tells whether one of a record's keys meets the condition.
func (c *Condition) matches(keys []Key) bool {
	for _, k := range keys {
		if c.holds(k) {
			return true
		}
	}
	return false
}

func (c *Condition) holds(k Key) bool {
	if c.In == nil {
		return (c.Min == nil || c.Min.Compare(k) <= 0) && (c.Max == nil || k.Compare(*c.Max) <= 0)
	}
	for _, v := range c.In {
		if v == k {
			return true
		}
	}
	return false
}

// Spans returns the ranges of keys that meet the condition, in order.
func (c *Condition) Spans() []Span {
	if c.In == nil {
		all := everything("", c.Type)
		if c.Min != nil {
			all.From = *c.Min
		}
		if c.Max != nil {
			all.To = *c.Max
		}
		return []Span{all}
	}
	var spans []Span
	for _, k := range distinct(c.In) {
		spans = append(spans, Span{k, k})
	}
	return spans
}

// jsonCondition is the JSON form of a Condition: {"index":"state","in":["new"]}.
type jsonCondition struct {
	Index IndexName          `json:"index"`
	Type  ValueType          `json:"type,omitempty"`
	In    *[]json.RawMessage `json:"in,omitempty"`
	Min   json.RawMessage    `json:"min,omitempty"`
	Max   json.RawMessage    `json:"max,omitempty"`
}

// MarshalJSON writes {"index":…,"type":…,"in":[…]} or with "min" and "max". The values have the type's JSON:
// a text, a number, an RFC 3339 instant, a date, true or false, "kind/id".
func (c Condition) MarshalJSON() ([]byte, error) {
	out := jsonCondition{Index: c.Index, Type: c.Type}
	if c.In != nil {
		in := make([]json.RawMessage, len(c.In))
		for i, k := range c.In {
			in[i] = k.json(c.Type)
		}
		out.In = &in
	}
	if c.Min != nil {
		out.Min = c.Min.json(c.Type)
	}
	if c.Max != nil {
		out.Max = c.Max.json(c.Type)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes. Without a type the values are texts; [Kind.DecodeQuery] knows
// the type of each index.
func (c *Condition) UnmarshalJSON(raw []byte) error {
	var r reader
	r.condition(c, raw, "", nil)
	return r.err()
}

// Format returns the key as the text of its type: "2026-11-24T09:00:00Z", "42", "12.5", "true".
func (k Key) Format(t ValueType) string {
	raw := k.json(t)
	if s, ok := readString(raw); ok {
		return s
	}
	return string(raw)
}

func (k Key) json(t ValueType) []byte {
	switch t {
	case TypeNumber:
		return appendInt(nil, k.N)
	case TypeBool:
		return appendBool(nil, k.N != 0)
	case TypeTime:
		if k.N == 0 {
			return []byte(`""`)
		}
		return appendTime(nil, time.UnixMilli(k.N+yearOne).UTC())
	case TypeDecimal:
		if number, ok := decimalOf(k.S); ok {
			return []byte(number)
		}
	}
	return appendString(nil, k.S)
}
