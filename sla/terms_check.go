package sla

import (
	"errors"
	"strconv"

	"github.com/itsmkit/itsm"
)

// Check tells what is wrong with terms about records of some kinds, in one pass: with each subject and each agreement, as
// [CheckAgreement] does. The paths begin with "subjects[0]." and "agreements[0].". Terms that pass still may tie, which
// [Compile] finds.
func (t Terms) Check(about ...itsm.Description) error {
	described := map[string]itsm.Description{}
	for _, d := range about {
		described[d.Kind] = d
	}
	f := &faults{}
	for i, s := range t.Subjects {
		at := "subjects[" + strconv.Itoa(i) + "]"
		if d, ok := described[s.Kind]; ok {
			f.list = append(f.list, s.Check(d, at)...)
		} else {
			f.add(at+".kind", "unknown", "value", clip(s.Kind), "near", near(s.Kind, names(described)))
		}
	}
	for i, a := range t.Agreements {
		at := "agreements[" + strconv.Itoa(i) + "]."
		d, ok := described[a.Kind]
		if !ok {
			f.add(at+"kind", "unknown", "value", clip(a.Kind), "near", near(a.Kind, names(described)))
			continue
		}
		var invalid *itsm.ValidationError
		if err := CheckAgreement(d, a); errors.As(err, &invalid) {
			for _, p := range invalid.Problems {
				p.Path = at + p.Path
				f.list = append(f.list, p)
			}
		} else if err != nil {
			return err
		}
	}
	if len(f.list) == 0 {
		return nil
	}
	return &itsm.ValidationError{Problems: f.list}
}
