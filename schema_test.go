package itsm_test

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/itsmkit/itsm"
)

// checkSchema returns what is wrong with a JSON Schema 2020-12, of the keywords that the kernel uses: any other
// keyword, a keyword with a value of the wrong sort, a required name without a property.
func checkSchema(at string, schema any) []string {
	s, ok := schema.(map[string]any)
	if !ok {
		return []string{at + ": not an object"}
	}
	var wrong []string
	fail := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	for keyword, v := range s {
		switch text, isText := v.(string); keyword {
		case "$schema":
			if text != "https://json-schema.org/draft/2020-12/schema" {
				fail("$schema %v", v)
			}
		case "type":
			if !slices.Contains([]string{"object", "array", "string", "number", "integer", "boolean"}, text) {
				fail("type %v", v)
			}
		case "format":
			if !slices.Contains([]string{"date-time", "date", "uuid", "duration"}, text) {
				fail("format %v", v)
			}
		case "title":
			if !isText || text == "" {
				fail("title %v", v)
			}
		case "maxLength", "maxItems":
			if n, ok := v.(float64); !ok || n < 0 {
				fail("%s %v", keyword, v)
			}
		case "readOnly", "uniqueItems", "additionalProperties":
			if _, ok := v.(bool); !ok {
				fail("%s %v", keyword, v)
			}
		case "enum":
			if list, ok := v.([]any); !ok || len(list) == 0 {
				fail("enum %v", v)
			}
		case "required":
			properties, _ := s["properties"].(map[string]any)
			for _, name := range v.([]any) {
				if properties[name.(string)] == nil {
					fail("required %v is no property", name)
				}
			}
		case "properties":
			for name, p := range v.(map[string]any) {
				wrong = append(wrong, checkSchema(at+"."+name, p)...)
			}
		case "items":
			wrong = append(wrong, checkSchema(at+"[]", v)...)
		case "default":
		default:
			fail("keyword %s", keyword)
		}
	}
	return wrong
}

// validate returns where a value does not follow a schema.
func validate(at string, schema map[string]any, v any) []string {
	var wrong []string
	fail := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	if list, ok := schema["enum"].([]any); ok && !slices.Contains(list, v) {
		fail("%v is not in %v", v, list)
	}
	switch x := v.(type) {
	case map[string]any:
		if schema["type"] != "object" {
			fail("an object, want %v", schema["type"])
			break
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, value := range x {
			if p, ok := properties[name].(map[string]any); ok {
				wrong = append(wrong, validate(at+"."+name, p, value)...)
			} else if schema["additionalProperties"] == false {
				fail("property %s", name)
			}
		}
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := x[name.(string)]; !ok {
				fail("%v is missing", name)
			}
		}
	case []any:
		if schema["type"] != "array" {
			fail("a list, want %v", schema["type"])
			break
		}
		for i, item := range x {
			wrong = append(wrong, validate(fmt.Sprintf("%s[%d]", at, i), schema["items"].(map[string]any), item)...)
		}
	case string:
		if schema["type"] != "string" {
			fail("a string, want %v", schema["type"])
		}
		if limit, ok := schema["maxLength"].(float64); ok && utf8.RuneCountInString(x) > int(limit) {
			fail("%d characters", utf8.RuneCountInString(x))
		}
		var err error
		switch schema["format"] {
		case "date-time":
			_, err = time.Parse(time.RFC3339Nano, x)
		case "date":
			_, err = time.Parse(time.DateOnly, x)
		case "uuid":
			_, err = itsm.ParseID(x)
		case "duration":
			if !strings.HasPrefix(x, "P") {
				err = fmt.Errorf("not a duration")
			}
		}
		if err != nil {
			fail("%s: %v", x, err)
		}
	case bool:
		if schema["type"] != "boolean" {
			fail("a boolean, want %v", schema["type"])
		}
	case float64:
		if schema["type"] != "number" && (schema["type"] != "integer" || x != float64(int64(x))) {
			fail("a number, want %v", schema["type"])
		}
	}
	return wrong
}
