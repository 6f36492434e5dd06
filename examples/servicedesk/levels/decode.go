package levels

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/itsmkit/itsm"
)

// places is where things stand in a file, by their paths: "agreements[0].targets[1].stop".
type places struct {
	name   string
	raw    []byte
	offset map[string]int
	faults []string
}

// decode reads JSON into v: a member that v does not have, one that is there twice, a value of another type and text
// behind the end are errors, all of them with their places.
func decode(name string, raw []byte, v any) (*places, error) {
	p := &places{name: name, raw: raw, offset: map[string]int{}}
	d := json.NewDecoder(bytes.NewReader(raw))
	var whole json.RawMessage
	if err := d.Decode(&whole); err != nil {
		at := int(d.InputOffset())
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			at = int(syntax.Offset)
		}
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: is empty (want an object with subjects and agreements)", name)
		}
		return nil, fmt.Errorf("%s: line %d: is not JSON: %w", name, p.line(at), err)
	}
	end := int(d.InputOffset())
	if rest := bytes.TrimSpace(raw[end:]); len(rest) > 0 {
		return nil, fmt.Errorf("%s: line %d: text follows the end of the JSON", name, p.line(len(raw)-len(rest)+1))
	}
	p.value(whole, end-len(whole), reflect.TypeOf(v).Elem(), "")
	if len(p.faults) > 0 {
		const most = 5
		if left := len(p.faults) - most; left > 0 {
			p.faults = append(p.faults[:most], fmt.Sprintf("and %d more", left))
		}
		return nil, fmt.Errorf("%s: %s", name, strings.Join(p.faults, "; "))
	}
	return p, json.Unmarshal(whole, v)
}

// value checks a value that begins at an offset of the file.
func (p *places) value(raw []byte, at int, t reflect.Type, path string) {
	p.offset[path] = at
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	own := reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]())
	switch {
	case !own && t.Kind() == reflect.Struct && raw[0] == '{':
		p.object(raw, at, t, path)
	case !own && t.Kind() == reflect.Slice && raw[0] == '[':
		p.list(raw, at, t.Elem(), path)
	default:
		if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
			p.fault(path, because(err, t))
		}
	}
}

func (p *places) object(raw []byte, at int, t reflect.Type, path string) {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = f.Type
		}
	}
	seen := map[string]bool{}
	p.parts(raw, at, func(d *json.Decoder, next func() ([]byte, int)) {
		token, _ := d.Token() // the whole is JSON
		key, _ := token.(string)
		place := strings.TrimPrefix(path+"."+key, ".")
		p.offset[place] = at + int(d.InputOffset())
		value, from := next()
		switch kind, known := fields[key]; {
		case !known:
			p.fault(place, "is not known (want "+strings.Join(slices.Sorted(maps.Keys(fields)), ", ")+")")
		case seen[key]:
			p.fault(place, "is there twice")
		default:
			p.value(value, from, kind, place)
		}
		seen[key] = true
	})
}

func (p *places) list(raw []byte, at int, t reflect.Type, path string) {
	n := 0
	p.parts(raw, at, func(_ *json.Decoder, next func() ([]byte, int)) {
		value, from := next()
		p.value(value, from, t, fmt.Sprintf("%s[%d]", path, n))
		n++
	})
}

// parts calls each for the parts of an object or a list.
func (p *places) parts(raw []byte, at int, each func(d *json.Decoder, next func() ([]byte, int))) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // the bracket
	for d.More() {
		each(d, func() ([]byte, int) {
			var value json.RawMessage
			_ = d.Decode(&value) // the whole is JSON
			return value, at + int(d.InputOffset()) - len(value)
		})
	}
}

// because says what is wrong with a value in a person's words.
func because(err error, t reflect.Type) string {
	var other *json.UnmarshalTypeError
	if errors.As(err, &other) {
		want := map[reflect.Kind]string{reflect.String: "a text", reflect.Struct: "an object", reflect.Slice: "a list", reflect.Bool: "true or false"}[t.Kind()]
		if want == "" {
			want = "a whole number"
		}
		is, kind := other.Value, map[string]string{"string": "a text", "array": "a list", "object": "an object", "bool": "true or false"}
		if kind[is] != "" {
			is = kind[is]
		}
		return fmt.Sprintf("is %s (want %s)", is, want)
	}
	var invalid *itsm.ValidationError
	if errors.As(err, &invalid) {
		var parts []string
		for _, x := range invalid.Problems {
			parts = append(parts, x.String())
		}
		return strings.Join(parts, "; ")
	}
	return err.Error()
}

func (p *places) fault(path, text string) { p.faults = append(p.faults, p.at(path)+" "+text) }

// fail returns an error about a place.
func (p *places) fail(path, text string) error {
	return fmt.Errorf("%s: %s %s", p.name, p.at(path), text)
}

// at names a place with its line, or that of what holds it.
func (p *places) at(path string) string {
	for part := path; part != ""; part = part[:max(strings.LastIndexAny(part, ".["), 0)] {
		if offset, known := p.offset[part]; known {
			return fmt.Sprintf("line %d, %s:", p.line(offset), path)
		}
	}
	if path == "" {
		return "line 1:"
	}
	return path + ":"
}

// line returns the line of an offset, the first is 1.
func (p *places) line(offset int) int {
	return 1 + bytes.Count(p.raw[:min(offset, len(p.raw))], []byte{'\n'})
}

// explain puts the file and the lines before what a check found.
func (p *places) explain(err error) error {
	var invalid *itsm.ValidationError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	var parts []string
	for _, x := range invalid.Problems {
		path := x.Path
		x.Path = ""
		parts = append(parts, p.at(path)+" "+x.String())
	}
	return fmt.Errorf("%s: %s", p.name, strings.Join(parts, "; "))
}
