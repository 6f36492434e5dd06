package focus

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Tags are pairs of a key and a value, sorted by key: those of a charge, or the properties of its price. Rows may share
// them: they must not be changed. Tags that are empty but not nil stand for an object without pairs.
type Tags []Tag

// Tag is one pair. A value that is no text keeps its JSON: "3.5", "true" for a key that has no values. A null is "".
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Value returns the value of a key, "" if there is none.
func (t Tags) Value(key string) string {
	i, found := slices.BinarySearchFunc(t, key, func(tag Tag, key string) int { return strings.Compare(tag.Key, key) })
	if !found {
		return ""
	}
	return t[i].Value
}

// parseTags reads a JSON object whose keys are unique and whose values are numbers, strings, true, false or null.
func parseTags(text string) (Tags, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	out := Tags{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := d.Token()
		if err != nil {
			return nil, err
		}
		tag := Tag{Key: key.(string)} // the decoder takes no other token for a key
		switch v := value.(type) {
		case string:
			tag.Value = v
		case json.Number:
			tag.Value = v.String()
		case bool:
			tag.Value = fmt.Sprint(v)
		case json.Delim:
			return nil, fmt.Errorf("the value of %q is an object or a list", clip(tag.Key))
		}
		out = append(out, tag)
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text[d.InputOffset():]) != "" {
		return nil, errors.New("something follows the object")
	}
	slices.SortStableFunc(out, func(a, b Tag) int { return strings.Compare(a.Key, b.Key) })
	for i := 1; i < len(out); i++ {
		if out[i].Key == out[i-1].Key {
			return nil, fmt.Errorf("key %q occurs twice", clip(out[i].Key))
		}
	}
	return out, nil
}

// tagCache keeps what texts of tags say, since rows repeat them.
type tagCache map[string]Tags

// cachedTags is how many texts are kept, and cachedText how long they may be.
const (
	cachedTags = 4096
	cachedText = 4096
)

func (c tagCache) parse(text string) (Tags, error) {
	if t, ok := c[text]; ok {
		return t, nil
	}
	t, err := parseTags(text)
	if err == nil && len(text) <= cachedText {
		if len(c) >= cachedTags {
			clear(c)
		}
		c[strings.Clone(text)] = t
	}
	return t, err
}
