package cmdb

import (
	"github.com/itsmkit/itsm"
)

// claims returns what a source may claim of an item of a class, in its one form and without what says nothing. The
// error lists every value that is not of its field.
func (j *judge) claims(class string, values itsm.Attributes) (itsm.Attributes, error) {
	out := make(itsm.Attributes, 0, len(values))
	var c problemList
	for i, v := range values {
		if v.Value == "null" || v.Value == `""` || v.Value == "" {
			continue
		}
		for n := range i {
			if values[n].Key == v.Key {
				c.check(false, "values."+clip(v.Key), "twice")
			}
		}
		if at := textNumber(v.Key); at >= 0 {
			if !isPlain(v.Value, texts[at].max) {
				canonical, err := itsm.Field{Key: v.Key, Type: itsm.FieldText, Max: texts[at].max}.Canonical(v.Value)
				if err != nil {
					c.takeOver(err)
					continue
				}
				v.Value = canonical
			}
			out = append(out, v)
			continue
		}
		if isDigits(v.Value) && j.model.TypeOf(class, v.Key) == itsm.FieldNumber {
			out = append(out, v)
			continue
		}
		canonical, err := j.model.Canonical(class, v.Key, v.Value)
		if err != nil {
			c.takeOver(err)
			continue
		}
		out = append(out, itsm.Attribute{Key: v.Key, Value: canonical})
	}
	if len(out) == 0 {
		out = nil
	}
	return out, c.err()
}

// isPlain tells whether the JSON of a value is that of a text of at most so many characters in its one form: most texts
// are, and need no parser to find out.
func isPlain(raw string, limit int) bool {
	if len(raw) < 2 || len(raw) > limit+2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return false
	}
	for i := 1; i < len(raw)-1; i++ {
		if c := raw[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isDigits tells whether the JSON of a value is that of a whole number as most are.
func isDigits(raw string) bool {
	if raw == "" || len(raw) > 18 || raw[0] == '0' && len(raw) > 1 {
		return false
	}
	for i := range len(raw) {
		if raw[i] < '0' || raw[i] > '9' {
			return false
		}
	}
	return true
}

// textOf is values.Text, without new memory for a plain text.
func textOf(values itsm.Attributes, key string) string {
	raw := values.Raw(key)
	if isPlain(raw, len(raw)) {
		return raw[1 : len(raw)-1]
	}
	if raw == "" {
		return ""
	}
	return values.Text(key)
}
