package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Parse makes a calendar from the JSON of its [Definition]. Like [New] it reports all problems at once; text that is
// not JSON, a name that the form does not know and a name that appears twice are problems, too.
func Parse(text []byte) (*Calendar, error) {
	var d Definition
	found := d.read(text)
	if len(found) > 0 && found[0].Place == "" {
		return nil, found.err()
	}
	c, err := New(d)
	var invalid *InvalidError
	if errors.As(err, &invalid) {
		found.merge(invalid.Problems)
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// UnmarshalJSON reads a definition and reports what does not have the form of one, all at once. Whether the times and
// dates are right is checked by [New].
func (d *Definition) UnmarshalJSON(text []byte) error {
	var read Definition
	found := read.read(text)
	if err := found.err(); err != nil {
		return err
	}
	*d = read
	return nil
}

// read fills d and returns what is wrong with the form.
func (d *Definition) read(text []byte) (found problems) {
	if !json.Valid(text) {
		found.add("", "is not JSON")
		return found
	}
	members(&found, "", text, func(name string, value json.RawMessage) {
		switch name {
		case "zone":
			if json.Unmarshal(value, &d.Zone) != nil {
				found.add("zone", "must be a text")
			}
		case "hours":
			d.Hours = lists(&found, "hours", value)
		case "closed":
			if json.Unmarshal(value, &d.Closed) != nil {
				found.add("closed", "must be a list of dates")
			}
		case "special":
			d.Special = lists(&found, "special", value)
		default:
			found.add(clip(name), "is not known here; known are zone, hours, closed and special")
		}
	})
	return found
}

// lists reads lists of intervals by name.
func lists(found *problems, place string, text []byte) map[string][]Interval {
	out := map[string][]Interval{}
	members(found, place, text, func(name string, value json.RawMessage) {
		var list [][]string
		if json.Unmarshal(value, &list) != nil {
			found.add(path(place, name), "must be a list of intervals [from, to]")
			return
		}
		intervals := make([]Interval, len(list))
		for i, pair := range list {
			if len(pair) != 2 {
				found.add(fmt.Sprintf("%s[%d]", path(place, name), i), "must be an interval [from, to]")
				continue
			}
			intervals[i] = Interval(pair)
		}
		out[name] = intervals
	})
	return out
}

// members calls f with each member of a JSON object, in order; the text must be valid JSON. A null is an object without members.
func members(found *problems, place string, text []byte, f func(name string, value json.RawMessage)) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	first, _ := decoder.Token()
	if first == nil && place != "" {
		return
	}
	if first != json.Delim('{') {
		found.add(place, "must be a JSON object")
		return
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil { // not in JSON that is valid
			found.add(path(place, name), err.Error())
			return
		}
		if seen[name] {
			found.add(path(place, name), "appears twice")
			continue
		}
		seen[name] = true
		f(name, value)
	}
}

func path(place, name string) string {
	if place == "" {
		return clip(name)
	}
	return place + "." + clip(name)
}
