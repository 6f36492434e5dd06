package cmdb

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/itsmkit/itsm"
)

// ReadRelationsCSV is [ReadCSV] for [Database.ImportRelations]. The fields of the columns are "type", "weight", and for
// each end its reference, its key or what identifies it: "source.ref" (as "ci/…"), "source.key", "source.serial" …, and
// the same with "target.". Mapping.Class is the type of the relations that have none of their own.
func ReadRelationsCSV(from io.Reader, m Mapping) iter.Seq2[RelationRow, error] {
	return func(yield func(RelationRow, error) bool) {
		t, err := openTable(from, m.Comma, m.Columns, isRelationField,
			`type, weight, and "source." or "target." with ref, key, or a field that identifies, such as source.serial`)
		for err == nil {
			row := RelationRow{Type: m.Class}
			if err = t.next(); err != nil {
				break
			}
			row.Line = t.line
			for _, c := range t.columns {
				var value string
				if value, err = t.value(c); err != nil {
					break
				}
				if value == "" {
					continue
				}
				if err = row.set(c.field, value); err != nil {
					err = &CSVError{Line: t.line, Column: c.header, Err: err}
					break
				}
			}
			if err == nil && !yield(row, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(RelationRow{}, err)
		}
	}
}

func isRelationField(field string) bool {
	end, of, ok := strings.Cut(field, ".")
	return field == "type" || field == "weight" || ok && (end == "source" || end == "target") && isName(of)
}

// set takes one value of a file.
func (row *RelationRow) set(field, value string) error {
	end, of, _ := strings.Cut(field, ".")
	l := &row.Source
	if end == "target" {
		l = &row.Target
	}
	switch {
	case field == "type":
		row.Type = value
	case field == "weight":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > MaxWeight {
			return fmt.Errorf("%q is no weight: want a whole number of 0 to %d", clip(value), MaxWeight)
		}
		row.Weight = n
	case of == "ref":
		r, err := itsm.ParseRef(value)
		if err != nil {
			return fmt.Errorf("%q is no reference: %w", clip(value), err)
		}
		l.Ref = r
	case of == "key":
		l.Key = value
	default:
		l.Values = append(l.Values, itsm.Attribute{Key: of, Value: quote(value)})
	}
	return nil
}
