package storetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Difference returns the first difference of two values as "where: wanted this, got that", or "" if there is
// none. It follows pointers, tells an absent list from an empty one, and takes times as equal only if both
// are the same instant in UTC.
func Difference(want, got any) string {
	return difference("", reflect.ValueOf(want), reflect.ValueOf(got))
}

func differs(path, want, got string) string {
	if path == "" {
		return "wanted " + want + ", got " + got
	}
	return path + ": wanted " + want + ", got " + got
}

func difference(path string, a, b reflect.Value) string {
	switch {
	case !a.IsValid() && !b.IsValid():
		return ""
	case !a.IsValid() || !b.IsValid():
		return differs(path, show(a), show(b))
	case a.Type() != b.Type():
		return differs(path, a.Type().String(), b.Type().String())
	}
	if x, ok := a.Interface().(time.Time); ok {
		if y := b.Interface().(time.Time); !x.Equal(y) || x.Location().String() != y.Location().String() {
			return differs(path, x.Format(time.RFC3339Nano), y.Format(time.RFC3339Nano))
		}
		return ""
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return differs(path, show(a), show(b))
			}
			return ""
		}
		return difference(path, a.Elem(), b.Elem())
	case reflect.Struct:
		return fieldDifference(path, a, b)
	case reflect.Slice:
		return listDifference(path, a, b)
	case reflect.Map:
		return mapDifference(path, a, b)
	}
	if !a.Equal(b) {
		return differs(path, show(a), show(b))
	}
	return ""
}

func fieldDifference(path string, a, b reflect.Value) string {
	for i := range a.NumField() {
		f := a.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		at := path
		if !f.Anonymous {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			at = join(path, name)
		}
		if d := difference(at, a.Field(i), b.Field(i)); d != "" {
			return d
		}
	}
	return ""
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func listDifference(path string, a, b reflect.Value) string {
	if a.IsNil() != b.IsNil() && a.Len() == b.Len() {
		return differs(path, emptiness(a), emptiness(b))
	}
	if a.Type().Elem().Kind() == reflect.Uint8 {
		if string(a.Bytes()) != string(b.Bytes()) {
			return differs(path, clip(string(a.Bytes())), clip(string(b.Bytes())))
		}
		return ""
	}
	for i := range min(a.Len(), b.Len()) {
		if d := difference(path+"["+strconv.Itoa(i)+"]", a.Index(i), b.Index(i)); d != "" {
			return d
		}
	}
	switch {
	case a.Len() > b.Len():
		return differs(fmt.Sprintf("%s[%d]", path, b.Len()), show(a.Index(b.Len())), fmt.Sprintf("the end: %d items instead of %d", b.Len(), a.Len()))
	case a.Len() < b.Len():
		return differs(fmt.Sprintf("%s[%d]", path, a.Len()), "the end", fmt.Sprintf("%s: %d items instead of %d", show(b.Index(a.Len())), b.Len(), a.Len()))
	}
	return ""
}

func emptiness(list reflect.Value) string {
	if list.IsNil() {
		return "an absent list"
	}
	return "an empty list"
}

func mapDifference(path string, a, b reflect.Value) string {
	keys := map[string]reflect.Value{}
	for _, m := range []reflect.Value{a, b} {
		for _, k := range m.MapKeys() {
			keys[k.String()] = k
		}
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if d := difference(join(path, name), a.MapIndex(keys[name]), b.MapIndex(keys[name])); d != "" {
			return d
		}
	}
	return ""
}

// show returns a value for a message.
func show(v reflect.Value) string {
	if !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() {
		return "nothing"
	}
	switch x := v.Interface().(type) {
	case string:
		return clip(strconv.Quote(x))
	case fmt.Stringer:
		return clip(x.String())
	}
	if v.Kind() == reflect.String {
		return clip(strconv.Quote(v.String()))
	}
	if raw, err := json.Marshal(v.Interface()); err == nil {
		return clip(string(raw))
	}
	return clip(fmt.Sprint(v.Interface()))
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
