package lifecycle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// document is the JSON form of a lifecycle.
type document struct {
	Rules []Rule  `json:"rules"`
	Final []State `json:"final,omitempty"`
}

// MarshalJSON writes the rules and the final states; [Parse] reads them.
func (l *Lifecycle) MarshalJSON() ([]byte, error) {
	return json.Marshal(document{Rules: cloneRules(l.rules), Final: l.final})
}

// Parse reads a lifecycle from JSON and checks it as [New] does. It is strict: an unknown or repeated name, or
// anything after the document, is an error.
//
//	{"rules": [{"on": "report", "from": [""], "to": "new"},
//	           {"on": "close", "from": ["new"], "to": "closed"}],
//	 "final": ["closed"]}
func Parse(data []byte) (*Lifecycle, error) {
	var doc document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("lifecycle: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("lifecycle: there is more after the document; one object is allowed")
	}
	if err := spelling(data); err != nil {
		return nil, err
	}
	return New(doc.Rules, doc.Final...)
}

// spelling refuses what encoding/json lets pass: a name twice in an object, and a name in other letters ("ON").
// The document has been decoded before, so it is well formed and not deep.
func spelling(data []byte) error {
	type object map[string]bool
	var open []object // the objects and, as nil, the arrays around the next token
	key := false      // the next token is a name or the end of an object
	for dec := json.NewDecoder(bytes.NewReader(data)); ; {
		token, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("lifecycle: %w", err)
		}
		if name, ok := token.(string); ok && key {
			in := open[len(open)-1]
			if in[name] {
				return fmt.Errorf("lifecycle: %s is there twice in one object; once is allowed", quote(name))
			}
			if !known(name) {
				return fmt.Errorf("lifecycle: unknown field %s; allowed: rules and final, in a rule on, from, to, or and stay", quote(name))
			}
			in[name], key = true, false
			continue
		}
		switch token {
		case json.Delim('{'):
			open = append(open, object{})
		case json.Delim('['):
			open = append(open, nil)
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}

// known reports whether a name belongs to the document or a rule; encoding/json has checked to which.
func known(name string) bool {
	switch name {
	case "rules", "final", "on", "from", "to", "or", "stay":
		return true
	}
	return false
}
